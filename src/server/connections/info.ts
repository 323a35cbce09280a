/** INFO: what a server says of itself, first and again. */
import { encodeInfo, encodeJson, type JsonLike } from "../../protocol/index.ts";
import { globalAccount, isAuthRequired, systemAccountName } from "../accounts/accounts.ts";
import type { ServerConfig } from "../config/server-config.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { apiLevel, goVersion, protocolVersion, serverVersion } from "../version.ts";
import { outputOf } from "./output.ts";

/** The INFO that greets a connection. */
export function sendInfo(server: ServerState, client: ClientConn): void {
  encodeInfo(outputOf(server, client), infoJson(server, client, {}));
}

/** The INFO after the first PING of a client that said `protocol: 1`. Source: `processPing`. */
export function sendConnectInfo(server: ServerState, client: ClientConn): void {
  const isSystem = client.account === systemAccountOf(server);
  const more = {
    connect_info: true,
    remote_account: client.account === "" ? globalAccount : client.account,
    acc_is_sys: isSystem ? true : undefined,
  } as const;
  encodeInfo(outputOf(server, client), infoJson(server, client, more));
}

/** The INFO that tells of lame duck mode, to every client that follows such news. */
export function sendLameDuckInfo(server: ServerState): void {
  for (const client of server.conns.values()) {
    if (client.options.protocol < 1 || !client.firstPongSent) continue;
    sendLameDuckInfoTo(server, client);
  }
}

export function sendLameDuckInfoTo(server: ServerState, client: ClientConn): void {
  encodeInfo(outputOf(server, client), infoJson(server, client, { isNews: true, ldm: true }));
}

/** The INFO that tells where else to connect, to every client of a kind that follows such news. */
export function sendUrlsInfo(server: ServerState, to: "tcp" | "ws"): void {
  for (const client of server.conns.values()) {
    if (client.options.protocol < 1 || !client.firstPongSent) continue;
    if ((client.transport === "ws") !== (to === "ws")) continue;
    encodeInfo(outputOf(server, client), infoJson(server, client, { isNews: true }));
  }
}

export function systemAccountOf(server: ServerState): string {
  return systemAccountName(server.config);
}

interface InfoMore {
  /** Sent unasked, to a client that has had its second INFO. */
  readonly isNews?: true;
  readonly ldm?: true;
  readonly connect_info?: true;
  readonly remote_account?: string;
  readonly acc_is_sys?: true | undefined;
}

/** Fields in nats-server's order (`server.go` `Info`); what is undefined is left out. */
function infoJson(server: ServerState, client: ClientConn, more: InfoMore): string {
  const { config } = server;
  const listener = client.transport === "ws" ? (config.websocket ?? config) : advertised(config);
  // Only the first INFO leaves it out for the sake of `no_auth_user`.
  const letsIn =
    config.noAuthUser !== "" &&
    config.noAuthUser !== server.globalUser &&
    more.connect_info === undefined &&
    more.isNews !== true;
  const domain = config.jetstream?.domain ?? "";
  return encodeJson({
    server_id: server.id,
    server_name: server.name,
    version: serverVersion,
    proto: protocolVersion,
    go: goVersion,
    host: listener.host,
    port: listener.port,
    headers: !config.noHeaders,
    auth_required: isAuthRequired(config) && !letsIn ? true : undefined,
    tls_required: client.tls?.required === true ? true : undefined,
    tls_verify: client.tls?.verify === true ? true : undefined,
    tls_available: client.tls?.available === true ? true : undefined,
    max_payload: client.parser.limits.maxPayload,
    jetstream: config.jetstream === null ? undefined : true,
    client_id: client.cid,
    client_ip: client.ip,
    nonce: client.nonce === "" || more.isNews === true ? undefined : client.nonce,
    cluster: config.cluster?.name,
    domain: domain === "" ? undefined : domain,
    connect_urls: connectUrls(server, client),
    ldm: more.ldm,
    connect_info: more.connect_info,
    remote_account: more.remote_account,
    acc_is_sys: more.acc_is_sys,
    api_lvl: apiLevel,
    xkey: server.xkey,
  });
}

function connectUrls({ routes }: ServerState, { transport }: ClientConn): JsonLike {
  const urls = transport === "ws" ? routes?.websocketUrls : routes?.clientUrls;
  return urls === undefined || urls.length === 0 ? undefined : [...urls];
}

/** Where clients reach this server by its own account. Source: `setInfoHostPort`. */
function advertised(config: ServerConfig): { readonly host: string; readonly port: number } {
  const [, host, port] = /^\[?(.+?)\]?(?::(\d+))?$/.exec(config.clientAdvertise) ?? [];
  return host === undefined ? config : { host, port: Number(port ?? config.port) };
}

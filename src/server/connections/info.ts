/** INFO: what a server says of itself, first and again. */
import { encodeInfo, encodeJson, type JsonLike } from "../../protocol/index.ts";
import { globalAccount, isAuthRequired } from "../accounts/accounts.ts";
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
  };
  encodeInfo(outputOf(server, client), infoJson(server, client, more));
}

/** The INFO that tells of lame duck mode, to every client that follows such news. */
export function sendLameDuckInfo(server: ServerState): void {
  for (const client of server.conns.values()) {
    if (client.options.protocol < 1 || !client.firstPongSent) continue;
    encodeInfo(outputOf(server, client), infoJson(server, client, { ldm: true }));
  }
}

export function systemAccountOf(server: ServerState): string {
  return server.config.systemAccount === "" ? "$SYS" : server.config.systemAccount;
}

/** Fields in nats-server's order (`server.go` `Info`); what is undefined is left out. */
function infoJson(server: ServerState, client: ClientConn, more: Record<string, JsonLike>): string {
  const { config } = server;
  const listener = client.transport === "ws" ? (config.websocket ?? config) : config;
  // Only the first INFO leaves it out for the sake of `no_auth_user`.
  const letsIn = config.noAuthUser !== "" && more.connect_info === undefined && more.ldm !== true;
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
    max_payload: client.parser.limits.maxPayload,
    jetstream: config.jetstream === null ? undefined : true,
    client_id: client.cid,
    client_ip: client.ip,
    nonce: client.nonce === "" || more.ldm === true ? undefined : client.nonce,
    cluster: config.cluster?.name,
    domain: domain === "" ? undefined : domain,
    ldm: more.ldm,
    connect_info: more.connect_info,
    remote_account: more.remote_account,
    acc_is_sys: more.acc_is_sys,
    api_lvl: apiLevel,
    xkey: server.xkey,
  });
}

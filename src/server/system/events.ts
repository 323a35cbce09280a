/** What a server tells its system account of clients that come and go, and of its own end. */
import { formatStoredTime } from "../../kernel/index.ts";
import { encodeJson, type JsonLike } from "../../protocol/index.ts";
import { globalAccount } from "../accounts/accounts.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { isSystemHeard, publishSystem } from "./publish.ts";
import { drawEventId, serverInfo } from "./server-info.ts";

const connectType = "io.nats.server.advisory.v1.client_connect";
const disconnectType = "io.nats.server.advisory.v1.client_disconnect";

/** Source: nats-server `accountConnectEvent`: who was let in, in its account. */
export function tellConnected(server: ServerState, io: ServerIo, client: ClientConn): void {
  const subject = `$SYS.ACCOUNT.${accountOfClient(client)}.CONNECT`;
  tell(server, io, subject, () => ({
    type: connectType,
    id: drawEventId(io),
    timestamp: formatStoredTime(io.wall),
    server: serverInfo(server, io),
    client: clientOf(client, null),
  }));
}

/** Source: nats-server `accountDisconnectEvent`. */
export function tellGone(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  reason: string,
): void {
  const subject = `$SYS.ACCOUNT.${accountOfClient(client)}.DISCONNECT`;
  tell(server, io, subject, () => goneEvent(server, io, client, reason));
}

/** Source: nats-server `sendAuthErrorEvent`. */
export function tellRefused(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  reason: string,
): void {
  const subject = `$SYS.SERVER.${server.id}.CLIENT.AUTH.ERR`;
  tell(server, io, subject, () => goneEvent(server, io, client, reason));
}

/** Source: nats-server `sendShutdownEvent`, `sendLDMShutdownEventLocked`. */
export function tellOwnEnd(server: ServerState, io: ServerIo, what: "SHUTDOWN" | "LAMEDUCK"): void {
  tell(server, io, `$SYS.SERVER.${server.id}.${what}`, () => serverInfo(server, io));
}

function tell(
  server: ServerState,
  io: ServerIo,
  subject: string,
  body: () => { readonly [field: string]: JsonLike },
): void {
  if (isSystemHeard(server, subject)) publishSystem(server, io, subject, encodeJson(body()));
}

/** What the client sent counts as sent. */
function goneEvent(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  reason: string,
): { readonly [field: string]: JsonLike } {
  const now = formatStoredTime(io.wall);
  return {
    type: disconnectType,
    id: drawEventId(io),
    timestamp: now,
    server: serverInfo(server, io),
    client: clientOf(client, now),
    sent: { msgs: client.inMsgs, bytes: client.inBytes },
    received: { msgs: client.outMsgs, bytes: client.outBytes },
    reason,
  };
}

/** Source: nats-server `ClientInfo`, as these events fill it. */
function clientOf(client: ClientConn, stop: string | null): JsonLike {
  const { options } = client;
  const text = (value: string): string | undefined => (value === "" ? undefined : value);
  const account = accountOfClient(client);
  return {
    start: formatStoredTime(client.start),
    host: client.ip,
    id: client.cid,
    acc: account,
    user: text(rawUser(client)),
    name: text(options.name),
    lang: text(options.lang),
    ver: text(options.version),
    rtt: stop === null || client.rtt === 0 ? undefined : client.rtt,
    stop: stop ?? undefined,
    issuer_key: options.nkey !== "" && client.user === options.nkey ? account : undefined,
    name_tag: account,
    kind: "Client",
    client_type: client.transport === "ws" ? "websocket" : "nats",
  };
}

/** Whoever is not known yet belongs to the global account. */
function accountOfClient({ account }: ClientConn): string {
  return account === "" ? globalAccount : account;
}

/** What was given as the user, right or wrong. Source: nats-server `getRawAuthUser`. */
export function rawUser({ options }: Pick<ClientConn, "options">): string {
  if (options.nkey !== "") return options.nkey;
  if (options.user !== "") return options.user;
  return options.token === "" ? "" : "[REDACTED]";
}

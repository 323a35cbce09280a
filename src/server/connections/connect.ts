/** A connection's beginning: accepted, greeted, and bound to an account by CONNECT. */
import { minus, nanos, plus } from "../../kernel/index.ts";
import {
  createParser,
  encodeBase64Url,
  JsonError,
  ProtocolError,
  quoteGo,
} from "../../protocol/index.ts";
import { globalAccount, isAuthRequired } from "../accounts/accounts.ts";
import { authenticate, hasKeys, type Identity } from "../accounts/authenticate.ts";
import { createPermissions } from "../accounts/permissions.ts";
import type { ServerIo } from "../io.ts";
import type { ClientConn, ServerState } from "../state.ts";
import { noteAccountConnections } from "../system/account-connections.ts";
import { tellConnected } from "../system/events.ts";
import { trace } from "../trace-record.ts";
import { authTimer, dropAllSubscriptions, refuseClient } from "./close.ts";
import { checkInfo, defaultConnectOptions, readConnectOptions } from "./connect-options.ts";
import { sendInfo } from "./info.ts";
import { scheduleFirstPing, schedulePing } from "./keep-alive.ts";
import { sendOk } from "./output.ts";
import { clientLabel } from "./protocol-log.ts";
import type { PeerTls } from "./secured.ts";

/** Where a connection comes from. */
export interface Peer {
  readonly ip: string;
  readonly port: number;
  readonly kind: "tcp" | "ws" | "inproc";
  /** What INFO says of TLS. Not given: nothing. */
  readonly tls?: PeerTls;
}

/** Source: nats-server `createClientEx`. */
export function acceptClient(server: ServerState, io: ServerIo, conn: number, peer: Peer): void {
  const { config } = server;
  const client = createClient(server, io, conn, peer);
  const isFull = server.conns.size >= config.limits.maxConnections;
  server.conns.set(conn, client);
  server.totals.connections++;
  sendInfo(server, client);
  if (isFull && config.limits.maxConnections !== 0) {
    const text = "maximum connections exceeded";
    refuseClient(server, io, client, { text, reason: "Maximum Connections Exceeded" });
    return;
  }
  if (client.parser.connectFirst) {
    const at = plus(io.now, config.authorization.timeout);
    io.setTimer(authTimer(conn), at, { kind: "auth-timeout", conn });
  }
  schedulePing(server, io, client);
  io.log("debug", `${clientLabel(client)} - Client connection created`);
  trace(server, io, "connect", { conn, detail: peer.ip });
}

/** Source: nats-server `processConnect`. Throws {@link ProtocolError} to close. */
export function processConnect(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  json: string,
): void {
  io.clearTimer(authTimer(client.conn));
  scheduleFirstPing(server, io, client);
  // A first guess at the round trip: from the greeting to the answer.
  client.rtt = nanos(Math.max(1, minus(io.now, client.startedAt)));
  client.options = orSilence(() => readConnectOptions(json, client.options));
  const { options } = client;
  client.parser.connectFirst = false;
  if (client.connectReceived) dropAllSubscriptions(server, client);
  client.connectReceived = true;
  client.parser.limits.headers = !server.config.noHeaders && options.headers;
  const identity = authenticate(server.config, client, noAuthUserFor(server, client));
  if (identity === null || options.newAccount || options.account !== "") {
    throw authViolation(client);
  }
  bindClient(server, io, client, identity);
  tellConnected(server, io, client);
  if (options.protocol < 0 || options.protocol > 1) {
    throw new ProtocolError("invalid client protocol");
  }
  if (options.noResponders && !client.parser.limits.headers) {
    throw new ProtocolError("no responders requires headers support");
  }
  if (options.verbose) sendOk(server, io, client);
}

/** Something other than CONNECT came first: let in as `no_auth_user`, or refused. */
export function processUnauthenticated(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
): void {
  const noAuthUser = noAuthUserFor(server, client);
  const identity = noAuthUser === "" ? null : authenticate(server.config, client, noAuthUser);
  if (identity === null) throw authViolation(client);
  io.clearTimer(authTimer(client.conn));
  client.parser.connectFirst = false;
  client.connectReceived = true;
  bindClient(server, io, client, identity);
  tellConnected(server, io, client);
}

export function onAuthTimeout(server: ServerState, io: ServerIo, client: ClientConn): void {
  const text = "Authentication Timeout";
  refuseClient(server, io, client, { text, reason: "Authentication Timeout" });
}

function createClient(server: ServerState, io: ServerIo, conn: number, peer: Peer): ClientConn {
  const { limits } = server.config;
  const parser = createParser("server", {
    maxControlLine: limits.maxControlLine,
    maxPayload: limits.maxPayload,
    headers: false,
  });
  parser.connectFirst = isAuthRequired(server.config);
  const client: ClientConn = {
    conn,
    cid: ++server.lastCid,
    ip: peer.ip,
    port: peer.port,
    transport: peer.kind,
    tls: peer.tls,
    secured: undefined,
    parser,
    nonce: hasKeys(server.config) ? drawNonce(io) : "",
    start: io.wall,
    startedAt: io.now,
    lastActivity: io.wall,
    lastIn: io.now,
    options: defaultConnectOptions,
    account: "",
    user: "",
    permissions: null,
    subs: new Map(),
    connectReceived: false,
    firstPongSent: false,
    closed: false,
    pingsOut: 0,
    pingSentAt: null,
    rtt: 0 as ClientConn["rtt"],
    inMsgs: 0,
    inBytes: 0,
    outMsgs: 0,
    outBytes: 0,
    out: null,
  };
  const anyone: Identity = { account: globalAccount, user: "", permissions: null };
  if (!parser.connectFirst) bindClient(server, io, client, anyone);
  return client;
}

/** 11 random bytes. Source: nats-server `generateNonce`. */
function drawNonce(io: ServerIo): string {
  const bytes = Array.from({ length: 11 }, () => io.draw("nonces") & 255);
  return encodeBase64Url(bytes);
}

function bindClient(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  identity: Identity,
): void {
  const before = server.accounts.get(client.account);
  if (before !== undefined) before.clients--;
  client.account = identity.account;
  client.user = identity.user;
  client.permissions = createPermissions(identity.permissions);
  const account = server.accounts.get(identity.account);
  if (account === undefined) throw authViolation(client);
  const { maxPayload, maxConnections } = account.config;
  if (maxConnections >= 0 && account.clients >= maxConnections) {
    client.account = "";
    throw new ProtocolError("maximum account active connections exceeded");
  }
  account.clients++;
  if (before !== account) {
    if (before !== undefined) noteAccountConnections(server, io, before);
    noteAccountConnections(server, io, account);
  }
  if (maxPayload >= 0) {
    const { limits } = client.parser;
    limits.maxPayload = Math.min(limits.maxPayload, maxPayload);
  }
}

/** What a client says of itself in INFO. Source: nats-server `processInfo`. */
export function processInfo(json: string): void {
  orSilence(() => checkInfo(json));
}

/** JSON that makes no sense ends the connection without a word. */
function orSilence<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonError) throw new ProtocolError(null, error.message);
    throw error;
  }
}

/** Source: nats-server `authViolation`, `getAuthUser`. */
function authViolation({ options }: ClientConn): ProtocolError {
  const { nkey, user, token } = options;
  let who = "";
  if (nkey !== "") who = ` - Nkey ${quoteGo(nkey)}`;
  else if (user !== "") who = ` - User ${quoteGo(user)}`;
  else if (token !== "") who = ' - Token "[REDACTED]"';
  return new ProtocolError("Authorization Violation", `authentication error${who}`);
}

/** Who a client is that names nobody; "" when that is not allowed. */
export function noAuthUserFor(server: ServerState, client: ClientConn): string {
  const { websocket, noAuthUser } = server.config;
  const own = client.transport === "ws" ? (websocket?.noAuthUser ?? "") : "";
  return own === "" ? noAuthUser : own;
}

/** The server's entry points: each runs to its end, with all mail read and all output sent. */

import { assert, unreachable, type VirtualNanos, zeroStoredTime } from "../kernel/index.ts";
import { ProtocolError, parse, randomPublicKey } from "../protocol/index.ts";
import { createAccounts } from "./accounts/accounts.ts";
import { withGlobalUser } from "./accounts/global-user.ts";
import { onLatencyTimer } from "./accounts/latency.ts";
import { startServiceImports } from "./accounts/service-imports.ts";
import { startJetStream } from "./assets/stream-start.ts";
import { clusterParts } from "./cluster-door.ts";
import type { ServerConfig } from "./config/server-config.ts";
import { clientSink } from "./connections/client-sink.ts";
import {
  type CloseReason,
  clientError,
  closeClient,
  endSlowClient,
  forgetClient,
  refuseClient,
} from "./connections/close.ts";
import { acceptClient, onAuthTimeout, type Peer } from "./connections/connect.ts";
import { onPingTimer } from "./connections/keep-alive.ts";
import { sendErr } from "./connections/output.ts";
import { clientLabel, loggedSink } from "./connections/protocol-log.ts";
import { backupParts } from "./doors/backup-door.ts";
import { confParts } from "./doors/conf-door.ts";
import { jetStreamParts } from "./doors/jetstream-door.ts";
import { monitoringParts } from "./doors/monitoring-door.ts";
import { finish } from "./finish.ts";
import type { ServerIo } from "./io.ts";
import { enterLameDuck, onLameDuckTimer, stopServer } from "./lame-duck.ts";
import type { RouteCloseReason } from "./links/close.ts";
import type { ServerTimer } from "./server-timer.ts";
import type { ClientConn, ServerState } from "./state.ts";
import { onAccountConnectionsTimer } from "./system/account-connections.ts";
import { listenForSystemRequests } from "./system/requests.ts";

/** A server that has not been started: it has no id yet, and no clients. */
export function createServer(config: ServerConfig): ServerState {
  const isAlone = config.cluster === null;
  return {
    config,
    id: "",
    xkey: "",
    name: config.name,
    phase: "new",
    started: { s: 0, n: 0 },
    startedAt: 0 as VirtualNanos,
    lastCid: 0,
    conns: new Map(),
    accounts: createAccounts(config),
    inbox: [],
    dirty: [],
    totals: {
      connections: 0,
      inMsgs: 0,
      inBytes: 0,
      outMsgs: 0,
      outBytes: 0,
      slowConsumers: 0,
      staleConnections: 0,
      httpRequests: new Map(),
    },
    closed: [],
    globalUser: undefined,
    systemSeq: 0,
    configLoaded: zeroStoredTime,
    routes: undefined,
    groups: isAlone ? undefined : new Map(),
    groupWork: isAlone ? undefined : { mail: [], proposing: [] },
    assetNews: isAlone ? undefined : [],
    jetstream: null,
  };
}

/** Draws the server's identity, and brings back what its disk holds. */
export function startServer(server: ServerState, io: ServerIo): void {
  assert(server.phase === "new", `server ${server.name} was started before`);
  const draw = (): number => io.draw("server-id");
  server.id = randomPublicKey("server", draw);
  server.xkey = randomPublicKey("curve", draw);
  if (server.name === "") server.name = server.id;
  server.started = io.wall;
  server.startedAt = io.now;
  server.configLoaded = io.wall;
  server.config = withGlobalUser(server, io, server.config);
  server.phase = "running";
  if (server.config.cluster !== null && io.links !== undefined)
    server.routes = clusterParts().createRoutes();
  listenForSystemRequests(server);
  startServiceImports(server);
  if (server.config.jetstream !== null) startJetStream(server, io);
  if (server.routes !== undefined) clusterParts().dialRoutes(server, io);
  finish(server, io);
}

/** A client reached a listener. `conn` is the number by which `io` knows the connection. */
export function acceptConn(server: ServerState, io: ServerIo, conn: number, peer: Peer): void {
  if (server.phase !== "running") io.close(conn, "Server Shutdown");
  else acceptClient(server, io, conn, peer);
  finish(server, io);
}

/** Bytes from a client. They are read in place, and not needed after the call. */
export function receiveBytes(
  server: ServerState,
  io: ServerIo,
  conn: number,
  bytes: Uint8Array,
): void {
  const client = server.conns.get(conn);
  if (client === undefined) return;
  try {
    const sink = clientSink(server, io, client);
    const isLogged = server.config.process.trace;
    parse(client.parser, bytes, isLogged ? loggedSink(server, io, client, sink) : sink);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    onProtocolError(server, io, client, error);
  }
  finish(server, io);
}

/** The peer closed the connection, or it broke. */
export function connClosed(server: ServerState, io: ServerIo, conn: number, reason: string): void {
  const client = server.conns.get(conn);
  const route = server.routes?.conns.get(conn);
  const why = reason === "" ? "Client Closed" : reason;
  if (client !== undefined) forgetClient(server, io, client, why as CloseReason);
  else if (route !== undefined)
    clusterParts().forgetRoute(server, io, route, why as RouteCloseReason);
  else return;
  finish(server, io);
}

/**
 * A client did not take in time what it was sent; `text` is what the log says of it.
 * Source: nats-server `handleWriteTimeout`.
 */
export function clientTooSlow(server: ServerState, io: ServerIo, conn: number, text: string): void {
  const client = server.conns.get(conn);
  if (client === undefined) return;
  endSlowClient(server, io, client, { text, reason: "Slow Consumer (Write Deadline)" });
  finish(server, io);
}

export function fireTimer(server: ServerState, io: ServerIo, timer: ServerTimer): void {
  switch (timer.kind) {
    case "auth-timeout":
      withClient(server, timer.conn, (client) => onAuthTimeout(server, io, client));
      break;
    case "ping":
      withClient(server, timer.conn, (client) => onPingTimer(server, io, client));
      break;
    case "route-ping":
    case "route-timeout":
    case "route-dial":
      clusterParts().onRouteTimer(server, io, timer);
      break;
    case "lame-duck":
      onLameDuckTimer(server, io, timer);
      break;
    case "service-latency":
      onLatencyTimer(server, io, timer);
      break;
    case "statsz":
      monitoringParts().onStatszTimer(server, io);
      break;
    case "account-connections":
      onAccountConnectionsTimer(server, io, timer.account);
      break;
    case "raft":
      clusterParts().onGroupTimer(server, io, timer);
      break;
    case "cluster":
      clusterParts().onClusterTimer(server, io, timer);
      break;
    case "asset":
      jetStreamParts().onAssetTimer(server, io, timer);
      break;
    case "backup":
      backupParts().onSnapshotTimer(server, io, timer);
      backupParts().onRestoreTimer(server, io, timer);
      break;
    default:
      unreachable(timer);
  }
  finish(server, io);
}

/** Takes a new configuration where it can change. Throws `ReloadError`. */
export function reloadServer(server: ServerState, io: ServerIo, config: ServerConfig): void {
  confParts().applyConfig(server, io, config);
  finish(server, io);
}

/** No new clients from now on; those that are here go one by one. */
export function lameDuckServer(server: ServerState, io: ServerIo): void {
  enterLameDuck(server, io);
  finish(server, io);
}

/** An orderly end (SIGTERM). Killing a server calls nothing: its state is simply gone. */
export function shutDownServer(server: ServerState, io: ServerIo): void {
  stopServer(server, io);
  finish(server, io);
}

const closeReasons: Readonly<Record<string, CloseReason>> = {
  "Authorization Violation": "Authentication Failure",
  "Maximum Payload Violation": "Maximum Message Payload Exceeded",
  "maximum control line exceeded": "Maximum Control Line Exceeded",
  "invalid client protocol": "Bad Client Protocol Version",
  "no responders requires headers support": "No Responders Requires Headers",
  "maximum account active connections exceeded": "Maximum Account Connections Exceeded",
};

function onProtocolError(
  server: ServerState,
  io: ServerIo,
  client: ClientConn,
  error: ProtocolError,
): void {
  const isUnknown = error.text === "Unknown Protocol Operation";
  // Of this one alone the client hears before the log does.
  if (isUnknown) sendErr(server, io, client, error.text);
  io.log("error", `${clientLabel(client)} - ${error.message}`);
  if (error.text === null || isUnknown) {
    const isTheirs = error.message.startsWith(clientError);
    closeClient(server, io, client, isTheirs ? "Parse Error" : "Protocol Violation");
  } else {
    const reason = closeReasons[error.text] ?? "Protocol Violation";
    refuseClient(server, io, client, { text: error.text, reason });
  }
}

function withClient(server: ServerState, conn: number, act: (client: ClientConn) => void): void {
  const client = server.conns.get(conn);
  if (client !== undefined) act(client);
}

/** How two servers come to know each other: a link opens, both say who they are. */
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { announceUrls, ownClientUrls, ownWebsocketUrls } from "./client-urls.ts";
import { closeRoute } from "./close.ts";
import { cancelRedial } from "./dial.ts";
import { scheduleFirstPing } from "./keep-alive.ts";
import { sendRecord } from "./outbound.ts";
import { infoBytes } from "./record-size.ts";
import type { RecordOf } from "./records.ts";
import { createRouteConn, type LinkPeer, type RouteConn, type Routes } from "./route-conn.ts";
import { dialTimer } from "./timer-names.ts";
import { tellInterest } from "./told-interest.ts";

/** Another server dialled this one: it is greeted at once. Source: nats-server `createRoute`. */
export function acceptRoute(
  server: ServerState,
  io: ServerIo,
  conn: number,
  place: LinkPeer,
): void {
  const { routes } = server;
  if (routes === undefined || server.phase === "stopped") {
    io.close(conn, "Server Shutdown");
    return;
  }
  const route = createRouteConn(server, io, { conn, place, address: null });
  route.phase = "greeting";
  routes.conns.set(conn, route);
  sendOwnInfo(server, route, false);
  scheduleFirstPing(server, io, route);
}

/** A dial was answered. This side waits for the other's INFO, so that no two links are taken up. */
export function onRouteOpened(server: ServerState, io: ServerIo, conn: number): void {
  const route = server.routes?.conns.get(conn);
  if (route === undefined || route.phase !== "dialling") return;
  route.phase = "greeting";
  io.clearTimer(dialTimer(conn));
  scheduleFirstPing(server, io, route);
}

/** The other side says who it is, or has news. Source: nats-server `processRouteInfo`. */
export function onRouteInfo(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  info: RecordOf<"info">,
): void {
  const { routes } = server;
  if (routes === undefined) return;
  if (route.phase === "registered") {
    onNews(server, io, route, info);
    return;
  }
  if (info.cluster !== server.config.cluster?.name) {
    closeRoute(server, io, route, "Cluster Name Conflict");
  } else if (info.id === server.id) {
    closeRoute(server, io, route, "Duplicate Route");
  } else if (!route.isDialled && info.name === server.name) {
    closeRoute(server, io, route, "Duplicate Server Name");
  } else if (isUnique(server, io, route, info)) {
    register(server, io, route, info);
  } else closeRoute(server, io, route, "Duplicate Route");
}

/** Tells the other servers that this one is about to end. Source: nats-server `sendLDMToRoutes`. */
export function sendLameDuckToRoutes(server: ServerState): void {
  for (const route of server.routes?.conns.values() ?? []) {
    if (route.phase === "registered") sendOwnInfo(server, route, true);
  }
}

/**
 * Whether this link is the one to the other server that stays. Of two that cross, nats-server may
 * close both and dial again after a while; here the one stays that the lesser name dialled.
 */
function isUnique(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  info: RecordOf<"info">,
): boolean {
  const before = registeredRoute(server.routes, info.id);
  if (before === null) return true;
  const ownDialIsKept = before.isDialled && server.name < info.name;
  if (route.isDialled || !before.isDialled || ownDialIsKept) return false;
  closeRoute(server, io, before, "Duplicate Route");
  return true;
}

function registeredRoute(routes: Routes | undefined, id: string): RouteConn | null {
  for (const route of routes?.conns.values() ?? []) {
    if (route.phase === "registered" && route.remoteId === id) return route;
  }
  return null;
}

/** Source: nats-server `addRoute`. */
function register(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  info: RecordOf<"info">,
): void {
  route.remoteId = info.id;
  route.remoteName = info.name;
  route.clientUrls = info.clientUrls;
  route.websocketUrls = info.websocketUrls;
  route.lastActivity = io.wall;
  route.phase = "registered";
  server.routes?.peers.set(info.name, route.conn);
  const configured = server.config.cluster?.routes.find(
    ({ host, port }) => host === info.host && port === info.port,
  );
  route.address ??= configured ?? null;
  if (route.address !== null) cancelRedial(io, route.address);
  if (route.isDialled) sendOwnInfo(server, route, false);
  tellInterest(server, route);
  announceUrls(server, io);
  trace(server, io, "route-up", { conn: route.conn, subject: info.name });
}

function onNews(server: ServerState, io: ServerIo, route: RouteConn, info: RecordOf<"info">): void {
  if (!info.isLameDuck) return;
  route.clientUrls = [];
  route.websocketUrls = [];
  announceUrls(server, io);
}

function sendOwnInfo(server: ServerState, route: RouteConn, isLameDuck: boolean): void {
  const { cluster } = server.config;
  if (cluster === null) return;
  const info: RecordOf<"info"> = {
    kind: "info",
    id: server.id,
    name: server.name,
    cluster: cluster.name,
    host: cluster.host,
    port: cluster.port,
    clientUrls: ownClientUrls(server),
    websocketUrls: ownWebsocketUrls(server),
    jetstream: server.config.jetstream !== null,
    isLameDuck,
  };
  sendRecord(server, route, info, infoBytes(info));
}

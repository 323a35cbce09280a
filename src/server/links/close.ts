/** The end of a route: its interest goes with it, and it is dialled again where that is meant. */
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { announceUrls } from "./client-urls.ts";
import { redialLater } from "./dial.ts";
import { flushRoute } from "./outbound.ts";
import { dropRemoteInterest } from "./remote-interest.ts";
import type { RouteConn } from "./route-conn.ts";
import { dialTimer, routePingTimer } from "./timer-names.ts";

/** In nats-server's words (`monitor.go` `ClosedState.String`). */
export type RouteCloseReason =
  | "Stale Connection"
  | "Duplicate Route"
  | "Duplicate Server Name"
  | "Cluster Name Conflict"
  | "Server Shutdown"
  | "Client Closed"
  | "Read Error";

/** Ends a route from this side: what was written goes out first. */
export function closeRoute(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  reason: RouteCloseReason,
): void {
  if (route.closed) return;
  flushRoute(io, route);
  forgetRoute(server, io, route, reason);
  io.close(route.conn, reason);
}

/** Source: nats-server `closeConnection`, `removeRoute`, `reconnect`. */
export function forgetRoute(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  reason: RouteCloseReason,
): void {
  const { routes } = server;
  if (routes === undefined || route.closed) return;
  const wasRegistered = route.phase === "registered";
  route.closed = true;
  io.clearTimer(routePingTimer(route.conn));
  io.clearTimer(dialTimer(route.conn));
  routes.conns.delete(route.conn);
  if (routes.peers.get(route.remoteName) === route.conn) routes.peers.delete(route.remoteName);
  dropRemoteInterest(server, route);
  if (reason === "Stale Connection") routes.totals.stale++;
  io.log("info", `Router connection closed: ${reason}`);
  if (wasRegistered) {
    trace(server, io, "route-down", {
      conn: route.conn,
      subject: route.remoteName,
      detail: reason,
    });
    if (server.phase !== "stopped") announceUrls(server, io);
  }
  const isWanted = reason !== "Duplicate Route" && server.phase !== "stopped";
  if (isWanted && route.address !== null) redialLater(io, route.address);
}

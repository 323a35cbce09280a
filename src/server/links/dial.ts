/** Dialling the servers of the configuration, again and again until they answer. */
import { type DurationNanos, millis, nanos, plus, seconds } from "../../kernel/index.ts";
import type { RouteAddress } from "../config/server-config.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { createRouteConn, type Routes } from "./route-conn.ts";
import { dialTimer, redialTimer } from "./timer-names.ts";

/** Source: nats-server `const.go` `DEFAULT_ROUTE_RECONNECT`, `_CONNECT`, `_DIAL`. */
const reconnectDelay = seconds(1);
const retryDelay = seconds(1);
const dialTimeout = seconds(1);
/** Source: nats-server `reConnectToRoute`: two servers are not to dial in step for ever. */
const reconnectSpread = millis(100);

/** Dials every route of the configuration. Source: nats-server `solicitRoutes`. */
export function dialRoutes(server: ServerState, io: ServerIo): void {
  if (server.routes === undefined) return;
  for (const address of server.config.cluster?.routes ?? []) dialRoute(server, io, address);
}

/** Source: nats-server `connectToRoute`. */
export function dialRoute(server: ServerState, io: ServerIo, address: RouteAddress): void {
  const { routes } = server;
  if (routes === undefined || io.links === undefined || server.phase === "stopped") return;
  const conn = io.links.dial(address.host, address.port);
  const place = { ip: address.host, port: address.port };
  routes.conns.set(conn, createRouteConn(server, io, { conn, place, address }));
  io.setTimer(dialTimer(conn), plus(io.now, dialTimeout), { kind: "route-timeout", conn });
}

/** Nobody answered the dial, or somebody refused it. */
export function onDialFailed(server: ServerState, io: ServerIo, conn: number): void {
  const route = server.routes?.conns.get(conn);
  if (route === undefined || route.phase !== "dialling") return;
  server.routes?.conns.delete(conn);
  io.clearTimer(dialTimer(conn));
  if (route.address !== null) setRedial(io, route.address, retryDelay);
}

/** A dial has waited long enough: it is given up, and made again. */
export function onDialTimeout(server: ServerState, io: ServerIo, conn: number): void {
  const route = server.routes?.conns.get(conn);
  if (route === undefined || route.phase !== "dialling") return;
  io.close(conn, "Dial Timeout");
  onDialFailed(server, io, conn);
}

/** A configured route was lost. Source: nats-server `reConnectToRoute`. */
export function redialLater(io: ServerIo, address: RouteAddress): void {
  setRedial(io, address, nanos(reconnectDelay + (io.draw("route-dial") % reconnectSpread)));
}

/** The time to dial again has come; there may be a route by now. */
export function onRedial(server: ServerState, io: ServerIo, address: RouteAddress): void {
  const { routes } = server;
  if (routes !== undefined && !isReached(routes, address)) dialRoute(server, io, address);
}

export function cancelRedial(io: ServerIo, address: RouteAddress): void {
  io.clearTimer(redialTimer(address));
}

function isReached({ conns }: Routes, address: RouteAddress): boolean {
  for (const route of conns.values()) {
    const { host, port } = route.address ?? { host: "", port: 0 };
    if (host === address.host && port === address.port) return true;
  }
  return false;
}

function setRedial(io: ServerIo, address: RouteAddress, after: DurationNanos): void {
  const timer = { kind: "route-dial", address } as const;
  io.setTimer(redialTimer(address), plus(io.now, after), timer);
}

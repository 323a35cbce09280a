/** Pings on routes: whether the other server is still there. */
import { type DurationNanos, minus, nanos, plus, seconds } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { closeRoute } from "./close.ts";
import { sendRecord } from "./outbound.ts";
import { pingBytes } from "./record-size.ts";
import type { RouteConn } from "./route-conn.ts";
import { routePingTimer } from "./timer-names.ts";

/** Source: nats-server `server.go` `firstPingInterval`, `route.go` `routeMaxPingInterval`. */
const firstInterval = seconds(1);
const longestInterval = seconds(30);

/** Soon after the beginning; up to a fifth later, by chance. Source: `setFirstPingTimer`. */
export function scheduleFirstPing(server: ServerState, io: ServerIo, route: RouteConn): void {
  const base = Math.min(server.config.pingInterval, firstInterval);
  const spread = Math.floor(base / 5);
  setPing(io, route, nanos(base + (spread > 0 ? io.draw("route-ping") % spread : 0)));
}

/** Routes are pinged whatever else they carry. Source: nats-server `processPingTimer`. */
export function onRoutePingTimer(server: ServerState, io: ServerIo, route: RouteConn): void {
  const { pingInterval, pingMax } = server.config;
  if (route.pingsOut + 1 > pingMax) {
    closeRoute(server, io, route, "Stale Connection");
    return;
  }
  route.pingSentAt = io.now;
  route.pingsOut++;
  sendRecord(server, route, { kind: "ping" }, pingBytes);
  setPing(io, route, nanos(Math.min(pingInterval, longestInterval)));
}

/** Source: nats-server `processPong`, `computeRTT`: at least a nanosecond. */
export function onRoutePong(io: ServerIo, route: RouteConn): void {
  route.pingsOut = 0;
  const since = route.pingSentAt ?? route.startedAt;
  route.rtt = nanos(Math.max(1, minus(io.now, since)));
}

function setPing(io: ServerIo, { conn }: RouteConn, after: DurationNanos): void {
  io.setTimer(routePingTimer(conn), plus(io.now, after), { kind: "route-ping", conn });
}

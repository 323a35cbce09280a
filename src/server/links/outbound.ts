/** Records on their way to other servers: gathered during an event, sent once when it ends. */
import { assert } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { LinkRecord, SentRecord } from "./records.ts";
import type { RouteConn } from "./route-conn.ts";

/** Puts a record behind what this event has for the route. Lost when the route is closed. */
export function sendRecord(
  server: ServerState,
  route: RouteConn,
  record: LinkRecord,
  bytes: number,
): void {
  const { routes } = server;
  assert(routes !== undefined, `server ${server.name} has no routes`);
  if (route.closed) return;
  if (route.out.length === 0) routes.dirty.push(route);
  route.out.push({ record, bytes });
}

/** Sends what this event has for other servers: one piece a route, in the order of sending. */
export function flushRoutes(server: ServerState, io: ServerIo): void {
  const { routes } = server;
  if (routes === undefined || routes.dirty.length === 0) return;
  for (const route of routes.dirty) flushRoute(io, route);
  routes.dirty.length = 0;
}

/** Sends now what was gathered for one route. */
export function flushRoute(io: ServerIo, route: RouteConn): void {
  if (route.out.length === 0) return;
  const records: readonly SentRecord[] = route.out;
  route.out = [];
  io.links?.send(route.conn, records);
}

/** `/routez`: the links to the other servers of the cluster. */
import { formatGoDuration } from "../../jetstream/index.ts";
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { Subscription } from "../interest/subscription.ts";
import type { ServerIo } from "../io.ts";
import type { RouteConn } from "../links/route-conn.ts";
import type { ServerState } from "../state.ts";
import { subDetail } from "./connz.ts";
import { type Query, queryBool } from "./monitor-query.ts";
import { shownAge } from "./uptime.ts";

/** Source: nats-server `Routez`; fields in its order. */
export function routez(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  const isDetailed = (query.get("subs") ?? "").toLowerCase() === "detail";
  const shown = isDetailed ? "detail" : queryBool(query, "subs") ? "names" : "none";
  const routes = registeredRoutes(server);
  return {
    server_id: server.id,
    server_name: server.name,
    now: formatStoredTime(io.wall),
    num_routes: routes.length,
    routes: routes.map((route) => routeInfo(server, io, route, shown)),
  };
}

/** In the order of the servers' registration here. */
export function registeredRoutes({ routes }: ServerState): RouteConn[] {
  return [...(routes?.conns.values() ?? [])].filter(({ phase }) => phase === "registered");
}

/** Source: nats-server `RouteInfo`. */
function routeInfo(
  server: ServerState,
  io: ServerIo,
  route: RouteConn,
  shown: "detail" | "names" | "none",
): JsonLike {
  const subs = shown === "none" ? [] : subsOf(server, route);
  return {
    rid: route.rid,
    remote_id: route.remoteId,
    remote_name: route.remoteName,
    did_solicit: route.isDialled,
    is_configured: route.address !== null,
    ip: route.ip,
    port: route.port,
    start: formatStoredTime(route.start),
    last_activity: formatStoredTime(route.lastActivity),
    rtt: formatGoDuration(route.rtt),
    uptime: shownAge(route.start, io.wall),
    idle: shownAge(route.lastActivity, io.wall),
    pending_size: 0,
    in_msgs: route.inMsgs,
    out_msgs: route.outMsgs,
    in_bytes: route.inBytes,
    out_bytes: route.outBytes,
    subscriptions: route.subs.value.size,
    subscriptions_list:
      shown === "names" && subs.length > 0 ? subs.map(({ subject }) => subject) : undefined,
    subscriptions_list_detail:
      shown === "detail" && subs.length > 0
        ? subs.map((sub) => subDetail(sub, route.rid, {}))
        : undefined,
    compression: "off",
  };
}

function subsOf(server: ServerState, route: RouteConn): Subscription[] {
  return [...route.subs.value.values()].flatMap(({ account, id }) => {
    const sub = server.accounts.get(account)?.interest.subs.get(id);
    return sub === undefined ? [] : [sub];
  });
}

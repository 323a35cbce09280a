/** `/leafz` and `/gatewayz`: links of kinds that a server here has none of. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { type Query, queryBool } from "./monitor-query.ts";

/** Source: nats-server `Leafz`. */
export function leafz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  queryBool(query, "subs");
  return { server_id: server.id, now: formatStoredTime(io.wall), leafnodes: 0, leafs: [] };
}

/** Source: nats-server `Gatewayz`. */
export function gatewayz(
  server: ServerState,
  io: ServerIo,
  query: Query,
): Record<string, JsonLike> {
  if ((query.get("subs") ?? "").toLowerCase() !== "detail") queryBool(query, "subs");
  queryBool(query, "accs");
  return {
    server_id: server.id,
    now: formatStoredTime(io.wall),
    outbound_gateways: {},
    inbound_gateways: {},
  };
}

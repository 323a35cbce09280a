/** `/leafz` and `/gatewayz`: links of kinds that a server here has none of. */
import { formatStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

/** Source: nats-server `Leafz`. */
export function leafz(server: ServerState, io: ServerIo): Record<string, JsonLike> {
  return { server_id: server.id, now: formatStoredTime(io.wall), leafnodes: 0, leafs: [] };
}

/** Source: nats-server `Gatewayz`. */
export function gatewayz(server: ServerState, io: ServerIo): Record<string, JsonLike> {
  return {
    server_id: server.id,
    now: formatStoredTime(io.wall),
    outbound_gateways: {},
    inbound_gateways: {},
  };
}

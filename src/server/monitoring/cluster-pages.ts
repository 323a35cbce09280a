/** What pages say of a cluster; a server without one says nothing of it. */
import type { JsonLike } from "../../protocol/index.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { Query } from "./monitor-query.ts";

type Fields = { readonly [field: string]: JsonLike };

/** `meta_cluster` of /jsz. */
export function metaCluster(server: ServerState, io: ServerIo): Fields | undefined {
  return clusterOf(server) === null ? undefined : clusterParts().metaCluster(server, io);
}

/** `/raftz`. */
export function raftz(server: ServerState, io: ServerIo, query: Query): Record<string, JsonLike> {
  return server.groups === undefined ? {} : clusterParts().raftz(server, io, query);
}

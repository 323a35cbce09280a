/** `meta_cluster` of /jsz: the meta group as this server sees it. */
import { formatStoredTime, zeroStoredTime } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { quorum } from "../../raft/index.ts";
import { printOthers } from "../cluster/cluster-info.ts";
import { metaGroup } from "../cluster/cluster-state.ts";
import { groupOf } from "../cluster/leadership.ts";
import { peerHash } from "../cluster/peer-name.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

/** Undefined outside of a cluster. Source: nats-server `MetaClusterInfo`, filled by `Jsz`. */
export function metaCluster(
  server: ServerState,
  io: ServerIo,
): { readonly [field: string]: JsonLike } | undefined {
  const group = groupOf(server, metaGroup);
  if (group === null) return undefined;
  const { core } = group;
  const leader = core.leader ?? "";
  return {
    name: server.config.cluster?.name,
    leader: leader === "" ? undefined : leader,
    peer: leader === "" ? undefined : peerHash(leader),
    replicas: printOthers(server, io, group),
    cluster_size: core.stable.peers.length,
    quorum_needed: quorum(core),
    pending: 0,
    pending_requests: 0,
    pending_infos: 0,
    snapshot: {
      pending_entries: Math.max(core.lastIndex - (core.stable.snapshot?.lastIndex ?? 0), 0),
      pending_size: group.logBytes,
      last_time: formatStoredTime(zeroStoredTime),
    },
  };
}

/** The meta group's upper layer: what its log means on this server. */
import type { GroupHandler, GroupPlace } from "../../groups/group-handlers.ts";
import { broadcastToPeers } from "../../links/peers.ts";
import type { MetaEntry, MetaSnapshot } from "../assignments.ts";
import { clusterOf, findAssignment } from "../cluster-state.ts";
import { type ClusterPlace, follow } from "../follow.ts";
import { adviseDomainLeader } from "../leader-advisories.ts";
import { applyMetaEntry, forgetAssignment, snapshotBytes, snapshotOf } from "./meta-apply.ts";
import { replacePicture } from "./meta-restore.ts";

export const metaHandler: GroupHandler = {
  apply(place, data) {
    const at = placeOf(place);
    if (at !== null) applyEntry(at, data as MetaEntry);
  },
  restore(place, data) {
    const at = placeOf(place);
    if (at !== null) replacePicture(at, data as MetaSnapshot);
  },
  snapshot(place) {
    const cluster = clusterOf(place.server);
    if (cluster === null) return null;
    const data = snapshotOf(cluster);
    return { data, bytes: snapshotBytes(data) };
  },
  leadership: onMetaLeadership,
  quorumLost() {
    // nats-server has no advisory for the meta group.
  },
};

/** While the log is replayed after a start only the picture changes; assets follow at its end. */
function applyEntry(place: ClusterPlace, entry: MetaEntry): void {
  const { cluster } = place;
  const before =
    entry.op === "assign-stream"
      ? (findAssignment(cluster, entry.spec.account, entry.spec.config.name)?.spec ?? null)
      : null;
  const change = applyMetaEntry(cluster, entry);
  if (change === null) return;
  if (!cluster.recovering) follow(place, change, before);
  else if (change.kind === "removed") forgetAssignment(cluster, change.removal);
}

/** Source: nats-server `processLeaderChange`. */
function onMetaLeadership(place: GroupPlace, isLeader: boolean): void {
  const { server, io, group } = place;
  const cluster = clusterOf(server);
  if (cluster === null) return;
  cluster.isLeader = isLeader;
  cluster.inflight.clear();
  if (!isLeader) {
    for (const id of cluster.gatherings.keys()) io.clearTimer(`cluster/gather/${id}`);
    cluster.gatherings.clear();
    return;
  }
  io.log("info", "Self is new JetStream cluster metadata leader");
  adviseDomainLeader(server, io, group);
  broadcastToPeers(server, io, { kind: "stats-ping", name: server.name }, pingBytes);
}

const pingBytes = 64;
function placeOf({ server, io }: GroupPlace): ClusterPlace | null {
  const cluster = clusterOf(server);
  return cluster === null ? null : { server, io, cluster };
}

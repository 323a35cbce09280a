/** `cluster` as replies show it, and the replicas of advisories. */
import { formatStoredTime, minus, seconds, sortedBy, sortedKeys } from "../../kernel/index.ts";
import type { JsonLike } from "../../protocol/index.ts";
import { type PeerView, peerViews } from "../../raft/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { systemAccountOf } from "../connections/info.ts";
import type { RaftGroup } from "../groups/group.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { GroupSpec } from "./assignments.ts";
import { clusterOf, findConsumerAssignment, isMember } from "./cluster-state.ts";
import { groupOf } from "./leadership.ts";
import { isOffline } from "./peer-facts.ts";
import { peerHash } from "./peer-name.ts";

type Fields = { readonly [field: string]: JsonLike };

/** Longer out of sight than this is not current. `lostQuorumInterval`. */
const outOfSight = seconds(10);

/** The state of an asset's group as this server sees it. Source: nats-server `clusterInfo`. */
export function printCluster(server: ServerState, io: ServerIo, spec: GroupSpec): Fields {
  const name = server.config.cluster?.name ?? "";
  const group = groupOf(server, spec.name);
  if (group === null) return { name, leader: server.name };
  const leader = group.core.leader ?? "";
  const since = group.leaderSince;
  const replicas = otherMembers(server, io, group).filter((one) => spec.peers.includes(one.id));
  return {
    name,
    raft_group: group.name,
    leader: leader === "" ? undefined : leader,
    leader_since: since === null ? undefined : formatStoredTime(since),
    system_account: true,
    traffic_account: systemAccountOf(server),
    replicas: replicas.map((one) => printReplica(server, io, one)),
  };
}

/** The other members, and this server too when nobody leads: what INFO and /jsz list. */
export function printOthers(server: ServerState, io: ServerIo, group: RaftGroup): Fields[] {
  return otherMembers(server, io, group).map((one) => printReplica(server, io, one));
}

/** What is shown of a group all of whose servers are down. Source: `offlineClusterInfo`. */
export function printOffline(server: ServerState, spec: GroupSpec): Fields {
  const replicas = spec.peers.map((name) => ({
    name,
    current: false,
    offline: true,
    active: 0,
    peer: peerHash(name),
  }));
  return { name: server.config.cluster?.name ?? "", raft_group: spec.name, replicas };
}

/** All members, this server's too, as advisories list them. Source: `replicas`. */
export function printReplicas(server: ServerState, io: ServerIo, group: RaftGroup): Fields[] {
  return sortedBy(members(server, io, group), (one) => one.id).map((one) => ({
    ...printReplica(server, io, one),
    current: one.current,
  }));
}

function printReplica(server: ServerState, io: ServerIo, view: PeerView): Fields {
  const { id, heardAt, lag } = view;
  // 0 says never; what was heard in this very instant was heard the least time ago.
  const active = heardAt === null ? 0 : Math.max(minus(io.now, heardAt), 1);
  const cluster = clusterOf(server);
  const offline = id !== server.name && cluster !== null && isOffline(cluster, id);
  return {
    name: id,
    current: view.current && active <= outOfSight,
    offline: offline || undefined,
    active,
    lag: lag === 0 ? undefined : lag,
    peer: peerHash(id),
  };
}

function otherMembers(server: ServerState, io: ServerIo, group: RaftGroup): PeerView[] {
  const isLed = group.core.leader !== null;
  const all = sortedBy(members(server, io, group), (one) => one.id);
  return all.filter((one) => !isLed || one.id !== server.name);
}

function members(server: ServerState, io: ServerIo, { core }: RaftGroup): PeerView[] {
  const others = peerViews(core, io.now);
  const self = { id: server.name, current: true, heardAt: null, lag: 0 as PeerView["lag"] };
  return isMember(server, core.stable) ? [...others, self] : others;
}

/** `cluster` of a consumer: of its group, or of the one server that it is on. */
export function printConsumerCluster(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  consumer: string,
): Fields | undefined {
  const cluster = clusterOf(server);
  if (cluster === null) return undefined;
  const { account, name } = asset;
  const spec = findConsumerAssignment(cluster, account, name, consumer)?.spec;
  if (spec !== undefined) return printCluster(server, io, spec.group);
  return { name: server.config.cluster?.name ?? "", leader: server.name };
}

/**
 * A stream and its mirrors in the cluster, when there are any. There is one cluster here, so all
 * rank alike. Source: nats-server `streamAlternates`.
 */
export function printAlternates(
  { server }: { readonly server: ServerState },
  asset: StreamAsset,
): Fields[] | undefined {
  const streams = clusterOf(server)?.accounts.get(asset.account);
  if (streams === undefined) return undefined;
  const domain = server.jetstream?.domain ?? "";
  const alternates: Fields[] = [];
  for (const name of sortedKeys(streams)) {
    const spec = streams.get(name)?.spec;
    if (spec === undefined) continue;
    if (name !== asset.name && spec.config.mirror?.name !== asset.name) continue;
    alternates.push({
      name,
      domain: domain === "" ? undefined : domain,
      cluster: spec.group.cluster,
    });
  }
  return alternates.length <= 1 ? undefined : alternates;
}

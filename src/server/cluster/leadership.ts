/** Who leads what, and when a server may say that nobody does. */
import { minus, seconds } from "../../kernel/index.ts";
import { type ConsumerId, consumerRole, streamRole } from "../assets/replicas/roles.ts";
import type { RaftGroup } from "../groups/group.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { GroupSpec } from "./assignments.ts";
import { clusterOf, isMember, metaGroup } from "./cluster-state.ts";

/** A group younger than this may still find its first leader. `lostQuorumInterval`. */
const youngFor = seconds(10);

/** This server's member of a group; null when it has none, as for what has one replica. */
export function groupOf(server: ServerState, name: string): RaftGroup | null {
  return server.groups?.get(name) ?? null;
}

/** The name of the meta leader as this server knows it; "" for none. */
export function metaLeader(server: ServerState): string {
  return groupOf(server, metaGroup)?.core.leader ?? "";
}

/**
 * Whether this server knows that there is no meta leader, and has run for long enough to say so.
 * Source: nats-server `isLeaderless`.
 */
export function isMetaLeaderless(server: ServerState, io: ServerIo): boolean {
  const meta = groupOf(server, metaGroup);
  if (meta === null) return false;
  return meta.core.leader === null && isOld(meta, io);
}

/**
 * Whether this server is a member of an asset's group and knows that it has no leader.
 * Source: nats-server `isGroupLeaderless`.
 */
export function isGroupLeaderless(server: ServerState, io: ServerIo, spec: GroupSpec): boolean {
  const group = groupOf(server, spec.name);
  if (group === null || !isMember(server, spec) || group.core.leader !== null) return false;
  const hasRun = minus(io.now, server.startedAt) > youngFor;
  return (group.core.hadLeader && hasRun) || isOld(group, io);
}

/** Whether an asset without a leader is so young that its preferred member may speak for it. */
export function isYoungAndPreferred(server: ServerState, io: ServerIo, spec: GroupSpec): boolean {
  if (!isMember(server, spec) || spec.preferred !== server.name) return false;
  const group = groupOf(server, spec.name);
  return group === null || !isOld(group, io);
}

/** Whether this server may act as meta leader. */
export function isMetaLeader(server: ServerState): boolean {
  return clusterOf(server)?.isLeader === true;
}

function isOld(group: RaftGroup, io: ServerIo): boolean {
  return minus(io.now, group.created) > youngFor;
}

/** Whether this server is the announced leader of a stream, or its only holder. */
export function leadsStream(server: ServerState, account: string, stream: string): boolean {
  return streamRole(server, account, stream)?.isLeader === true;
}

export function leadsConsumer(server: ServerState, id: ConsumerId): boolean {
  return consumerRole(server, id)?.isLeader === true;
}

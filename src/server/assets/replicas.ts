/**
 * What the meta layer asks of streams and consumers on this server, and asks about them. An asset
 * with one replica has no group; it lives here or on another server.
 */
import { assert } from "../../kernel/index.ts";
import { hasQuorum, isAnnouncedLeader } from "../../raft/index.ts";
import type { ConsumerAssignment, StreamAssignment } from "../cluster/assignments.ts";
import type { RaftGroup } from "../groups/group.ts";
import { stepDownGroup } from "../groups/inbound.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";

export { stepDownGroup };

/** Who leads an asset, as this server knows. */
export interface AssetRole {
  /** Announced leader, or the only holder. */
  readonly isLeader: boolean;
  /** "" for nobody that is known. */
  readonly leader: string;
  readonly hasQuorum: boolean;
  /** Null for an asset with one replica. */
  readonly group: RaftGroup | null;
}

/**
 * Takes up a stream that is assigned to this server; what is here already stays. `recovering`
 * while the meta group's own log is replayed after a start. Failures go to `onAssetFailed`.
 */
export function startStreamReplica(
  server: ServerState,
  io: ServerIo,
  assignment: StreamAssignment,
  recovering: boolean,
): void {
  assert(false, `not yet: ${server.name} ${io.now} ${assignment.name} ${recovering}`);
}

/** A new configuration of the stream, on every member. */
export function updateStreamReplica(
  server: ServerState,
  io: ServerIo,
  assignment: StreamAssignment,
): void {
  assert(false, `not yet: ${server.name} ${io.now} ${assignment.name}`);
}

/** The stream goes with its consumers, their groups and files. */
export function removeStreamReplica(
  server: ServerState,
  io: ServerIo,
  account: string,
  stream: string,
): void {
  assert(false, `not yet: ${server.name} ${io.now} ${account} ${stream}`);
}

/** As for streams; its stream has been taken up before. */
export function startConsumerReplica(
  server: ServerState,
  io: ServerIo,
  assignment: ConsumerAssignment,
  recovering: boolean,
): void {
  assert(false, `not yet: ${server.name} ${io.now} ${assignment.name} ${recovering}`);
}

export function updateConsumerReplica(
  server: ServerState,
  io: ServerIo,
  assignment: ConsumerAssignment,
): void {
  assert(false, `not yet: ${server.name} ${io.now} ${assignment.name}`);
}

export function removeConsumerReplica(
  server: ServerState,
  io: ServerIo,
  { account, stream, consumer }: ConsumerId,
): void {
  assert(false, `not yet: ${server.name} ${io.now} ${account} ${stream} ${consumer}`);
}

export interface ConsumerId {
  readonly account: string;
  readonly stream: string;
  readonly consumer: string;
}

/** Null when the stream is not on this server. */
export function streamRole(server: ServerState, account: string, stream: string): AssetRole | null {
  assert(false, `not yet: ${server.name} ${account} ${stream}`);
}

/** Null when the consumer is not on this server. */
export function consumerRole(server: ServerState, id: ConsumerId): AssetRole | null {
  assert(false, `not yet: ${server.name} ${id.consumer}`);
}

/** The role that a member of a group has. */
export function groupRole(io: ServerIo, group: RaftGroup): AssetRole {
  const { core } = group;
  const isLeader = isAnnouncedLeader(core);
  return { isLeader, leader: core.leader ?? "", hasQuorum: hasQuorum(core, io.now), group };
}

/** Assets follow the assignments: taken up, changed and let go on the servers that are named. */
import {
  ApiError,
  type ApiErrorBody,
  int64ToNumber,
  sameStreamConfig,
} from "../../jetstream/index.ts";
import { unreachable } from "../../kernel/index.ts";
import { dropAwaited } from "../assets/replicas/awaited-stream.ts";
import {
  type ConsumerId,
  consumerRole,
  releaseConsumer,
  removeConsumerReplica,
  removeStreamReplica,
  startConsumerReplica,
  startStreamReplica,
  streamRole,
  updateConsumerReplica,
  updateStreamReplica,
} from "../assets/replicas.ts";
import { findStream } from "../assets/stream-lookup.ts";
import { checkReservation } from "../assets/stream-reservations.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { onAssetFailed, onAssetLeader } from "./asset-events.ts";
import type {
  ConsumerAssignment,
  GroupSpec,
  Removal,
  StreamAssignment,
  StreamSpec,
} from "./assignments.ts";
import {
  type ClusterState,
  findAssignment,
  findConsumerAssignment,
  isMember,
} from "./cluster-state.ts";
import { groupOf, isMetaLeader } from "./leadership.ts";
import { forgetAssignment, type MetaChange } from "./meta/meta-apply.ts";
import { areAllOffline } from "./peer-facts.ts";
import { answerRequester, consumerReply, streamReply } from "./requests/replies.ts";
import { awaitRestore, awaitsRestore } from "./restored-streams.ts";

/** A server of a cluster. */
export interface ClusterPlace {
  readonly server: ServerState;
  readonly io: ServerIo;
  readonly cluster: ClusterState;
}

/** What follows on this server from a change of the picture. */
export function follow(place: ClusterPlace, change: MetaChange, before: StreamSpec | null): void {
  switch (change.kind) {
    case "stream": {
      const assignment = findAssignment(place.cluster, change.account, change.stream);
      if (assignment !== null) followStream(place, assignment, before);
      return;
    }
    case "stream-updated": {
      const assignment = findAssignment(place.cluster, change.account, change.stream);
      if (assignment !== null) followUpdate(place, assignment);
      return;
    }
    case "consumer": {
      const { account, stream, consumer } = change;
      const assignment = findConsumerAssignment(place.cluster, account, stream, consumer);
      if (assignment !== null) followConsumer(place, assignment, change.replyBefore);
      return;
    }
    case "removed":
      followRemoval(place, change.removal);
      return;
    default:
      unreachable(change);
  }
}

/** Takes a stream up on this server, if it is one of its members. */
export function takeUpStream(
  { server, io }: ClusterPlace,
  assignment: StreamAssignment,
  recovering: boolean,
): void {
  const { account, name, spec } = assignment;
  if (!isMember(server, spec.group)) {
    if (findStream(server, account, name) !== null) removeStreamReplica(server, io, account, name);
    return;
  }
  if (!recovering && awaitsRestore(server, spec)) {
    awaitRestore(server, io, assignment);
    return;
  }
  const error = recovering ? null : checkRoom(server, spec);
  assignment.failed = error !== null;
  if (error === null) startStreamReplica(server, io, assignment, recovering);
  else onAssetFailed(server, io, { account, stream: name, consumer: null, error });
}

/** Takes a consumer up on this server, if it is one of its members. */
export function takeUpConsumer(
  { server, io }: ClusterPlace,
  assignment: ConsumerAssignment,
  recovering: boolean,
): void {
  const { account, stream, name, spec } = assignment;
  if (isMember(server, spec.group)) startConsumerReplica(server, io, assignment, recovering);
  else {
    const id: ConsumerId = { account, stream, consumer: name };
    if (consumerRole(server, id) === null) return;
    if (spec.state === undefined) removeConsumerReplica(server, io, id);
    else releaseConsumer(server, io, id);
  }
}

/** Source: nats-server `processClusterCreateStream`. */
function followStream(
  place: ClusterPlace,
  assignment: StreamAssignment,
  before: StreamSpec | null,
): void {
  const { server, io } = place;
  const { account, name, spec } = assignment;
  const asset = findStream(server, account, name);
  const isSame =
    before !== null &&
    before.group.name === spec.group.name &&
    sameStreamConfig(before.config, spec.config);
  // What is there already is reported by every member.
  if (isSame && asset !== null && isMember(server, spec.group)) {
    const fields = streamReply({ server, io }, asset, assignment);
    answerRequester({ server, io }, spec, "stream_create", { fields });
    return;
  }
  takeUpStream(place, assignment, false);
}

/** Source: nats-server `processClusterUpdateStream`. */
function followUpdate(place: ClusterPlace, assignment: StreamAssignment): void {
  const { server, io } = place;
  const { account, name, spec } = assignment;
  const asset = findStream(server, account, name);
  if (asset === null || !isMember(server, spec.group)) {
    takeUpStream(place, assignment, false);
    return;
  }
  updateStreamReplica(server, io, assignment);
  const hadResponded = assignment.responded;
  assignment.responded = true;
  if (hadResponded || streamRole(server, account, name)?.isLeader !== true) return;
  const fields = streamReply({ server, io }, asset, assignment);
  answerRequester({ server, io }, spec, "stream_update", { fields });
}

/** Source: nats-server `processClusterCreateConsumer`. */
function followConsumer(
  place: ClusterPlace,
  assignment: ConsumerAssignment,
  replyBefore: string | null,
): void {
  const { server, io } = place;
  const { account, stream, name, spec } = assignment;
  const id: ConsumerId = { account, stream, consumer: name };
  const role = isMember(server, spec.group) ? consumerRole(server, id) : null;
  const asset = findStream(server, account, stream);
  if (role === null || asset === null) {
    takeUpConsumer(place, assignment, false);
    return;
  }
  if (role.group === null && spec.group.peers.length > 1) {
    // It came back with its stream, here alone.
    takeUpConsumer(place, assignment, false);
    return;
  }
  updateConsumerReplica(server, io, assignment);
  const isAsked = spec.reply !== "" && spec.reply !== replyBefore;
  if (role.group === null) {
    // It leads itself: what was asked is answered as if it had just been made.
    if (isAsked) assignment.responded = false;
    onAssetLeader({ server, io, asset, consumer: name }, true);
    return;
  }
  const consumer = asset.consumers.get(name);
  if (!isAsked || consumer === undefined || !role.isLeader) return;
  const fields = consumerReply({ server, io, asset, consumer });
  answerRequester({ server, io }, spec, "consumer_create", { fields });
}

/** Source: nats-server `processClusterDeleteStream`, `processClusterDeleteConsumer`. */
function followRemoval(place: ClusterPlace, removal: Removal): void {
  const { server, io, cluster } = place;
  const { account, stream, consumer } = removal;
  const group = groupOfRemoved(cluster, removal);
  if (group === null) return;
  const spec = consumer === null ? findAssignment(cluster, account, stream)?.spec : undefined;
  const id = consumer === null ? null : { account, stream, consumer };
  const role = id === null ? streamRole(server, account, stream) : consumerRole(server, id);
  if (!forgetAssignment(cluster, removal)) return;
  const isAwaited = id === null && dropAwaited(server, io, account, stream);
  if (role !== null) {
    if (id === null) removeStreamReplica(server, io, account, stream);
    else removeConsumerReplica(server, io, id);
  }
  const isLeader = role?.isLeader ?? (isAwaited || speaksFor(server, spec));
  // Without a leader all members of a stream's group answer, so that somebody does.
  const isHeadless = id === null && role !== null && role.group !== null && role.leader === "";
  const isOrphaned = isMetaLeader(server) && areAllOffline(cluster, group);
  if (!isLeader && !isHeadless && !isOrphaned) return;
  if (id !== null && removal.reply === "") return;
  const type = id === null ? "stream_delete" : "consumer_delete";
  answerRequester({ server, io }, removal, type, { fields: { success: true } });
}

/** A stream that is not here, because what came of its backup could not be used. */
function speaksFor(server: ServerState, spec: StreamSpec | undefined): boolean {
  if (spec === undefined || !isMember(server, spec.group)) return false;
  const { name, peers } = spec.group;
  return peers.length === 1 || (spec.isRestored === true && groupOf(server, name) === null);
}

function groupOfRemoved(
  cluster: ClusterState,
  { account, stream, consumer }: Removal,
): GroupSpec | null {
  const assignment = findAssignment(cluster, account, stream);
  if (consumer === null) return assignment?.spec.group ?? null;
  return assignment?.consumers.get(consumer)?.spec.group ?? null;
}

/** Whether account and server have room for it: each member looks for itself. */
function checkRoom(server: ServerState, spec: StreamSpec): ApiErrorBody | null {
  const account = server.jetstream?.accounts.get(spec.account);
  if (account === undefined) return new ApiError("JSNotEnabledForAccountErr").body;
  try {
    checkReservation(server, account, spec.config, int64ToNumber(spec.config.max_bytes));
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.body;
  }
}

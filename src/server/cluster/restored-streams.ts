/**
 * Streams that come out of a backup: who waits for it, who hears how it went, and how their
 * consumers become known to the cluster.
 * Source: nats-server `processClusterCreateStream`, `requestConsumerAssignment`,
 * `processConsumerAssignmentCreate`.
 */
import { ApiError, type ApiErrorBody } from "../../jetstream/index.ts";
import { fork, tableSize } from "../../kernel/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { awaitStream, closeAwaited, leadsAwaited } from "../assets/replicas/awaited-stream.ts";
import { tellNews } from "../assets/replicas/news.ts";
import { followStreamLead } from "../assets/replicas/stream-lead.ts";
import { proposeRestored } from "../assets/replicas/stream-propose.ts";
import { deleteStream } from "../assets/stream-asset.ts";
import { findStream } from "../assets/stream-lookup.ts";
import type { Restore } from "../backups/backup-state.ts";
import type { ServerIo } from "../io.ts";
import { sendToPeer } from "../links/peers.ts";
import type { ServerState } from "../state.ts";
import { onAssetFailed } from "./asset-events.ts";
import type { ConsumerSpec, StreamAssignment, StreamSpec } from "./assignments.ts";
import { clusterOf, findAssignment, isMember } from "./cluster-state.ts";
import { isMetaLeader, metaLeader } from "./leadership.ts";
import { consumerAhead, streamAhead } from "./meta/inflight.ts";
import { proposeMeta } from "./meta/propose-meta.ts";
import type { ConsumerRestored } from "./peer-messages.ts";
import { placeConsumer } from "./place.ts";

/** A consumer beside its open messages, and each of those (our model). */
const consumerBytes = 600;
const openBytes = 16;

/** Whether this server is the one that is to receive what the stream holds. */
export function awaitsRestore(server: ServerState, { isRestored, group }: StreamSpec): boolean {
  if (isRestored !== true || !isMember(server, group)) return false;
  return group.peers.length === 1 || group.preferred === server.name;
}

export function awaitRestore(
  server: ServerState,
  io: ServerIo,
  assignment: StreamAssignment,
): void {
  const { spec, account } = assignment;
  const { client, reply } = spec;
  assignment.isTold = true;
  const told = { account, subject: "", request: "", client, conn: null };
  awaitStream(server, io, spec, { ...told, reply: reply === "" ? null : reply });
}

/**
 * The backup ended, well or not, and whoever sent it was told. True when consumers are still to be
 * assigned.
 */
export function endRestored(server: ServerState, io: ServerIo, restore: Restore): boolean {
  const { assigned, request, stream } = restore;
  if (assigned === null) return false;
  const { account } = request;
  const asset = findStream(server, account, stream);
  const isLost = restore.failure === null && !leadsAwaited(server, restore);
  const failure = isLost ? new ApiError("JSStreamRestoreErrF", { err: "not leader" }).body : null;
  const error = restore.failure ?? failure;
  if (error !== null || asset === null) {
    if (error !== null) giveUp(server, io, restore, error);
    return false;
  }
  if (assigned.group === null) {
    Object.assign(asset.state, { created: assigned.created });
    tellNews(server, { account, stream, consumer: null, kind: "leader", isLeader: true });
  } else {
    followStreamLead({ server, io, asset }, true);
    proposeRestored(server, asset);
  }
  assigned.isPlaced = true;
  return askForConsumers(server, io, restore);
}

/** Asks the meta leader for what it has not assigned yet; false when nothing is left to ask for. */
export function askForConsumers(server: ServerState, io: ServerIo, restore: Restore): boolean {
  const { request, stream, assigned } = restore;
  const cluster = clusterOf(server);
  const asset = findStream(server, request.account, stream);
  const known =
    cluster === null ? null : (findAssignment(cluster, request.account, stream)?.consumers ?? null);
  if (asset === null || known === null || assigned === null) return false;
  let isAsking = false;
  for (const { name } of restore.consumers) {
    if (known.has(name)) continue;
    const message = restoredConsumer(asset, name, assigned.group !== null);
    if (message === null) continue;
    isAsking = true;
    const leader = metaLeader(server);
    if (isMetaLeader(server)) assignRestoredConsumer(server, io, message);
    else if (leader !== "") sendToPeer(server, io, leader, message, bytesOf(message));
  }
  return isAsking;
}

/** The meta leader gives a consumer its group. */
export function assignRestoredConsumer(
  server: ServerState,
  io: ServerIo,
  message: ConsumerRestored,
): void {
  const cluster = clusterOf(server);
  if (cluster === null || !isMetaLeader(server)) return;
  const { account, stream: streamName, name, config, created, state } = message;
  const stream = streamAhead(cluster, account, streamName);
  if (stream === null || consumerAhead(cluster, account, streamName, name) !== null) return;
  const group = groupFor(server, io, message, stream);
  if (group === null) return;
  const spec: ConsumerSpec = {
    client: stream.client,
    subject: "",
    reply: "",
    account,
    stream: streamName,
    name,
    config,
    created,
    group,
    ...(state === null ? {} : { state }),
  };
  proposeMeta(server, { op: "assign-consumer", spec: Object.freeze(spec) });
}

function groupFor(
  server: ServerState,
  io: ServerIo,
  { config, name }: ConsumerRestored,
  stream: StreamSpec,
): ConsumerSpec["group"] | null {
  const cluster = clusterOf(server);
  if (cluster === null) return null;
  try {
    return placeConsumer({ server, io, cluster }, config, stream);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    io.log("warn", `Could not create group for consumer '${name}': ${error.message}`);
    return null;
  }
}

function restoredConsumer(
  asset: StreamAsset,
  name: string,
  hasState: boolean,
): ConsumerRestored | null {
  const store = asset.consumers.get(name)?.store ?? null;
  if (store === null) return null;
  return {
    kind: "consumer-restored",
    account: asset.account,
    stream: asset.name,
    name,
    config: Object.freeze({ ...store.config }),
    created: store.created,
    state: hasState ? fork(store) : null,
  };
}

function bytesOf({ state }: ConsumerRestored): number {
  const open = state === null ? 0 : tableSize(state.pending) + tableSize(state.redelivered);
  return consumerBytes + openBytes * open;
}

/**
 * The meta leader hears why. One holder keeps what came; a member of a group does not, and the
 * others go on with an empty stream.
 */
function giveUp(server: ServerState, io: ServerIo, restore: Restore, error: ApiErrorBody): void {
  const { request, stream, assigned } = restore;
  const { account } = request;
  const failed = { account, stream, consumer: null, isRestore: true };
  if (assigned?.group === null) {
    onAssetFailed(server, io, { ...failed, error });
    return;
  }
  const asset = findStream(server, account, stream);
  if (asset !== null) deleteStream(server, io, asset);
  closeAwaited(server, io, restore);
  const { description } = error;
  const prefix = "restore failed: ";
  const isReason = description.startsWith(prefix);
  const err = isReason ? description.slice(prefix.length) : description;
  const told = isReason ? new ApiError("JSStreamAssignmentErrF", { err }).body : error;
  onAssetFailed(server, io, { ...failed, error: told });
}

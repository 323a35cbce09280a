/** Requests about streams that the meta leader decides and proposes. */
import {
  ApiError,
  checkStreamConfig,
  checkStreamUpdate,
  int64ToNumber,
  type StreamConfig,
  sameStreamConfig,
  withLevelOf,
  withRequiredLevel,
} from "../../../jetstream/index.ts";
import { encodeJson } from "../../../protocol/index.ts";
import { expectEmptyBody } from "../../api/request-body.ts";
import type { ApiCall } from "../../api/route-shape.ts";
import {
  checkConsumerLimits,
  checkOverlap,
  checkSupported,
  configContext,
  readCreateRequest,
  readRestoreRequest,
  readUpdateRequest,
} from "../../api/stream-rules.ts";
import { accountLimits } from "../../assets/stream-reservations.ts";
import type { StreamSpec } from "../assignments.ts";
import { consumersAhead, streamAhead, streamsAhead } from "../meta/inflight.ts";
import { proposeMeta } from "../meta/propose-meta.ts";
import { areAllOffline } from "../peer-facts.ts";
import { placeStream } from "../place.ts";
import { clusterOfCall, requesterOf } from "./cluster-call.ts";

/** Source: nats-server `jsStreamCreateRequest`, `jsClusteredStreamRequest`. */
export function assignStream(call: ApiCall): null {
  const { server, io, account } = call;
  const wanted = readCreateRequest(call);
  const checked = checkStreamConfig(wanted.config, configContext(call), wanted.pedantic);
  const cluster = clusterOfCall(call);
  const present = streamAhead(cluster, account.name, checked.name);
  const config = present === null ? checked : withLevelOf(checked, present.config);
  if (present !== null && !sameStreamConfig(config, present.config)) {
    throw new ApiError("JSStreamNameExistErr");
  }
  checkOverlap(call, config);
  checkAccount(call, config);
  checkSupported(config);
  const requester = requesterOf(call);
  const from = String(requester.client.cluster ?? "");
  const group = present?.group ?? placeStream({ server, io, cluster }, config, from);
  const created = present?.created ?? io.wall;
  const spec: StreamSpec = Object.freeze({
    ...requester,
    account: account.name,
    config: Object.freeze(config),
    created,
    group,
  });
  proposeMeta(server, { op: "assign-stream", spec });
  return null;
}

/**
 * A stream that comes out of a backup: its first leader asks for it.
 * Source: nats-server `jsClusteredStreamRestoreRequest`.
 */
export function assignRestored(call: ApiCall): null {
  const { server, io, account } = call;
  const config = readRestoreRequest(call);
  const cluster = clusterOfCall(call);
  checkAccount(call, config);
  if (streamAhead(cluster, account.name, config.name) !== null) {
    throw new ApiError("JSStreamNameExistRestoreFailedErr");
  }
  checkSupported(config);
  const requester = requesterOf(call);
  const from = String(requester.client.cluster ?? "");
  const spec: StreamSpec = Object.freeze({
    ...requester,
    account: account.name,
    config: Object.freeze(config),
    created: io.wall,
    group: placeStream({ server, io, cluster }, config, from),
    isRestored: true,
  });
  proposeMeta(server, { op: "assign-stream", spec });
  return null;
}

/** Source: nats-server `jsStreamUpdateRequest`, `jsClusteredStreamUpdateRequestLocked`. */
export function reassignStream(call: ApiCall): null {
  const { server, account } = call;
  const { config: wanted, pedantic } = readUpdateRequest(call);
  const cluster = clusterOfCall(call);
  const present = streamAhead(cluster, account.name, wanted.name);
  if (present === null) throw new ApiError("JSStreamNotFoundErr");
  if (areAllOffline(cluster, present.group)) throw new ApiError("JSStreamOfflineErr");
  const next = checkStreamConfig(withRequiredLevel(wanted), configContext(call), pedantic);
  const config = checkStreamUpdate(present.config, next, { isClustered: true });
  checkOverlap(call, config);
  const consumers = consumersAhead(cluster, account.name, config.name);
  checkConsumerLimits(present.config, config, consumers);
  checkStays(present.config, config);
  checkSupported(config);
  const spec: StreamSpec = Object.freeze({
    ...requesterOf(call),
    account: account.name,
    config: Object.freeze(config),
    created: present.created,
    group: Object.freeze({ ...present.group, preferred: "" }),
  });
  proposeMeta(server, { op: "update-stream", spec });
  return null;
}

/** Source: nats-server `jsStreamDeleteRequest`, `jsClusteredStreamDeleteRequest`. */
export function unassignStream(call: ApiCall): null {
  expectEmptyBody(call);
  const { server, account, tokens } = call;
  const stream = tokens[2] ?? "";
  const present = streamAhead(clusterOfCall(call), account.name, stream);
  if (present === null) throw new ApiError("JSStreamNotFoundErr");
  const { created } = present;
  const removal = { ...requesterOf(call), account: account.name, stream, consumer: null, created };
  proposeMeta(server, { op: "remove", removal: Object.freeze(removal) });
  return null;
}

/**
 * Limits of the account over the whole cluster; each replica counts.
 * Source: nats-server `jsClusteredStreamLimitsCheck`, `tieredStreamAndReservationCount`.
 */
function checkAccount(call: ApiCall, config: StreamConfig): void {
  const { server, account } = call;
  const limits = accountLimits(server, account.name);
  const others = streamsAhead(clusterOfCall(call), account.name).filter(
    (spec) => spec.config.name !== config.name,
  );
  if (limits.maxStreams > 0 && others.length >= limits.maxStreams) {
    throw new ApiError("JSMaximumStreamsLimitErr");
  }
  const tooMany =
    limits.maxConsumers > 0 && int64ToNumber(config.max_consumers) > limits.maxConsumers;
  if (tooMany) throw new ApiError("JSMaximumConsumersLimitErr");
  const isMemory = config.storage === "memory";
  const most = isMemory ? limits.maxMemory : limits.maxFile;
  if (most < 0) return;
  let reserved = 0;
  for (const { config: other } of others) {
    if (other.storage === config.storage) reserved += reservation(other);
  }
  const asked = int64ToNumber(config.max_bytes) < 0 ? 1 : reservation(config);
  if (reserved + asked <= most) return;
  throw new ApiError(isMemory ? "JSMemoryResourcesExceededErr" : "JSStorageResourcesExceededErr");
}

function reservation(config: StreamConfig): number {
  return Math.max(int64ToNumber(config.max_bytes), 0) * Math.max(config.num_replicas, 1);
}

/** Groups keep their members here: what would move or scale a stream is refused. */
function checkStays(before: StreamConfig, config: StreamConfig): void {
  const place = (one: StreamConfig): string => encodeJson({ ...one.placement });
  const moves = config.placement !== null && place(config) !== place(before);
  if (moves || config.num_replicas !== before.num_replicas) {
    throw new ApiError("JSClusterUnSupportFeatureErr");
  }
}

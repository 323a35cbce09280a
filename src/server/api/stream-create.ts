/** `STREAM.CREATE` and `STREAM.UPDATE`. */
import {
  ApiError,
  type ConfigContext,
  checkStreamConfig,
  checkStreamUpdate,
  decodeStreamConfigRequest,
  int64ToNumber,
  type StreamConfig,
  sameStreamConfig,
  withLevelOf,
  withRequiredLevel,
} from "../../jetstream/index.ts";
import { formatStoredTime } from "../../kernel/index.ts";
import { subjectsCollide } from "../../protocol/index.ts";
import type { StreamAsset } from "../assets/jetstream-state.ts";
import { adviseStreamAction } from "../assets/stream-advisories.ts";
import { addStream, updateStream } from "../assets/stream-asset.ts";
import { accountLimits, checkReservation } from "../assets/stream-reservations.ts";
import { orInvalidJson } from "./request-body.ts";
import type { ApiCall, ApiFields, ApiRoute } from "./route-shape.ts";
import { printStream } from "./stream-info.ts";
import { printOrigins } from "./stream-origin-info.ts";

export const streamCreateRoute: ApiRoute = {
  subject: "$JS.API.STREAM.CREATE.*",
  type: "stream_create",
  leader: "meta",
  handle: streamCreate,
};

export const streamUpdateRoute: ApiRoute = {
  subject: "$JS.API.STREAM.UPDATE.*",
  type: "stream_update",
  leader: "meta",
  handle: streamUpdate,
};

/** Source: nats-server `jsStreamCreateRequest`, `addStreamWithAssignment`. */
function streamCreate(call: ApiCall): ApiFields {
  const request = orInvalidJson(() => decodeStreamConfigRequest(call.body));
  const wanted = withRequiredLevel(request.config);
  const name = call.tokens[2] ?? "";
  if (name !== wanted.name) throw new ApiError("JSStreamMismatchErr");
  if (/[\\/]/.test(name)) throw new ApiError("JSStreamNameContainsPathSeparatorsErr");
  if (wanted.sealed) throw invalid("stream configuration for create can not be sealed");
  if (wanted.mirror_direct && wanted.mirror === null) {
    throw invalid("stream has no mirror but does have mirror direct");
  }
  checkStreamCount(call, wanted);
  const config = checkStreamConfig(wanted, configContext(call), request.pedantic);
  const asset = existing(call, config) ?? makeStream(call, config);
  return {
    ...printStream(call, asset),
    domain: undefined,
    ...printOrigins(call, asset),
    ts: formatStoredTime(call.io.wall),
    did_create: true,
  };
}

/** A stream that is there already, exactly as wanted; 10058 when it differs. */
function existing(call: ApiCall, config: StreamConfig): StreamAsset | null {
  if (config.num_replicas > 1 && call.server.config.cluster === null) {
    throw new ApiError("JSStreamReplicasNotSupportedErr");
  }
  const asset = call.account.streams.get(config.name);
  if (asset === undefined) return null;
  const { config: present } = asset.state;
  if (sameStreamConfig(withLevelOf(config, present), present)) return asset;
  throw new ApiError("JSStreamNameExistErr");
}

function makeStream(call: ApiCall, config: StreamConfig): StreamAsset {
  checkReservation(call.server, call.account, config, int64ToNumber(config.max_bytes));
  checkOverlap(call, config.subjects, null);
  checkSupported(config);
  const asset = addStream(call.server, call.io, call.account, config);
  adviseStreamAction(call.server, call.io, asset, "create");
  return asset;
}

/** Source: nats-server `jsStreamUpdateRequest`, `updateWithAdvisory`. */
function streamUpdate(call: ApiCall): ApiFields {
  const request = orInvalidJson(() => decodeStreamConfigRequest(call.body));
  const context = configContext(call);
  const wanted = checkStreamConfig(request.config, context, request.pedantic);
  const name = call.tokens[2] ?? "";
  if (name !== wanted.name) throw new ApiError("JSStreamMismatchErr");
  const asset = call.account.streams.get(name);
  if (asset === undefined) throw new ApiError("JSStreamNotFoundErr");
  const old = asset.state.config;
  const next = checkStreamConfig(withRequiredLevel(wanted), context, request.pedantic);
  const isClustered = call.server.config.cluster !== null;
  const config = checkStreamUpdate(old, next, { isClustered });
  const growth = Math.max(reserved(config) - reserved(old), 0);
  checkReservation(call.server, call.account, config, growth);
  checkConsumerLimits(asset, config);
  checkOverlap(call, config.subjects, asset);
  checkSupported(config);
  updateStream(call.server, call.io, asset, config);
  const ts = formatStoredTime(call.io.wall);
  return { ...printStream(call, asset), ...printOrigins(call, asset), ts };
}

function reserved(config: StreamConfig): number {
  return Math.max(int64ToNumber(config.max_bytes), 0);
}

/** Source: nats-server `jsNonClusteredStreamLimitsCheck`. */
function checkStreamCount(call: ApiCall, config: StreamConfig): void {
  const { maxStreams } = accountLimits(call.server, call.account.name);
  if (maxStreams <= 0) return;
  const isNew = !call.account.streams.has(config.name);
  if (isNew && call.account.streams.size >= maxStreams) {
    throw new ApiError("JSMaximumStreamsLimitErr");
  }
}

/** Two streams never share a subject. */
function checkOverlap(call: ApiCall, subjects: readonly string[], self: StreamAsset | null): void {
  for (const asset of call.account.streams.values()) {
    if (asset === self) continue;
    for (const subject of asset.state.config.subjects) {
      if (subjects.some((own) => subjectsCollide(own, subject))) {
        throw new ApiError("JSStreamSubjectOverlapErr");
      }
    }
  }
}

/** Limits for consumers may not be tightened below what a consumer has. */
function checkConsumerLimits(asset: StreamAsset, config: StreamConfig): void {
  const old = asset.state.config.consumer_limits;
  const next = config.consumer_limits;
  const threshold = int64ToNumber(next.inactive_threshold ?? 0);
  const pending = next.max_ack_pending ?? 0;
  const isTighter =
    (threshold > 0 && threshold !== int64ToNumber(old.inactive_threshold ?? 0)) ||
    (pending > 0 && pending !== (old.max_ack_pending ?? 0));
  if (!isTighter) return;
  const over: string[] = [];
  for (const [name, { config: own }] of asset.consumers) {
    const isOver =
      (threshold > 0 && Number(own.inactive_threshold) > threshold) ||
      (pending > 0 && own.max_ack_pending > pending);
    if (isOver) over.push(name);
  }
  if (over.length === 0) return;
  throw new ApiError("JSStreamUpdateErrF", {
    err: `change to limits violates consumers: ${over.join(", ")}`,
  });
}

/** What this server accepts in a configuration and does not do: refused rather than forgotten. */
function checkSupported(config: StreamConfig): void {
  if (int64ToNumber(config.first_seq) > Number.MAX_SAFE_INTEGER) {
    throw invalid("windtunnel does not support first_seq beyond 2^53");
  }
}

function configContext(call: ApiCall): ConfigContext {
  const { server, account } = call;
  const limits = accountLimits(server, account.name);
  return {
    duplicatesMax: server.config.jetstream?.limits.duplicateWindow ?? 0,
    bytesLimits: ({ storage }) => ({
      required: limits.maxBytesRequired,
      limit: storage === "memory" ? limits.maxMemoryStreamBytes : limits.maxFileStreamBytes,
    }),
    findStream: (name) => account.streams.get(name)?.state.config ?? null,
  };
}

function invalid(text: string): ApiError {
  return new ApiError("JSStreamInvalidConfigF", { err: text });
}

/** What a wanted stream is held against, on one server or in a cluster. */

import {
  ApiError,
  type ConfigContext,
  type ConsumerConfig,
  checkStreamConfig,
  decodeRestoreRequest,
  decodeStreamConfigRequest,
  int64ToNumber,
  type StreamConfig,
  withRequiredLevel,
} from "../../jetstream/index.ts";
import { isValidSubject, subjectsCollide } from "../../protocol/index.ts";
import { accountLimits } from "../assets/stream-reservations.ts";
import { clusterOf } from "../cluster/cluster-state.ts";
import { clusterParts } from "../cluster-door.ts";
import { isEmptyBody, orInvalidJson } from "./request-body.ts";
import type { ApiCall } from "./route-shape.ts";

/** The stream that a request wants. */
export interface WantedStream {
  readonly config: StreamConfig;
  readonly pedantic: boolean;
  readonly saysStorage: boolean;
}

/** Reads and checks what can be checked of a create request by itself. */
export function readCreateRequest(call: ApiCall): WantedStream {
  const request = orInvalidJson(() => decodeStreamConfigRequest(call.body));
  const config = withRequiredLevel(request.config);
  const name = call.tokens[2] ?? "";
  if (name !== config.name) throw new ApiError("JSStreamMismatchErr");
  if (/[\\/]/.test(name)) throw new ApiError("JSStreamNameContainsPathSeparatorsErr");
  if (config.sealed) throw invalid("stream configuration for create can not be sealed");
  if (config.mirror_direct && config.mirror === null) {
    throw invalid("stream has no mirror but does have mirror direct");
  }
  return { ...request, config };
}

/** Reads and checks what can be checked of a restore request by itself. */
export function readRestoreRequest(call: ApiCall): StreamConfig {
  if (isEmptyBody(call.body)) throw new ApiError("JSBadRequestErr");
  const given = orInvalidJson(() => decodeRestoreRequest(call.body));
  const name = call.tokens[2] ?? "";
  if (given.name !== "" && given.name !== name) throw new ApiError("JSStreamMismatchErr");
  if (/[\\/]/.test(name)) throw new ApiError("JSStreamNameContainsPathSeparatorsErr");
  return checkStreamConfig({ ...given, name }, configContext(call), false);
}

export function readUpdateRequest(call: ApiCall): WantedStream {
  const request = orInvalidJson(() => decodeStreamConfigRequest(call.body));
  const config = checkStreamConfig(request.config, configContext(call), request.pedantic);
  if ((call.tokens[2] ?? "") !== config.name) throw new ApiError("JSStreamMismatchErr");
  return { ...request, config };
}

/**
 * Filters are looked at once a stream is made; an update lets anything pass. Source: nats-server
 * `addStreamWithAssignment`.
 */
export function checkOriginFilters({ mirror, sources }: StreamConfig): void {
  const refuse = (filter: string, where: string): never => {
    const err = `subject filter '${filter}' for the ${where} invalid subject`;
    throw new ApiError("JSStreamCreateErrF", { err });
  };
  const isBad = (filter: string | undefined): filter is string =>
    filter !== undefined && filter !== "" && !isValidSubject(filter);
  if (isBad(mirror?.filter_subject)) refuse(mirror.filter_subject, "mirror");
  for (const { filter_subject } of sources) {
    if (isBad(filter_subject)) refuse(filter_subject, "source:");
  }
}

/** Two streams never share a subject. */
export function checkOverlap(call: ApiCall, { name, subjects }: StreamConfig): void {
  for (const other of streamConfigs(call)) {
    if (other.name === name) continue;
    for (const subject of other.subjects) {
      if (subjects.some((own) => subjectsCollide(own, subject))) {
        throw new ApiError("JSStreamSubjectOverlapErr");
      }
    }
  }
}

/** Limits for consumers may not be tightened below what a consumer has. */
export function checkConsumerLimits(
  before: StreamConfig,
  config: StreamConfig,
  consumers: readonly { readonly name: string; readonly config: ConsumerConfig }[],
): void {
  const old = before.consumer_limits;
  const next = config.consumer_limits;
  const threshold = int64ToNumber(next.inactive_threshold ?? 0);
  const pending = next.max_ack_pending ?? 0;
  const isTighter =
    (threshold > 0 && threshold !== int64ToNumber(old.inactive_threshold ?? 0)) ||
    (pending > 0 && pending !== (old.max_ack_pending ?? 0));
  if (!isTighter) return;
  const over: string[] = [];
  for (const { name, config: own } of consumers) {
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
export function checkSupported(config: StreamConfig): void {
  if (int64ToNumber(config.first_seq) > Number.MAX_SAFE_INTEGER) {
    throw invalid("windtunnel does not support first_seq beyond 2^53");
  }
}

export function configContext(call: ApiCall): ConfigContext {
  const { server, account } = call;
  const limits = accountLimits(server, account.name);
  return {
    duplicatesMax: server.config.jetstream?.limits.duplicateWindow ?? 0,
    bytesLimits: ({ storage }) => ({
      required: limits.maxBytesRequired,
      limit: storage === "memory" ? limits.maxMemoryStreamBytes : limits.maxFileStreamBytes,
    }),
    findStream: (name) => findConfig(call, name),
  };
}

/** All streams of the account: those here, or in a cluster those anywhere and on their way. */
function streamConfigs({ server, account }: ApiCall): StreamConfig[] {
  const cluster = clusterOf(server);
  if (cluster === null) return [...account.streams.values()].map((one) => one.state.config);
  return clusterParts()
    .streamsAhead(cluster, account.name)
    .map((spec) => spec.config);
}

function findConfig({ server, account }: ApiCall, name: string): StreamConfig | null {
  const cluster = clusterOf(server);
  if (cluster === null) return account.streams.get(name)?.state.config ?? null;
  return clusterParts().streamAhead(cluster, account.name, name)?.config ?? null;
}

function invalid(text: string): ApiError {
  return new ApiError("JSStreamInvalidConfigF", { err: text });
}

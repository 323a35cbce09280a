/** Which changes of a stream's configuration are allowed. */
import { encodeJson } from "../../../protocol/index.ts";
import { ApiError } from "../../errors.ts";
import { invalidConfig } from "./config-draft.ts";
import { printSource, printStreamConfig } from "./config-print.ts";
import { checkDiscardNewPerSubject } from "./config-rules.ts";
import type { StreamConfig, StreamSource } from "./config-shape.ts";

/** What single server mode forbids. */
export interface UpdateContext {
  readonly isClustered: boolean;
}

/**
 * Checks `next`, which already passed `checkStreamConfig`, against the configuration that it is to
 * replace; answers what will be stored. Throws `ApiError`.
 * Source: nats-server `server/stream.go` `configUpdateCheckLocked`.
 */
export function checkStreamUpdate(
  old: StreamConfig,
  next: StreamConfig,
  context: UpdateContext,
): StreamConfig {
  if (next.name !== old.name) {
    throw invalidConfig("stream configuration name must match original");
  }
  if (!context.isClustered && next.num_replicas > 1) {
    throw new ApiError("JSStreamReplicasNotSupportedErr");
  }
  if (next.storage !== old.storage) throw frozen("change storage type");
  checkRetention(old, next);
  if (!next.sealed && old.sealed) throw frozen("unseal a sealed stream");
  if (!next.deny_delete && old.deny_delete) throw frozen("cancel deny message deletes");
  if (!next.deny_purge && old.deny_purge) throw frozen("cancel deny purge");
  if (next.mirror !== null && !sameSource(next.mirror, old.mirror)) {
    throw new ApiError("JSStreamMirrorNotUpdatableErr");
  }
  checkDiscardNewPerSubject(next);
  if (old.allow_msg_ttl && !next.allow_msg_ttl) {
    throw invalidConfig("message TTL status can not be disabled");
  }
  if (next.allow_msg_counter !== old.allow_msg_counter) {
    throw frozen("change message counter setting");
  }
  if (old.allow_msg_schedules && !next.allow_msg_schedules) {
    throw invalidConfig("message schedules can not be disabled");
  }
  if (old.persist_mode !== next.persist_mode) throw frozen("change persist mode");
  const { republish } = next;
  const changed =
    republish?.dest === "" ? { ...next, republish: { ...republish, dest: ">" } } : next;
  return next.sealed ? seal(changed) : changed;
}

/** Whether two configurations say the same, metadata included. */
export function sameStreamConfig(a: StreamConfig, b: StreamConfig): boolean {
  return encodeJson(printStreamConfig(a)) === encodeJson(printStreamConfig(b));
}

function checkRetention(old: StreamConfig, next: StreamConfig): void {
  if (next.retention === old.retention) return;
  if (old.retention !== "workqueue" && next.retention !== "workqueue") return;
  throw frozen("change retention policy to/from workqueue");
}

/** A sealed stream keeps what it has: nothing ages, nothing comes, nothing goes. */
function seal(config: StreamConfig): StreamConfig {
  return Object.freeze({
    ...config,
    max_age: 0,
    discard: "new" as const,
    deny_delete: true,
    deny_purge: true,
    allow_rollup_hdrs: false,
  });
}

function frozen(what: string): ApiError {
  return invalidConfig(`stream configuration update can not ${what}`);
}

function sameSource(a: StreamSource, b: StreamSource | null): boolean {
  return b !== null && encodeJson(printSource(a)) === encodeJson(printSource(b));
}

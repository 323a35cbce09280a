/** What of a consumer may change. Source: nats-server `checkNewConsumerConfig`. */
import { compareStoredTime, parseStoredTime, sortedKeys } from "../../../kernel/index.ts";
import { ApiError } from "../../errors.ts";
import { type Int64, sameInt64 } from "../../int64.ts";
import { type ConsumerConfig, emptyConsumerConfig } from "./config-shape.ts";

/** Whether two configurations are the same in every field, null and empty lists told apart. */
export function sameConsumerConfig(a: ConsumerConfig, b: ConsumerConfig): boolean {
  return sortedKeys(emptyConsumerConfig).every((key) => {
    const field = key as keyof ConsumerConfig;
    return sameValue(a[field], b[field]);
  });
}

/**
 * Throws `ApiError` when a change is not allowed. `isBound`: whether someone subscribes to the
 * present deliver subject.
 */
export function checkConsumerUpdate(
  before: ConsumerConfig,
  next: ConsumerConfig,
  isBound: boolean,
): void {
  if (sameConsumerConfig(before, next)) return;
  const fixed = fixedField(before, next);
  if (fixed !== null) throw refusal(`${fixed} can not be updated`);
  if (before.deliver_subject !== next.deliver_subject) {
    if (before.deliver_subject === "") {
      throw refusal("can not update pull consumer to push based");
    }
    if (next.deliver_subject === "") throw refusal("can not update push consumer to pull based");
    if (isBound) throw new ApiError("JSConsumerNameExistErr");
  }
  if (before.max_waiting !== next.max_waiting) throw refusal("max waiting can not be updated");
  const steps = next.backoff?.length ?? 0;
  if (steps > 0 && next.max_deliver !== -1 && steps > next.max_deliver) {
    throw new ApiError("JSConsumerMaxDeliverBackoffErr");
  }
}

/** The first field that differs and must not, as the server calls it. */
function fixedField(before: ConsumerConfig, next: ConsumerConfig): string | null {
  if (before.deliver_policy !== next.deliver_policy) return "deliver policy";
  if (before.mem_storage !== next.mem_storage) return "storage type";
  if (before.direct !== next.direct) return "direct";
  if (before.sourcing !== next.sourcing) return "sourcing";
  if (!sameInt64(before.opt_start_seq, next.opt_start_seq)) return "start sequence";
  if (!sameTime(before.opt_start_time, next.opt_start_time)) return "start time";
  if (before.ack_policy !== next.ack_policy) return "ack policy";
  if (before.replay_policy !== next.replay_policy) return "replay policy";
  if (!sameInt64(before.idle_heartbeat, next.idle_heartbeat)) return "heart beats";
  return before.flow_control === next.flow_control ? null : "flow control";
}

function sameTime(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return a === b;
  const [left, right] = [parseStoredTime(a), parseStoredTime(b)];
  return left !== null && right !== null && compareStoredTime(left, right) === 0;
}

function refusal(err: string): ApiError {
  return new ApiError("JSConsumerCreateErrF", { err });
}

type FieldValue = ConsumerConfig[keyof ConsumerConfig];

function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameItem(item, b[i]));
  }
  if ("bigint" in a && typeof a.bigint === "string") return sameItem(a as Int64, b as Int64);
  return sameMap(a as Metadata, b as Metadata);
}

type Metadata = Readonly<Record<string, string>>;

function sameItem(a: string | Int64, b: string | Int64 | undefined): boolean {
  if (typeof a === "string" || typeof b === "string" || b === undefined) return a === b;
  return sameInt64(a, b);
}

function sameMap(a: Metadata, b: Metadata): boolean {
  const keys = sortedKeys(a);
  return keys.length === sortedKeys(b).length && keys.every((key) => a[key] === b[key]);
}

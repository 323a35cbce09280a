/** What the server fills in. Source: nats-server `setConsumerConfigDefaults`. */
import { minutes, seconds } from "../../../kernel/index.ts";
import { ApiError } from "../../errors.ts";
import { compareInt64, type Int64, int64ToNumber, sameInt64 } from "../../int64.ts";
import type { StreamConfig } from "../../stream/config/config-shape.ts";
import type { ConsumerConfig } from "./config-shape.ts";

/** Limits from outside the stream; 0 or less is none. */
export interface ConsumerLimits {
  /** The server's `jetstream { limits { max_ack_pending, max_request_batch } }`. */
  readonly serverMaxAckPending: number;
  readonly serverMaxRequestBatch: number;
  readonly accountMaxAckPending: number;
}

type Draft = { -readonly [Field in keyof ConsumerConfig]: ConsumerConfig[Field] };

const ackWaitDefault = seconds(30);
const maxWaitingDefault = 512;
const maxAckPendingDefault = 1000;
const pinDefault = minutes(2);
/** Source: `sourceHealthHB`. */
const flowControlHeartbeat = seconds(1);

/** The configuration with its defaults. Throws `ApiError` for what pedantic mode does not correct. */
export function withConsumerDefaults(
  given: ConsumerConfig,
  stream: StreamConfig,
  limits: ConsumerLimits,
  pedantic: boolean,
): ConsumerConfig {
  const draft: Draft = { ...given };
  const insist = (text: string): void => {
    if (pedantic) throw new ApiError("JSPedanticErrF", { err: text });
  };
  liftNegatives(draft, insist);
  fillAcks(draft, insist);
  fillLimits(draft, stream, limits, insist);
  if (draft.priority_policy === "pinned_client" && sameInt64(draft.priority_timeout, 0)) {
    draft.priority_timeout = pinDefault;
  }
  if (draft.ack_policy === "flow_control" && !pedantic) {
    draft.flow_control = true;
    draft.idle_heartbeat = flowControlHeartbeat;
  }
  return draft;
}

type Insist = (text: string) => void;

function liftNegatives(draft: Draft, insist: Insist): void {
  if (draft.max_deliver === 0 || draft.max_deliver < -1) {
    if (draft.max_deliver < -1) insist("max_deliver must be set to -1");
    draft.max_deliver = -1;
  }
  if (draft.max_waiting < 0) {
    insist("max_waiting must not be negative");
    draft.max_waiting = 0;
  }
  if (draft.max_ack_pending < -1) {
    insist("max_ack_pending must be set to -1");
    draft.max_ack_pending = -1;
  }
  if (draft.max_batch < 0) {
    insist("max_batch must not be negative");
    draft.max_batch = 0;
  }
  draft.max_expires = notNegative(draft.max_expires, "max_expires", insist);
  if (draft.max_bytes < 0) {
    insist("max_bytes must not be negative");
    draft.max_bytes = 0;
  }
  draft.idle_heartbeat = notNegative(draft.idle_heartbeat, "idle_heartbeat", insist);
  draft.inactive_threshold = notNegative(draft.inactive_threshold, "inactive_threshold", insist);
  draft.priority_timeout = notNegative(draft.priority_timeout, "priority_timeout", insist);
}

function notNegative(value: Int64, name: string, insist: Insist): Int64 {
  if (compareInt64(value, 0) >= 0) return value;
  insist(`${name} must not be negative`);
  return 0;
}

function fillAcks(draft: Draft, insist: Insist): void {
  if (draft.deliver_subject === "" && draft.max_waiting === 0)
    draft.max_waiting = maxWaitingDefault;
  const waits = draft.ack_policy === "explicit" || draft.ack_policy === "all";
  if (sameInt64(draft.ack_wait, 0) && waits) draft.ack_wait = ackWaitDefault;
  const first = draft.backoff?.[0];
  if (first === undefined) return;
  if (!sameInt64(draft.ack_wait, first)) insist("first backoff value has to equal batch AckWait");
  draft.ack_wait = first;
}

function fillLimits(
  draft: Draft,
  stream: StreamConfig,
  limits: ConsumerLimits,
  insist: Insist,
): void {
  const { max_ack_pending = 0, inactive_threshold = 0 } = stream.consumer_limits;
  if (draft.max_ack_pending === 0) {
    if (max_ack_pending > 0) {
      insist("max_ack_pending must be set if it's configured in stream limits");
    }
    draft.max_ack_pending = max_ack_pending;
  }
  if (sameInt64(draft.inactive_threshold, 0)) {
    if (int64ToNumber(inactive_threshold) > 0) {
      insist("inactive_threshold must be set if it's configured in stream limits");
    }
    draft.inactive_threshold = inactive_threshold;
  }
  if (draft.max_ack_pending === 0 && draft.ack_policy !== "none") {
    const { serverMaxAckPending: server, accountMaxAckPending: account } = limits;
    const caps = [server, account].filter((limit) => limit > 0);
    draft.max_ack_pending = Math.min(maxAckPendingDefault, ...caps);
  }
  const batchMax = limits.serverMaxRequestBatch;
  if (draft.deliver_subject === "" && draft.max_batch === 0 && batchMax > 0) {
    insist("max_request_batch must be set if it's JetStream limits are set");
    draft.max_batch = batchMax;
  }
}

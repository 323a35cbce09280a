/** What the server refuses, in its order. Source: nats-server `checkConsumerCfg`. */
import { millis, seconds } from "../../../kernel/index.ts";
import { isSubsetOf, isValidSubject, isWildcard } from "../../../protocol/index.ts";
import { ApiError, type ApiErrorName } from "../../errors.ts";
import { formatGoDuration } from "../../go-duration.ts";
import { compareInt64, int64ToNumber, sameInt64 } from "../../int64.ts";
import { invalidConfig } from "../../stream/config/config-draft.ts";
import { isAssetName } from "../../stream/config/config-names.ts";
import type { StreamConfig } from "../../stream/config/config-shape.ts";
import { utf8Length } from "../../stream/store/utf8-length.ts";
import type { ConsumerLimits } from "./config-defaults.ts";
import { type ConsumerConfig, consumerFilters, isPush } from "./config-shape.ts";

const descriptionMax = 4 * 1024;
const metadataMax = 128 * 1024;
const heartbeatMin = millis(100);
const maxExpiresMin = millis(1);
const flowControlHeartbeat = seconds(1);
const groupName = /^[a-zA-Z0-9/_=-]{1,16}$/;

/**
 * Throws `ApiError` for the first rule that a configuration with defaults breaks. A server that
 * restarts (`isRecovering`) lets replica counts pass that older versions allowed.
 */
export function checkConsumerConfig(
  config: ConsumerConfig,
  stream: StreamConfig,
  limits: ConsumerLimits,
  isRecovering = false,
): void {
  checkNames(config);
  checkReplicas(config, stream, isRecovering);
  checkAcks(config);
  if (utf8Length(config.description) > descriptionMax) {
    throw new ApiError("JSConsumerDescriptionTooLongErrF", { max: String(descriptionMax) });
  }
  if (isPush(config)) checkPush(config, stream);
  else checkPull(config, stream, limits);
  checkLimits(config, stream, limits);
  if (config.direct) {
    if (!isPush(config)) throw new ApiError("JSConsumerDirectRequiresPushErr");
    if (config.durable_name !== "") throw new ApiError("JSConsumerDirectRequiresEphemeralErr");
  }
  checkFilters(config);
  checkStart(config);
  checkRest(config);
  checkPriorities(config);
  if (stream.placement?.preferred !== undefined && stream.placement.preferred !== "") {
    throw invalidConfig("preferred server not permitted in placement");
  }
}

/** Whether a name may be a priority group's. */
export function isGroupName(name: string): boolean {
  return groupName.test(name);
}

function checkNames(config: ConsumerConfig): void {
  const rule = "can not contain '.', '*', '>', '\\', '/'";
  if (config.name !== "" && !isAssetName(config.name)) {
    throw invalidConfig(`consumer name ${rule}`);
  }
  if (config.durable_name !== "" && !isAssetName(config.durable_name)) {
    throw invalidConfig(`consumer durable name ${rule}`);
  }
}

function checkReplicas(config: ConsumerConfig, stream: StreamConfig, isRecovering: boolean): void {
  const replicas = config.num_replicas;
  if (replicas > 0 && replicas > stream.num_replicas) {
    throw new ApiError("JSConsumerReplicasExceedsStream");
  }
  if (replicas < 0) throw new ApiError("JSReplicasCountCannotBeNegative");
  const mustMatch = stream.retention !== "limits" && !isRecovering;
  if (mustMatch && replicas !== 0 && replicas !== stream.num_replicas) {
    throw new ApiError("JSConsumerReplicasShouldMatchStream");
  }
}

function checkAcks(config: ConsumerConfig): void {
  const { backoff, max_deliver } = config;
  if (backoff?.some((step) => compareInt64(step, 0) < 0) === true) {
    throw new ApiError("JSConsumerBackOffNegativeErr");
  }
  if (compareInt64(config.ack_wait, 0) < 0) throw new ApiError("JSConsumerAckWaitNegativeErr");
  if (config.ack_policy === "flow_control") checkFlowControlAcks(config);
  const steps = backoff?.length ?? 0;
  if (steps > 0 && max_deliver !== -1 && steps > max_deliver) {
    throw new ApiError("JSConsumerMaxDeliverBackoffErr");
  }
}

function checkFlowControlAcks(config: ConsumerConfig): void {
  const { ack_wait, backoff } = config;
  if (!isPush(config)) throw new ApiError("JSConsumerAckFCRequiresPushErr");
  if (!config.flow_control) throw new ApiError("JSConsumerAckFCRequiresFCErr");
  if (!sameInt64(config.idle_heartbeat, flowControlHeartbeat)) {
    throw invalidConfig("flow control ack policy heartbeat needs to be 1s");
  }
  if (config.max_ack_pending <= 0) throw new ApiError("JSConsumerAckFCRequiresMaxAckPendingErr");
  if (!sameInt64(ack_wait, 0) || (backoff?.length ?? 0) > 0) {
    throw new ApiError("JSConsumerAckFCRequiresNoAckWaitErr");
  }
  if (config.max_deliver > 0) throw new ApiError("JSConsumerAckFCRequiresNoMaxDeliverErr");
}

function checkPush(config: ConsumerConfig, stream: StreamConfig): void {
  const to = config.deliver_subject;
  if (isWildcard(to)) throw new ApiError("JSConsumerDeliverToWildcardsErr");
  if (!isValidSubject(to)) throw new ApiError("JSConsumerInvalidDeliverSubject");
  if (stream.subjects.some((subject) => isSubsetOf(to, subject))) {
    throw new ApiError("JSConsumerDeliverCycleErr");
  }
  if (config.max_waiting !== 0) throw new ApiError("JSConsumerPushMaxWaitingErr");
  if (config.max_ack_pending > 0 && config.ack_policy === "none") {
    throw new ApiError("JSConsumerMaxPendingAckPolicyRequiredErr");
  }
  const heartbeat = int64ToNumber(config.idle_heartbeat);
  if (heartbeat > 0 && heartbeat < heartbeatMin) throw new ApiError("JSConsumerSmallHeartbeatErr");
}

function checkPull(config: ConsumerConfig, stream: StreamConfig, limits: ConsumerLimits): void {
  const refuseIf = (broken: boolean, error: ApiErrorName): void => {
    if (broken) throw new ApiError(error);
  };
  const isWorkQueue = stream.retention === "workqueue";
  refuseIf(config.ack_policy === "none" && isWorkQueue, "JSConsumerPullRequiresAckErr");
  refuseIf(compareInt64(config.rate_limit_bps, 0) > 0, "JSConsumerPullWithRateLimitErr");
  refuseIf(config.max_waiting < 0, "JSConsumerMaxWaitingNegativeErr");
  refuseIf(compareInt64(config.idle_heartbeat, 0) > 0, "JSConsumerHBRequiresPushErr");
  refuseIf(config.flow_control, "JSConsumerFCRequiresPushErr");
  refuseIf(config.max_batch < 0, "JSConsumerMaxRequestBatchNegativeErr");
  const expires = int64ToNumber(config.max_expires);
  refuseIf(expires !== 0 && expires < maxExpiresMin, "JSConsumerMaxRequestExpiresTooSmall");
  const batchMax = limits.serverMaxRequestBatch;
  if (batchMax > 0 && config.max_batch > batchMax) {
    throw new ApiError("JSConsumerMaxRequestBatchExceededF", { limit: String(batchMax) });
  }
}

function checkLimits(config: ConsumerConfig, stream: StreamConfig, limits: ConsumerLimits): void {
  const { max_ack_pending = 0, inactive_threshold = 0 } = stream.consumer_limits;
  const pendingLimits = [limits.serverMaxAckPending, limits.accountMaxAckPending, max_ack_pending];
  for (const limit of pendingLimits) {
    if (limit > 0 && config.max_ack_pending > limit) {
      throw new ApiError("JSConsumerMaxPendingAckExcessErrF", { limit: String(limit) });
    }
  }
  const longest = int64ToNumber(inactive_threshold);
  if (longest > 0 && compareInt64(config.inactive_threshold, inactive_threshold) > 0) {
    const limit = formatGoDuration(longest);
    throw new ApiError("JSConsumerInactiveThresholdExcess", { limit });
  }
}

function checkFilters(config: ConsumerConfig): void {
  const { filter_subject: only, filter_subjects: several } = config;
  if (only !== "" && (several?.length ?? 0) > 0) {
    throw new ApiError("JSConsumerDuplicateFilterSubjects");
  }
  if (only !== "" && !isValidSubject(only)) throw invalidConfig("invalid subject");
  if (several?.includes("") === true) throw new ApiError("JSConsumerEmptyFilter");
  const filters = consumerFilters(config);
  for (const [i, filter] of filters.entries()) {
    if (!isValidSubject(filter)) throw invalidConfig("invalid subject");
    if (filters.some((other, k) => k !== i && isSubsetOf(filter, other))) {
      throw new ApiError("JSConsumerOverlappingSubjectFilters");
    }
  }
}

/** How the texts about start positions call a policy. */
const policyWords = {
  all: "all",
  last: "last",
  last_per_subject: "last per subject",
  new: "new",
  by_start_sequence: "by start sequence",
  by_start_time: "by start time",
} as const;

function checkStart(config: ConsumerConfig): void {
  const policy = config.deliver_policy;
  const refuse = (text: string): never => {
    const err = `consumer delivery policy is deliver ${policyWords[policy]}, but optional ${text}`;
    throw new ApiError("JSConsumerInvalidPolicyErrF", { err });
  };
  const hasSeq = !sameInt64(config.opt_start_seq, 0);
  const hasTime = config.opt_start_time !== null;
  if (policy === "by_start_sequence") {
    if (!hasSeq) refuse("start sequence is not set");
    if (hasTime) refuse("start time is also set");
  } else if (policy === "by_start_time") {
    if (!hasTime) refuse("start time is not set");
    if (hasSeq) refuse("start start sequence is also set");
  } else {
    if (hasSeq) refuse("start sequence is also set");
    if (hasTime) refuse("start time is also set");
    if (policy === "last_per_subject" && consumerFilters(config).length === 0) {
      refuse("filter subject is not set");
    }
  }
}

function checkRest(config: ConsumerConfig): void {
  checkSampling(config.sample_freq);
  if (config.flow_control && sameInt64(config.idle_heartbeat, 0)) {
    throw new ApiError("JSConsumerWithFlowControlNeedsHeartbeats");
  }
  const { durable_name, name } = config;
  if (durable_name !== "" && name !== "" && name !== durable_name) {
    throw new ApiError("JSConsumerCreateDurableAndNameMismatch");
  }
  let size = 0;
  for (const [key, value] of Object.entries(config.metadata ?? {})) {
    size += utf8Length(key) + utf8Length(value);
  }
  if (size > metadataMax) {
    throw new ApiError("JSConsumerMetadataLengthErrF", { limit: `${metadataMax / 1024}KB` });
  }
}

/** Source of the texts: Go `strconv.Atoi`; a negative number has no error to print. */
function checkSampling(frequency: string): void {
  if (frequency === "") return;
  const text = frequency.replace(/%$/, "");
  if (/^\+?\d+$/.test(text) && Number(text) < 2 ** 63) return;
  const quoted = JSON.stringify(text);
  const reason = /^[+-]?\d+$/.test(text) ? "value out of range" : "invalid syntax";
  const isNegative = /^-\d+$/.test(text) && Number(text) >= -(2 ** 63);
  const err = isNegative ? "<nil>" : `strconv.Atoi: parsing ${quoted}: ${reason}`;
  throw new ApiError("JSConsumerInvalidSamplingErrF", { err });
}

function checkPriorities(config: ConsumerConfig): void {
  const groups = config.priority_groups ?? [];
  if (config.priority_policy === "none") {
    if (groups.length > 0) throw new ApiError("JSConsumerPriorityGroupWithPolicyNone");
    if (compareInt64(config.priority_timeout, 0) > 0) {
      throw new ApiError("JSConsumerPinnedTTLWithoutPriorityPolicyNone");
    }
    return;
  }
  if (isPush(config)) throw new ApiError("JSConsumerPushWithPriorityGroupErr");
  if (groups.length === 0) throw new ApiError("JSConsumerPriorityPolicyWithoutGroup");
  for (const group of groups) {
    if (group === "") throw new ApiError("JSConsumerEmptyGroupName");
    if (!isGroupName(group)) throw new ApiError("JSConsumerInvalidGroupNameErr");
  }
}

/** Rules that look at the stream's other consumers. Source: nats-server `addConsumer…`. */
import { subjectsCollide } from "../../../protocol/index.ts";
import { ApiError } from "../../errors.ts";
import { int64ToNumber } from "../../int64.ts";
import type { StreamConfig } from "../../stream/config/config-shape.ts";
import { type ConsumerConfig, consumerFilters } from "./config-shape.ts";

/** What the rules need of another consumer. */
export interface OtherConsumer {
  readonly name: string;
  readonly config: ConsumerConfig;
  readonly filters: readonly string[];
}

/** Limits on the number of consumers; 0 or less is none. */
export interface ConsumerCountLimits {
  readonly accountMax: number;
  readonly serverDefault: number;
}

/** Throws `ApiError` when a stream, or its account, holds as many consumers as it may. */
export function checkConsumerCount(
  config: ConsumerConfig,
  stream: StreamConfig,
  others: readonly OtherConsumer[],
  limits: ConsumerCountLimits,
): void {
  if (config.direct || config.sourcing) return;
  let most = int64ToNumber(stream.max_consumers);
  const { accountMax, serverDefault } = limits;
  if (most <= 0 || (accountMax > 0 && accountMax < most)) most = accountMax;
  if (serverDefault > 0 && most <= 0) most = serverDefault;
  if (most <= 0 || others.length < most) return;
  if (others.filter(isLimitable).length >= most) {
    throw new ApiError("JSMaximumConsumersLimitErr");
  }
}

/** Throws `ApiError` when a new consumer of a workqueue stream would share messages with another. */
export function checkWorkQueue(
  config: ConsumerConfig,
  stream: StreamConfig,
  others: readonly OtherConsumer[],
): void {
  if (stream.retention !== "workqueue" || config.direct || config.sourcing) return;
  if (config.ack_policy !== "explicit" && config.ack_policy !== "flow_control") {
    throw new ApiError("JSConsumerWQRequiresExplicitAckErr");
  }
  if (config.deliver_policy !== "all") throw new ApiError("JSConsumerWQConsumerNotDeliverAllErr");
  if (!others.some(isLimitable)) return;
  if (consumerFilters(config).length === 0) {
    throw new ApiError("JSConsumerWQMultipleUnfilteredErr");
  }
  checkPartition(config, others);
}

/** Throws `ApiError` when filters collide with those of another consumer. */
export function checkPartition(config: ConsumerConfig, others: readonly OtherConsumer[]): void {
  for (const filter of consumerFilters(config)) {
    for (const other of others) {
      if (!isLimitable(other)) continue;
      const collides = other.filters.some((theirs) => subjectsCollide(filter, theirs));
      if (other.filters.length === 0 || collides) {
        throw new ApiError("JSConsumerWQConsumerNotUniqueErr");
      }
    }
  }
}

/** Consumers of mirrors and sources do not count. */
function isLimitable(other: OtherConsumer): boolean {
  return !other.config.direct && !other.config.sourcing;
}

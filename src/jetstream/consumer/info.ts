/** `consumer_info` as the API shows it. */
import {
  compareStoredTime,
  formatStoredTime,
  parseStoredTime,
  type StoredTime,
  virtualAt,
  zeroStoredTime,
} from "../../kernel/index.ts";
import { bigInteger, type JsonLike } from "../../protocol/index.ts";
import { int64ToBigInt } from "../int64.ts";
import { withDynamicMetadata } from "../stream/stream-metadata.ts";
import { printConsumerConfig } from "./config/config-print.ts";
import { type ConsumerConfig, isPush } from "./config/config-shape.ts";
import type { ConsumerEffect } from "./effects.ts";
import type { ConsumerScene } from "./inputs.ts";
import { numPending } from "./pull/pull-request.ts";
import { processWaiting } from "./pull/waiting.ts";
import type { ConsumerState } from "./state.ts";

export type ConsumerInfo = { readonly [field: string]: JsonLike };

/**
 * A consumer's information, in the server's order of fields. Looking has effects: waiting requests
 * are gone through, and an overrun count of pending messages is corrected.
 *
 * `shown: "list"` leaves out the server's own metadata, as the reply to `CONSUMER.LIST` does.
 * Source: nats-server `server/consumer.go` `infoWithSnapAndReply`.
 */
export function consumerInfo(
  consumer: ConsumerState,
  scene: ConsumerScene,
  shown: "single" | "list",
  out: ConsumerEffect[],
): ConsumerInfo {
  correctUnseen(consumer, scene);
  const { config } = consumer;
  const positions = shownPositions(consumer);
  const pull = !isPush(config);
  if (pull) processWaiting(consumer, scene, false, out);
  const metadata = shown === "list" ? config.metadata : withDynamicMetadata(config.metadata);
  const groups = config.priority_groups ?? [];
  return {
    stream_name: consumer.stream,
    name: consumer.name,
    created: formatStoredTime(consumer.created),
    config: printConsumerConfig({ ...config, metadata }),
    delivered: {
      consumer_seq: positions.deliveredConsumer,
      stream_seq: exactly(positions.deliveredStream, config),
      last_active: timeOrNothing(consumer.lastDelivered),
    },
    ack_floor: {
      consumer_seq: positions.floorConsumer,
      stream_seq: exactly(positions.floorStream, config),
      last_active: timeOrNothing(consumer.lastAcked),
    },
    num_ack_pending: consumer.pending.size,
    // Redeliveries are off, so a count of them would only confuse.
    num_redelivered: config.max_deliver === 1 ? 0 : consumer.redelivered.size,
    num_waiting: pull ? consumer.waiting.requests.size : 0,
    num_pending: numPending(consumer),
    // Keeps the place of what only a server of a cluster knows.
    cluster: undefined,
    push_bound: (!pull && consumer.active) || undefined,
    ...pauseFields(consumer, scene),
    ts: formatStoredTime(scene.wall),
    priority_groups: groups.length === 0 ? undefined : [groupState(consumer, groups[0] ?? "")],
  };
}

/**
 * Beyond 2^53 a consumer stands before its start, exactly, or where a reset has put it, rounded.
 */
function exactly(seq: number, { opt_start_seq }: ConsumerConfig): JsonLike {
  if (Number.isSafeInteger(seq + 1)) return seq;
  const start = int64ToBigInt(opt_start_seq);
  if (!Number.isSafeInteger(Number(start))) return bigInteger(String(start - 1n));
  return bigInteger(String(BigInt.asUintN(64, BigInt(seq) - 1n)));
}

/** `paused` and `pause_remaining` in nanoseconds, when delivery is paused. */
export function pauseFields(
  consumer: ConsumerState,
  scene: ConsumerScene,
): { readonly paused?: true; readonly pause_remaining?: JsonLike } {
  const { pause_until } = consumer.config;
  const until = pause_until === null ? null : parseStoredTime(pause_until);
  if (until === null || compareStoredTime(scene.wall, until) >= 0) return {};
  return { paused: true, pause_remaining: durationUntil(scene.wall, until) };
}

/** Nanoseconds; beyond 292 years Go's durations stand still. Source: Go `Time.Sub`. */
export function durationUntil(now: StoredTime, until: StoredTime): JsonLike {
  const left = virtualAt(until) - virtualAt(now);
  return left < 2 ** 63 ? left : bigInteger("9223372036854775807");
}

/** Source: `checkNumPending`. */
function correctUnseen(consumer: ConsumerState, scene: ConsumerScene): void {
  const { messages, seqLast } = scene.stream.store;
  if (consumer.seqNext > seqLast) consumer.unseen = 0;
  else if (consumer.unseen > 0) {
    consumer.unseen = Math.min(consumer.unseen, messages, seqLast - consumer.seqNext + 1);
  }
}

/** What is durable is shown, so that all members of a group show the same. */
function shownPositions(consumer: ConsumerState) {
  const { store } = consumer;
  const delivered = store?.written === true ? store : null;
  return {
    deliveredConsumer: delivered?.deliveredConsumer ?? consumer.deliveryNext - 1,
    deliveredStream: delivered?.deliveredStream ?? consumer.seqNext - 1,
    floorConsumer: store?.floorConsumer ?? consumer.floorConsumer,
    floorStream: store?.floorStream ?? consumer.floorStream,
  };
}

function groupState(consumer: ConsumerState, group: string): ConsumerInfo {
  return {
    group,
    pinned_client_id: consumer.pinId === "" ? undefined : consumer.pinId,
    pinned_ts: formatStoredTime(consumer.pinnedAt ?? zeroStoredTime),
  };
}

function timeOrNothing(time: StoredTime | null): string | undefined {
  return time === null ? undefined : formatStoredTime(time);
}

/** A new configuration takes effect. Source: nats-server `server/consumer.go` `updateConfig`. */
import {
  compareStoredTime,
  parseStoredTime,
  plus,
  type StreamSeq,
  zeroStoredTime,
} from "../../../kernel/index.ts";
import { sameInt64 } from "../../int64.ts";
import { checkPendingSoon, expireAllPending, reindex } from "../acks/pending.ts";
import type { ConsumerEffect } from "../effects.ts";
import type { ConsumerScene } from "../inputs.ts";
import { armUnpause, pauseAdvisory } from "../pause.ts";
import { resetTo } from "../reset.ts";
import { inactiveThreshold, rateLimitOf, recountUnseen, samplingOf } from "../start.ts";
import type { ConsumerState } from "../state.ts";
import { dropTimer, wantTimer } from "../timers.ts";
import { type ConsumerConfig, consumerFilters } from "./config-shape.ts";

/** A shorter or longer ack wait is looked at after this long. */
const ackWaitMillis = 100;

/**
 * Takes over a configuration that `checkConsumerUpdate` let through. Answers whether delivery
 * should look for work.
 */
export function changeConfig(
  consumer: ConsumerState,
  scene: ConsumerScene,
  given: ConsumerConfig,
  out: ConsumerEffect[],
): boolean {
  const before = consumer.config;
  let next = given;
  if (!sameInt64(next.inactive_threshold, before.inactive_threshold)) {
    // An ephemeral that is made durable keeps the threshold of one: `isDurable` sees the old name.
    const { after, config } = inactiveThreshold(next, scene, before.durable_name);
    next = config;
    consumer.inactiveAfter = after;
    if (after > 0) wantTimer(consumer, "inactive", plus(scene.now, after), out);
    else dropTimer(consumer, "inactive");
  }
  const moved = next.deliver_subject !== before.deliver_subject;
  if (moved && consumer.pending.size > 0) expireAllPending(consumer, scene, out);
  consumer.config = next;
  if (consumer.store !== null) consumer.store.config = next;
  consumer.unsaved += 1;
  if (moved) consumer.moved = true;
  onNewWaits(consumer, scene, before, out);
  if (!sameInt64(next.rate_limit_bps, before.rate_limit_bps)) {
    consumer.rate = rateLimitOf(next, scene, consumer.maxPayload);
  }
  consumer.sampling = samplingOf(next);
  if (!sameInstant(next.pause_until, before.pause_until)) {
    armUnpause(consumer, scene, out);
    if (consumer.leader) out.push({ kind: "advisory", advisory: pauseAdvisory(next, scene) });
  }
  // Whoever copies the stream begins again behind what it has acknowledged.
  if (next.sourcing) resetTo(consumer, scene, (consumer.floorStream + 1) as StreamSeq, out);
  onNewFilters(consumer, scene, out);
  return moved || next.sourcing || next.max_ack_pending !== before.max_ack_pending;
}

function onNewWaits(
  consumer: ConsumerState,
  scene: ConsumerScene,
  before: ConsumerConfig,
  out: ConsumerEffect[],
): void {
  const next = consumer.config;
  const sameWait = sameInt64(next.ack_wait, before.ack_wait);
  if (sameWait && next.backoff === before.backoff) return;
  reindex(consumer, scene);
  if (!sameWait) checkPendingSoon(consumer, scene, ackWaitMillis, out);
}

function onNewFilters(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): void {
  const filters = consumerFilters(consumer.config);
  const { filters: before } = consumer;
  if (filters.length === before.length && filters.every((f) => before.includes(f))) return;
  consumer.filters = filters;
  if (scene.stream.config.retention === "interest") {
    out.push({ kind: "review", from: consumer.floorStream });
  }
  recountUnseen(consumer, scene);
}

/** An absent time counts as Go's zero time. */
function sameInstant(a: string | null, b: string | null): boolean {
  const instant = (text: string | null) =>
    text === null ? zeroStoredTime : (parseStoredTime(text) ?? zeroStoredTime);
  return compareStoredTime(instant(a), instant(b)) === 0;
}

/** When nobody uses a consumer any more. Source: nats-server `deleteNotActive`. */
import { type DurationNanos, plus, tableLast, type VirtualNanos } from "../../kernel/index.ts";
import { isPush } from "./config/config-shape.ts";
import type { ConsumerEffect } from "./effects.ts";
import type { ConsumerScene } from "./inputs.ts";
import { processWaiting } from "./pull/waiting.ts";
import type { ConsumerState } from "./state.ts";
import { dropTimer, wantTimer } from "./timers.ts";

/** An ack came in: whoever counts down to deletion begins anew. Source: `suppressDeletion`. */
export function suppressDeletion(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  if (consumer.inactiveAfter === 0) return;
  if (!isPush(consumer.config)) consumer.waiting.active = scene.now;
  if (consumer.timers.inactive.wanted === null) return;
  wantTimer(consumer, "inactive", plus(scene.now, consumer.inactiveAfter), out);
}

/** The countdown is over: deletes the consumer, or says when to look again. */
export function checkInactive(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  if (isPush(consumer.config)) {
    if (!consumer.active) out.push({ kind: "inactive" });
    return;
  }
  processWaiting(consumer, scene, true, out);
  const again = lookAgain(consumer, scene);
  if (again === null) out.push({ kind: "inactive" });
  else wantTimer(consumer, "inactive", again, out);
}

/**
 * Push: takes note of whether someone listens on the deliver subject. Answers whether delivery can
 * begin again.
 * Source: `updateDeliveryInterest`.
 */
export function noteInterest(
  consumer: ConsumerState,
  scene: ConsumerScene,
  interest: boolean,
  out: ConsumerEffect[],
): boolean {
  if (isPush(consumer.config) === false) return false;
  const wakes = interest && !consumer.active;
  consumer.active = interest;
  if (interest) {
    dropTimer(consumer, "inactive");
  } else if (consumer.inactiveAfter > 0 && consumer.timers.inactive.wanted === null) {
    wantTimer(consumer, "inactive", plus(scene.now, consumer.inactiveAfter), out);
  }
  return wakes;
}

/** Null when a pull consumer has been idle for long enough. */
function lookAgain(consumer: ConsumerState, scene: ConsumerScene): VirtualNanos | null {
  const { waiting, inactiveAfter } = consumer;
  if (waiting.requests.size > 0) return plus(scene.now, inactiveAfter);
  const idle = scene.now - waiting.active;
  if (idle < inactiveAfter) return plus(scene.now, (inactiveAfter - idle) as DurationNanos);
  // Whoever took the last message may still be at work: wait for its ack wait to pass too.
  const last = tableLast(consumer.deadlines);
  if (last === null) return null;
  const at = last.key + inactiveAfter;
  return at > scene.now ? (at as VirtualNanos) : null;
}

/** Timers that are set lazily: see `TimerWish`. */
import type { VirtualNanos } from "../../kernel/index.ts";
import type { ConsumerEffect, ConsumerTimer } from "./effects.ts";
import type { ConsumerState, TimerWish } from "./state.ts";

/** No timer is set. */
export function createTimers(): Readonly<Record<ConsumerTimer, TimerWish>> {
  return {
    "ack-wait": { armed: null, wanted: null },
    waiting: { armed: null, wanted: null },
    heartbeat: { armed: null, wanted: null },
    inactive: { armed: null, wanted: null },
    unpause: { armed: null, wanted: null },
    pin: { armed: null, wanted: null },
    deliver: { armed: null, wanted: null },
    held: { armed: null, wanted: null },
  };
}

/** Wants `name` to go off at `at`, whatever was wanted before. */
export function wantTimer(
  consumer: ConsumerState,
  name: ConsumerTimer,
  at: VirtualNanos,
  out: ConsumerEffect[],
): void {
  const timer = consumer.timers[name];
  timer.wanted = at;
  if (timer.armed !== null && timer.armed <= at) return;
  // An instant that a number cannot hold exactly is more than 104 days away: it never comes.
  if (!Number.isSafeInteger(Math.floor(at))) return;
  timer.armed = at;
  out.push({ kind: "set-timer", name, at });
}

/** Wants `name` no more; if it is set it will go off and be ignored. */
export function dropTimer(consumer: ConsumerState, name: ConsumerTimer): void {
  consumer.timers[name].wanted = null;
}

/** A timer went off: whether its time has come. Sets it again when it was early. */
export function timerIsDue(
  consumer: ConsumerState,
  name: ConsumerTimer,
  now: VirtualNanos,
  out: ConsumerEffect[],
): boolean {
  const timer = consumer.timers[name];
  timer.armed = null;
  const { wanted } = timer;
  if (wanted === null) return false;
  if (wanted > now) {
    wantTimer(consumer, name, wanted, out);
    return false;
  }
  timer.wanted = null;
  return true;
}

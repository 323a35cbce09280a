/** How far a paced driver may run: pure arithmetic, the driver brings the wall clock. */
import { assert } from "./assert.ts";
import { type DurationNanos, type VirtualNanos, virtualNanos } from "./units.ts";

/** Virtual time to real time; `carry` keeps the part of a nanosecond that a slice left over. */
export interface Pace {
  speed: number;
  carry: number;
}

export const speedMin = 1 / 64;
export const speedMax = 1000;
/** A frozen tab resumes, it never catches up. */
export const creditMsMax = 250;

export function createPace(speed: number): Pace {
  return { speed: clampSpeed(speed), carry: 0 };
}

export function clampSpeed(speed: number): number {
  assert(speed > 0, "a speed is positive");
  return Math.min(speedMax, Math.max(speedMin, speed));
}

/** The speed at which the rest of a scenario takes so many wall seconds (the speed *fit*). */
export function fitSpeed(rest: DurationNanos, wallSeconds = 20): number {
  return clampSpeed(Math.max(rest, 1) / (wallSeconds * 1e9));
}

/** The instant until which to run after `wallMs` milliseconds have passed outside. */
export function paceTarget(pace: Pace, now: VirtualNanos, wallMs: number): VirtualNanos {
  const credit = Math.min(Math.max(wallMs, 0), creditMsMax) * 1e6 * pace.speed + pace.carry;
  const whole = Math.floor(credit);
  pace.carry = credit - whole;
  return virtualNanos(now + whole);
}

/** The clock, the queue and the randomness of one world, as plain data. */
import { assert } from "./assert.ts";
import {
  createQueue,
  dropTimer,
  dropTimersOf,
  type Queue,
  queueEvent,
  queueNext,
  queueNextAt,
  queueTake,
  queueTimer,
  timerDueAt,
} from "./queue.ts";
import { createRandom, type RandomStreams } from "./random.ts";
import { timerKey } from "./timer-key.ts";
import { type VirtualNanos, worldStart } from "./units.ts";

/** A scheduled event is data, looked up in a table of handlers. `host` is null for the world's. */
export interface SimEvent {
  readonly kind: string;
  readonly host: string | null;
}

export interface Kernel<E extends SimEvent> {
  readonly seed: number;
  now: VirtualNanos;
  /** Events of the instant `now` that have already run: the k of the stamp T#k. */
  ranNow: number;
  eventsRun: number;
  readonly queue: Queue<E>;
  readonly random: RandomStreams;
}

/** `checking` remembers every random draw, so that two runs can be compared draw by draw. */
export function createKernel<E extends SimEvent>(seed: number, checking = false): Kernel<E> {
  assert(Number.isSafeInteger(seed) && seed >= 0, `a seed is an integer from 0 on: ${seed}`);
  return {
    seed,
    now: worldStart,
    ranNow: 0,
    eventsRun: 0,
    queue: createQueue(),
    random: createRandom(seed, checking),
  };
}

/** Queues an event at an instant, which may be this one but not an earlier one. */
export function schedule<E extends SimEvent>(kernel: Kernel<E>, at: VirtualNanos, event: E): void {
  assertInstant(kernel, at);
  queueEvent(kernel.queue, at, event);
}

/** Arms the timer `name` of `owner`; the same owner and name replaces it. */
export function setTimer<E extends SimEvent>(
  kernel: Kernel<E>,
  owner: string,
  name: string,
  ...[at, event]: [at: VirtualNanos, event: E]
): void {
  assertInstant(kernel, at);
  queueTimer(kernel.queue, timerKey(owner, name), at, event);
}

/** True when the timer was armed. */
export function clearTimer<E extends SimEvent>(
  kernel: Kernel<E>,
  owner: string,
  name: string,
): boolean {
  return dropTimer(kernel.queue, timerKey(owner, name));
}

/** Clears every timer of an owner that is gone. */
export function clearOwner<E extends SimEvent>(kernel: Kernel<E>, owner: string): void {
  dropTimersOf(kernel.queue, owner);
}

/** When a timer is due, or null when it is not armed. */
export function timerAt<E extends SimEvent>(
  kernel: Kernel<E>,
  owner: string,
  name: string,
): VirtualNanos | null {
  return timerDueAt(kernel.queue, timerKey(owner, name));
}

/** When the next event is due, or null when nothing is queued. */
export function nextEventAt<E extends SimEvent>(kernel: Kernel<E>): VirtualNanos | null {
  return queueNextAt(kernel.queue);
}

/** The next event, which stays queued; null when nothing is. */
export function nextEvent<E extends SimEvent>(kernel: Kernel<E>): E | null {
  return queueNext(kernel.queue);
}

/** Moves the clock to the next event and takes it; null when nothing is queued. */
export function takeEvent<E extends SimEvent>(kernel: Kernel<E>): E | null {
  const item = queueTake(kernel.queue);
  if (item === null) return null;
  if (item.at > kernel.now) setNow(kernel, item.at);
  kernel.ranNow += 1;
  kernel.eventsRun += 1;
  return item.event;
}

/** Moves the clock to an instant before which nothing is queued. */
export function advanceTo<E extends SimEvent>(kernel: Kernel<E>, at: VirtualNanos): void {
  if (at === kernel.now) return;
  assertInstant(kernel, at);
  const next = nextEventAt(kernel);
  assert(next === null || next >= at, `an event at ${next} would be passed over by ${at}`);
  setNow(kernel, at);
}

/**
 * Lets an empty world begin at another instant: what is built before 0s has times of its own.
 */
export function beginAt<E extends SimEvent>(kernel: Kernel<E>, at: VirtualNanos): void {
  assert(kernel.eventsRun === 0 && nextEventAt(kernel) === null, "the world has begun already");
  setNow(kernel, at);
}

function setNow<E extends SimEvent>(kernel: Kernel<E>, at: VirtualNanos): void {
  kernel.now = at;
  kernel.random.now = at;
  kernel.ranNow = 0;
}

function assertInstant<E extends SimEvent>(kernel: Kernel<E>, at: VirtualNanos): void {
  assert(at >= kernel.now, "an event was scheduled in the past");
  assert(Number.isSafeInteger(at), "an event was scheduled beyond the clock's range");
}

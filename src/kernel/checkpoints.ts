/** Forked states by instant, thinned with age: recent ones dense, old ones ever further apart. */
import type { VirtualNanos } from "./units.ts";

/** A state and where it stands: all of `state`'s past is `inputs` journal entries and its events. */
export interface Checkpoint<S> {
  readonly at: VirtualNanos;
  readonly eventsRun: number;
  /** Journal entries applied so far; replay goes on with the next. */
  readonly inputs: number;
  readonly state: S;
}

interface Kept<S> extends Checkpoint<S> {
  readonly serial: number;
}

export interface Checkpoints<S> {
  readonly kept: Kept<S>[];
  nextSerial: number;
  /** How many of the newest are kept without gaps. */
  readonly dense: number;
}

const secondNanos = 1_000_000_000;
// Replaying fewer events than this costs less than keeping a copy: an idle world stays small.
const eventsWorthKeeping = 400;
// Replaying more takes a person's patience (2,000 events of a busy server: about 35 ms).
const eventsToReplayMax = 2_000;

/** With `dense` newest kept, the number kept grows with the logarithm of the world's age. */
export function createCheckpoints<S>(dense = 300): Checkpoints<S> {
  return { kept: [], nextSerial: 0, dense };
}

/** Whether a virtual second with enough events, or very many, have passed since the last one. */
export function checkpointIsDue(
  store: Checkpoints<unknown>,
  now: VirtualNanos,
  eventsRun: number,
): boolean {
  const last = store.kept[store.kept.length - 1];
  if (last === undefined) return true;
  const events = eventsRun - last.eventsRun;
  if (events >= eventsToReplayMax) return true;
  return now - last.at >= secondNanos && events >= eventsWorthKeeping;
}

/** Adds a checkpoint, which must be later than all others; thins the old ones. */
export function addCheckpoint<S>(store: Checkpoints<S>, checkpoint: Checkpoint<S>): void {
  const serial = store.nextSerial++;
  store.kept.push({ ...checkpoint, serial });
  if (store.kept.length <= store.dense) return;
  const kept = store.kept.filter((one) => isWorthKeeping(store.dense, one.serial, serial));
  store.kept.splice(0, store.kept.length, ...kept);
}

/** The last checkpoint with at most so many inputs applied and not after an instant. */
export function checkpointWithin<S>(
  store: Checkpoints<S>,
  at: VirtualNanos,
  inputs: number,
): Checkpoint<S> | null {
  for (let i = store.kept.length - 1; i >= 0; i--) {
    const one = store.kept[i] as Kept<S>;
    if (one.at <= at && one.inputs <= inputs) return one;
  }
  return null;
}

/** Beyond the dense ones, each doubling of age keeps every second one of the doubling before. */
function isWorthKeeping(dense: number, serial: number, newest: number): boolean {
  let spacing = 1;
  for (let age = dense; newest - serial >= age; age *= 2) spacing *= 2;
  return serial % spacing === 0;
}

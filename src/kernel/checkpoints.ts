/**
 * Forked states of one history, as far apart as their work: replaying from the one before any
 * moment runs a bounded number of events, however much or little time that was. What they take up
 * together is bounded too: beyond that, the old ones stand ever further apart, evenly.
 */
import type { ForkSize } from "./fork-size.ts";
import type { VirtualNanos } from "./units.ts";

/** A state and where it stands: all of `state`'s past is `inputs` journal entries and its events. */
export interface Checkpoint<S> {
  readonly at: VirtualNanos;
  readonly eventsRun: number;
  /** Journal entries applied so far; replay goes on with the next. */
  readonly inputs: number;
  /** What it holds for itself. */
  readonly size: ForkSize;
  readonly state: S;
}

export interface Checkpoints<S> {
  readonly kept: Checkpoint<S>[];
  /** About what those in `kept` take up beside the live state. */
  bytes: number;
  readonly limits: CheckpointLimits;
}

export interface CheckpointLimits {
  /** How many of the newest are kept without gaps. */
  readonly dense: number;
  readonly countMax: number;
  readonly bytesMax: number;
}

// 1,000 events of a busy server are replayed in about 20 ms.
const eventsApartMin = 1_000;
// 4,000 take 80 ms: what a person still feels as at once.
const eventsApartMax = 4_000;
// Copying so much costs what an event costs, over 20: taking checkpoints stays a 20th of the run.
const bytesForEvent = 80;

const standardLimits: CheckpointLimits = {
  dense: 300,
  countMax: 2_000,
  bytesMax: 128 * 1_048_576,
};

export function createCheckpoints<S>(limits: Partial<CheckpointLimits> = {}): Checkpoints<S> {
  return { kept: [], bytes: 0, limits: { ...standardLimits, ...limits } };
}

/** The same checkpoints as far as they belong to another history, which goes on by itself. */
export function forkCheckpoints<S>(
  store: Checkpoints<S>,
  belongs: (checkpoint: Checkpoint<S>) => boolean,
): Checkpoints<S> {
  const kept = store.kept.filter(belongs);
  return { ...store, kept, bytes: totalBytes(kept) };
}

/** Whether enough has been done since the last one: more, the more a checkpoint costs. */
export function checkpointIsDue(store: Checkpoints<unknown>, eventsRun: number): boolean {
  const last = store.kept[store.kept.length - 1];
  if (last === undefined) return true;
  const worth = Math.min(Math.max(last.size.bytes / bytesForEvent, eventsApartMin), eventsApartMax);
  return eventsRun - last.eventsRun >= worth;
}

/** Adds a checkpoint, which must be later than all others; thins the old ones. */
export function addCheckpoint<S>(store: Checkpoints<S>, checkpoint: Checkpoint<S>): void {
  const { kept, limits } = store;
  store.bytes += costAfter(kept[kept.length - 1], checkpoint);
  kept.push(checkpoint);
  while (kept.length > limits.countMax || store.bytes > limits.bytesMax) {
    const spare = leastMissed(store);
    if (spare === null) return;
    const around = kept.slice(spare - 1, spare + 2);
    kept.splice(spare, 1);
    const [before, , after] = around;
    store.bytes -= totalBytes(around) - totalBytes([before, after]);
  }
}

/** Forgets what is before a checkpoint, which becomes the first. */
export function dropCheckpointsBefore<S>(store: Checkpoints<S>, first: Checkpoint<S>): void {
  store.kept.splice(0, store.kept.indexOf(first));
  store.bytes = totalBytes(store.kept);
}

/** The last checkpoint with at most so many inputs applied and not after an instant. */
export function checkpointWithin<S>(
  store: Checkpoints<S>,
  at: VirtualNanos,
  inputs: number,
): Checkpoint<S> | null {
  for (let i = store.kept.length - 1; i >= 0; i--) {
    const one = store.kept[i];
    if (one !== undefined && one.at <= at && one.inputs <= inputs) return one;
  }
  return null;
}

/** The old one without which the gap is smallest; never the first, never one of the newest. */
function leastMissed({ kept, limits }: Checkpoints<unknown>): number | null {
  let best: number | null = null;
  let bestGap = Number.POSITIVE_INFINITY;
  for (let i = 1; i < kept.length - limits.dense; i++) {
    const gap = (kept[i + 1]?.eventsRun ?? 0) - (kept[i - 1]?.eventsRun ?? 0);
    if (gap >= bestGap) continue;
    best = i;
    bestGap = gap;
  }
  return best;
}

type Some = Checkpoint<unknown> | undefined;

function totalBytes(list: readonly Some[]): number {
  let bytes = 0;
  for (let i = 0; i < list.length; i++) bytes += costAfter(list[i - 1], list[i]);
  return bytes;
}

/**
 * What a checkpoint costs beside the one before: its own copies, and what was dropped in between
 * and would be gone but for that one. Whatever still lives is shared and costs nothing.
 */
function costAfter(before: Some, one: Some): number {
  if (one === undefined) return 0;
  const { bytes, dropped } = one.size;
  if (before === undefined) return bytes;
  return bytes + Math.min(Math.max(dropped - before.size.dropped, 0), before.size.fronts);
}

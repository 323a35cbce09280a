/**
 * What a leader has proposed to its group and not applied yet. Later proposals are checked against
 * it, so that what is agreed upon is known to fit when it is applied.
 * Source: nats-server `server/jetstream_batching.go` `batchStagedDiff.commit`, and `applyStreamMsgOp`
 * for how it goes again.
 */
import type { CounterBase } from "./counter.ts";
import type { Staged } from "./staged-check.ts";
import { sizeToStore } from "./store/message-read.ts";
import type { StoreEntry, StreamState } from "./stream-shape.ts";

/** Plain data; a new leader begins with none. */
export interface Inflight {
  /** The last sequence when all of it is stored (`clseq` less `clfs`). */
  seqLast: number;
  /** Messages so far, and how many of them have been applied. */
  proposed: number;
  applied: number;
  readonly ids: Set<string>;
  readonly subjects: Map<string, InflightSubject>;
  readonly counters: Map<string, CounterBase & { readonly open: number }>;
  /** Subjects whose last sequence is expected, until so many messages are applied. Ascending. */
  readonly expected: Map<string, number>;
}

export interface InflightSubject {
  readonly count: number;
  readonly bytes: number;
  readonly isSchedule: boolean;
}

export function createInflight(stream: StreamState): Inflight {
  return {
    seqLast: stream.store.seqLast,
    proposed: 0,
    applied: 0,
    ids: new Set(),
    subjects: new Map(),
    counters: new Map(),
    expected: new Map(),
  };
}

/** What was staged has been proposed. */
export function commitStaged(inflight: Inflight, staged: Staged): void {
  for (const id of staged.ids) inflight.ids.add(id);
  for (const [subject, own] of staged.subjects) {
    const before = inflight.subjects.get(subject);
    inflight.subjects.set(subject, {
      count: (before?.count ?? 0) + own.count,
      bytes: (before?.bytes ?? 0) + own.bytes,
      isSchedule: own.isSchedule,
    });
  }
  for (const [subject, base] of staged.counters) {
    const open = inflight.counters.get(subject)?.open ?? 0;
    const added = staged.subjects.get(subject)?.count ?? 1;
    inflight.counters.set(subject, { ...base, open: open + added });
  }
  inflight.proposed += staged.seqLast - inflight.seqLast;
  inflight.seqLast = staged.seqLast;
  for (const subject of staged.expected.keys()) {
    inflight.expected.delete(subject);
    inflight.expected.set(subject, inflight.proposed);
  }
}

/** A message that was proposed is applied, or has failed to be. */
export function leaveInflight(
  stream: StreamState,
  inflight: Inflight,
  entry: StoreEntry,
  isStored: boolean,
): void {
  const { subject, headers, payload, msgId } = entry;
  inflight.applied += 1;
  inflight.ids.delete(msgId);
  const own = inflight.subjects.get(subject);
  if (own !== undefined && own.count > 1) {
    const size = sizeToStore(stream.config.storage, subject, headers, payload);
    const bytes = Math.max(own.bytes - size, 0);
    inflight.subjects.set(subject, { ...own, count: own.count - 1, bytes });
  } else {
    inflight.subjects.delete(subject);
  }
  const counter = inflight.counters.get(subject);
  if (counter !== undefined && counter.open > 1) {
    inflight.counters.set(subject, { ...counter, open: counter.open - 1 });
  } else {
    inflight.counters.delete(subject);
  }
  for (const [expected, until] of inflight.expected) {
    if (until > inflight.applied) break;
    inflight.expected.delete(expected);
  }
  // What comes behind it gets lower numbers than it was promised.
  if (!isStored) inflight.seqLast -= 1;
}

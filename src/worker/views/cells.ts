/**
 * The slots of a tape: single ones around what matters (the floors, the needles, the end), merged
 * ones between. Needles and floors stay exact, because each has single slots beside it.
 */
import { messageSubject } from "../../jetstream/index.ts";
import { type StreamSeq, streamSeq } from "../../kernel/index.ts";
import type { CellState, CellView } from "../frames.ts";
import type { Copy } from "./assets.ts";

/** A stretch of sequences that becomes one slot. */
export type Segment = readonly [from: number, to: number];

export interface SegmentNeeds {
  /** How many slots there is room for. */
  readonly slots: number;
  /** Sequences that want to be seen: floors and needles. */
  readonly anchors: readonly number[];
  readonly first: number;
  readonly last: number;
}

/** What makes the slots of one copy what they are. */
export interface CellNeeds {
  /** Up to here is on its disk, is in its log, and is known to be held by a quorum. */
  readonly synced: number;
  readonly last: number;
  readonly committed: number;
  readonly parked: ReadonlySet<number>;
  readonly broken: ReadonlySet<number>;
}

/** Where the sequences of a copy begin; one behind its end when it holds none. */
export function firstSeq({ state }: Copy): number {
  const { seqFirst, seqLast, messages } = state.store;
  return messages === 0 ? seqLast + 1 : Math.max(1, seqFirst);
}

/** Lays the slots of one copy over stretches that all copies share. */
export function viewCells(copy: Copy, stretches: readonly Segment[], needs: CellNeeds): CellView[] {
  return stretches.map(([from, to]) => ({ from, to, state: stateOf(copy, from, to, needs) }));
}

/** A merged slot is about as wide as one and a half single ones. */
const mergedWeight = 1.5;
/** Single slots on either side of an anchor. */
const around = 1;
/** The newest messages are always single. */
const tailLeast = 3;

export function segments(needs: SegmentNeeds): [number, number][] {
  const { first, last } = needs;
  if (first > last) return [];
  const total = last - first + 1;
  if (total <= needs.slots) return singles(first, last);
  let tail = Math.max(tailLeast, Math.floor(needs.slots - mergedWeight));
  const windows: [number, number][] = [];
  const anchors = [...new Set(needs.anchors)].filter((seq) => seq >= first && seq <= last);
  for (const anchor of anchors.sort((a, b) => b - a)) {
    const cost = Math.ceil(2 * around + 1 + mergedWeight);
    const isSeen = anchor > last - tail || windows.some(([a, b]) => anchor >= a && anchor <= b);
    if (isSeen || tail - cost < tailLeast) continue;
    tail -= cost;
    windows.push([Math.max(first, anchor - around), anchor + around]);
  }
  return fill(first, last, [...windows, [last - tail + 1, last]]);
}

/** Puts merged slots between windows; windows that meet become one. */
function fill(first: number, last: number, windows: [number, number][]): [number, number][] {
  const cells: [number, number][] = [];
  let next = first;
  for (const [from, to] of windows.sort((a, b) => a[0] - b[0])) {
    const start = Math.max(from, next);
    if (start - next === 1) cells.push([next, next]);
    else if (start > next) cells.push([next, start - 1]);
    const end = Math.min(to, last);
    if (end >= start) cells.push(...singles(start, end));
    next = Math.max(next, end + 1);
  }
  return cells;
}

function singles(from: number, to: number): [number, number][] {
  const cells: [number, number][] = [];
  for (let seq = from; seq <= to; seq += 1) cells.push([seq, seq]);
  return cells;
}

function stateOf(copy: Copy, from: number, to: number, needs: CellNeeds): CellState {
  if (needs.broken.has(from)) return "broken";
  if (from > needs.last) return "none";
  if (from > needs.committed) return "open";
  if (from === to && from <= copy.state.store.seqLast) {
    if (messageSubject(copy.state.store, streamSeq(from)) === null) return "gone";
    if (needs.parked.has(from)) return "parked";
  }
  return to <= needs.synced ? "dry" : "wet";
}

/** The sequences of single cells. */
export function singleSeqs(cells: readonly CellView[]): StreamSeq[] {
  return cells.filter((cell) => cell.from === cell.to).map((cell) => streamSeq(cell.from));
}

/**
 * The slots of a tape: single ones around what matters (the floors, the needles, the end), merged
 * ones between. Needles and floors stay exact, because each has single slots beside it.
 */
import { messageSubject } from "../../jetstream/index.ts";
import { type StreamSeq, streamSeq } from "../../kernel/index.ts";
import type { CellState, CellView } from "../frames.ts";
import type { FoundStream } from "./assets.ts";

export interface CellNeeds {
  /** How many slots there is room for. */
  readonly slots: number;
  /** Sequences that want to be seen: floors and needles. */
  readonly anchors: readonly number[];
  readonly synced: number;
  readonly parked: ReadonlySet<number>;
  readonly broken: ReadonlySet<number>;
}

export function viewCells(stream: FoundStream, needs: CellNeeds): CellView[] {
  const { seqFirst, seqLast, messages } = stream.state.store;
  const first = messages === 0 ? seqLast + 1 : Math.max(1, seqFirst);
  if (first > seqLast) return [];
  const cells: CellView[] = [];
  for (const [from, to] of segments(first, seqLast, needs)) {
    if (from === to) cells.push({ from, to, state: stateOf(stream, from, needs) });
    else cells.push({ from, to, state: to <= needs.synced ? "dry" : "wet" });
  }
  return cells;
}

/** A merged slot is about as wide as one and a half single ones. */
const mergedWeight = 1.5;
/** Single slots on either side of an anchor. */
const around = 1;
/** The newest messages are always single. */
const tailLeast = 3;

function segments(first: number, last: number, needs: CellNeeds): [number, number][] {
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

function stateOf(stream: FoundStream, seq: number, needs: CellNeeds): CellState {
  if (needs.broken.has(seq)) return "broken";
  if (messageSubject(stream.state.store, streamSeq(seq)) === null) return "gone";
  if (needs.parked.has(seq)) return "parked";
  return seq <= needs.synced ? "dry" : "wet";
}

/** The sequences of single cells. */
export function singleSeqs(cells: readonly CellView[]): StreamSeq[] {
  return cells.filter((cell) => cell.from === cell.to).map((cell) => streamSeq(cell.from));
}

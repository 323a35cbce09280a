/** A set of sequences as maximal intervals: a million deleted messages in a row are one entry. */
import { assert } from "./assert.ts";
import { createTable, forkTable, type Table, tableDelete, tableGet, tableSet } from "./table.ts";
import { tableCeiling, tableEach, tableFirst, tableFloor } from "./table-order.ts";

/** Plain data; read and written only by the functions of this file. */
export interface SeqSet {
  readonly container: "seqset";
  /** From the first sequence of an interval to its last. */
  intervals: Table<number, number>;
  count: number;
}

export function createSeqSet(): SeqSet {
  return { container: "seqset", intervals: createTable(), count: 0 };
}

export function seqSetHas(set: SeqSet, seq: number): boolean {
  const at = tableFloor(set.intervals, seq);
  return at !== null && at.value >= seq;
}

/** True when the sequence was not there before. */
export function seqSetAdd(set: SeqSet, seq: number): boolean {
  if (seqSetHas(set, seq)) return false;
  addInterval(set, seq, seq);
  return true;
}

/** Adds every sequence from `first` to `last`, both included. */
export function seqSetAddRange(set: SeqSet, first: number, last: number): void {
  assert(first <= last, "range ends before it begins");
  addInterval(set, first, last);
}

/** True when the sequence was there. */
export function seqSetRemove(set: SeqSet, seq: number): boolean {
  const at = tableFloor(set.intervals, seq);
  if (at === null || at.value < seq) return false;
  if (at.key === seq) tableDelete(set.intervals, seq);
  else tableSet(set.intervals, at.key, seq - 1);
  if (at.value > seq) tableSet(set.intervals, seq + 1, at.value);
  set.count -= 1;
  return true;
}

/** Removes every sequence below `seq`. */
export function seqSetRemoveBefore(set: SeqSet, seq: number): void {
  let at = tableFirst(set.intervals);
  while (at !== null && at.key < seq) {
    tableDelete(set.intervals, at.key);
    if (at.value >= seq) {
      tableSet(set.intervals, seq, at.value);
      set.count -= seq - at.key;
      return;
    }
    set.count -= at.value - at.key + 1;
    at = tableFirst(set.intervals);
  }
}

export function seqSetCount(set: SeqSet): number {
  return set.count;
}

/** The smallest sequence >= `seq` that is not in the set. */
export function seqSetNextAbsent(set: SeqSet, seq: number): number {
  const at = tableFloor(set.intervals, seq);
  return at === null || at.value < seq ? seq : at.value + 1;
}

/** The smallest sequence >= `seq` that is in the set, or null. */
export function seqSetNextPresent(set: SeqSet, seq: number): number | null {
  if (seqSetHas(set, seq)) return seq;
  return tableCeiling(set.intervals, seq)?.key ?? null;
}

/** Calls `fn` for each maximal interval in order; false stops. */
export function seqSetEach(set: SeqSet, fn: (first: number, last: number) => unknown): void {
  tableEach(set.intervals, (last, first) => fn(first, last));
}

/** A copy that shares the tree's nodes. */
export function forkSeqSet(set: SeqSet): SeqSet {
  return { container: "seqset", intervals: forkTable(set.intervals), count: set.count };
}

/** Puts in an interval, swallowing every one that it meets or touches. */
function addInterval(set: SeqSet, first: number, last: number): void {
  let low = first;
  let high = last;
  let from = first;
  const before = tableFloor(set.intervals, first);
  if (before !== null && before.value >= first - 1) {
    if (before.value >= last) return;
    low = before.key;
    from = low + 1;
    set.count -= before.value - before.key + 1;
  }
  for (;;) {
    const next = tableCeiling(set.intervals, from);
    if (next === null || next.key > high + 1) break;
    tableDelete(set.intervals, next.key);
    set.count -= next.value - next.key + 1;
    if (next.value > high) high = next.value;
  }
  tableSet(set.intervals, low, high);
  set.count += high - low + 1;
  assert(tableGet(set.intervals, low) === high, "interval was lost");
}

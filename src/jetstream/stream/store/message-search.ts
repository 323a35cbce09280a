/** Finding and counting messages by subject, sequence and time. */
import { numberLogGet, type StoredTime, type StreamSeq } from "../../../kernel/index.ts";
import { isWildcard, subjectMatches } from "../../../protocol/index.ts";
import { subjectOfRow } from "./message-read.ts";
import {
  countLiveFrom,
  nextLiveRow,
  previousLiveRow,
  rowAtOrAfter,
  rowAtTime,
  seqOfRow,
} from "./row-read.ts";
import { deadRow, endRow, noRow } from "./row-shape.ts";
import type { MessageStore } from "./store-shape.ts";
import {
  eachSubject,
  findSubject,
  subjectCountFrom,
  subjectRowFrom,
  subjectRowUpTo,
} from "./subject-index.ts";

/** Rows looked at one by one before the index is asked: most filters match nearly everything. */
const scanRowsMax = 256;

/** First stored sequence at or after `from` that matches any filter (none: everything). */
export function nextMatch(
  store: MessageStore,
  filters: readonly string[],
  from: StreamSeq,
): StreamSeq | null {
  const start = rowAtOrAfter(store.rows, from);
  if (start === noRow) return null;
  const row = matchesAll(filters)
    ? nextLiveRow(store.rows, start)
    : nextMatchingRow(store, filters, start);
  return row === noRow ? null : (seqOfRow(store.rows, row) as StreamSeq);
}

/** How many stored messages at or after `from` match any filter (none: everything). */
export function numPending(
  store: MessageStore,
  filters: readonly string[],
  from: StreamSeq,
): number {
  const start = rowAtOrAfter(store.rows, from);
  if (start === noRow) return 0;
  if (matchesAll(filters)) return countLiveFrom(store.rows, start);
  const { subjects, rows } = store;
  let count = 0;
  eachMatchingSubject(store, filters, (id) => {
    count += subjectCountFrom(subjects, rows, id, start);
  });
  return count;
}

/** As `numPending`, counting only messages that are the last of their subject. */
export function numPendingLast(
  store: MessageStore,
  filters: readonly string[],
  from: StreamSeq,
): number {
  const start = rowAtOrAfter(store.rows, from);
  if (start === noRow) return 0;
  let count = 0;
  eachMatchingSubject(store, filters, (id) => {
    if (numberLogGet(store.subjects.last, id) >= start) count += 1;
  });
  return count;
}

/** The newest stored sequence that matches the filter, at most `upTo` when given. */
export function lastMatch(store: MessageStore, filter: string, upTo?: StreamSeq): StreamSeq | null {
  const end = rowUpTo(store, upTo ?? store.seqLast);
  if (end === noRow) return null;
  if (filter === "" || filter === ">") return seqOfRow(store.rows, end) as StreamSeq;
  let best = noRow;
  eachSubject(store.subjects, filter, (id) => {
    const row = subjectRowUpTo(store.subjects, store.rows, id, end);
    if (row > best) best = row;
  });
  return best === noRow ? null : (seqOfRow(store.rows, best) as StreamSeq);
}

/** For each subject that matches any filter its newest sequence at most `upTo`, ascending. */
export function lastOfSubjects(
  store: MessageStore,
  filters: readonly string[],
  upTo: StreamSeq,
): StreamSeq[] {
  const end = rowUpTo(store, upTo);
  const found: number[] = [];
  if (end === noRow) return [];
  eachMatchingSubject(store, filters, (id) => {
    const row = subjectRowUpTo(store.subjects, store.rows, id, end);
    if (row !== noRow) found.push(row);
  });
  found.sort((a, b) => a - b);
  return found.map((row) => seqOfRow(store.rows, row) as StreamSeq);
}

/**
 * First stored sequence at or after a time, or the last sequence plus one. Source: nats-server
 * `GetSeqFromTime`.
 */
export function seqAtTime(store: MessageStore, time: StoredTime): StreamSeq {
  const row = rowAtTime(store.rows, asUnixNano(time));
  const live = row === noRow ? noRow : nextLiveRow(store.rows, row);
  return (live === noRow ? store.seqLast + 1 : seqOfRow(store.rows, live)) as StreamSeq;
}

/** Before 1677 and after 2262 nanoseconds overflow in Go, and come out at the other end. */
function asUnixNano(time: StoredTime): StoredTime {
  if (Math.abs(time.s) < 9_223_372_036) return time;
  const nanos = BigInt.asIntN(64, BigInt(time.s) * nanosPerSecond + BigInt(time.n));
  const n = ((nanos % nanosPerSecond) + nanosPerSecond) % nanosPerSecond;
  return { s: Number((nanos - n) / nanosPerSecond), n: Number(n) };
}

const nanosPerSecond = 1_000_000_000n;

/** Calls `fn` with each subject that matches and its number of messages, in the subjects' order. */
export function eachSubjectCount(
  store: MessageStore,
  filter: string,
  fn: (subject: string, count: number) => void,
): void {
  eachSubject(store.subjects, filter === "" ? ">" : filter, (id, subject) =>
    fn(subject, numberLogGet(store.subjects.count, id)),
  );
}

/** Sequences between the first and the last that hold no message, ascending, at most `limit`. */
export function deletedSequences(store: MessageStore, limit = Number.MAX_SAFE_INTEGER): number[] {
  const deleted: number[] = [];
  let expected: number = store.seqFirst;
  const fill = (until: number): void => {
    for (; expected < until && deleted.length < limit; expected++) deleted.push(expected);
  };
  if (store.messages === 0) return deleted;
  let row = nextLiveRow(store.rows, store.rows.first);
  for (; row !== noRow && deleted.length < limit; row = nextLiveRow(store.rows, row + 1)) {
    const seq = seqOfRow(store.rows, row);
    fill(seq);
    expected = seq + 1;
  }
  fill(store.seqLast + 1);
  return deleted;
}

/** Whether any filter matches the subject; no filters match everything. */
export function matchesAny(filters: readonly string[], subject: string): boolean {
  if (filters.length === 0) return true;
  for (const filter of filters) {
    if (filter === subject || filter === ">" || filter === "") return true;
    if (isWildcard(filter) && subjectMatches(filter, subject)) return true;
  }
  return false;
}

function matchesAll(filters: readonly string[]): boolean {
  return filters.length === 0 || filters.includes(">") || filters.includes("");
}

function nextMatchingRow(store: MessageStore, filters: readonly string[], start: number): number {
  const only = filters.length === 1 ? filters[0] : undefined;
  if (only !== undefined && !isWildcard(only)) {
    const id = findSubject(store.subjects, only);
    return id < 0 ? noRow : subjectRowFrom(store.subjects, store.rows, id, start);
  }
  const scanEnd = Math.min(endRow(store.rows), start + scanRowsMax);
  for (let row = start; row < scanEnd; row++) {
    if (numberLogGet(store.rows.subject, row) === deadRow) continue;
    if (matchesAny(filters, subjectOfRow(store, row))) return row;
  }
  if (scanEnd === endRow(store.rows)) return noRow;
  let best = noRow;
  eachMatchingSubject(store, filters, (id) => {
    const row = subjectRowFrom(store.subjects, store.rows, id, scanEnd);
    if (row !== noRow && (best === noRow || row < best)) best = row;
  });
  return best;
}

/** Each subject once, even when several filters match it. */
function eachMatchingSubject(
  store: MessageStore,
  filters: readonly string[],
  fn: (id: number) => void,
): void {
  const only = matchesAll(filters) ? ">" : filters.length === 1 ? filters[0] : undefined;
  if (only !== undefined) {
    eachSubject(store.subjects, only, fn);
    return;
  }
  const seen = new Set<number>();
  for (const filter of filters) {
    eachSubject(store.subjects, filter, (id) => {
      if (seen.has(id)) return;
      seen.add(id);
      fn(id);
    });
  }
}

/** Last live row whose sequence is at most `seq`, or `noRow`. */
function rowUpTo(store: MessageStore, seq: StreamSeq): number {
  const { rows } = store;
  const above = rowAtOrAfter(rows, seq + 1);
  return previousLiveRow(rows, above === noRow ? endRow(rows) - 1 : above - 1);
}

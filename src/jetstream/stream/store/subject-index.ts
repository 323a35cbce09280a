/**
 * Messages by subject: each subject has an id, a count, and a chain through its live rows. A
 * subject that has seen many messages also has *runs*: every 128 rows of its chain a landmark, so
 * that a place in the chain is found in O(log n) and counted without walking it all.
 */

import {
  assert,
  createLog,
  createNumberLog,
  createTable,
  type Log,
  logGet,
  logPush,
  logSet,
  type NumberLog,
  numberLogGet,
  numberLogPush,
  numberLogSet,
  type Table,
  tableDelete,
  tableEach,
  tableFloor,
  tableGet,
  tableSet,
} from "../../../kernel/index.ts";
import { isWildcard, subjectMatches } from "../../../protocol/index.ts";
import { type MessageRows, noRow } from "./row-shape.ts";

/** Plain data; ids are numbers from 0 and are used again when a subject has no message left. */
export interface SubjectIndex {
  readonly ids: Table<string, number>;
  readonly names: Log<string>;
  readonly count: NumberLog;
  /** First and last live row. */
  readonly first: NumberLog;
  readonly last: NumberLog;
  /** The run being filled: its first row ever, first live row, rows put in, rows alive. */
  readonly tailStart: NumberLog;
  readonly tailFirst: NumberLog;
  readonly tailFill: NumberLog;
  readonly tailCount: NumberLog;
  /** Filled runs with something alive: `runKey` to `runValue`. */
  readonly runs: Table<number, number>;
  /** Chain of unused ids through `first`. */
  free: number;
  /** How many subjects have messages. */
  subjects: number;
}

const runRows = 128;
const rowsMax = 2 ** 31;
/** A run's value holds its first live row and its count, which is at most `runRows`. */
const runCountMax = 256;

export function createSubjectIndex(): SubjectIndex {
  return {
    ids: createTable(),
    names: createLog(),
    count: createNumberLog("i32"),
    first: createNumberLog("i32"),
    last: createNumberLog("i32"),
    tailStart: createNumberLog("i32"),
    tailFirst: createNumberLog("i32"),
    tailFill: createNumberLog("u8"),
    tailCount: createNumberLog("u8"),
    runs: createTable(),
    free: noRow,
    subjects: 0,
  };
}

/** The id of a subject with messages, or -1. */
export function findSubject(index: SubjectIndex, subject: string): number {
  return tableGet(index.ids, subject) ?? -1;
}

/** The id of a subject, given out when it is new. */
export function internSubject(index: SubjectIndex, subject: string): number {
  const known = tableGet(index.ids, subject);
  if (known !== undefined) return known;
  index.subjects += 1;
  const id = index.free === noRow ? logPush(index.names, subject) : reuseId(index, subject);
  if (id === index.count.end) pushEmptySubject(index);
  tableSet(index.ids, subject, id);
  return id;
}

export function subjectName(index: SubjectIndex, id: number): string {
  return logGet(index.names, id);
}

/** The last live row of a subject, or `noRow` when it has none. */
export function lastRowOfSubject(index: SubjectIndex, id: number): number {
  return numberLogGet(index.count, id) === 0 ? noRow : numberLogGet(index.last, id);
}

/** Takes a row that was just appended behind the last one of its subject. */
export function addToSubject(index: SubjectIndex, id: number, row: number): void {
  assert(row < rowsMax, "too many rows in one store");
  if (numberLogGet(index.tailFill, id) === runRows) closeRun(index, id, row);
  const count = numberLogGet(index.count, id);
  if (count === 0) numberLogSet(index.first, id, row);
  numberLogSet(index.last, id, row);
  numberLogSet(index.count, id, count + 1);
  const alive = numberLogGet(index.tailCount, id);
  if (alive === 0) numberLogSet(index.tailFirst, id, row);
  numberLogSet(index.tailCount, id, alive + 1);
  numberLogSet(index.tailFill, id, numberLogGet(index.tailFill, id) + 1);
}

/** Takes a row out, before it is killed; frees the subject with its last message. */
export function removeFromSubject(
  index: SubjectIndex,
  rows: MessageRows,
  id: number,
  row: number,
): void {
  const next = numberLogGet(rows.next, row);
  if (row >= numberLogGet(index.tailStart, id)) {
    numberLogSet(index.tailCount, id, numberLogGet(index.tailCount, id) - 1);
    if (row === numberLogGet(index.tailFirst, id)) numberLogSet(index.tailFirst, id, next);
  } else {
    removeFromRun(index, id, row, next);
  }
  if (row === numberLogGet(index.first, id)) numberLogSet(index.first, id, next);
  if (row === numberLogGet(index.last, id)) {
    numberLogSet(index.last, id, numberLogGet(rows.previous, row));
  }
  const count = numberLogGet(index.count, id) - 1;
  numberLogSet(index.count, id, count);
  if (count === 0) freeSubject(index, id);
}

/** First live row of the subject at or after `row`, or `noRow`. */
export function subjectRowFrom(
  index: SubjectIndex,
  rows: MessageRows,
  id: number,
  row: number,
): number {
  if (numberLogGet(index.count, id) === 0 || numberLogGet(index.last, id) < row) return noRow;
  let at = chainStart(index, id, row);
  while (at < row) at = numberLogGet(rows.next, at);
  return at;
}

/** Last live row of the subject at or before `row`, or `noRow`. */
export function subjectRowUpTo(
  index: SubjectIndex,
  rows: MessageRows,
  id: number,
  row: number,
): number {
  if (numberLogGet(index.count, id) === 0 || numberLogGet(index.first, id) > row) return noRow;
  if (numberLogGet(index.last, id) <= row) return numberLogGet(index.last, id);
  let at = chainStart(index, id, row);
  for (let next = at; next !== noRow && next <= row; next = numberLogGet(rows.next, next)) {
    at = next;
  }
  return at <= row ? at : numberLogGet(rows.previous, at);
}

/** How many live rows of the subject stand at or after `row`. */
export function subjectCountFrom(
  index: SubjectIndex,
  rows: MessageRows,
  id: number,
  row: number,
): number {
  const count = numberLogGet(index.count, id);
  if (count === 0 || numberLogGet(index.last, id) < row) return 0;
  if (numberLogGet(index.first, id) >= row) return count;
  const tail = numberLogGet(index.tailCount, id);
  const tailFirst = numberLogGet(index.tailFirst, id);
  if (tail > 0 && row >= tailFirst) return tail - chainLength(rows, tailFirst, row);
  let total = tail;
  const run = floorRun(index, id, row);
  if (run !== null) total += runCount(run.value) - chainLength(rows, runFirst(run.value), row);
  const keyEnd = runKey(id + 1, 0);
  const above = (value: number, key: number): boolean => {
    if (key >= keyEnd) return false;
    total += runCount(value);
    return true;
  };
  tableEach(index.runs, above, runKey(id, row) + 1);
  return total;
}

/** Calls `fn` for the id of each subject with messages that the filter matches, in name order. */
export function eachSubject(
  index: SubjectIndex,
  filter: string,
  fn: (id: number, subject: string) => void,
): void {
  if (!isWildcard(filter)) {
    const id = findSubject(index, filter);
    if (id >= 0) fn(id, filter);
    return;
  }
  const prefix = literalPrefix(filter);
  const visit = (id: number, subject: string): boolean => {
    if (!subject.startsWith(prefix)) return false;
    if (filter === ">" || subjectMatches(filter, subject)) fn(id, subject);
    return true;
  };
  tableEach(index.ids, visit, prefix);
}

/** Forgets the rows of a subject; its landmarks must be forgotten with it. */
export function resetSubject(index: SubjectIndex, id: number): void {
  numberLogSet(index.count, id, 0);
  numberLogSet(index.first, id, noRow);
  numberLogSet(index.last, id, noRow);
  numberLogSet(index.tailStart, id, 0);
  numberLogSet(index.tailFirst, id, noRow);
  numberLogSet(index.tailFill, id, 0);
  numberLogSet(index.tailCount, id, 0);
}

function reuseId(index: SubjectIndex, subject: string): number {
  const id = index.free;
  index.free = numberLogGet(index.first, id);
  numberLogSet(index.first, id, noRow);
  logSet(index.names, id, subject);
  return id;
}

function pushEmptySubject(index: SubjectIndex): void {
  numberLogPush(index.count, 0);
  numberLogPush(index.first, noRow);
  numberLogPush(index.last, noRow);
  numberLogPush(index.tailStart, 0);
  numberLogPush(index.tailFirst, noRow);
  numberLogPush(index.tailFill, 0);
  numberLogPush(index.tailCount, 0);
}

function freeSubject(index: SubjectIndex, id: number): void {
  tableDelete(index.ids, logGet(index.names, id));
  logSet(index.names, id, "");
  index.subjects -= 1;
  resetSubject(index, id);
  numberLogSet(index.first, id, index.free);
  index.free = id;
}

/** The run being filled is full: it becomes a landmark, and the next begins at `row`. */
function closeRun(index: SubjectIndex, id: number, row: number): void {
  const alive = numberLogGet(index.tailCount, id);
  if (alive > 0) {
    const key = runKey(id, numberLogGet(index.tailStart, id));
    tableSet(index.runs, key, runValue(numberLogGet(index.tailFirst, id), alive));
  }
  numberLogSet(index.tailStart, id, row);
  numberLogSet(index.tailFill, id, 0);
  numberLogSet(index.tailCount, id, 0);
}

function removeFromRun(index: SubjectIndex, id: number, row: number, next: number): void {
  const run = floorRun(index, id, row);
  assert(run !== null, "a row of a full run has its landmark");
  const alive = runCount(run.value) - 1;
  if (alive === 0) {
    tableDelete(index.runs, run.key);
    return;
  }
  const first = runFirst(run.value);
  tableSet(index.runs, run.key, runValue(first === row ? next : first, alive));
}

/** A live row of the chain from which `row` is at most a run away, walking on. */
function chainStart(index: SubjectIndex, id: number, row: number): number {
  const first = numberLogGet(index.first, id);
  if (first >= row) return first;
  if (numberLogGet(index.tailCount, id) > 0 && row >= numberLogGet(index.tailFirst, id)) {
    return numberLogGet(index.tailFirst, id);
  }
  const run = floorRun(index, id, row);
  return run === null ? first : runFirst(run.value);
}

/** How many rows of a chain stand before `row`. */
function chainLength(rows: MessageRows, start: number, row: number): number {
  let count = 0;
  for (let at = start; at !== noRow && at < row; at = numberLogGet(rows.next, at)) count += 1;
  return count;
}

function floorRun(
  index: SubjectIndex,
  id: number,
  row: number,
): { readonly key: number; readonly value: number } | null {
  const run = tableFloor(index.runs, runKey(id, row));
  return run !== null && run.key >= runKey(id, 0) ? run : null;
}

function runKey(id: number, row: number): number {
  return id * rowsMax + row;
}

function runValue(first: number, count: number): number {
  return first * runCountMax + count;
}

function runFirst(value: number): number {
  return Math.floor(value / runCountMax);
}

function runCount(value: number): number {
  return value % runCountMax;
}

/** What every subject that matches begins with: the tokens before the first wildcard. */
function literalPrefix(filter: string): string {
  let from = 0;
  for (;;) {
    const dot = filter.indexOf(".", from);
    const token = filter.slice(from, dot < 0 ? undefined : dot);
    if (token === "*" || token === ">" || dot < 0) return filter.slice(0, from);
    from = dot + 1;
  }
}

/**
 * A list indexed by number, in chunks of 256 rows that checkpoints share (log-chunks.ts). Rows are
 * values: never change one that was put in or got out, set a new one.
 */
import { assert } from "./assert.ts";
import {
  chunkForPush,
  chunkOf,
  forgetDropped,
  type Log,
  type LogChunk,
  logChunkRows,
  ownLogChunk,
  ownLogChunks,
} from "./log-chunks.ts";

/** An empty log whose next index is `first`. */
export function createLog<T>(first = 0): Log<T> {
  const base = chunkOf(first);
  return { container: "log", epoch: 0, first, end: first, base, chunks: [], chunksEpoch: 0 };
}

/** Adds a row at the end; answers its index. */
export function logPush<T>(log: Log<T>, row: T): number {
  const at = log.end;
  const chunk = chunkForPush(log, at);
  chunk.rows.push(row);
  chunk.hash = null;
  log.end = at + 1;
  return at;
}

/** The row at index i, which must exist. */
export function logGet<T>(log: Log<T>, i: number): T {
  assert(i >= log.first && i < log.end, "log index out of range");
  return (log.chunks[chunkOf(i) - log.base] as LogChunk<T>).rows[i & 255] as T;
}

/** Replaces the row at index i, which must exist. */
export function logSet<T>(log: Log<T>, i: number, row: T): void {
  assert(i >= log.first && i < log.end, "log index out of range");
  const chunk = ownLogChunk(log, chunkOf(i) - log.base);
  chunk.rows[i & 255] = row;
  chunk.hash = null;
}

export function logFirst(log: Log<unknown>): number {
  return log.first;
}

/** The index after the last row. */
export function logEnd(log: Log<unknown>): number {
  return log.end;
}

/** Forgets the rows before index i; indices stay as they are. */
export function logDropBefore(log: Log<unknown>, i: number): void {
  if (i <= log.first) return;
  const from = log.first;
  log.first = Math.min(i, log.end);
  const passed = chunkOf(log.first) - log.base;
  if (log.chunks.length === 0) return;
  if (passed > 0) {
    ownLogChunks(log);
    log.chunks.splice(0, passed);
    log.base += passed;
  }
  // What a fork still sees is not ours to clear.
  const head = log.chunks[0];
  if (head?.epoch === log.epoch) {
    forgetDropped(log, head, Math.max(from, log.base * logChunkRows));
  }
}

/** Forgets the rows from index `end` on. */
export function logTruncate(log: Log<unknown>, end: number): void {
  if (end >= log.end) return;
  assert(end >= log.first, "log truncated before its first row");
  log.end = end;
  const keep = chunkOf(end + logChunkRows - 1) - log.base;
  if (keep < log.chunks.length) {
    ownLogChunks(log);
    log.chunks.length = keep;
  }
  const rest = end & 255;
  if (rest === 0 || keep === 0) return;
  const tail = ownLogChunk(log, keep - 1);
  tail.rows.length = rest;
  tail.hash = null;
}

/** Calls `fn` for rows `from` (default first) to `to` (default end, exclusive); false stops. */
export function logEach<T>(
  log: Log<T>,
  fn: (row: T, index: number) => unknown,
  from = log.first,
  to = log.end,
): void {
  for (let i = Math.max(from, log.first); i < to && i < log.end; i++) {
    if (fn(logGet(log, i), i) === false) return;
  }
}

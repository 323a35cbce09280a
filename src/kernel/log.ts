/**
 * A list indexed by number, in chunks of 256 rows that checkpoints share. Rows are values: never
 * change one that was put in or got out, set a new one.
 *
 * Copy-on-write by epoch: a chunk may be written in place only while its epoch is its root's. A
 * chunk of epoch e, made by root R, can be reached from elsewhere only through a fork of R, and
 * every fork raises the epoch of both roots, so what is shared is never written.
 */
import { assert } from "./assert.ts";
import type { HashWords } from "./hasher.ts";

export interface LogChunk<T> {
  epoch: number;
  rows: T[];
  hash: HashWords | null;
}

/** Plain data; read and written only by the functions of this file. */
export interface Log<T> {
  readonly container: "log";
  epoch: number;
  first: number;
  end: number;
  /** Number of the chunk in `chunks[0]`; row i lives in chunk floor(i / 256). */
  base: number;
  chunks: LogChunk<T>[];
  /** The list of chunks itself is shared until written, so an idle log costs a fork nothing. */
  chunksEpoch: number;
}

export const logChunkRows = 256;

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
  log.first = Math.min(i, log.end);
  const passed = chunkOf(log.first) - log.base;
  if (passed <= 0 || log.chunks.length === 0) return;
  ownLogChunks(log);
  log.chunks.splice(0, passed);
  log.base += passed;
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

/** A copy that shares every chunk; raises the epoch of both. */
export function forkLog<T>(log: Log<T>): Log<T> {
  log.epoch += 1;
  return { ...log };
}

/** The chunk at a position in `chunks`, copied first when it is shared. For containers only. */
export function ownLogChunk<T>(log: Log<T>, position: number): LogChunk<T> {
  const chunk = log.chunks[position] as LogChunk<T>;
  if (chunk.epoch === log.epoch) return chunk;
  const copy: LogChunk<T> = { epoch: log.epoch, rows: chunk.rows.slice(), hash: chunk.hash };
  ownLogChunks(log);
  log.chunks[position] = copy;
  return copy;
}

function chunkForPush<T>(log: Log<T>, at: number): LogChunk<T> {
  const position = chunkOf(at) - log.base;
  if (position < log.chunks.length) return ownLogChunk(log, position);
  ownLogChunks(log);
  if (log.chunks.length === 0) log.base = chunkOf(at);
  // A log that begins in the middle of a chunk pads its head, so that slots stay `i & 255`.
  const rows: T[] = [];
  for (let slot = 0; slot < (at & 255); slot++) rows.push(undefined as T);
  const chunk: LogChunk<T> = { epoch: log.epoch, rows, hash: null };
  log.chunks.push(chunk);
  return chunk;
}

function ownLogChunks(log: Log<unknown>): void {
  if (log.chunksEpoch === log.epoch) return;
  log.chunks = log.chunks.slice();
  log.chunksEpoch = log.epoch;
}

// Sequences may pass 2^31, where a shift would wrap.
function chunkOf(i: number): number {
  return i < 0x7fff_ff00 ? i >> 8 : Math.floor(i / logChunkRows);
}

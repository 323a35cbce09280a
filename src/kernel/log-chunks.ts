/**
 * The chunks of a log.
 *
 * Copy-on-write by epoch: a chunk may be written in place only while its epoch is its root's. A
 * chunk of epoch e, made by root R, can be reached from elsewhere only through a fork of R, and
 * every fork raises the epoch of both roots, so what is shared is never written.
 */
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

/** A copy that shares every chunk; raises the epoch of both. */
export function forkLog<T>(log: Log<T>): Log<T> {
  log.epoch += 1;
  const { epoch, first, end, base, chunks, chunksEpoch } = log;
  return { container: "log", epoch, first, end, base, chunks, chunksEpoch };
}

/** The chunk at a position in `chunks`, copied first when it is shared. For containers only. */
export function ownLogChunk<T>(log: Log<T>, position: number): LogChunk<T> {
  const chunk = log.chunks[position] as LogChunk<T>;
  if (chunk.epoch === log.epoch) return chunk;
  const copy: LogChunk<T> = { epoch: log.epoch, rows: chunk.rows.slice(), hash: chunk.hash };
  if (position === 0) forgetDropped(log, copy, log.base * logChunkRows);
  ownLogChunks(log);
  log.chunks[position] = copy;
  return copy;
}

/**
 * Lets go of the rows from `from` on that were dropped: a queue that is never empty for long would
 * hold on to all that went through its chunk, and every fork with it.
 */
export function forgetDropped<T>(log: Log<T>, chunk: LogChunk<T>, from: number): void {
  for (let i = from; i < log.first; i++) chunk.rows[i & 255] = undefined as T;
}

/** The chunk that row `at` goes into, which is the next one. */
export function chunkForPush<T>(log: Log<T>, at: number): LogChunk<T> {
  const position = chunkOf(at) - log.base;
  if (position < log.chunks.length) return ownLogChunk(log, position);
  ownLogChunks(log);
  if (log.chunks.length === 0) log.base = chunkOf(at);
  // A list that grew by pushing has room for a third more; a full chunk needs none.
  const full = log.chunks[position - 1];
  if (full?.epoch === log.epoch) full.rows = full.rows.slice();
  // A log that begins in the middle of a chunk pads its head, so that slots stay `i & 255`.
  const rows: T[] = [];
  for (let slot = 0; slot < (at & 255); slot++) rows.push(undefined as T);
  const chunk: LogChunk<T> = { epoch: log.epoch, rows, hash: null };
  log.chunks.push(chunk);
  return chunk;
}

/** Makes the list of chunks writable. */
export function ownLogChunks(log: Log<unknown>): void {
  if (log.chunksEpoch === log.epoch) return;
  log.chunks = log.chunks.slice();
  log.chunksEpoch = log.epoch;
}

/** The chunk of a row. Sequences may pass 2^31, where a shift would wrap. */
export function chunkOf(i: number): number {
  return i < 0x7fff_ff00 ? i >> 8 : Math.floor(i / logChunkRows);
}

/**
 * A column of numbers in typed chunks of 4,096. Appending goes into the shared tail in place as in
 * byte-log.ts; setting copies a shared chunk as in log-chunks.ts.
 */
import { assert } from "./assert.ts";
import type { HashWords } from "./hasher.ts";

export type NumberType = "f64" | "i32" | "u8";
type NumberArray = Float64Array | Int32Array | Uint8Array;

interface NumberChunk {
  epoch: number;
  values: NumberArray;
  hash: HashWords | null;
}

/** Plain data; read and written only by the functions of this file. */
export interface NumberLog {
  readonly container: "numbers";
  readonly type: NumberType;
  epoch: number;
  first: number;
  end: number;
  base: number;
  chunks: NumberChunk[];
  chunksEpoch: number;
  ownsTail: boolean;
}

export const numberChunkSize = 4_096;
const numberChunkSizeMin = 64;
const slotMask = numberChunkSize - 1;

/** An empty column whose next index is `first`. */
export function createNumberLog(type: NumberType, first = 0): NumberLog {
  return {
    container: "numbers",
    type,
    epoch: 0,
    first,
    end: first,
    base: chunkOf(first),
    chunks: [],
    chunksEpoch: 0,
    ownsTail: true,
  };
}

/** Adds a number at the end; answers its index. The caller keeps to the column's range. */
export function numberLogPush(log: NumberLog, value: number): number {
  const at = log.end;
  const chunk = chunkForPush(log, at);
  chunk.values[at & slotMask] = value;
  log.end = at + 1;
  return at;
}

/** The number at index i, which must exist. */
export function numberLogGet(log: NumberLog, i: number): number {
  assert(i >= log.first && i < log.end, "number index out of range");
  const chunk = log.chunks[chunkOf(i) - log.base] as NumberChunk;
  return chunk.values[i & slotMask] as number;
}

/** Replaces the number at index i, which must exist. */
export function numberLogSet(log: NumberLog, i: number, value: number): void {
  assert(i >= log.first && i < log.end, "number index out of range");
  const position = chunkOf(i) - log.base;
  let chunk = log.chunks[position] as NumberChunk;
  if (chunk.epoch !== log.epoch) {
    chunk = { epoch: log.epoch, values: chunk.values.slice(), hash: null };
    ownNumberChunks(log);
    log.chunks[position] = chunk;
    if (position === chunkOf(log.end - 1) - log.base) log.ownsTail = true;
  }
  chunk.values[i & slotMask] = value;
  chunk.hash = null;
}

/** The index after the last number. */
export function numberLogEnd(log: NumberLog): number {
  return log.end;
}

/** Forgets the numbers before index i; indices stay as they are. */
export function numberLogDropBefore(log: NumberLog, i: number): void {
  if (i <= log.first) return;
  log.first = Math.min(i, log.end);
  const passed = chunkOf(log.first) - log.base;
  if (passed <= 0 || log.chunks.length === 0) return;
  ownNumberChunks(log);
  log.chunks.splice(0, passed);
  log.base += passed;
}

/** Forgets the numbers from index `end` on. */
export function numberLogTruncate(log: NumberLog, end: number): void {
  if (end >= log.end) return;
  assert(end >= log.first, "column truncated before its first number");
  log.end = end;
  const keep = chunkOf(end + slotMask) - log.base;
  if (keep < log.chunks.length) {
    ownNumberChunks(log);
    log.chunks.length = keep;
  }
  const tail = log.chunks[keep - 1];
  if (tail === undefined) return;
  // What was cut may still be seen by a fork: only a chunk of this epoch is ours to overwrite.
  log.ownsTail = tail.epoch === log.epoch;
  if (log.ownsTail) tail.hash = null;
}

/** A copy that shares every chunk and may not append to the last one in place. */
export function forkNumberLog(log: NumberLog): NumberLog {
  log.epoch += 1;
  const { type, epoch, first, end, base, chunks, chunksEpoch } = log;
  const ownsTail = false;
  return { container: "numbers", type, epoch, first, end, base, chunks, chunksEpoch, ownsTail };
}

function chunkForPush(log: NumberLog, at: number): NumberChunk {
  const position = chunkOf(at) - log.base;
  const tail = log.chunks.length === 0 ? undefined : log.chunks[position];
  if (tail === undefined) return openChunk(log, at);
  const slot = at & slotMask;
  if (log.ownsTail && slot < tail.values.length) return tail;
  const values = resized(tail.values, Math.min(numberChunkSize, slot < 32 ? 64 : slot * 2), slot);
  if (log.ownsTail) {
    tail.values = values;
    return tail;
  }
  const copy: NumberChunk = { epoch: log.epoch, values, hash: null };
  ownNumberChunks(log);
  log.chunks[position] = copy;
  log.ownsTail = true;
  return copy;
}

function openChunk(log: NumberLog, at: number): NumberChunk {
  ownNumberChunks(log);
  if (log.chunks.length === 0) log.base = chunkOf(at);
  // A column that outgrew its first chunk will fill the next; a new one starts small.
  const small = log.chunks.length === 0 && (at & slotMask) < numberChunkSizeMin;
  const values = newNumbers(log.type, small ? numberChunkSizeMin : numberChunkSize);
  const chunk: NumberChunk = { epoch: log.epoch, values, hash: null };
  log.chunks.push(chunk);
  log.ownsTail = true;
  return chunk;
}

function newNumbers(type: NumberType, size: number): NumberArray {
  if (type === "f64") return new Float64Array(size);
  return type === "i32" ? new Int32Array(size) : new Uint8Array(size);
}

function resized(values: NumberArray, size: number, keep: number): NumberArray {
  const type: NumberType =
    values instanceof Float64Array ? "f64" : values instanceof Int32Array ? "i32" : "u8";
  const grown = newNumbers(type, size);
  grown.set(values.subarray(0, keep));
  return grown;
}

function ownNumberChunks(log: NumberLog): void {
  if (log.chunksEpoch === log.epoch) return;
  log.chunks = log.chunks.slice();
  log.chunksEpoch = log.epoch;
}

// Sequences may pass 2^31, where a shift would wrap.
function chunkOf(i: number): number {
  return i < 0x7fff_0000 ? i >> 12 : Math.floor(i / numberChunkSize);
}

/**
 * Append-only bytes in chunks of 256 KiB. A record never straddles two chunks, so reading one is a
 * view without a copy. The last chunk is shared with forks: the live root keeps the right to append
 * to it, a fork sees only the bytes before its own end and copies the tail at its first append.
 */
import { assert } from "./assert.ts";
import type { HashWords } from "./hasher.ts";

export interface ByteChunk {
  bytes: Uint8Array;
  /** Bytes written by the owner; final once a later chunk exists. */
  used: number;
  hash: HashWords | null;
}

/** Plain data; read and written only by the functions of this file. */
export interface ByteLog {
  readonly container: "bytes";
  epoch: number;
  first: number;
  end: number;
  base: number;
  /** Null where a record larger than a chunk goes on from the chunk before. */
  chunks: (ByteChunk | null)[];
  chunksEpoch: number;
  ownsTail: boolean;
}

export const byteChunkSize = 262_144;
const byteChunkSizeMin = 1_024;

export function createByteLog(): ByteLog {
  return {
    container: "bytes",
    epoch: 0,
    first: 0,
    end: 0,
    base: 0,
    chunks: [],
    chunksEpoch: 0,
    ownsTail: true,
  };
}

/** Appends one record made of up to three parts; answers the offset of its first byte. */
export function byteLogAppend(log: ByteLog, a: Uint8Array, b?: Uint8Array, c?: Uint8Array): number {
  const length = a.length + (b === undefined ? 0 : b.length) + (c === undefined ? 0 : c.length);
  if (length === 0) return log.end;
  const offset = room(log, length);
  const chunk = log.chunks[chunkOf(offset) - log.base] as ByteChunk;
  let at = offset % byteChunkSize;
  chunk.bytes.set(a, at);
  at += a.length;
  if (b !== undefined) {
    chunk.bytes.set(b, at);
    at += b.length;
  }
  if (c !== undefined) {
    chunk.bytes.set(c, at);
    at += c.length;
  }
  chunk.used = at;
  log.end = at > byteChunkSize ? alignUp(offset + length) : offset + length;
  return offset;
}

/** A view of `length` bytes at `offset`: a value, never to be written. */
export function byteLogRead(log: ByteLog, offset: number, length: number): Uint8Array {
  assert(offset >= log.first && offset + length <= log.end, "bytes out of range");
  if (length === 0) return emptyBytes;
  let position = chunkOf(offset) - log.base;
  let at = offset % byteChunkSize;
  // Inside a record larger than a chunk: its bytes lie where it began.
  for (; log.chunks[position] === null; position--) at += byteChunkSize;
  const chunk = log.chunks[position];
  assert(chunk !== null && chunk !== undefined, "bytes read inside a record that was dropped");
  return chunk.bytes.subarray(at, at + length);
}

/** Forgets the bytes before `offset`, a chunk at a time; offsets stay as they are. */
export function byteLogDropBefore(log: ByteLog, offset: number): void {
  if (offset <= log.first) return;
  log.first = Math.min(offset, log.end);
  const passed = chunkOf(log.first) - log.base;
  if (passed <= 0 || log.chunks.length === 0) return;
  ownByteChunks(log);
  log.chunks.splice(0, passed);
  log.base += passed;
}

/** From the first offset kept to the end, unused ends of chunks included. */
export function byteLogSize(log: ByteLog): number {
  return log.end - log.first;
}

/** A copy that shares every chunk and may not append to the last one in place. */
export function forkByteLog(log: ByteLog): ByteLog {
  log.epoch += 1;
  const { epoch, first, end, base, chunks, chunksEpoch } = log;
  return { container: "bytes", epoch, first, end, base, chunks, chunksEpoch, ownsTail: false };
}

const emptyBytes = new Uint8Array(0);

/** Makes place for a record of `length` bytes; answers its offset. */
function room(log: ByteLog, length: number): number {
  const slot = log.end % byteChunkSize;
  if (slot + length > byteChunkSize || log.end === alignUp(log.end)) {
    const offset = alignUp(log.end);
    openChunk(log, offset, length);
    return offset;
  }
  const position = chunkOf(log.end) - log.base;
  const tail = log.chunks[position] as ByteChunk;
  const needed = slot + length;
  if (log.ownsTail && needed <= tail.bytes.length) return log.end;
  const grown = new Uint8Array(capacityFor(needed));
  grown.set(tail.bytes.subarray(0, slot));
  if (log.ownsTail) {
    // Those who share the chunk see the same bytes in the larger buffer.
    tail.bytes = grown;
  } else {
    ownByteChunks(log);
    log.chunks[position] = { bytes: grown, used: slot, hash: null };
    log.ownsTail = true;
  }
  return log.end;
}

function openChunk(log: ByteLog, offset: number, length: number): void {
  ownByteChunks(log);
  sealTail(log);
  if (log.chunks.length === 0) log.base = chunkOf(offset);
  const size = length > byteChunkSize ? length : capacityFor(length);
  log.chunks.push({ bytes: new Uint8Array(size), used: 0, hash: null });
  for (let covered = byteChunkSize; covered < length; covered += byteChunkSize) {
    log.chunks.push(null);
  }
  log.ownsTail = true;
}

/** A fork that leaves a shared tail behind notes how much of it is its own. */
function sealTail(log: ByteLog): void {
  if (log.ownsTail) return;
  const position = chunkOf(log.end) - log.base;
  const tail = log.chunks[position];
  if (tail === null || tail === undefined) return;
  log.chunks[position] = { bytes: tail.bytes, used: log.end % byteChunkSize, hash: null };
}

/** Small logs stay small: the tail doubles up to the chunk's size. */
function capacityFor(length: number): number {
  let size = byteChunkSizeMin;
  while (size < length) size *= 2;
  return size;
}

function ownByteChunks(log: ByteLog): void {
  if (log.chunksEpoch === log.epoch) return;
  log.chunks = log.chunks.slice();
  log.chunksEpoch = log.epoch;
}

function chunkOf(offset: number): number {
  return Math.floor(offset / byteChunkSize);
}

function alignUp(offset: number): number {
  return Math.ceil(offset / byteChunkSize) * byteChunkSize;
}

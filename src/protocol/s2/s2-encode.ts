/** Writes one block: literals and copies of what went before, in Snappy's part of S2. */

/** The longest reach of a copy with two bytes of offset. */
const nearMax = 0xffff;
const copyMax = 64;
const hashBits = 14;
const literalTag = 0;
const copy2Tag = 2;
const copy4Tag = 3;

interface Writer {
  readonly from: Uint8Array;
  readonly into: Uint8Array;
  at: number;
}

/** The block of these bytes; null when it would be no shorter than they are. */
export function encodeBlock(from: Uint8Array): Uint8Array | null {
  // What is longer than the input is given up, so twice its tags always fits.
  const writer: Writer = { from, into: new Uint8Array(from.length + 64), at: 0 };
  writeLength(writer, from.length);
  const seen = new Int32Array(1 << hashBits).fill(-1);
  let literalFrom = 0;
  let at = 0;
  // Incompressible stretches are passed ever faster.
  let misses = 32;
  while (at + 4 <= from.length) {
    const hash = hashAt(from, at);
    const earlier = seen[hash] ?? -1;
    seen[hash] = at;
    const length = earlier < 0 ? 0 : matchLength(from, earlier, at);
    if (length < 4) {
      at += misses >> 5;
      misses += 1;
      continue;
    }
    if (!fits(writer, at - literalFrom)) return null;
    writeLiteral(writer, literalFrom, at);
    writeCopies(writer, at - earlier, length);
    at += length;
    literalFrom = at;
    misses = 32;
  }
  if (!fits(writer, from.length - literalFrom)) return null;
  writeLiteral(writer, literalFrom, from.length);
  return writer.at < from.length ? writer.into.slice(0, writer.at) : null;
}

function fits({ from, at }: Writer, literal: number): boolean {
  return at + literal < from.length;
}

function hashAt(from: Uint8Array, at: number): number {
  const low = (from[at] ?? 0) | ((from[at + 1] ?? 0) << 8);
  const high = ((from[at + 2] ?? 0) << 16) | ((from[at + 3] ?? 0) << 24);
  return Math.imul(low | high, 0x1e35a7bd) >>> (32 - hashBits);
}

function matchLength(from: Uint8Array, earlier: number, at: number): number {
  let length = 0;
  while (at + length < from.length && from[earlier + length] === from[at + length]) length += 1;
  return length;
}

function writeLength(writer: Writer, length: number): void {
  let rest = length;
  for (; rest >= 0x80; rest >>>= 7) put(writer, (rest & 0x7f) | 0x80);
  put(writer, rest);
}

function writeLiteral(writer: Writer, start: number, end: number): void {
  if (start === end) return;
  const more = end - start - 1;
  if (more < 60) put(writer, (more << 2) | literalTag);
  else {
    const bytes = more < 1 << 8 ? 1 : more < 1 << 16 ? 2 : 3;
    put(writer, ((59 + bytes) << 2) | literalTag);
    putNumber(writer, more, bytes);
  }
  writer.into.set(writer.from.subarray(start, end), writer.at);
  writer.at += end - start;
}

function writeCopies(writer: Writer, offset: number, length: number): void {
  const isNear = offset <= nearMax;
  for (let rest = length; rest > 0; rest -= copyMax) {
    put(writer, ((Math.min(rest, copyMax) - 1) << 2) | (isNear ? copy2Tag : copy4Tag));
    putNumber(writer, offset, isNear ? 2 : 4);
  }
}

function putNumber(writer: Writer, value: number, bytes: number): void {
  for (let i = 0; i < bytes; i++) put(writer, (value >>> (8 * i)) & 0xff);
}

function put(writer: Writer, byte: number): void {
  writer.into[writer.at] = byte;
  writer.at += 1;
}

/** One block of S2, which is Snappy's with repeated offsets. */

/** Compressed bytes that are none. The message is that of Go's `s2` package. */
export class S2Error extends Error {
  override readonly name = "S2Error";
}

export function corruptS2(): S2Error {
  return new S2Error("s2: corrupt input");
}

/** Beyond this a block is no block. Source: klauspost/compress `s2` `maxBlockSize`. */
export const blockMax = 4 << 20;

interface Cursor {
  readonly from: Uint8Array;
  at: number;
}

/** Throws `S2Error`. */
export function decodeBlock(block: Uint8Array): Uint8Array {
  const cursor: Cursor = { from: block, at: 0 };
  const size = readLength(cursor);
  const into = new Uint8Array(size);
  let filled = 0;
  let offset = 0;
  while (cursor.at < block.length) {
    const tag = take(cursor, 1);
    const kind = tag & 3;
    if (kind === 0) {
      const length = literalLength(cursor, tag >> 2);
      if (length > size - filled || cursor.at + length > block.length) throw corruptS2();
      into.set(block.subarray(cursor.at, cursor.at + length), filled);
      cursor.at += length;
      filled += length;
      continue;
    }
    let length: number;
    if (kind === 1) {
      const near = ((tag & 0xe0) << 3) | take(cursor, 1);
      const code = (tag >> 2) & 7;
      length = near === 0 ? repeatLength(cursor, code) : code + 4;
      if (near !== 0) offset = near;
    } else {
      length = 1 + (tag >> 2);
      offset = take(cursor, kind === 2 ? 2 : 4);
    }
    if (offset === 0 || offset > filled || length > size - filled) throw corruptS2();
    // Source and target may overlap: that is how runs are written.
    if (offset >= length) into.copyWithin(filled, filled - offset, filled - offset + length);
    else for (let i = 0; i < length; i++) into[filled + i] = into[filled - offset + i] ?? 0;
    filled += length;
  }
  if (filled !== size) throw corruptS2();
  return into;
}

function literalLength(cursor: Cursor, code: number): number {
  return (code < 60 ? code : take(cursor, code - 59)) + 1;
}

/** A copy from where the last one was taken; its length may stand in further bytes. */
function repeatLength(cursor: Cursor, code: number): number {
  if (code < 5) return code + 4;
  const further = take(cursor, code - 4);
  const base = code === 5 ? 4 : code === 6 ? 1 << 8 : 1 << 16;
  return further + base + 4;
}

function readLength(cursor: Cursor): number {
  let length = 0;
  let factor = 1;
  for (let bytes = 1; ; bytes++) {
    const byte = take(cursor, 1);
    length += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
    if (bytes === 5) throw corruptS2();
    factor *= 128;
  }
  if (length > blockMax) throw corruptS2();
  return length;
}

/** So many bytes as a little-endian number. */
function take(cursor: Cursor, bytes: number): number {
  const { from, at } = cursor;
  if (at + bytes > from.length) throw corruptS2();
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (from[at + i] ?? 0);
  cursor.at = at + bytes;
  return value;
}

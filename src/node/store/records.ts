/**
 * Records in a file, one behind the other: length, CRC-32 and body. A process that is killed leaves
 * whole records and at most one torn one at the end.
 */
import { readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { reserve, type Writer } from "./changes.ts";

/** Length and checksum, four bytes each. */
const headBytes = 8;

/** Appends the record whose body `write` writes. */
export function writeRecord(writer: Writer, write: (writer: Writer) => void): void {
  const head = writer.used;
  reserve(writer, headBytes);
  writer.used += headBytes;
  const from = writer.used;
  write(writer);
  writer.bytes.writeUInt32LE(writer.used - from, head);
  writer.bytes.writeUInt32LE(crc32(writer.bytes.subarray(from, writer.used)), head + 4);
}

/**
 * Calls `take` with the body of each whole record from `offset` on; a body is good until it
 * returns. Answers where the last whole record ends.
 */
export function readRecords(
  descriptor: number,
  offset: number,
  take: (body: Buffer) => void,
): number {
  const window: Window = { descriptor, bytes: Buffer.allocUnsafe(windowBytes), from: 0, until: 0 };
  let at = offset;
  for (;;) {
    const head = lookAt(window, at, headBytes);
    if (head === null) return at;
    const length = head.readUInt32LE(0);
    const checksum = head.readUInt32LE(4);
    const body = length === 0 ? null : lookAt(window, at + headBytes, length);
    if (body === null || crc32(body) !== checksum) return at;
    take(body);
    at += headBytes + length;
  }
}

const windowBytes = 1 << 20;
/** No record is longer; a torn head may say anything. */
const bodyBytesMax = 0xf000_0000;

/** The part of a file that is in memory. */
interface Window {
  readonly descriptor: number;
  bytes: Buffer;
  from: number;
  until: number;
}

/** `length` bytes at `offset`, or null where the file ends before. */
function lookAt(window: Window, offset: number, length: number): Buffer | null {
  if (length > bodyBytesMax) return null;
  if (offset < window.from || offset + length > window.until) fill(window, offset, length);
  if (offset + length > window.until) return null;
  return window.bytes.subarray(offset - window.from, offset - window.from + length);
}

function fill(window: Window, offset: number, length: number): void {
  window.from = offset;
  window.until = offset;
  // A torn length must not make us ask for memory that the file cannot fill.
  while (window.until < offset + length) {
    const used = window.until - offset;
    if (used === window.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(windowBytes, Math.min(length, used * 2)));
      window.bytes.copy(grown, 0, 0, used);
      window.bytes = grown;
    }
    const room = window.bytes.length - used;
    const read = readSync(window.descriptor, window.bytes, used, room, window.until);
    if (read === 0) return;
    window.until += read;
  }
}

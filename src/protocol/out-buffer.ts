/** A growing buffer that output is written into once; what it gives out is a value of its own. */
import { emptyBytes, writeText } from "./text.ts";

/** Scratch space: not part of any checkpoint, always emptied before an event ends. */
export interface OutBuffer {
  bytes: Uint8Array;
  length: number;
}

export function createOutBuffer(capacity = 1024): OutBuffer {
  return { bytes: new Uint8Array(capacity), length: 0 };
}

/** The bytes written so far, as a fresh value; the buffer is empty afterwards and reusable. */
export function takeBytes(out: OutBuffer): Uint8Array {
  if (out.length === 0) return emptyBytes;
  const taken = out.bytes.slice(0, out.length);
  out.length = 0;
  return taken;
}

export function outText(out: OutBuffer, text: string): void {
  reserve(out, text.length * 3);
  out.length = writeText(text, out.bytes, out.length);
}

export function outBytes(out: OutBuffer, bytes: Uint8Array): void {
  reserve(out, bytes.length);
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}

export function outByte(out: OutBuffer, byte: number): void {
  reserve(out, 1);
  out.bytes[out.length++] = byte;
}

/** Decimal digits of a whole number that is not negative. */
export function outNumber(out: OutBuffer, value: number): void {
  reserve(out, 20);
  let digits = 1;
  for (let bound = 10; value >= bound; bound *= 10) digits++;
  let rest = value;
  for (let at = out.length + digits - 1; at >= out.length; at--) {
    const tenth = Math.floor(rest / 10);
    out.bytes[at] = 0x30 + (rest - tenth * 10);
    rest = tenth;
  }
  out.length += digits;
}

export function outCrLf(out: OutBuffer): void {
  reserve(out, 2);
  out.bytes[out.length++] = 0x0d;
  out.bytes[out.length++] = 0x0a;
}

function reserve(out: OutBuffer, more: number): void {
  const needed = out.length + more;
  if (needed <= out.bytes.length) return;
  let capacity = out.bytes.length * 2;
  while (capacity < needed) capacity *= 2;
  const grown = new Uint8Array(capacity);
  grown.set(out.bytes.subarray(0, out.length));
  out.bytes = grown;
}

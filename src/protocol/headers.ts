/**
 * The header block of a message: `NATS/1.0[ status[ description]]`, lines `Name: value`, and a
 * blank line.
 * Names are compared to the letter, as nats-server does; blocks are values, never changed in
 * place.
 */
import { concatBytes, decodeText, encodeText } from "./text.ts";

export type Headers = readonly (readonly [name: string, value: string])[];

export interface DecodedHeaders {
  readonly status: number | null;
  readonly description: string;
  readonly entries: Headers;
}

const versionLine = "NATS/1.0";
const emptyBlockLength = versionLine.length + 4;
const cr = 0x0d;
const lf = 0x0a;
const colon = 0x3a;
const space = 0x20;

/** A block of `entries`, with the status line when `status` is given. */
export function encodeHeaders(
  entries: Headers,
  status: number | null = null,
  description = "",
): Uint8Array {
  let text = versionLine;
  if (status !== null) text += ` ${status}${description === "" ? "" : ` ${description}`}`;
  text += "\r\n";
  for (const [name, value] of entries) text += `${name}: ${value}\r\n`;
  return encodeText(`${text}\r\n`);
}

/** Every line of the block; a line without a colon is left out. */
export function decodeHeaders(block: Uint8Array | null): DecodedHeaders {
  if (block === null) return { status: null, description: "", entries: [] };
  const [first = "", ...lines] = decodeText(block).split("\r\n");
  const entries: [string, string][] = [];
  for (const line of lines) {
    const at = line.indexOf(":");
    if (at > 0) entries.push([line.slice(0, at), line.slice(at + 1).trim()]);
  }
  const status = /^NATS\/\S+\s+(\d+)\s*(.*)$/.exec(first);
  if (status === null) return { status: null, description: "", entries };
  return { status: Number(status[1]), description: (status[2] ?? "").trim(), entries };
}

/**
 * The value of the first header `name`, without decoding the others; null when it is not there.
 * Source: nats-server `sliceHeader`: blanks before the value are skipped, those after it are not.
 */
export function getHeader(block: Uint8Array | null, name: string): string | null {
  if (block === null) return null;
  const line = findLine(block, name, 0);
  if (line < 0) return null;
  let start = line + name.length + 1;
  while (start < block.length && block[start] === space) start++;
  return decodeText(block, start, lineEnd(block, start));
}

export function hasHeader(block: Uint8Array | null, name: string): boolean {
  return block !== null && findLine(block, name, 0) >= 0;
}

/** Replaces the first header `name`, or adds it at the end. Source: nats-server `setHeader`. */
export function setHeader(block: Uint8Array | null, name: string, value: string): Uint8Array {
  if (block === null) return encodeHeaders([[name, value]]);
  const line = findLine(block, name, 0);
  if (line < 0) return appendHeader(block, name, value);
  let start = line + name.length + 1;
  if (block[start] === space) start++;
  const end = lineEnd(block, start);
  return concatBytes([block.subarray(0, start), encodeText(value), block.subarray(end)]);
}

/** Adds a header after those that are there, whatever their names. Source: `genHeader`. */
export function appendHeader(block: Uint8Array | null, name: string, value: string): Uint8Array {
  if (block === null || block.length <= 2) return encodeHeaders([[name, value]]);
  const line = encodeText(`${name}: ${value}\r\n\r\n`);
  return concatBytes([block.subarray(0, block.length - 2), line]);
}

/** Without any header `name`; null when none is left. Source: `removeHeaderIfPresent`. */
export function removeHeader(block: Uint8Array | null, name: string): Uint8Array | null {
  return removeLines(block, (from, bytes) => findLine(bytes, name, from));
}

/** Without any header that begins with `prefix`. Source: `removeHeaderIfPrefixPresent`. */
export function removeHeaderPrefix(block: Uint8Array | null, prefix: string): Uint8Array | null {
  return removeLines(block, (from, bytes) => findPrefix(bytes, prefix, from));
}

function removeLines(
  block: Uint8Array | null,
  find: (from: number, bytes: Uint8Array) => number,
): Uint8Array | null {
  if (block === null) return null;
  const kept: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    const line = find(from, block);
    if (line < 0) break;
    kept.push(block.subarray(from, line));
    from = Math.min(lineEnd(block, line) + 2, block.length);
  }
  if (from === 0) return block;
  kept.push(block.subarray(from));
  const left = concatBytes(kept);
  return left.length <= emptyBlockLength ? null : left;
}

/** Where the line `name:` begins, at `from` or later; -1 when there is none. */
function findLine(block: Uint8Array, name: string, from: number): number {
  for (let at = findPrefix(block, name, from); at >= 0; at = findPrefix(block, name, at + 1)) {
    if (block[at + name.length] === colon) return at;
  }
  return -1;
}

/** Where a line that begins with `prefix` begins; the first line is never one. */
function findPrefix(block: Uint8Array, prefix: string, from: number): number {
  for (let at = nextLine(block, from - 2); at >= 0; at = nextLine(block, at)) {
    if (at >= from && startsWith(block, at, prefix)) return at;
  }
  return -1;
}

/** The start of the first line that begins after `from`; -1 at the end of the block. */
function nextLine(block: Uint8Array, from: number): number {
  for (let i = Math.max(from, 0); i + 2 < block.length; i++) {
    if (block[i] === cr && block[i + 1] === lf) return i + 2;
  }
  return -1;
}

function lineEnd(block: Uint8Array, from: number): number {
  let at = from;
  while (at < block.length && !(block[at] === cr && block[at + 1] === lf)) at++;
  return at;
}

function startsWith(block: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (block[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

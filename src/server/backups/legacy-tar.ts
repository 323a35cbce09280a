/**
 * The tar that a snapshot was before nats-server 2.15: the files of a stream. Names and sizes may
 * stand in records of their own, as PAX has them.
 *
 *     name:100 mode:8 uid:8 gid:8 size:12 … type:1 at 156 … prefix:155 at 345    then the bytes,
 *     in blocks of 512; two blocks of zeros are the end
 */
import { decodeText } from "../../protocol/index.ts";
import { ArchiveError } from "./archive.ts";

const blockSize = 512;
const sizeAt = 124;
const typeAt = 156;
const prefixAt = 345;
const prefixEnd = 500;

/** The files by name, in order. Throws `ArchiveError` in the words of Go's `archive/tar`. */
export function readTar(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let extended: ReadonlyMap<string, string> = new Map();
  for (let at = 0; at < bytes.length; ) {
    if (at + blockSize > bytes.length) throw new ArchiveError("unexpected EOF");
    const head = bytes.subarray(at, at + blockSize);
    if (head.every((byte) => byte === 0)) break;
    const size = Number(extended.get("size") ?? octal(head, sizeAt));
    const end = at + blockSize + size;
    if (!Number.isSafeInteger(size)) throw new ArchiveError("archive/tar: invalid tar header");
    if (end > bytes.length) throw new ArchiveError("unexpected EOF");
    const content = bytes.subarray(at + blockSize, end);
    const type = String.fromCharCode(head[typeAt] ?? 0);
    if (type === "x") extended = readRecords(content);
    else {
      // Of anything but plain files nats-server says no more.
      if (type !== "0" && type !== "\0") throw new ArchiveError("unexpected content");
      files.set(extended.get("path") ?? nameOf(head), content);
      extended = new Map();
    }
    at = end + ((blockSize - (size % blockSize)) % blockSize);
  }
  return files;
}

function nameOf(head: Uint8Array): string {
  const prefix = textAt(head, prefixAt, prefixEnd);
  const name = textAt(head, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function textAt(head: Uint8Array, from: number, to: number): string {
  const zero = head.indexOf(0, from);
  return decodeText(head, from, zero < 0 || zero > to ? to : zero);
}

function octal(head: Uint8Array, at: number): number {
  const text = textAt(head, at, at + 12).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** `LENGTH KEY=VALUE` and a line feed, each. */
function readRecords(content: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  for (const line of decodeText(content).split("\n")) {
    const match = /^\d+ ([^=]+)=(.*)$/.exec(line);
    if (match !== null) records.set(match[1] ?? "", match[2] ?? "");
  }
  return records;
}

/**
 * The archive that a snapshot is, before compression: what stands in it is named, and headers and
 * payload of a message keep their sizes.
 *
 *     "NATSARC1" { name length, time, sequence, header size, payload size: varints; name; bytes }
 *
 * Time is zigzag-encoded nanoseconds since 1970. An entry of zeros is the end.
 * Source: nats-server `server/archive/archive.go`.
 */
import type { StoredTime } from "../../kernel/index.ts";
import { concatBytes, decodeText, encodeText } from "../../protocol/index.ts";
import { nanosOf, timeOf } from "./nano-time.ts";
import { type Cursor, putVarint, takeVarint, unzigzag, zigzag } from "./varint.ts";

export const archiveMagic = "NATSARC1";

const nameMax = 1 << 20;
/** Bytes that are no archive, or one that is not whole. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

export interface ArchiveEntry {
  readonly name: string;
  readonly time: StoredTime;
  /** 0 for what is no message. */
  readonly seq: number;
  readonly headers: Uint8Array;
  readonly payload: Uint8Array;
}

const noTime: StoredTime = Object.freeze({ s: 0, n: 0 });
const nothing = new Uint8Array(0);

/** The entry behind which nothing follows. */
export const archiveEnd: ArchiveEntry = Object.freeze({
  name: "",
  time: noTime,
  seq: 0,
  headers: nothing,
  payload: nothing,
});

/** The parts of an entry, in order. */
export function encodeEntry(entry: ArchiveEntry): Uint8Array[] {
  const { headers, payload } = entry;
  const name = encodeText(entry.name);
  const head: number[] = [];
  putVarint(head, BigInt(name.length));
  putVarint(head, zigzag(nanosOf(entry.time)));
  putVarint(head, BigInt(entry.seq));
  putVarint(head, BigInt(headers.length));
  putVarint(head, BigInt(payload.length));
  return [Uint8Array.from(head), name, headers, payload];
}

export interface EntryRead {
  readonly entry: ArchiveEntry;
  /** Where the next one begins. */
  readonly end: number;
}

/** The entry that begins at `from`; null when it is not whole yet. Throws `ArchiveError`. */
export function decodeEntry(bytes: Uint8Array, from: number): EntryRead | null {
  const cursor: Cursor = { bytes, at: from };
  const numbers: bigint[] = [];
  for (let i = 0; i < 5; i++) {
    const value = takeVarint(cursor);
    if (value === "incomplete") return null;
    if (value === "invalid") throw invalidArchive();
    numbers.push(value);
  }
  const [nameSize = 0n, time = 0n, seq = 0n, headerSize = 0n, payloadSize = 0n] = numbers;
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  if (nameSize > nameMax || headerSize + payloadSize > most) throw invalidArchive();
  if (seq > most) throw new ArchiveError("windtunnel does not support sequences beyond 2^53");
  const nameEnd = cursor.at + Number(nameSize);
  const payloadFrom = nameEnd + Number(headerSize);
  const end = payloadFrom + Number(payloadSize);
  if (end > bytes.length) return null;
  const entry: ArchiveEntry = {
    name: decodeText(bytes, cursor.at, nameEnd),
    time: timeOf(unzigzag(time)),
    seq: Number(seq),
    headers: bytes.subarray(nameEnd, payloadFrom),
    payload: bytes.subarray(payloadFrom, end),
  };
  return { entry, end };
}

export function isArchiveEnd({ name, time, seq, headers, payload }: ArchiveEntry): boolean {
  const isUntimed = time.s === 0 && time.n === 0;
  return name === "" && isUntimed && seq === 0 && headers.length + payload.length === 0;
}

export function invalidArchive(): ArchiveError {
  return new ArchiveError("archive: invalid archive stream");
}

/** The first entries of an archive: what tells it from others, and then these. */
export function beginArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  return concatBytes([encodeText(archiveMagic), ...entries.flatMap(encodeEntry)]);
}

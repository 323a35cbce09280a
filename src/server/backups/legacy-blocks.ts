/**
 * The blocks in which nats-server's file store keeps messages, and what it says of them all.
 *
 *     length:4 sequence:8 time:8 subject size:2 | subject [headers size:4 headers] payload hash:8
 *
 * The length's highest bit says that there are headers. Of a sequence the highest bit says that the
 * message was erased, the next that another one was deleted.
 * Source: nats-server `server/filestore.go` `writeMsgRecord`, `recoverMsgs`, `_writeFullState`.
 */
import { compareStrings } from "../../kernel/index.ts";
import { decodeText, emptyBytes } from "../../protocol/index.ts";
import { type ArchiveEntry, ArchiveError } from "./archive.ts";
import { timeOf } from "./nano-time.ts";
import { type Cursor, takeVarint } from "./varint.ts";

const headSize = 22;
const hashSize = 8;
const lengthSize = 4;
const headersBit = 0x8000_0000;
const erasedBit = 1n << 63n;
const tombstoneBit = 1n << 62n;
const stateMagic = 11;

export interface StoredBlocks {
  readonly messages: readonly ArchiveEntry[];
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Throws `ArchiveError`. */
export function readBlocks(files: ReadonlyMap<string, Uint8Array>): StoredBlocks {
  const found = new Map<bigint, ArchiveEntry>();
  let lastSeq = 0n;
  for (const name of blockNames(files)) {
    const last = readBlock(files.get(name) ?? emptyBytes, found);
    if (last > lastSeq) lastSeq = last;
  }
  const state = readState(files.get("msgs/index.db"));
  const firstSeq = state?.firstSeq ?? 0n;
  const messages: ArchiveEntry[] = [];
  // What limits have taken away from the front is still in the first block.
  for (const [seq, entry] of found) if (seq >= firstSeq) messages.push(entry);
  messages.sort((a, b) => a.seq - b.seq);
  const last = state !== null && state.lastSeq > lastSeq ? state.lastSeq : lastSeq;
  const first = firstSeq > 0n ? Number(firstSeq) : (messages[0]?.seq ?? Number(last) + 1);
  return { messages, firstSeq: last === 0n ? 0 : first, lastSeq: Number(last) };
}

/** By number. */
function blockNames(files: ReadonlyMap<string, Uint8Array>): string[] {
  const numberOf = (name: string): string => /^msgs\/(\d+)\.blk$/.exec(name)?.[1] ?? "";
  const names = [...files.keys()].filter((name) => numberOf(name) !== "");
  const key = (name: string): string => numberOf(name).padStart(20, "0");
  return names.sort((a, b) => compareStrings(key(a), key(b)));
}

/** Puts messages where they belong and takes deleted ones away; answers the last sequence. */
function readBlock(bytes: Uint8Array, found: Map<bigint, ArchiveEntry>): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let last = 0n;
  for (let at = 0; at < bytes.length; ) {
    if (at + headSize > bytes.length) throw damaged();
    const length = view.getUint32(at, true);
    const size = length & ~headersBit;
    if (size < headSize + hashSize || at + size > bytes.length) throw damaged();
    const marked = view.getBigUint64(at + 4, true);
    const seq = marked & ~(erasedBit | tombstoneBit);
    if ((marked & tombstoneBit) !== 0n) found.delete(seq);
    else {
      if (seq > last) last = seq;
      if ((marked & erasedBit) !== 0n || marked === 0n) found.delete(seq);
      else found.set(seq, readRecord(bytes.subarray(at, at + size), length >>> 31 === 1));
    }
    at += size;
  }
  return last;
}

function readRecord(record: Uint8Array, hasHeaders: boolean): ArchiveEntry {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const subjectEnd = headSize + view.getUint16(20, true);
  const end = record.length - hashSize;
  const bodyAt = hasHeaders ? subjectEnd + lengthSize : subjectEnd;
  if (bodyAt > end) throw damaged();
  const payloadAt = hasHeaders ? bodyAt + view.getUint32(subjectEnd, true) : bodyAt;
  if (payloadAt > end) throw damaged();
  const seq = view.getBigUint64(4, true);
  if (seq > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ArchiveError("windtunnel does not support sequences beyond 2^53");
  }
  return {
    name: decodeText(record, headSize, subjectEnd),
    time: timeOf(view.getBigInt64(12, true)),
    seq: Number(seq),
    headers: record.subarray(bodyAt, payloadAt),
    payload: record.subarray(payloadAt, end),
  };
}

interface StoreState {
  readonly firstSeq: bigint;
  readonly lastSeq: bigint;
}

/** Null when there is none, as after a kill. */
function readState(bytes: Uint8Array | undefined): StoreState | null {
  if (bytes === undefined || bytes[0] !== stateMagic) return null;
  const cursor: Cursor = { bytes, at: 2 };
  const [, , firstSeq = 0n, , lastSeq = 0n] = Array.from({ length: 5 }, () => {
    const value = takeVarint(cursor);
    if (typeof value === "string") throw damaged();
    return value;
  });
  return { firstSeq, lastSeq };
}

function damaged(): ArchiveError {
  return new ArchiveError("malformed or corrupt message");
}

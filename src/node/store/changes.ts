/**
 * The changes of a stream as bytes. Messages and removals have a form of their own, as there are
 * many; the rest goes through Node's structured clone, whose format newer Nodes read too.
 */
import { deserialize, serialize } from "node:v8";
import type { RemoveReason, StreamEntry } from "../../jetstream/index.ts";
import type { StreamSeq } from "../../kernel/index.ts";
import { decodeText, writeText as writeTextAt } from "../../protocol/index.ts";

type StoreEntry = Extract<StreamEntry, { kind: "store" }>;
type CopyEntry = Extract<StreamEntry, { kind: "copy" }>;

/** Bytes that grow; written over again once they have been taken. */
export interface Writer {
  bytes: Buffer;
  used: number;
}

export function createWriter(): Writer {
  return { bytes: Buffer.allocUnsafe(1024), used: 0 };
}

/** Makes place for so many more bytes. */
export function reserve(writer: Writer, length: number): void {
  const needed = writer.used + length;
  if (needed <= writer.bytes.length) return;
  const grown = Buffer.allocUnsafe(Math.max(needed, writer.bytes.length * 2));
  writer.bytes.copy(grown, 0, 0, writer.used);
  writer.bytes = grown;
}

export function writeBytes(writer: Writer, bytes: Uint8Array): void {
  reserve(writer, bytes.length);
  writer.bytes.set(bytes, writer.used);
  writer.used += bytes.length;
}

const kinds = { store: 1, copy: 2, remove: 3, other: 4 } as const;
/** In this order for ever: files name them by index. */
const rollups: readonly StoreEntry["rollup"][] = ["", "sub", "all"];
const reasons: readonly RemoveReason[] = ["limits", "age", "deleted", "purged", "acked", "rollup"];
const keepFlag = 4;
const headersFlag = 8;

export function writeChange(writer: Writer, entry: StreamEntry): void {
  switch (entry.kind) {
    case "store":
      writeByte(writer, kinds.store);
      writeByte(writer, rollups.indexOf(entry.rollup) | (entry.keep ? keepFlag : 0));
      writeNumber(writer, entry.ttlSeconds);
      writeText(writer, entry.msgId);
      writeMessage(writer, entry);
      break;
    case "copy":
      writeByte(writer, kinds.copy);
      writeNumber(writer, entry.seq);
      writeMessage(writer, entry);
      break;
    case "remove":
      writeByte(writer, kinds.remove);
      writeByte(writer, reasons.indexOf(entry.reason));
      writeNumber(writer, entry.seq);
      break;
    default:
      writeByte(writer, kinds.other);
      writeBytes(writer, serialize(entry));
  }
}

/** Headers and payload are views of `bytes`. Throws RangeError for what no writer wrote. */
export function readChange(bytes: Buffer): StreamEntry {
  const reader: Reader = { bytes, at: 0 };
  const kind = readByte(reader);
  switch (kind) {
    case kinds.store: {
      const flags = readByte(reader);
      const ttlSeconds = readNumber(reader);
      const msgId = readText(reader);
      const rollup = named(rollups, flags & 3);
      const keep = (flags & keepFlag) !== 0;
      return { kind: "store", ...readMessage(reader), msgId, rollup, ttlSeconds, keep };
    }
    case kinds.copy: {
      const seq = readNumber(reader) as StreamSeq;
      return { kind: "copy", seq, ...readMessage(reader) };
    }
    case kinds.remove: {
      const reason = named(reasons, readByte(reader));
      return { kind: "remove", seq: readNumber(reader) as StreamSeq, reason };
    }
    case kinds.other:
      return deserialize(bytes.subarray(1)) as StreamEntry;
    default:
      throw new RangeError(`a change of kind ${kind}`);
  }
}

type StoredMessage = Pick<CopyEntry, "subject" | "headers" | "payload" | "time">;

function writeMessage(writer: Writer, { subject, headers, payload, time }: StoredMessage): void {
  writeByte(writer, headers === null ? 0 : headersFlag);
  writeNumber(writer, time.s);
  writeNumber(writer, time.n);
  writeText(writer, subject);
  if (headers !== null) {
    writeLength(writer, headers.length);
    writeBytes(writer, headers);
  }
  writeBytes(writer, payload);
}

function readMessage(reader: Reader): StoredMessage {
  const hasHeaders = readByte(reader) === headersFlag;
  const time = { s: readNumber(reader), n: readNumber(reader) };
  const subject = readText(reader);
  const headers = hasHeaders ? take(reader, readLength(reader)) : null;
  return { subject, headers, payload: take(reader, reader.bytes.length - reader.at), time };
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

export function writeByte(writer: Writer, value: number): void {
  reserve(writer, 1);
  writer.bytes[writer.used++] = value;
}

function readByte(reader: Reader): number {
  return reader.bytes.readUInt8(reader.at++);
}

function writeNumber(writer: Writer, value: number): void {
  reserve(writer, 8);
  writer.used = writer.bytes.writeDoubleLE(value, writer.used);
}

function readNumber(reader: Reader): number {
  reader.at += 8;
  return reader.bytes.readDoubleLE(reader.at - 8);
}

function writeLength(writer: Writer, value: number): void {
  reserve(writer, 4);
  writer.used = writer.bytes.writeUInt32LE(value, writer.used);
}

function readLength(reader: Reader): number {
  reader.at += 4;
  return reader.bytes.readUInt32LE(reader.at - 4);
}

function writeText(writer: Writer, text: string): void {
  // No code unit takes more than three bytes.
  reserve(writer, 4 + text.length * 3);
  const start = writer.used + 4;
  const length = writeTextAt(text, writer.bytes, start) - start;
  writer.bytes.writeUInt32LE(length, writer.used);
  writer.used += 4 + length;
}

function readText(reader: Reader): string {
  const length = readLength(reader);
  reader.at += length;
  return decodeText(reader.bytes, reader.at - length, reader.at);
}

/** A plain view: containers of the world know no Buffers. */
function take(reader: Reader, length: number): Uint8Array {
  const { bytes, at } = reader;
  if (at + length > bytes.length) throw new RangeError("a change is cut short");
  reader.at += length;
  return new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
}

function named<T>(names: readonly T[], index: number): T {
  const name = names[index];
  if (name === undefined) throw new RangeError(`no name ${index}`);
  return name;
}

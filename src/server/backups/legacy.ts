/** A snapshot of a server before 2.15, as the entries that one of 2.15 would have. */
import type { StoredTime } from "../../kernel/index.ts";
import { parseStoredTime } from "../../kernel/index.ts";
import {
  decodeText,
  emptyBytes,
  encodeJson,
  encodeText,
  isJsonObject,
  JsonError,
  type JsonLike,
  type JsonObject,
  parseJson,
} from "../../protocol/index.ts";
import { type ArchiveEntry, ArchiveError, archiveEnd } from "./archive.ts";
import { readBlocks } from "./legacy-blocks.ts";
import { readConsumerFile } from "./legacy-consumer.ts";
import { readTar } from "./legacy-tar.ts";

export interface LegacySnapshot {
  readonly entries: readonly ArchiveEntry[];
  /** When the stream was made. */
  readonly created: StoredTime | null;
}

/**
 * The time of a consumer's entry is when it was made. Throws `ArchiveError`.
 * Source: nats-server `RestoreStream`.
 */
export function readLegacy(bytes: Uint8Array, stream: string): LegacySnapshot {
  const files = readTar(bytes);
  const meta = readMeta(files, "meta.inf");
  if (meta.name !== stream) throw new ArchiveError("stream names do not match");
  const { messages, firstSeq, lastSeq } = readBlocks(files);
  const consumers = consumerNames(files).map((name) => consumerEntry(files, name));
  let size = 0;
  for (const { headers, payload } of messages) size += headers.length + payload.length;
  const state = jsonEntry(
    "state.json",
    { s: 0, n: 0 },
    {
      messages: messages.length,
      bytes: size,
      first_seq: firstSeq,
      last_seq: lastSeq,
      consumer_count: consumers.length,
    },
  );
  return {
    entries: [state, ...consumers, ...messages, archiveEnd],
    created: createdOf(meta),
  };
}

function consumerNames(files: ReadonlyMap<string, Uint8Array>): string[] {
  const names: string[] = [];
  for (const path of files.keys()) {
    const name = /^obs\/([^/]+)\/meta\.inf$/.exec(path)?.[1];
    if (name !== undefined) names.push(name);
  }
  return names;
}

function consumerEntry(files: ReadonlyMap<string, Uint8Array>, name: string): ArchiveEntry {
  const meta = readMeta(files, `obs/${name}/meta.inf`);
  const { Created: _, Name: __, ...config } = meta;
  const file = files.get(`obs/${name}/o.dat`);
  const state = file === undefined || file.length === 0 ? {} : printFile(file);
  const time = createdOf(meta) ?? { s: 0, n: 0 };
  return jsonEntry(`consumers/${name}`, time, { config, state });
}

function printFile(bytes: Uint8Array): JsonLike {
  const { delivered, ack_floor, pending, redelivered } = readConsumerFile(bytes);
  const rows: { [seq: string]: JsonLike } = {};
  for (const { seq, consumerSeq, at } of pending) {
    rows[String(seq)] = { Sequence: consumerSeq, Timestamp: at };
  }
  const counts: { [seq: string]: JsonLike } = {};
  for (const { seq, count } of redelivered) counts[String(seq)] = count;
  return {
    delivered: { ...delivered },
    ack_floor: { ...ack_floor },
    pending: rows,
    redelivered: counts,
  };
}

function readMeta(files: ReadonlyMap<string, Uint8Array>, path: string): JsonObject {
  const file = files.get(path);
  if (file === undefined) throw new ArchiveError(`open ${path}: no such file or directory`);
  try {
    const value = parseJson(decodeText(file));
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new ArchiveError(error.message);
  }
  throw new ArchiveError(`${path} holds no configuration`);
}

function createdOf({ Created: text }: JsonObject): StoredTime | null {
  const time = typeof text === "string" ? parseStoredTime(text) : null;
  return time === null || time.s < 0 ? null : time;
}

function jsonEntry(name: string, time: StoredTime, value: JsonLike): ArchiveEntry {
  const payload = encodeText(encodeJson(value));
  return { name, time, seq: 0, headers: emptyBytes, payload };
}

/** Reading a store: messages, what they count for, what subjects hold. */

import { numberLogGet, type StoredTime, type StreamSeq } from "../../../kernel/index.ts";
import type { StorageType } from "../config/config-shape.ts";
import { headersOfRow, payloadOfRow, rowOfSeq, seqOfRow, timeOfRow } from "./row-read.ts";
import { noRow } from "./row-shape.ts";
import { contentSize, hasHeaders } from "./row-size.ts";
import type { MessageStore, StoredMessage } from "./store-shape.ts";
import { findSubject, subjectName } from "./subject-index.ts";
import { utf8Length } from "./utf8-length.ts";

/** The message with this sequence, or null when it is deleted or never was. O(log n). */
export function loadMessage(store: MessageStore, seq: StreamSeq): StoredMessage | null {
  const row = rowOfSeq(store.rows, seq);
  if (row === noRow) return null;
  return {
    subject: subjectOfRow(store, row),
    seq,
    time: timeOfRow(store.rows, row),
    headers: headersOfRow(store.rows, row),
    payload: payloadOfRow(store.rows, row),
  };
}

/** The subject of a stored message without touching its bytes. */
export function messageSubject(store: MessageStore, seq: StreamSeq): string | null {
  const row = rowOfSeq(store.rows, seq);
  return row === noRow ? null : subjectOfRow(store, row);
}

/** When a stored message was stored. */
export function messageTime(store: MessageStore, seq: StreamSeq): StoredTime | null {
  const row = rowOfSeq(store.rows, seq);
  return row === noRow ? null : timeOfRow(store.rows, row);
}

/** What a stored message counts for in `bytes`; 0 when it is not there. */
export function storedSize(store: MessageStore, seq: StreamSeq): number {
  const row = rowOfSeq(store.rows, seq);
  return row === noRow ? 0 : sizeOfRow(store, row);
}

/** How many messages a subject (no wildcards) holds. */
export function subjectCount(store: MessageStore, subject: string): number {
  const id = findSubject(store.subjects, subject);
  return id < 0 ? 0 : numberLogGet(store.subjects.count, id);
}

/** Sequence of the oldest message of a subject (no wildcards), or null. */
export function firstOfSubject(store: MessageStore, subject: string): StreamSeq | null {
  const id = findSubject(store.subjects, subject);
  if (id < 0) return null;
  return seqOfRow(store.rows, numberLogGet(store.subjects.first, id)) as StreamSeq;
}

/**
 * What a message counts for; `content` is the length of its headers and payload.
 * Source: `memStoreMsgSizeRaw`: two numbers of 8 bytes; `fileStoreMsgSizeRaw`: the record's header
 * of 22 bytes, a length of 4 when it has headers, a checksum of 8.
 */
export function messageSize(
  storage: StorageType,
  subject: number,
  content: number,
  hasHeaders: boolean,
): number {
  if (storage === "memory") return subject + content + 16;
  return 22 + subject + (hasHeaders ? 4 : 0) + content + 8;
}

/** The size of a message that is not stored yet. */
export function sizeToStore(
  storage: StorageType,
  subject: string,
  headers: Uint8Array | null,
  payload: Uint8Array,
): number {
  const headerSize = headers === null ? 0 : headers.length;
  return messageSize(storage, utf8Length(subject), headerSize + payload.length, headerSize > 0);
}

/** Subject of a live row. */
export function subjectOfRow(store: MessageStore, row: number): string {
  return subjectName(store.subjects, numberLogGet(store.rows.subject, row));
}

/** What a live row counts for in `bytes`. */
export function sizeOfRow(store: MessageStore, row: number): number {
  const { rows } = store;
  return messageSize(
    store.storage,
    utf8Length(subjectOfRow(store, row)),
    contentSize(rows, row),
    hasHeaders(rows, row),
  );
}

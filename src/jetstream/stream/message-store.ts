/**
 * The messages of one stream: rows in columns, an index by subject, and the numbers that a stream's
 * state shows, counted as the server's stores count them.
 * Source: nats-server `server/memstore.go` and `server/filestore.go`, `storeRawMsg`, `skipMsg`,
 * `removeMsg`, `purge`, `compact`.
 */
import { assert, numberLogGet, type StoredTime, type StreamSeq } from "../../kernel/index.ts";
import type { StorageType } from "./config-shape.ts";
import { needsPacking, packStore } from "./message-packing.ts";
import {
  appendRow,
  createMessageRows,
  headersOfRow,
  killRow,
  type MessageRows,
  nextLiveRow,
  noRow,
  payloadOfRow,
  rowOfSeq,
  seqOfRow,
  timeOfRow,
} from "./message-rows.ts";
import {
  addToSubject,
  createSubjectIndex,
  findSubject,
  internSubject,
  lastRowOfSubject,
  removeFromSubject,
  type SubjectIndex,
  subjectName,
  utf8Length,
} from "./subject-index.ts";

/** Plain data; written only by the functions of this file. */
export interface MessageStore {
  readonly storage: StorageType;
  rows: MessageRows;
  subjects: SubjectIndex;
  /** Stored messages. */
  messages: number;
  /** What the server's store would say it holds, overhead included. */
  bytes: number;
  /** Sequence of the first message, or of the next one to come when empty; 0 before the first. */
  seqFirst: StreamSeq;
  /** The last sequence given out, deleted and skipped ones included. */
  seqLast: StreamSeq;
  /** Null when nothing is stored. */
  timeFirst: StoredTime | null;
  /** Null while nothing was ever stored. */
  timeLast: StoredTime | null;
}

/** A message as it is stored; headers and payload are views of the store and never change. */
export interface StoredMessage {
  readonly subject: string;
  readonly seq: StreamSeq;
  readonly time: StoredTime;
  /** The header block, or null when there is none. */
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
}

/** An empty store whose first message will get the sequence `seqFirst` (0 and 1 both mean 1). */
export function createMessageStore(storage: StorageType, seqFirst = 0): MessageStore {
  return {
    storage,
    rows: createMessageRows(),
    subjects: createSubjectIndex(),
    messages: 0,
    bytes: 0,
    seqFirst: seqFirst as StreamSeq,
    seqLast: Math.max(seqFirst - 1, 0) as StreamSeq,
    timeFirst: null,
    timeLast: null,
  };
}

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
 * What a message of these lengths counts for.
 * Source: `memStoreMsgSizeRaw`: two numbers of 8 bytes; `fileStoreMsgSizeRaw`: the record's header
 * of 22 bytes, a length of 4 when it has headers, a checksum of 8.
 */
export function messageSize(
  storage: StorageType,
  subject: number,
  headers: number,
  payload: number,
): number {
  if (storage === "memory") return subject + headers + payload + 16;
  return 22 + subject + (headers > 0 ? 4 + headers : 0) + payload + 8;
}

/** The size of a message that is not stored yet. */
export function sizeToStore(
  storage: StorageType,
  subject: string,
  headers: Uint8Array | null,
  payload: Uint8Array,
): number {
  const headerSize = headers === null ? 0 : headers.length;
  return messageSize(storage, utf8Length(subject), headerSize, payload.length);
}

export interface MessageToStore {
  readonly subject: string;
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
  readonly time: StoredTime;
}

/** Stores a message under the next sequence, which is answered. The bytes are copied. */
export function storeMessage(store: MessageStore, message: MessageToStore): StreamSeq {
  const seq = (store.seqLast + 1) as StreamSeq;
  const { subject, headers, payload, time } = message;
  if (store.messages === 0) {
    store.seqFirst = seq;
    store.timeFirst = time;
  }
  const id = internSubject(store.subjects, subject);
  const previous = lastRowOfSubject(store.subjects, id);
  const row = appendRow(store.rows, { seq, subject: id, previous, time, headers, payload });
  addToSubject(store.subjects, id, row);
  store.messages += 1;
  store.bytes += sizeOfRow(store, row);
  store.seqLast = seq;
  store.timeLast = time;
  return seq;
}

/**
 * Uses up a sequence without storing anything, for a message nobody is interested in.
 * Source: `SkipMsgNoInterest`: moves the last time too.
 */
export function skipMessage(store: MessageStore, time: StoredTime): StreamSeq {
  skipSequences(store, 1);
  store.timeLast = time;
  return store.seqLast;
}

/** Uses up sequences, as a mirror does for the holes of its origin. */
export function skipSequences(store: MessageStore, count: number): void {
  store.seqLast = (store.seqLast + count) as StreamSeq;
  if (store.messages === 0) store.seqFirst = (store.seqLast + 1) as StreamSeq;
}

/** Removes one message; false when it is not there. */
export function removeMessage(store: MessageStore, seq: StreamSeq): boolean {
  const row = rowOfSeq(store.rows, seq);
  if (row === noRow) return false;
  dropRow(store, row);
  if (seq === store.seqFirst) moveFirst(store);
  if (needsPacking(store.rows)) packStore(store);
  return true;
}

/** Removes everything; the next sequence stays what it was. Answers how many went. */
export function purgeAll(store: MessageStore): number {
  const removed = store.messages;
  store.rows = createMessageRows();
  store.subjects = createSubjectIndex();
  store.messages = 0;
  store.bytes = 0;
  store.seqFirst = (store.seqLast + 1) as StreamSeq;
  store.timeFirst = null;
  return removed;
}

/**
 * Removes what is below `seq`, which becomes the first sequence. Beyond the last sequence it
 * empties the store and the next message gets `seq`. Answers how many went.
 */
export function compactBelow(store: MessageStore, seq: StreamSeq): number {
  if (seq > store.seqLast) {
    const removed = purgeAll(store);
    store.seqLast = (seq - 1) as StreamSeq;
    store.seqFirst = seq;
    return removed;
  }
  let removed = 0;
  while (store.messages > 0 && store.seqFirst < seq) {
    dropRow(store, rowOfSeq(store.rows, store.seqFirst));
    moveFirst(store);
    removed += 1;
  }
  return removed;
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
    numberLogGet(store.subjects.size, numberLogGet(rows.subject, row)),
    numberLogGet(rows.headerSize, row),
    numberLogGet(rows.payloadSize, row),
  );
}

function dropRow(store: MessageStore, row: number): void {
  assert(row !== noRow, "the first sequence is stored");
  store.messages -= 1;
  store.bytes -= sizeOfRow(store, row);
  removeFromSubject(store.subjects, store.rows, numberLogGet(store.rows.subject, row), row);
  killRow(store.rows, row);
}

function moveFirst(store: MessageStore): void {
  const row = nextLiveRow(store.rows, store.rows.first);
  if (row === noRow) {
    store.seqFirst = (store.seqLast + 1) as StreamSeq;
    store.timeFirst = null;
    return;
  }
  store.seqFirst = seqOfRow(store.rows, row) as StreamSeq;
  store.timeFirst = timeOfRow(store.rows, row);
}

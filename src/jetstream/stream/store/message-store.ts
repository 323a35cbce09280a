/**
 * The messages of one stream: rows in columns, an index by subject, and the numbers that a stream's
 * state shows, counted as the server's stores count them.
 * Source: nats-server `server/memstore.go` and `server/filestore.go`, `storeRawMsg`, `skipMsg`,
 * `removeMsg`, `purge`, `compact`.
 */

import { assert, numberLogGet, type StoredTime, type StreamSeq } from "../../../kernel/index.ts";
import type { StorageType } from "../config/config-shape.ts";
import { needsPacking, packStore } from "./message-packing.ts";
import { sizeOfRow } from "./message-read.ts";
import { appendRow, killRow } from "./message-rows.ts";
import { nextLiveRow, rowOfSeq, seqOfRow, timeOfRow } from "./row-read.ts";
import { createMessageRows, noRow } from "./row-shape.ts";
import type { MessageStore, MessageToStore } from "./store-shape.ts";
import {
  addToSubject,
  createSubjectIndex,
  internSubject,
  lastRowOfSubject,
  removeFromSubject,
} from "./subject-index.ts";

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

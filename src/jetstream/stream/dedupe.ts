/** The duplicate window. Source: nats-server `server/stream.go` `storeMsgId`, `purgeMsgIds`. */
import {
  addToStoredTime,
  compareStoredTime,
  createLog,
  createTable,
  logDropBefore,
  logEnd,
  logFirst,
  logGet,
  logPush,
  type StoredTime,
  type StreamSeq,
  tableDelete,
  tableGet,
  tableSet,
} from "../../kernel/index.ts";
import { type Int64, int64ToNumber } from "../int64.ts";
import { messageTime } from "./store/message-read.ts";
import type { DedupeRow, DedupeWindow, StreamState } from "./stream-shape.ts";

export function createDedupeWindow(): DedupeWindow {
  return { byId: createTable(), inOrder: createLog() };
}

/** The sequence under which this id was stored less than a window ago, or null. */
export function findDuplicate(
  dedupe: DedupeWindow,
  id: string,
  now: StoredTime,
  window: Int64,
): StreamSeq | null {
  const row = tableGet(dedupe.byId, id);
  if (row === undefined || hasLeft(row, now, int64ToNumber(window))) return null;
  return row.seq;
}

/** Remembers an id, and forgets those that have left the window. */
export function rememberId(dedupe: DedupeWindow, row: DedupeRow, window: Int64): void {
  const size = int64ToNumber(window);
  forgetOld(dedupe, row.time, size);
  if (size <= 0) return;
  tableSet(dedupe.byId, row.id, row);
  logPush(dedupe.inOrder, row);
}

/**
 * A server that starts again knows the ids of the messages that it still has, and no others.
 * Source: nats-server `rebuildDedupe`.
 */
export function forgetRemoved(stream: StreamState): void {
  const { dedupe, store } = stream;
  for (let at = logFirst(dedupe.inOrder); at < logEnd(dedupe.inOrder); at++) {
    const row = logGet(dedupe.inOrder, at);
    if (messageTime(store, row.seq) !== null) continue;
    if (tableGet(dedupe.byId, row.id) === row) tableDelete(dedupe.byId, row.id);
  }
  if (messageTime(store, store.seqLast) === null) stream.lastMsgId = "";
}

function forgetOld(dedupe: DedupeWindow, now: StoredTime, window: number): void {
  const end = logEnd(dedupe.inOrder);
  let at = logFirst(dedupe.inOrder);
  for (; at < end; at++) {
    const row = logGet(dedupe.inOrder, at);
    if (!hasLeft(row, now, window)) break;
    // The same id may have been stored again since.
    if (tableGet(dedupe.byId, row.id) === row) tableDelete(dedupe.byId, row.id);
  }
  logDropBefore(dedupe.inOrder, at);
}

function hasLeft(row: DedupeRow, now: StoredTime, window: number): boolean {
  return compareStoredTime(now, addToStoredTime(row.time, window)) >= 0;
}

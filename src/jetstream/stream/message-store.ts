/** The messages of one stream: rows in columns, an index by subject, exact byte counts. */
import type { StoredTime, StreamSeq } from "../../kernel/index.ts";
import type { StorageType } from "./config-shape.ts";

export interface MessageStore {
  readonly storage: StorageType;
  /** Stored messages. */
  messages: number;
  /** What the server's store would say it holds, overhead included. */
  bytes: number;
  /** Sequence of the first message, or of the next one to come when empty. */
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

/** The message with this sequence, or null when it is deleted or never was. O(log n). */
export declare function loadMessage(store: MessageStore, seq: StreamSeq): StoredMessage | null;
/** The subject of a stored message without touching its bytes. */
export declare function messageSubject(store: MessageStore, seq: StreamSeq): string | null;
/** When a stored message was stored. */
export declare function messageTime(store: MessageStore, seq: StreamSeq): StoredTime | null;
/** First stored sequence at or after `from` that matches any filter (none: everything). */
export declare function nextMatch(
  store: MessageStore,
  filters: readonly string[],
  from: StreamSeq,
): StreamSeq | null;
/** How many stored messages at or after `from` match any filter (none: everything). */
export declare function numPending(
  store: MessageStore,
  filters: readonly string[],
  from: StreamSeq,
): number;
/** As `numPending`, counting only messages that are the last of their subject. */
export declare function numPendingLast(
  store: MessageStore,
  filters: readonly string[],
  from: StreamSeq,
): number;
/** The newest stored sequence that matches the filter, at most `upTo` when given. */
export declare function lastMatch(
  store: MessageStore,
  filter: string,
  upTo?: StreamSeq,
): StreamSeq | null;
/** For each subject that matches any filter its newest sequence at most `upTo`, ascending. */
export declare function lastOfSubjects(
  store: MessageStore,
  filters: readonly string[],
  upTo: StreamSeq,
): StreamSeq[];
/** First stored sequence at or after a time, or the last sequence plus one. */
export declare function seqAtTime(store: MessageStore, time: StoredTime): StreamSeq;

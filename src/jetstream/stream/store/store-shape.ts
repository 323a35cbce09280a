/** What a store is, and the messages that go in and come out. */

import type { StoredTime, StreamSeq } from "../../../kernel/index.ts";
import type { StorageType } from "../config/config-shape.ts";
import type { MessageRows } from "./row-shape.ts";
import type { SubjectIndex } from "./subject-index.ts";

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

export interface MessageToStore {
  readonly subject: string;
  readonly headers: Uint8Array | null;
  readonly payload: Uint8Array;
  readonly time: StoredTime;
}

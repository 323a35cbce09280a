/** The public face of the JetStream cores. */
export * from "./errors.ts";
export * from "./int64.ts";
export type * from "./stream/config-shape.ts";
export type { MessageStore, StoredMessage } from "./stream/message-store.ts";
export {
  lastMatch,
  lastOfSubjects,
  loadMessage,
  messageSubject,
  messageTime,
  nextMatch,
  numPending,
  numPendingLast,
  seqAtTime,
} from "./stream/message-store.ts";
export type * from "./stream/stream-shape.ts";

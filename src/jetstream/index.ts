/** The public face of the JetStream cores. */
export * from "./errors.ts";
export * from "./go-decode.ts";
export { formatGoDuration, parseGoDuration } from "./go-duration.ts";
export * from "./int64.ts";
export type { ConsumerState } from "./consumer/state.ts";
export type * from "./stream/config-shape.ts";
export {
  deletedSequences,
  eachSubjectCount,
  lastMatch,
  lastOfSubjects,
  matchesAny,
  nextMatch,
  numPending,
  numPendingLast,
  seqAtTime,
} from "./stream/message-search.ts";
export type { MessageStore, StoredMessage } from "./stream/message-store.ts";
export {
  loadMessage,
  messageSubject,
  messageTime,
  storedSize,
  subjectCount,
} from "./stream/message-store.ts";
export type * from "./stream/stream-shape.ts";
export { utf8Length } from "./stream/subject-index.ts";

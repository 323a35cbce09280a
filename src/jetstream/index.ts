/** The public face of the JetStream cores. */

export type { ConsumerState } from "./consumer/state.ts";
export * from "./errors.ts";
export * from "./go-decode.ts";
export { formatGoDuration, parseGoDuration } from "./go-duration.ts";
export * from "./int64.ts";
export { decodeStreamConfigRequest, type StreamConfigRequest } from "./stream/config-decode.ts";
export type { ConfigContext } from "./stream/config-draft.ts";
export { isAssetName } from "./stream/config-names.ts";
export {
  printInt64,
  printMetadata,
  printSource,
  printStreamConfig,
} from "./stream/config-print.ts";
export { checkStreamConfig } from "./stream/config-rules.ts";
export type * from "./stream/config-shape.ts";
export { checkStreamUpdate, sameStreamConfig } from "./stream/config-update.ts";
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
export { proposeMessage } from "./stream/publish-check.ts";
export { nextExpiry } from "./stream/stream-expiry.ts";
export * from "./stream/stream-metadata.ts";
export type * from "./stream/stream-shape.ts";
export { applyStreamEntry, createStream } from "./stream/stream-state.ts";
export { utf8Length } from "./stream/subject-index.ts";

/** The public face of the JetStream cores. */

export { checkConsumerConfig, isGroupName } from "./consumer/config/config-check.ts";
export {
  checkConsumerCount,
  checkPartition,
  checkWorkQueue,
  type OtherConsumer,
} from "./consumer/config/config-conflicts.ts";
export {
  type CreateConsumerRequest,
  decodeConsumerRequest,
  decodeSavedConsumer,
} from "./consumer/config/config-decode.ts";
export { type ConsumerLimits, withConsumerDefaults } from "./consumer/config/config-defaults.ts";
export {
  withLevelOf as withConsumerLevelOf,
  withRequiredLevel as withConsumerLevel,
} from "./consumer/config/config-metadata.ts";
export { printConsumerConfig } from "./consumer/config/config-print.ts";
export type * from "./consumer/config/config-shape.ts";
export { consumerFilters, isPush } from "./consumer/config/config-shape.ts";
export { checkConsumerUpdate, sameConsumerConfig } from "./consumer/config/config-update.ts";
export type * from "./consumer/effects.ts";
export { applyConsumerEntry, createMember, dismissRequests } from "./consumer/group.ts";
export { type ConsumerInfo, consumerInfo, durationUntil } from "./consumer/info.ts";
export type * from "./consumer/inputs.ts";
export { needsAck } from "./consumer/interest.ts";
export { tellOfShutdown } from "./consumer/pull/pending-status.ts";
export { checkReset } from "./consumer/reset.ts";
export {
  createConsumer,
  inactiveDefault,
  restoreConsumer,
  startConsumer,
} from "./consumer/start.ts";
export type * from "./consumer/state.ts";
export { stepConsumer } from "./consumer/step.ts";
export type { ConsumerEntry, ConsumerStore } from "./consumer/store.ts";
export { createConsumerStore } from "./consumer/store.ts";
export * from "./errors.ts";
export * from "./go-decode.ts";
export { formatGoDuration, parseGoDuration } from "./go-duration.ts";
export { encodeGoQuote } from "./go-quote.ts";
export * from "./go-types.ts";
export * from "./int64.ts";
export { decodeRestoreRequest, decodeStreamConfigRequest } from "./stream/config/config-decode.ts";
export type { ConfigContext } from "./stream/config/config-draft.ts";
export {
  printSource,
  printStreamConfig,
} from "./stream/config/config-print.ts";
export { checkStreamConfig } from "./stream/config/config-rules.ts";
export type * from "./stream/config/config-shape.ts";
export { sourceIndexName } from "./stream/config/config-sources.ts";
export { checkStreamUpdate, sameStreamConfig } from "./stream/config/config-update.ts";
export { forgetRemoved } from "./stream/dedupe.ts";
export {
  commitStaged,
  createInflight,
  type Inflight,
  leaveInflight,
} from "./stream/inflight.ts";
export { originHeader, streamIdentity } from "./stream/origin-header.ts";
export { checkedEntry, proposeMessage, withoutStatus } from "./stream/publish-check.ts";
export { messageTtl } from "./stream/publish-headers.ts";
export {
  createStaged,
  stageMessage,
} from "./stream/staged-check.ts";
export {
  loadMessage,
  messageSubject,
  messageTime,
  subjectCount,
} from "./stream/store/message-read.ts";
export {
  deletedSequences,
  eachSubjectCount,
  lastMatch,
  lastOfSubjects,
  matchesAny,
  nextMatch,
  numPending,
  seqAtTime,
} from "./stream/store/message-search.ts";
export type { MessageStore, StoredMessage } from "./stream/store/store-shape.ts";
export { nextDue } from "./stream/stream-expiry.ts";
export * from "./stream/stream-metadata.ts";
export type * from "./stream/stream-shape.ts";
export { applyStreamEntry, createStream } from "./stream/stream-state.ts";
export { timeOfKey } from "./stream/time-key.ts";
export { provideZones, zonesAreHere } from "./zones/zone-door.ts";

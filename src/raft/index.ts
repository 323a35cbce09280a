/** The room's public face. */
export {
  createCore,
  createDurable,
  forgetLog,
  quorum,
  type RaftCore,
  type RaftDurable,
  type RaftOptions,
  type RaftStable,
  type RaftWal,
} from "./core.ts";
export type { RaftEffect, RaftInput, Role } from "./effects.ts";
export {
  checkAcked,
  checkApplied,
  checkMember,
  createHistory,
  noteRestored,
  pruneHistory,
  type RaftHistory,
  type RaftRule,
  type RaftViolation,
} from "./invariants.ts";
export {
  messageBytes,
  type PeerId,
  type Proposal,
  type RaftEntry,
  type RaftMessage,
  type RaftSnapshot,
} from "./messages.ts";
export { isAnnouncedLeader, isCurrent, type PeerView, peerViews } from "./peers.ts";
export { hasQuorum } from "./progress.ts";
export { step } from "./step.ts";
export { heartbeatEvery, quorumCheckEvery } from "./timing.ts";

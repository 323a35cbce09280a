/** What a member is told, and what it wants done. */
import type { DurationNanos, Index, Term, VirtualNanos } from "../kernel/index.ts";
import type { PeerId, Proposal, RaftMessage, RaftSnapshot } from "./messages.ts";

/** Every input carries the instant at which it is taken; the core reads no clock. */
export type RaftInput = { readonly now: VirtualNanos } & (
  | { readonly kind: "start" }
  /** Campaign soon: a new group's first election, or at once as the chosen first leader. */
  | { readonly kind: "campaign"; readonly preferred: boolean }
  | { readonly kind: "election-timeout" }
  | { readonly kind: "vote-resend" }
  /** The leader's ticker of one second. */
  | { readonly kind: "heartbeat-tick" }
  /** The leader's ticker of ten seconds, from its election on. */
  | { readonly kind: "quorum-tick" }
  | { readonly kind: "catchup-timeout"; readonly peer: PeerId }
  | {
      readonly kind: "message";
      readonly message: RaftMessage;
      /** Proposals wait to be made: they will carry the commit, no heartbeat is needed for it. */
      readonly queued: boolean;
    }
  | ProposeInput
  /** The upper layer has applied everything up to here. */
  | { readonly kind: "applied"; readonly index: Index }
  | SnapshotInput
  /** Hand leadership to a member, or to the best one when null. */
  | { readonly kind: "step-down"; readonly to: PeerId | null }
);

/** These become one entry. Dropped unless this member leads in just this term. */
export interface ProposeInput {
  readonly kind: "propose";
  readonly term: Term;
  readonly proposals: readonly Proposal[];
  readonly bytes: number;
}

/** The upper layer's state at `index`, which it has applied: the log up to there may go. */
export interface SnapshotInput {
  readonly kind: "snapshot";
  readonly index: Index;
  readonly data: unknown;
  readonly bytes: number;
}

/** Replaces the member's election timer by a draw from low (inclusive) to high, uniformly. */
export interface ElectionTimer {
  readonly kind: "election-timer";
  readonly low: DurationNanos;
  readonly high: DurationNanos;
}

export type RaftEffect =
  | ElectionTimer
  /** A leader has none. */
  | { readonly kind: "clear-election-timer" }
  | { readonly kind: "vote-resend-timer"; readonly after: DurationNanos }
  /** Start the two tickers of a leader (`heartbeatEvery`, `quorumCheckEvery`), or stop them. */
  | { readonly kind: "leader-tickers"; readonly run: boolean }
  | { readonly kind: "catchup-timer"; readonly peer: PeerId; readonly after: DurationNanos }
  | { readonly kind: "clear-catchup-timer"; readonly peer: PeerId }
  /** The stable part has changed: on disk, synced, before what comes behind it. */
  | { readonly kind: "persist-vote"; readonly term: Term; readonly vote: PeerId | null }
  | { readonly kind: "persist-peers"; readonly peers: readonly PeerId[] }
  | { readonly kind: "persist-snapshot"; readonly index: Index; readonly bytes: number }
  /** The log has a new entry at `index`: written before what comes behind it. */
  | { readonly kind: "append"; readonly index: Index; readonly bytes: number }
  /** The entries behind `index` are gone. */
  | { readonly kind: "truncate"; readonly index: Index }
  /** The commit index beside the log has changed (`persistsCommit`). */
  | { readonly kind: "persist-commit"; readonly index: Index }
  | { readonly kind: "send"; readonly to: PeerId; readonly message: RaftMessage }
  /** To every other member, and to whoever else listens to the group. */
  | { readonly kind: "broadcast"; readonly message: RaftMessage }
  /** Committed up to and with `index`: apply what has not been, then say `applied`. */
  | { readonly kind: "apply"; readonly index: Index }
  /** Replace the upper layer's state, then say `applied` with its index. */
  | { readonly kind: "restore"; readonly snapshot: RaftSnapshot }
  /** Told to the upper layer: only now may it act as leader, or must it not (any more). */
  | { readonly kind: "leadership"; readonly isLeader: boolean; readonly term: Term }
  /** A quorum has been missing for long: worth an advisory. */
  | { readonly kind: "quorum-lost" }
  /** Another role, term or leader, for whoever watches. Last of its step. */
  | {
      readonly kind: "role";
      readonly role: Role;
      readonly term: Term;
      readonly leader: PeerId | null;
    };

export type Role = "follower" | "candidate" | "leader";

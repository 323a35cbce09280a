/**
 * A Raft group as one server runs its member of it: the pure core, the files that it keeps, and
 * what is about to be proposed. Plain data, gone with the process but for the files.
 *
 *     input ──► step (raft) ──► effects: disk, timers, links at once;
 *                                        the upper layer through `server.groupWork`
 *     propose ──► queue ──► one entry when the entry point ends
 */
import type { Index, StoredTime, VirtualNanos } from "../../kernel/index.ts";
import type { PeerId, RaftCore, RaftSnapshot, RaftStable, RaftWal } from "../../raft/index.ts";

/** What a group replicates; names that its kind does not have are "". */
export interface GroupOf {
  readonly kind: "meta" | "stream" | "consumer";
  readonly account: string;
  readonly stream: string;
  readonly consumer: string;
}

export const metaGroupOf: GroupOf = Object.freeze({
  kind: "meta",
  account: "",
  stream: "",
  consumer: "",
});

/** What waits to become part of an entry. A value, shared by all members once it is in the log. */
export interface QueuedProposal {
  readonly data: unknown;
  readonly bytes: number;
}

/**
 * One object on the disk, so that a power loss takes log and state back together: no state is ever
 * ahead of its log. In nats-server they are files of their own (our model).
 */
export interface GroupFile {
  /** The group's name: a new stream under an old name has another. */
  readonly group: string;
  readonly wal: RaftWal;
  /** The same as in `stable`, from which this process has it: it must fit the log behind it. */
  snapshot: RaftSnapshot | null;
  /** What the upper layer has made of the log up to `applied`; null where it keeps nothing. */
  state: unknown;
  applied: Index;
}

export interface RaftGroup extends GroupOf {
  readonly name: string;
  readonly core: RaftCore;
  readonly storage: "file" | "memory";
  /** Where `stable` lies; synced at every change. */
  readonly stablePath: string;
  readonly stable: RaftStable;
  /** Where `file` lies; null for memory storage, whose file goes with the process. */
  readonly filePath: string | null;
  readonly file: GroupFile;
  /** Whether `file.state` outlives the process, so that what it holds is not applied again. */
  readonly keepsState: boolean;
  /** Where the leader stood when this member asked to be caught up for the last time; else 0. */
  catchUntil: Index;
  /** When this process took the group up. */
  readonly created: VirtualNanos;
  /** Of leadership as it was announced; null while this member does not lead. */
  leaderSince: StoredTime | null;
  /** Proposals of this entry point; empty between events. */
  readonly queue: QueuedProposal[];
  /** When the election timer is due; null for none. The machine's timer may be set earlier. */
  electionAt: VirtualNanos | null;
  electionArmedAt: VirtualNanos | null;
  /** Bytes and entries in the log since the last snapshot, and when that was. */
  logBytes: number;
  snapshotAt: VirtualNanos;
}

/** What the upper layer is to do, in the order in which it happened. */
export type GroupMail =
  /** Entries up to here are committed. */
  | { readonly kind: "apply"; readonly group: RaftGroup; readonly index: Index }
  /** The state begins anew from the member's snapshot. */
  | { readonly kind: "restore"; readonly group: RaftGroup; readonly index: Index }
  | { readonly kind: "leadership"; readonly group: RaftGroup; readonly isLeader: boolean }
  | { readonly kind: "quorum-lost"; readonly group: RaftGroup }
  /** It is time to look whether a snapshot should take the place of the log. */
  | { readonly kind: "snapshot-due"; readonly group: RaftGroup };

/** What the groups of a server left to do; empty between events. */
export interface GroupWork {
  readonly mail: GroupMail[];
  /** Groups whose `queue` waits to be proposed. */
  readonly proposing: RaftGroup[];
}

/** Timers of a group; `peer` only for catch-ups. */
export interface GroupTimer {
  readonly kind: "raft";
  readonly group: string;
  readonly name: "election" | "vote-resend" | "heartbeat" | "quorum" | "catchup" | "snapshot";
  readonly peer: PeerId;
}

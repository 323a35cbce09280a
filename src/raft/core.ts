/** What one member of a group is. Plain data; `RaftDurable` lies on its host's disk. */
import {
  assert,
  createLog,
  type Index,
  index,
  type Log,
  logDropBefore,
  logEach,
  logEnd,
  logFirst,
  logGet,
  type Term,
  term,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { Role } from "./effects.ts";
import type { PeerId, RaftEntry, RaftSnapshot } from "./messages.ts";

/** Synced at every write: `tav.idx`, `peers.idx` and the snapshot. */
export interface RaftStable {
  term: Term;
  vote: PeerId | null;
  /** All members, this one too. */
  peers: readonly PeerId[];
  snapshot: RaftSnapshot | null;
}

/** Written at once but synced only now and then: a power loss may hand back an older one. */
export interface RaftWal {
  /** The entry of index i stands at i; the first that was ever made has index 1. */
  log: Log<RaftEntry>;
  /** What `commit.idx` says; 0 where it is not kept. */
  commit: Index;
}

export interface RaftDurable {
  readonly stable: RaftStable;
  readonly wal: RaftWal;
}

/** A follower's view of the catch-up that it asked for (`catchupState`). */
export interface CatchUp {
  readonly id: number;
  /** Where the leader stood when it was asked. */
  readonly untilTerm: Term;
  readonly untilIndex: Index;
  /** Progress at the last look, and when that was. */
  seenIndex: Index;
  activeAt: VirtualNanos;
}

/** A leader's view of a catch-up that it runs (`runCatchup`). */
export interface CatchUpRun {
  readonly id: number;
  readonly last: Index;
  next: Index;
  confirmed: Index;
  /** Sent and not confirmed. */
  bytesOut: number;
}

/** One other member: a leader knows all, a follower only its leader. */
export interface Progress {
  heardAt: VirtualNanos | null;
  /** The last index that it is known to hold. */
  match: Index;
  catchup: CatchUpRun | null;
}

export interface RaftCore extends RaftDurable {
  readonly id: PeerId;
  readonly group: string;
  /** The commit is also kept beside the log (`PersistCommit`, the meta group's). */
  readonly persistsCommit: boolean;
  role: Role;
  leader: PeerId | null;
  /** It has known a leader since it was started. */
  hadLeader: boolean;
  /** `pterm`, `pindex`: the last entry of the log. */
  lastTerm: Term;
  lastIndex: Index;
  commit: Index;
  applied: Index;
  /** Every other member, in the order of `stable.peers`. */
  readonly progress: Map<PeerId, Progress>;
  /** Leader: who else holds which index that is not committed yet. */
  readonly acks: Map<Index, Set<PeerId>>;
  /** Candidate: who has voted, and whose log was empty. */
  readonly votes: Set<PeerId>;
  readonly emptyVotes: Set<PeerId>;
  /** Of a new group, and nothing has been stored yet: its vote counts though its log is empty. */
  initializing: boolean;
  /** Chosen to lead a new group first, until it or another does (`maybeLeader`). */
  preferred: boolean;
  /** Asked by the leader to campaign: append entries do not put that off (`lxfer`). */
  transferring: boolean;
  /** Leader: leadership is announced when this index is applied; 0 when it has been (`aflr`). */
  announceAt: Index;
  /** Leader: when an entry was last sent (`active`). */
  activeAt: VirtualNanos;
  /** Candidate: the last pause before the vote request was repeated; 0 for none. */
  voteResendNanos: number;
  catchup: CatchUp | null;
  catchupNext: number;
  quorumSignalAt: VirtualNanos;
}

export interface RaftOptions {
  readonly now: VirtualNanos;
  readonly persistsCommit?: boolean;
  /** The data of the group lives elsewhere already: an empty log is not that of a new group. */
  readonly recovering?: boolean;
}

/** The disk of a member that has stored nothing. `peers` includes itself. */
export function createDurable(peers: readonly PeerId[]): RaftDurable {
  return {
    stable: { term: term(0), vote: null, peers, snapshot: null },
    wal: { log: createLog(1), commit: index(0) },
  };
}

/** What a group in memory keeps when its process ends: term, vote and members. */
export function forgetLog({ stable, wal }: RaftDurable): void {
  stable.snapshot = null;
  wal.log = createLog(1);
  wal.commit = index(0);
}

/**
 * A member as its process starts: everything but the durable part is new. A log that does not
 * join onto the snapshot is dropped. Its first input must be `start`.
 * Source: nats-server `initRaftNode`, `setupLastSnapshot`.
 */
export function createCore(
  id: PeerId,
  group: string,
  durable: RaftDurable,
  options: RaftOptions,
): RaftCore {
  const { stable, wal } = durable;
  assert(stable.peers.length > 0, `a group without members: ${group}`);
  joinLog(durable);
  const lastIndex = index(logEnd(wal.log) - 1);
  const lastTerm = termAt(durable, lastIndex) ?? term(0);
  if (lastTerm > stable.term) {
    stable.term = lastTerm;
    stable.vote = null;
  }
  return {
    id,
    group,
    stable,
    wal,
    persistsCommit: options.persistsCommit === true,
    role: "follower",
    leader: null,
    hadLeader: false,
    lastTerm,
    lastIndex,
    commit: recoveredCommit(durable),
    applied: index(0),
    progress: new Map(stable.peers.filter((peer) => peer !== id).map(unknownPeer)),
    acks: new Map(),
    votes: new Set(),
    emptyVotes: new Set(),
    initializing: lastIndex === 0 && options.recovering !== true,
    preferred: false,
    transferring: false,
    announceAt: index(0),
    activeAt: options.now,
    voteResendNanos: 0,
    catchup: null,
    // An answer to what was asked before the restart must not pass for one to a new request.
    catchupNext: options.now + 1,
    quorumSignalAt: options.now,
  };
}

/** Half of the members and one. */
export function quorum(core: RaftCore): number {
  return Math.floor(core.stable.peers.length / 2) + 1;
}

/** Term of the entry at an index; null when it is not in the log (any more). */
export function termAt({ stable, wal }: RaftDurable, at: Index): Term | null {
  if (at >= logFirst(wal.log) && at < logEnd(wal.log)) return logGet(wal.log, at).term;
  if (at === 0) return term(0);
  const { snapshot } = stable;
  return snapshot !== null && snapshot.lastIndex === at ? snapshot.lastTerm : null;
}

export function unknownPeer(peer: PeerId): [PeerId, Progress] {
  return [peer, { heardAt: null, match: index(0), catchup: null }];
}

function joinLog({ stable, wal }: RaftDurable): void {
  const after = (stable.snapshot?.lastIndex ?? 0) + 1;
  const joins = logFirst(wal.log) <= after && logEnd(wal.log) >= after;
  if (joins) logDropBefore(wal.log, after);
  else wal.log = createLog(after);
}

/** The highest commit that any entry knew of, the snapshot or what is kept beside the log. */
function recoveredCommit({ stable, wal }: RaftDurable): Index {
  let commit = stable.snapshot?.lastIndex ?? 0;
  logEach(wal.log, (entry) => {
    if (entry.commit > commit) commit = entry.commit;
  });
  return index(Math.max(commit, Math.min(wal.commit, logEnd(wal.log) - 1)));
}

/**
 * What must hold in a group whatever happens, checked over all members after each step: the
 * safety properties of Raft's figure 3, and that nothing is promised which is not committed.
 */
import {
  createLog,
  createTable,
  type Index,
  index,
  type Log,
  logDropBefore,
  logEnd,
  logFirst,
  logGet,
  logPush,
  stateHash,
  type Table,
  type Term,
  tableDelete,
  tableFirst,
  tableGet,
  tableSet,
} from "../kernel/index.ts";
import { quorum, type RaftCore, type RaftDurable, termAt } from "./core.ts";
import type { RaftEffect } from "./effects.ts";
import type { PeerId, RaftEntry } from "./messages.ts";

export type RaftRule =
  | "election safety"
  | "log matching"
  | "leader completeness"
  | "state machine safety"
  | "committed by a quorum"
  | "acknowledged when committed";

export interface RaftViolation {
  readonly rule: RaftRule;
  readonly text: string;
}

/** An entry as its leader made it, and the term of what it stands behind. */
interface Made {
  readonly entry: RaftEntry;
  readonly prevTerm: Term | null;
}

/** All that has happened in one group since its beginning. Plain data. */
export interface RaftHistory {
  readonly leaders: Map<Term, PeerId>;
  /** By index: one entry a term. */
  readonly made: Table<number, readonly Made[]>;
  /** Term of each committed entry, from index 1 on. */
  readonly committed: Log<Term>;
  /** In which term each of them was committed: leaders of higher terms must have it. */
  readonly committedIn: Log<Term>;
  /** How far each member's commit has been looked at, and how far it has applied. */
  readonly commits: Map<PeerId, Index>;
  readonly applied: Map<PeerId, Index>;
}

export function createHistory(): RaftHistory {
  return {
    leaders: new Map(),
    made: createTable(),
    committed: createLog(1),
    committedIn: createLog(1),
    commits: new Map(),
    applied: new Map(),
  };
}

/**
 * What a step that gave `out` has broken, or null. `disks` gives those of all members, the dead
 * ones too; after a power loss that took entries with it nothing is promised any more.
 */
export function checkMember(
  history: RaftHistory,
  core: RaftCore,
  disks: () => Iterable<RaftDurable>,
  out: readonly RaftEffect[],
): RaftViolation | null {
  for (const effect of out) {
    const found =
      effect.kind === "append"
        ? checkAppended(history, core, effect.index)
        : effect.kind === "leader-tickers" && effect.run
          ? checkElected(history, core)
          : null;
    if (found !== null) return found;
  }
  return checkCommit(history, core, disks);
}

/** The upper layer of a member takes the entry at an index: after the one before it, and once. */
export function checkApplied(
  history: RaftHistory,
  peer: PeerId,
  at: Index,
  entry: RaftEntry,
): RaftViolation | null {
  const rule = "state machine safety";
  const before = history.applied.get(peer) ?? 0;
  if (at !== before + 1) return { rule, text: `${peer} applies ${at} after ${before}` };
  history.applied.set(peer, at);
  if (at < logFirst(history.committed)) return null;
  const term = committedTerm(history, at);
  if (term === null) return { rule, text: `${peer} applies ${at}, which is not committed` };
  const made = find(history, at, term);
  // What was made before this history began is taken as it is.
  if (made === null || isSame(made.entry, entry)) return null;
  return { rule, text: `${peer} applies another entry at ${at} than the one of term ${term}` };
}

/** The upper layer of a member begins again from a state as of an index. */
export function noteRestored(history: RaftHistory, peer: PeerId, at: Index): void {
  history.applied.set(peer, at);
}

/** A client is told that its entry is safe. */
export function checkAcked(history: RaftHistory, at: Index, term: Term): RaftViolation | null {
  if (committedTerm(history, at) === term) return null;
  return { rule: "acknowledged when committed", text: `entry ${at} of term ${term} is not` };
}

/** Forgets what stands before an index: a group may live for long. */
export function pruneHistory(history: RaftHistory, before: Index): void {
  const { committed, committedIn, made } = history;
  logDropBefore(committed, Math.min(before, logEnd(committed)));
  logDropBefore(committedIn, Math.min(before, logEnd(committedIn)));
  for (let first = tableFirst(made); first !== null; first = tableFirst(made)) {
    if (first.key >= before) return;
    tableDelete(made, first.key);
  }
}

/** Raft 5.3: the same term at the same index is the same entry, behind the same entries. */
function checkAppended(history: RaftHistory, core: RaftCore, at: Index): RaftViolation | null {
  if (at < logFirst(core.wal.log) || at >= logEnd(core.wal.log)) return null;
  const entry = logGet(core.wal.log, at);
  const prevTerm = termAt(core, index(at - 1));
  const made = find(history, at, entry.term);
  if (made === null) {
    tableSet(history.made, at, [...(tableGet(history.made, at) ?? []), { entry, prevTerm }]);
    return null;
  }
  if (isSame(made.entry, entry) && made.prevTerm === prevTerm) return null;
  const text = `${core.id} has another entry of term ${entry.term} at ${at}, or before it`;
  return { rule: "log matching", text };
}

/** Raft 5.2: one leader a term. 5.4: its log holds whatever was committed before. */
function checkElected(history: RaftHistory, core: RaftCore): RaftViolation | null {
  const { term } = core.stable;
  const other = history.leaders.get(term) ?? core.id;
  if (other !== core.id) {
    return { rule: "election safety", text: `${other} and ${core.id} both lead term ${term}` };
  }
  history.leaders.set(term, core.id);
  const from = Math.max(logFirst(core.wal.log), logFirst(history.committed));
  for (let at = from; at < logEnd(history.committed); at++) {
    // Votes may be long on their way: who is elected late leads a term of the past.
    if (logGet(history.committedIn, at) >= term) continue;
    if (termAt(core, index(at)) === logGet(history.committed, at)) continue;
    const text = `${core.id} leads term ${term} without the committed entry ${at}`;
    return { rule: "leader completeness", text };
  }
  return null;
}

function checkCommit(
  history: RaftHistory,
  core: RaftCore,
  disks: () => Iterable<RaftDurable>,
): RaftViolation | null {
  const seen = history.commits.get(core.id) ?? 0;
  if (core.commit === seen) return null;
  history.commits.set(core.id, core.commit);
  const from = Math.max(seen + 1, logFirst(history.committed));
  for (let at = index(from); at <= core.commit; at = index(at + 1)) {
    const term = termAt(core, at);
    // Under the snapshot: what stands there was looked at by whoever committed it.
    if (term === null) continue;
    const known = committedTerm(history, at);
    if (known === null) {
      if (at === core.commit && !isHeldByQuorum(core, at, term, disks)) {
        const text = `${core.id} commits ${at} of term ${term}, which no quorum holds`;
        return { rule: "committed by a quorum", text };
      }
      logPush(history.committed, term);
      logPush(history.committedIn, core.stable.term);
    } else if (known !== term) {
      const text = `${core.id} commits term ${term} at ${at}, where term ${known} is committed`;
      return { rule: "state machine safety", text };
    }
  }
  return null;
}

/** What makes a commit final, for none of these will vote for a log without it. */
function isHeldByQuorum(
  core: RaftCore,
  at: Index,
  term: Term,
  disks: () => Iterable<RaftDurable>,
): boolean {
  let holders = 0;
  for (const disk of disks()) {
    const { snapshot } = disk.stable;
    if (termAt(disk, at) === term || (snapshot !== null && snapshot.lastIndex > at)) holders += 1;
  }
  return holders >= quorum(core);
}

function committedTerm({ committed }: RaftHistory, at: Index): Term | null {
  if (at < logFirst(committed) || at >= logEnd(committed)) return null;
  return logGet(committed, at);
}

function find(history: RaftHistory, at: Index, term: Term): Made | null {
  for (const made of tableGet(history.made, at) ?? []) if (made.entry.term === term) return made;
  return null;
}

/** Members hand the very same object around; only checkpoints and disks bring copies. */
function isSame(a: RaftEntry, b: RaftEntry): boolean {
  return a === b || stateHash(a) === stateHash(b);
}

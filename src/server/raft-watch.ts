/**
 * What an auditor is told of this server's Raft groups, and the trace records that tell of them.
 * Whoever runs a group calls these; without an auditor and a trace they cost a look at two fields.
 */
import {
  type Index,
  minus,
  type StoredTime,
  type Term,
  type VirtualNanos,
} from "../kernel/index.ts";
import {
  type PeerId,
  quorumCheckEvery,
  type RaftCore,
  type RaftEffect,
  type RaftEntry,
} from "../raft/index.ts";
import type { ServerIo } from "./io.ts";
import type { ServerState } from "./state.ts";
import { type TraceKind, trace } from "./trace-record.ts";

/** A member of a group, and the asset that the group replicates ("" for none). */
export interface WatchedGroup {
  readonly name: string;
  readonly core: RaftCore;
  readonly account: string;
  readonly stream: string;
  readonly consumer: string;
  /** Since when it has been the announced leader; null while it is not. */
  readonly leaderSince: StoredTime | null;
}

/** Hears of every step of every member, in the order in which things happen. */
export interface RaftWatch {
  /** Somebody reads the trace: records are worth making. */
  readonly isTraced: boolean;
  /** The member has taken an input; `out` is what it wants done, and nothing of it is done yet. */
  stepped(group: WatchedGroup, out: readonly RaftEffect[]): void;
  /** The upper layer has taken the entry at `index`. */
  applied(group: WatchedGroup, index: Index, entry: RaftEntry): void;
  /** The upper layer begins again from a snapshot, or from nothing (0) when its process starts. */
  restored(group: WatchedGroup, index: Index): void;
  /** A client is told that what is in the entry of this index and term is safe. */
  acked(group: WatchedGroup, index: Index, term: Term): void;
}

/**
 * After each step of a member, before its effects are performed: tells the auditor, and notes
 * what is worth a record.
 */
export function watchStep(
  server: ServerState,
  io: ServerIo,
  group: WatchedGroup,
  out: readonly RaftEffect[],
): void {
  io.raft?.stepped(group, out);
  if (!(io.raft?.isTraced ?? io.tracing)) return;
  for (const effect of out) traceEffect(server, io, group, effect);
}

/** One record an effect; in all of them `subject` is the group, `count` the term, `seq` the index. */
function traceEffect(
  server: ServerState,
  io: ServerIo,
  group: WatchedGroup,
  effect: RaftEffect,
): void {
  const { core } = group;
  const note = (kind: TraceKind, seq: number, detail: string): void => {
    const { name: subject, account, stream, consumer } = group;
    const count = core.stable.term;
    trace(server, io, kind, { subject, account, stream, consumer, seq, count, detail });
  };
  switch (effect.kind) {
    case "persist-vote":
      if (effect.vote === null) note("new-term", 0, "");
      else note("vote", core.lastIndex, effect.vote);
      return;
    case "append":
      note(core.role === "leader" ? "propose" : "replicate", effect.index, core.leader ?? "");
      return;
    case "apply":
      note("commit", effect.index, core.leader ?? "");
      return;
    case "truncate":
      note("truncate", effect.index, core.leader ?? "");
      return;
    case "restore":
      note("catch-up", effect.snapshot.lastIndex, core.leader ?? "");
      return;
    case "leadership":
      if (effect.isLeader) note("leader", core.lastIndex, core.id);
      else if (group.leaderSince !== null) note("step-down", core.lastIndex, core.leader ?? "");
      return;
    case "quorum-lost":
      note("quorum-lost", core.commit, missingPeers(core, io.now).join(" "));
      return;
    case "role":
      if (effect.role === "candidate") note("candidate", core.lastIndex, "");
      return;
    default:
  }
}

/** Members that this one has not heard from for the time in which a quorum must be. */
function missingPeers(core: RaftCore, now: VirtualNanos): PeerId[] {
  const isMissing = (heardAt: VirtualNanos | null): boolean => {
    return heardAt === null || minus(now, heardAt) >= quorumCheckEvery;
  };
  return [...core.progress].filter(([, { heardAt }]) => isMissing(heardAt)).map(([peer]) => peer);
}

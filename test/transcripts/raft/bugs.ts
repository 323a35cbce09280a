/** Faults planted into a member's state and effects, to see that the invariants find them. */
import { fork, type Log, logEnd } from "../../../src/kernel/index.ts";
import type { RaftCore, RaftEffect, RaftEntry } from "../../../src/raft/index.ts";

export type Bug =
  | "vote twice"
  | "commit without quorum"
  | "forget the log"
  | "skip the truncation"
  | "apply out of order"
  | "ack before commit";

/** What a member was before a step. */
export interface Before {
  readonly log: Log<RaftEntry> | null;
  readonly lastIndex: RaftCore["lastIndex"];
  readonly lastTerm: RaftCore["lastTerm"];
}

export function untampered(core: RaftCore, bug: Bug): Before {
  const { lastIndex, lastTerm } = core;
  return { log: bug === "skip the truncation" ? fork(core.wal.log) : null, lastIndex, lastTerm };
}

/** Makes a step have done the wrong thing; bugs that are no member's are the group's. */
export function tamper(
  core: RaftCore,
  bug: Bug,
  { before, out }: { readonly before: Before; readonly out: RaftEffect[] },
): void {
  if (bug === "vote twice" && core.role === "follower") core.stable.vote = null;
  if (bug === "commit without quorum") commitAlone(core, out);
  if (bug === "skip the truncation") keepTail(core, before, out);
}

/** The leader takes its own disk for a quorum. */
function commitAlone(core: RaftCore, out: RaftEffect[]): void {
  const appended = out.some((effect) => effect.kind === "append");
  if (core.role !== "leader" || !appended || core.lastIndex <= core.commit) return;
  core.commit = core.lastIndex;
  out.push({ kind: "apply", index: core.commit });
}

/** The follower answers as if it had cut its log, and keeps it as it was. */
function keepTail(core: RaftCore, before: Before, out: RaftEffect[]): void {
  const cut = out.some((effect) => effect.kind === "truncate" && effect.index < before.lastIndex);
  if (before.log === null || !cut) return;
  // One message brings one entry, which now falls on a place that is taken.
  const isLonger = logEnd(before.log) > logEnd(core.wal.log);
  core.wal.log = before.log;
  if (!isLonger) return;
  core.lastIndex = before.lastIndex;
  core.lastTerm = before.lastTerm;
}

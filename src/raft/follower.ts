/** What a member does with an append entry. Source: nats-server `processAppendEntry`. */
import { type Index, index, minus, type Term, type VirtualNanos } from "../kernel/index.ts";
import { type RaftCore, termAt } from "./core.ts";
import type { RaftEffect } from "./effects.ts";
import { electionTimer, transferTimer } from "./election-timers.ts";
import { installSnapshot, resetLog, storeEntry, truncateLog } from "./log.ts";
import type { AppendEntry, AppendResponse, PeerId, RaftEntry } from "./messages.ts";
import { setPeers } from "./progress.ts";
import { commitTo, type Moment } from "./replicate.ts";
import { becomeFollower, enterTerm, pushLeadership, setLeader } from "./roles.ts";
import { catchupSilence } from "./timing.ts";

/** Heeds the leader, mends the log where it contradicts, stores the entry and confirms it. */
export function onAppendEntry(core: RaftCore, message: AppendEntry, moment: Moment): void {
  const { now, out } = moment;
  // Even a deposed leader's puts the election off; only who was asked to campaign goes on.
  if (!core.transferring) out.push(electionTimer);
  if (core.role !== "follower" && message.term >= core.stable.term) yieldTo(core, message, out);
  if (isOfOldCatchUp(core, message)) return;
  if (message.term < core.stable.term) return refuse(core, message, out);
  if (message.term > core.stable.term) enterTerm(core, message.term, out);
  const isNew = message.catchup === null;
  if (core.catchup !== null) {
    if (isCaughtUp(core)) core.catchup = null;
    else if (isNew) {
      if (catchUpStalled(core, now)) askForCatchUp(core, message, moment);
      return;
    }
  }
  if (isNew) hearLeader(core, message.leader, moment);
  if (message.prevTerm !== core.lastTerm || message.prevIndex !== core.lastIndex) {
    if (message.prevIndex > core.lastIndex) return onGap(core, message, moment);
    if (!reconcile(core, message, out)) return;
  }
  accept(core, message, out);
}

/**
 * Has a catch-up made no progress for two seconds? Progress seen starts the two seconds anew.
 * Source: nats-server `catchupStalled`.
 */
export function catchUpStalled(core: RaftCore, now: VirtualNanos): boolean {
  const { catchup } = core;
  if (catchup === null) return false;
  if (catchup.seenIndex === core.lastIndex) return minus(now, catchup.activeAt) > catchupSilence;
  catchup.seenIndex = core.lastIndex;
  catchup.activeAt = now;
  return false;
}

function yieldTo(core: RaftCore, message: AppendEntry, out: RaftEffect[]): void {
  const wasCandidate = core.role === "candidate";
  if (message.term > core.stable.term) enterTerm(core, message.term, out);
  becomeFollower(core, message.leader, out);
  if (wasCandidate) pushLeadership(core, false, out);
}

/**
 * Left over from a catch-up that was given up: nats-server no longer listens where it arrives, and
 * takes of what had arrived only what goes on where this log ends.
 */
function isOfOldCatchUp(core: RaftCore, message: AppendEntry): boolean {
  const { catchup, prevTerm, prevIndex } = message;
  if (catchup === null || core.catchup?.id === catchup) return false;
  const goesOn = prevIndex === core.lastIndex && prevTerm === core.lastTerm;
  return message.snapshot !== null || !goesOn;
}

/** Its term tells a deposed leader that it is one. */
function refuse(core: RaftCore, { leader, catchup }: AppendEntry, out: RaftEffect[]): void {
  if (catchup !== null) return;
  answer(core, leader, { term: core.stable.term, success: false, catchup }, out);
}

function isCaughtUp({ catchup, lastTerm, lastIndex }: RaftCore): boolean {
  if (catchup === null) return true;
  return lastTerm >= catchup.untilTerm && lastIndex >= catchup.untilIndex;
}

function hearLeader(core: RaftCore, leader: PeerId, { now, out }: Moment): void {
  if (core.leader !== leader) {
    setLeader(core, leader, out);
    out.push(electionTimer);
    pushLeadership(core, false, out);
  }
  const progress = core.progress.get(leader);
  if (progress !== undefined) progress.heardAt = now;
}

/** Entries are missing here: the leader's snapshot may stand for them, or it is asked. */
function onGap(core: RaftCore, message: AppendEntry, moment: Moment): void {
  const { snapshot } = message;
  if (core.catchup === null) return askForCatchUp(core, message, moment);
  if (snapshot === null) {
    core.catchup = null;
    return;
  }
  setPeers(core, snapshot.peers, moment.out);
  installSnapshot(core, snapshot, moment.out);
  core.commit = snapshot.lastIndex;
  moment.out.push({ kind: "restore", snapshot });
}

/** Each member says itself from where on it needs the log. Source: nats-server `createCatchup`. */
function askForCatchUp(core: RaftCore, message: AppendEntry, { now, out }: Moment): void {
  const { lastTerm, lastIndex } = core;
  const catchup = core.catchupNext;
  core.catchupNext += 1;
  core.catchup = {
    id: catchup,
    untilTerm: message.prevTerm,
    untilIndex: message.prevIndex,
    seenIndex: lastIndex,
    activeAt: now,
  };
  answer(core, message.leader, { term: lastTerm, success: false, catchup }, out);
}

/**
 * The leader builds on something at or before the end of this log. What contradicts it is cut
 * off, one entry a message if need be; true when the log then ends where the leader builds on.
 * Nothing is answered otherwise: a success would count for what this log may not hold.
 */
function reconcile(core: RaftCore, message: AppendEntry, out: RaftEffect[]): boolean {
  const { prevIndex, prevTerm } = message;
  if (prevIndex < core.commit) return false;
  const held = heldTerm(core, prevIndex);
  if (held === prevTerm) {
    truncateLog(core, prevIndex, prevTerm, out);
    return true;
  }
  if (held !== null) {
    const before = index(prevIndex - 1);
    // A conflict with what is committed can only be the leader's loss, never undone from here.
    if (before < core.commit) return false;
    truncateLog(core, before, termAt(core, before) as Term, out);
  } else if (prevTerm === core.lastTerm && message.catchup === null) {
    return false;
  } else if (prevIndex === core.lastIndex) {
    truncateLog(core, prevIndex, prevTerm, out);
  } else if (
    core.stable.snapshot?.lastIndex === prevIndex &&
    termAt(core, prevIndex) === prevTerm
  ) {
    truncateLog(core, prevIndex, prevTerm, out);
    return true;
  } else {
    resetLog(core, out);
  }
  core.catchup = null;
  return false;
}

/** Term of an entry that lies in the log itself, not in the snapshot. */
function heldTerm(core: RaftCore, at: Index): Term | null {
  if (at === 0 || core.stable.snapshot?.lastIndex === at) return null;
  return termAt(core, at);
}

/** The message continues this log. Only here does a leader get its success. */
function accept(core: RaftCore, message: AppendEntry, out: RaftEffect[]): void {
  const { entry, catchup } = message;
  const isNew = catchup === null;
  if (entry !== null) {
    storeEntry(core, entry, out);
    heed(core, entry, isNew, out);
  }
  const commit = Math.min(message.commit, core.lastIndex);
  if (commit > core.commit) commitTo(core, index(commit), out);
  answer(core, message.leader, { term: core.lastTerm, success: true, catchup }, out);
}

/** Tells the leader how far this log goes; which term, who answers says. */
function answer(
  core: RaftCore,
  leader: PeerId,
  { term, success, catchup }: Pick<AppendResponse, "term" | "success" | "catchup">,
  out: RaftEffect[],
): void {
  const { id: peer, lastIndex: index } = core;
  const message = { kind: "append-response", peer, term, index, success, catchup } as const;
  out.push({ kind: "send", to: leader, message });
}

/** Members change when they are stored, not when committed; a transfer is heeded only live. */
function heed(core: RaftCore, entry: RaftEntry, isNew: boolean, out: RaftEffect[]): void {
  for (const proposal of entry.proposals) {
    if (proposal.kind === "normal") continue;
    if (proposal.kind === "peer-state") {
      setPeers(core, proposal.peers, out);
    } else if (isNew && proposal.to === core.id) {
      core.transferring = true;
      out.push(transferTimer);
    }
  }
}

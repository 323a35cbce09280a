/** How a member becomes what it is. Source: nats-server `switchTo*`, `updateLeader`. */
import { assert, index, minus, type Term, term, type VirtualNanos } from "../kernel/index.ts";
import { quorum, type RaftCore } from "./core.ts";
import type { RaftEffect, Role } from "./effects.ts";
import { behindTimer, electionTimer, outsiderTimer } from "./election-timers.ts";
import type { PeerId } from "./messages.ts";
import { endCatchUpRuns, hasQuorum } from "./progress.ts";
import { proposeEntry } from "./replicate.ts";
import { quorumSignalEvery, voteResendStep } from "./timing.ts";

/** A term nobody here has voted in. Raft 5.1: terms only rise. */
export function enterTerm(core: RaftCore, next: Term, out: RaftEffect[]): void {
  assert(next > core.stable.term, `${core.id} goes from term ${core.stable.term} to ${next}`);
  core.stable.term = next;
  core.stable.vote = null;
  out.push({ kind: "persist-vote", term: next, vote: null });
}

/** Source: nats-server `switchToFollowerLocked`. */
export function becomeFollower(core: RaftCore, leader: PeerId | null, out: RaftEffect[]): void {
  core.announceAt = index(0);
  core.transferring = false;
  core.acks.clear();
  setLeader(core, leader, out);
  switchRole(core, "follower", out);
}

/**
 * Campaigns, unless the member may not lead as it stands: behind on applying, or outside.
 * Raft 5.2; nats-server `switchToCandidate`, `requestVote`. There is no pre-vote.
 */
export function campaign(core: RaftCore, now: VirtualNanos, out: RaftEffect[]): void {
  if (core.applied < core.commit) {
    out.push(behindTimer);
    return;
  }
  if (!core.stable.peers.includes(core.id)) {
    setLeader(core, null, out);
    out.push(outsiderTimer);
    return;
  }
  if (core.role === "candidate") signalLostQuorum(core, now, out);
  const { stable, lastTerm, lastIndex, id } = core;
  stable.term = term(stable.term + 1);
  stable.vote = id;
  setLeader(core, null, out);
  switchRole(core, "candidate", out);
  core.votes.clear();
  core.emptyVotes.clear();
  // The vote for itself is on disk before anybody is asked: a restart must not vote otherwise.
  out.push({ kind: "persist-vote", term: stable.term, vote: id });
  const request = { term: stable.term, lastTerm, lastIndex, candidate: id };
  out.push({ kind: "broadcast", message: { kind: "vote-request", ...request } });
  if (core.preferred) {
    core.voteResendNanos = voteResendStep;
    out.push({ kind: "vote-resend-timer", after: voteResendStep });
  }
  const empty = lastIndex === 0 && !core.initializing && !core.preferred;
  countVote(core, id, empty, { now, out });
}

/**
 * A vote for this candidate. Votes of empty logs make no quorum: servers that lost their disks
 * must not elect one of themselves. Only when everybody has answered is it known that no log
 * holds more. Source: nats-server `runAsCandidate`.
 */
export function countVote(
  core: RaftCore,
  voter: PeerId,
  empty: boolean,
  { now, out }: { readonly now: VirtualNanos; readonly out: RaftEffect[] },
): void {
  assert(core.role === "candidate", `${core.id} counts votes as ${core.role}`);
  if (empty && !core.preferred) core.emptyVotes.add(voter);
  else core.votes.add(voter);
  const { votes, emptyVotes, stable } = core;
  const won = votes.size >= quorum(core) || votes.size + emptyVotes.size === stable.peers.length;
  if (won) becomeLeader(core, now, out);
}

/** Follower and candidate know their leader; the leader knows how far everybody is. */
export function setLeader(core: RaftCore, leader: PeerId | null, out: RaftEffect[]): void {
  const wasLeader = core.leader === core.id;
  core.leader = leader;
  if (leader !== null && !core.hadLeader) {
    core.hadLeader = true;
    if (core.preferred && leader !== core.id) pushLeadership(core, false, out);
    core.preferred = false;
  }
  if (leader === core.id || wasLeader) return;
  for (const [peer, progress] of core.progress) {
    progress.match = index(0);
    if (peer !== leader) progress.heardAt = null;
  }
}

/** What the upper layer is told. Source: nats-server `updateLeadChange`. */
export function pushLeadership(core: RaftCore, isLeader: boolean, out: RaftEffect[]): void {
  out.push({ kind: "leadership", isLeader, term: core.stable.term });
}

/** Opens the term with an entry of its own: leadership is announced once that is applied. */
function becomeLeader(core: RaftCore, now: VirtualNanos, out: RaftEffect[]): void {
  core.transferring = false;
  setLeader(core, core.id, out);
  switchRole(core, "leader", out);
  const proposal = { kind: "peer-state", peers: core.stable.peers } as const;
  core.announceAt = index(core.lastIndex + 1);
  proposeEntry(core, [proposal], { bytes: peerStateBytes(core), now, out });
}

/** Encoded names of eight bytes behind two counts (`encodePeerState`). */
function peerStateBytes(core: RaftCore): number {
  return 10 + 8 * core.stable.peers.length;
}

function switchRole(core: RaftCore, role: Role, out: RaftEffect[]): void {
  const previous = core.role;
  core.role = role;
  if (role === "leader") {
    out.push({ kind: "clear-election-timer" }, { kind: "leader-tickers", run: true });
    return;
  }
  out.push(electionTimer);
  if (previous !== "leader") return;
  out.push({ kind: "leader-tickers", run: false });
  endCatchUpRuns(core, out);
  pushLeadership(core, false, out);
}

/** A candidate that fails again without having heard a quorum says so now and then. */
function signalLostQuorum(core: RaftCore, now: VirtualNanos, out: RaftEffect[]): void {
  if (hasQuorum(core, now) || minus(now, core.quorumSignalAt) <= quorumSignalEvery) return;
  core.quorumSignalAt = now;
  pushLeadership(core, false, out);
  out.push({ kind: "quorum-lost" });
}

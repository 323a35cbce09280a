/** Asking for votes and giving them. Raft 5.2, 5.4.1. */
import { assert, type VirtualNanos } from "../kernel/index.ts";
import type { RaftCore } from "./core.ts";
import type { RaftEffect } from "./effects.ts";
import { campaignTimer, electionTimer } from "./election-timers.ts";
import type { VoteRequest, VoteResponse } from "./messages.ts";
import { becomeFollower, countVote, enterTerm, setLeader } from "./roles.ts";
import { voteResendMax, voteResendStep } from "./timing.ts";

/** Source: nats-server `processVoteRequest`. */
export function onVoteRequest(core: RaftCore, request: VoteRequest, out: RaftEffect[]): void {
  const { stable } = core;
  const isEmpty = core.lastIndex === 0;
  if (request.term < stable.term) {
    answer(core, request, { granted: false, empty: isEmpty }, out);
    return;
  }
  const isNewTerm = request.term > stable.term;
  if (isNewTerm) {
    if (core.role !== "follower") becomeFollower(core, null, out);
    core.catchup = null;
    enterTerm(core, request.term, out);
    setLeader(core, null, out);
  }
  const isFree = stable.vote === null || stable.vote === request.candidate;
  const granted = isFree && isUpToDate(core, request);
  if (granted) {
    grant(core, request, out);
  } else if (isNewTerm) {
    // A better log than the candidate's: try soon, but only once a term, or requests that are
    // repeated would put it off again and again.
    out.push(campaignTimer);
  }
  // While a new group forms every log is empty, and that says nothing.
  const empty = isEmpty && !(isFree && core.initializing);
  answer(core, request, { granted, empty }, out);
}

/** Only a candidate of the term counts it; a higher term ends candidacy and leadership. */
export function onVoteResponse(
  core: RaftCore,
  response: VoteResponse,
  now: VirtualNanos,
  out: RaftEffect[],
): void {
  if (core.role === "follower") return;
  if (response.term > core.stable.term) {
    // A leader leaves its own term as it is, and meets the higher one with the next request.
    const wasCandidate = core.role === "candidate";
    becomeFollower(core, null, out);
    if (wasCandidate) enterTerm(core, response.term, out);
    return;
  }
  if (core.role !== "candidate" || response.term !== core.stable.term || !response.granted) return;
  const progress = core.progress.get(response.peer);
  if (progress === undefined) return;
  progress.heardAt = now;
  countVote(core, response.peer, response.empty, { now, out });
}

/** The chosen first leader asks again: its peers may not have known the group the first time. */
export function resendVoteRequest(core: RaftCore, out: RaftEffect[]): void {
  if (core.role !== "candidate" || core.voteResendNanos === 0) return;
  const { stable, lastTerm, lastIndex, id } = core;
  assert(stable.vote === id, `${id} asks for votes without its own`);
  const request = { term: stable.term, lastTerm, lastIndex, candidate: id };
  out.push({ kind: "broadcast", message: { kind: "vote-request", ...request } });
  const after = Math.min(core.voteResendNanos + voteResendStep, voteResendMax);
  core.voteResendNanos = after;
  out.push({ kind: "vote-resend-timer", after: after as typeof voteResendStep });
}

function isUpToDate(core: RaftCore, { lastTerm, lastIndex }: VoteRequest): boolean {
  if (lastTerm !== core.lastTerm) return lastTerm > core.lastTerm;
  return lastIndex >= core.lastIndex;
}

/** The order is the safety of it: on disk first, answered after. */
function grant(core: RaftCore, { candidate }: VoteRequest, out: RaftEffect[]): void {
  const { stable } = core;
  if (stable.vote !== candidate) {
    stable.vote = candidate;
    out.push({ kind: "persist-vote", term: stable.term, vote: candidate });
  }
  out.push(electionTimer);
}

function answer(
  core: RaftCore,
  { candidate }: VoteRequest,
  { granted, empty }: { readonly granted: boolean; readonly empty: boolean },
  out: RaftEffect[],
): void {
  const { id, stable } = core;
  const message = { kind: "vote-response", term: stable.term, peer: id, granted, empty } as const;
  out.push({ kind: "send", to: candidate, message });
}

/** The one way into a member. */
import { type Index, index, unreachable, type VirtualNanos } from "../kernel/index.ts";
import { onCatchUpTimeout } from "./catchup.ts";
import type { RaftCore } from "./core.ts";
import type { RaftEffect, RaftInput } from "./effects.ts";
import { aloneTimer, campaignTimer, electionTimer, preferredTimer } from "./election-timers.ts";
import { catchUpStalled, onAppendEntry } from "./follower.ts";
import {
  onAppendResponse,
  onHeartbeatTick,
  onPropose,
  onQuorumTick,
  onStepDown,
} from "./leader.ts";
import { takeSnapshot } from "./log.ts";
import { campaign, pushLeadership } from "./roles.ts";
import { onVoteRequest, onVoteResponse, resendVoteRequest } from "./votes.ts";

/**
 * Advances one member by one input.
 *
 * Mutates `core` and nothing else; everything the world must do is pushed onto `out`, in the
 * order in which it must happen: nothing is sent before what stands in front of it is written.
 * Reads no clock, draws no randomness.
 * Source: nats-server `runAsFollower`, `runAsCandidate`, `runAsLeader`.
 */
export function step(core: RaftCore, input: RaftInput, out: RaftEffect[]): void {
  const { role, leader } = core;
  const { term } = core.stable;
  take(core, input, out);
  if (core.role === role && core.leader === leader && core.stable.term === term) return;
  out.push({ kind: "role", role: core.role, term: core.stable.term, leader: core.leader });
}

function take(core: RaftCore, input: RaftInput, out: RaftEffect[]): void {
  switch (input.kind) {
    case "start":
      return start(core, out);
    case "campaign":
      return campaignSoon(core, input.preferred, out);
    case "election-timeout":
      return onElectionTimeout(core, input.now, out);
    case "vote-resend":
      return resendVoteRequest(core, out);
    case "heartbeat-tick":
      return onHeartbeatTick(core, { now: input.now, out });
    case "quorum-tick":
      return onQuorumTick(core, { now: input.now, out });
    case "catchup-timeout":
      return onCatchUpTimeout(core, input.peer);
    case "message":
      return onMessage(core, input, out);
    case "propose":
      return onPropose(core, input, input.now, out);
    case "applied":
      return onApplied(core, input.index, out);
    case "snapshot":
      return takeSnapshot(core, input, out);
    case "step-down":
      return onStepDown(core, input.to, { now: input.now, out });
    default:
      return unreachable(input);
  }
}

function onMessage(
  core: RaftCore,
  { message, now, queued }: Extract<RaftInput, { kind: "message" }>,
  out: RaftEffect[],
): void {
  switch (message.kind) {
    case "vote-request":
      return onVoteRequest(core, message, out);
    case "vote-response":
      return onVoteResponse(core, message, now, out);
    case "append-entry":
      return onAppendEntry(core, message, { now, out });
    case "append-response":
      return onAppendResponse(core, message, queued, { now, out });
    default:
      return unreachable(message);
  }
}

/** What the disk knows to be committed is applied again, then the ordinary wait begins. */
function start(core: RaftCore, out: RaftEffect[]): void {
  const { snapshot } = core.stable;
  if (snapshot !== null) out.push({ kind: "restore", snapshot });
  if (core.commit > (snapshot?.lastIndex ?? 0)) out.push({ kind: "apply", index: core.commit });
  out.push(electionTimer);
}

/** Source: nats-server `Campaign`, `CampaignImmediately`. */
function campaignSoon(core: RaftCore, preferred: boolean, out: RaftEffect[]): void {
  if (preferred) {
    core.preferred = true;
    core.initializing = false;
  }
  if (core.role !== "leader") out.push(preferred ? preferredTimer : campaignTimer);
}

/** Who is being caught up waits; only when that has stalled is the next timeout a campaign. */
function onElectionTimeout(core: RaftCore, now: VirtualNanos, out: RaftEffect[]): void {
  if (core.role === "leader") return;
  if (core.role === "candidate" || core.catchup === null) return campaign(core, now, out);
  if (catchUpStalled(core, now)) core.catchup = null;
  out.push(electionTimer);
}

/** Source: nats-server `Processed`. */
function onApplied(core: RaftCore, upTo: Index, out: RaftEffect[]): void {
  if (upTo > core.commit || upTo <= core.applied) return;
  core.applied = upTo;
  if (core.announceAt > 0 && upTo >= core.announceAt) {
    core.announceAt = index(0);
    if (core.role === "leader") pushLeadership(core, true, out);
  }
  const isAlone = core.stable.peers.length === 1 && !core.hadLeader;
  if (isAlone && core.applied === core.commit && core.leader === null) out.push(aloneTimer);
}

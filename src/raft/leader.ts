/** What a leader does with proposals, answers and its tickers. Raft 5.3, 5.4.2. */
import { assert, minus, type VirtualNanos } from "../kernel/index.ts";
import { onCatchUpConfirmed, onCatchUpRequest } from "./catchup.ts";
import { type Progress, quorum, type RaftCore } from "./core.ts";
import type { ProposeInput, RaftEffect } from "./effects.ts";
import type { AppendResponse, PeerId } from "./messages.ts";
import { hasQuorum, isHealthy, mostAdvancedPeer } from "./progress.ts";
import { commitTo, type Moment, proposeEntry, sendHeartbeat } from "./replicate.ts";
import { becomeFollower, enterTerm } from "./roles.ts";
import { heartbeatEvery } from "./timing.ts";

/** Source: nats-server `Propose`, `runAsLeader`. */
export function onPropose(
  core: RaftCore,
  input: ProposeInput,
  now: VirtualNanos,
  out: RaftEffect[],
): void {
  if (core.role !== "leader" || input.term !== core.stable.term) return;
  assert(input.proposals.length > 0, `${core.id} was given nothing to propose`);
  proposeEntry(core, input.proposals, { bytes: input.bytes, now, out });
}

/** Source: nats-server `processAppendEntryResponse`. */
export function onAppendResponse(
  core: RaftCore,
  response: AppendResponse,
  queued: boolean,
  { now, out }: Moment,
): void {
  if (core.role !== "leader") return;
  const progress = core.progress.get(response.peer);
  if (progress === undefined) return;
  progress.heardAt = now;
  if (response.success) {
    // What a catch-up confirms is no vote for an entry: the entries are old, the log not whole.
    if (response.catchup !== null) onCatchUpConfirmed(core, response, out);
    else if (countAck(core, progress, response, out) && !queued) sendHeartbeat(core, out);
  } else if (response.catchup !== null) {
    onCatchUpRequest(core, response, out);
  } else if (response.term > core.stable.term) {
    becomeFollower(core, null, out);
    enterTerm(core, response.term, out);
  }
}

/** Entries carry the commit themselves, so only a leader with nothing to say sends heartbeats. */
export function onHeartbeatTick(core: RaftCore, { now, out }: Moment): void {
  if (core.role !== "leader" || minus(now, core.activeAt) < heartbeatEvery) return;
  sendHeartbeat(core, out);
}

/** Without a quorum for ten seconds a leader gives up; nobody is asked to follow it. */
export function onQuorumTick(core: RaftCore, { now, out }: Moment): void {
  if (core.role !== "leader" || hasQuorum(core, now)) return;
  becomeFollower(core, null, out);
  out.push({ kind: "quorum-lost" });
}

/**
 * Leaves the lead, if it can to somebody who was heard from lately: the one asked for, else the
 * one whose log is longest (nats-server takes any). Source: nats-server `StepDown`.
 */
export function onStepDown(core: RaftCore, to: PeerId | null, { now, out }: Moment): void {
  if (core.role !== "leader") return;
  const isFit = to !== null && isHealthy(core, to, now);
  const next = isFit ? to : mostAdvancedPeer(core, now);
  if (next !== null) {
    const proposal = { kind: "leader-transfer", to: next } as const;
    proposeEntry(core, [proposal], { bytes: transferBytes, now, out });
  }
  becomeFollower(core, null, out);
}

const transferBytes = 13;

/** True when that committed something. Source: nats-server `trackResponse`, `tryCommit`. */
function countAck(
  core: RaftCore,
  progress: Progress,
  { peer, index: at, term }: AppendResponse,
  out: RaftEffect[],
): boolean {
  if (at > progress.match) progress.match = at;
  // Raft 5.4.2: only entries of its own term does a leader commit by counting.
  if (at <= core.commit || term !== core.stable.term) return false;
  const needed = quorum(core);
  let acks = core.acks.get(at);
  const others = acks === undefined ? 1 : acks.has(peer) ? acks.size : acks.size + 1;
  if (others + 1 >= needed) {
    commitTo(core, at, out);
    return true;
  }
  if (acks === undefined) {
    acks = new Set();
    core.acks.set(at, acks);
  }
  acks.add(peer);
  return false;
}

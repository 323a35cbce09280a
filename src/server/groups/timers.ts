/** The timers of a group's member. */
import {
  type DurationNanos,
  minutes,
  plus,
  seconds,
  type VirtualNanos,
} from "../../kernel/index.ts";
import { heartbeatEvery, type PeerId, quorumCheckEvery } from "../../raft/index.ts";
import type { ServerIo } from "../io.ts";
import type { GroupTimer, RaftGroup } from "./group.ts";

type Name = GroupTimer["name"];

/**
 * Draws the election timer anew. Each heartbeat does that, so the machine's timer is only moved
 * forward: one that fires early is set again for the rest.
 */
export function drawElection(
  io: ServerIo,
  group: RaftGroup,
  { low, high }: { readonly low: DurationNanos; readonly high: DurationNanos },
): void {
  const range = high - low;
  const drawn = range === 0 ? 0 : Math.floor((io.draw("elections") / 0x1_0000_0000) * range);
  const at = (io.now + low + drawn) as VirtualNanos;
  group.electionAt = at;
  if (group.electionArmedAt === null || group.electionArmedAt > at) armElection(io, group, at);
}

export function clearElection(io: ServerIo, group: RaftGroup): void {
  group.electionAt = null;
  if (group.electionArmedAt === null) return;
  group.electionArmedAt = null;
  io.clearTimer(timerName(group, "election"));
}

/** The machine's timer fired; true when the election timer itself is due. */
export function electionIsDue(io: ServerIo, group: RaftGroup): boolean {
  group.electionArmedAt = null;
  const { electionAt } = group;
  if (electionAt === null) return false;
  if (electionAt > io.now) {
    armElection(io, group, electionAt);
    return false;
  }
  group.electionAt = null;
  return true;
}

/** The two tickers of a leader. */
export function runTickers(io: ServerIo, group: RaftGroup, run: boolean): void {
  if (!run) {
    io.clearTimer(timerName(group, "heartbeat"));
    io.clearTimer(timerName(group, "quorum"));
    return;
  }
  setGroupTimer(io, group, "heartbeat", heartbeatEvery);
  setGroupTimer(io, group, "quorum", quorumCheckEvery);
}

export function setGroupTimer(
  io: ServerIo,
  group: RaftGroup,
  name: Exclude<Name, "election" | "catchup">,
  after: DurationNanos,
): void {
  const timer: GroupTimer = { kind: "raft", group: group.name, name, peer: "" };
  io.setTimer(timerName(group, name), plus(io.now, after), timer);
}

export function setCatchUpTimer(
  io: ServerIo,
  group: RaftGroup,
  peer: PeerId,
  after: DurationNanos,
): void {
  const timer: GroupTimer = { kind: "raft", group: group.name, name: "catchup", peer };
  io.setTimer(timerName(group, "catchup", peer), plus(io.now, after), timer);
}

export function clearCatchUpTimer(io: ServerIo, group: RaftGroup, peer: PeerId): void {
  io.clearTimer(timerName(group, "catchup", peer));
}

/**
 * Sets the time of the next look at whether the log should make way for a snapshot.
 * Source: nats-server `monitorCluster` (one minute), `monitorStream`, `monitorConsumer` (two
 * minutes and up to one more).
 */
export function armSnapshot(io: ServerIo, group: RaftGroup): void {
  let after = minutes(1);
  if (group.kind !== "meta") {
    const jitter = Math.floor((io.draw("snapshots") / 0x1_0000_0000) * seconds(60));
    after = (minutes(2) + jitter) as DurationNanos;
  }
  setGroupTimer(io, group, "snapshot", after);
}

export function clearGroupTimers(io: ServerIo, group: RaftGroup): void {
  clearElection(io, group);
  runTickers(io, group, false);
  io.clearTimer(timerName(group, "vote-resend"));
  io.clearTimer(timerName(group, "snapshot"));
  for (const peer of group.core.progress.keys()) clearCatchUpTimer(io, group, peer);
}

function armElection(io: ServerIo, group: RaftGroup, at: VirtualNanos): void {
  group.electionArmedAt = at;
  const timer: GroupTimer = { kind: "raft", group: group.name, name: "election", peer: "" };
  io.setTimer(timerName(group, "election"), at, timer);
}

function timerName(group: RaftGroup, name: Name, peer = ""): string {
  return peer === "" ? `raft/${group.name}/${name}` : `raft/${group.name}/${name}/${peer}`;
}

/** One input to this server's member of a group, and what follows on the machine. */
import { unreachable } from "../../kernel/index.ts";
import {
  messageBytes,
  type PeerId,
  type RaftEffect,
  type RaftInput,
  type RaftMessage,
  step,
} from "../../raft/index.ts";
import type { ServerIo } from "../io.ts";
import type { PeerMessage } from "../links/peer-message.ts";
import { sendToPeer } from "../links/peers.ts";
import { watchStep } from "../raft-watch.ts";
import type { ServerState } from "../state.ts";
import type { RaftGroup } from "./group.ts";
import type { GroupPlace } from "./group-handlers.ts";
import {
  clearCatchUpTimer,
  clearElection,
  drawElection,
  runTickers,
  setCatchUpTimer,
  setGroupTimer,
} from "./timers.ts";

/**
 * Performs an input in the order of its effects. What concerns the upper layer waits in
 * `server.groupWork`, as it waits in a queue of its own in nats-server.
 */
export function stepGroup(
  server: ServerState,
  io: ServerIo,
  group: RaftGroup,
  input: RaftInput,
): void {
  const out: RaftEffect[] = [];
  const { core } = group;
  const { applied } = core;
  step(core, input, out);
  watchStep(server, io, group, out);
  if (core.catchup !== null) group.catchUntil = core.catchup.untilIndex;
  // A log that was cut off at its root begins anew, and with it what was applied.
  if (core.applied < applied) io.raft?.restored(group, core.applied);
  for (let i = 0; i < out.length; i++) {
    const effect = out[i];
    if (effect !== undefined) perform(server, io, group, effect);
  }
}

function perform(server: ServerState, io: ServerIo, group: RaftGroup, effect: RaftEffect): void {
  switch (effect.kind) {
    case "election-timer":
      return drawElection(io, group, effect);
    case "clear-election-timer":
      return clearElection(io, group);
    case "vote-resend-timer":
      return setGroupTimer(io, group, "vote-resend", effect.after);
    case "leader-tickers":
      return runTickers(io, group, effect.run);
    case "catchup-timer":
      return setCatchUpTimer(io, group, effect.peer, effect.after);
    case "clear-catchup-timer":
      return clearCatchUpTimer(io, group, effect.peer);
    case "send":
      return send({ server, io, group }, effect);
    case "broadcast":
      return broadcast({ server, io, group }, effect.message);
    case "role":
      return;
    case "apply":
    case "restore":
    case "leadership":
    case "quorum-lost":
      return tellUpperLayer(server, group, effect);
    default:
      return write(io, group, effect);
  }
}

function send(
  { server, io, group }: GroupPlace,
  { to, message }: { readonly to: PeerId; readonly message: RaftMessage },
): void {
  sendToPeer(server, io, to, told(server, group, message), messageBytes(message));
}

/** To every other member; all of them hold the same object. */
function broadcast({ server, io, group }: GroupPlace, message: RaftMessage): void {
  const shared = told(server, group, message);
  const bytes = messageBytes(message);
  for (const peer of group.core.progress.keys()) sendToPeer(server, io, peer, shared, bytes);
}

function told(server: ServerState, group: RaftGroup, message: RaftMessage): PeerMessage {
  return { kind: "raft", group: group.name, from: server.name, message };
}

function tellUpperLayer(
  { groupWork }: ServerState,
  group: RaftGroup,
  effect: Extract<RaftEffect, { kind: "apply" | "restore" | "leadership" | "quorum-lost" }>,
): void {
  const mail = groupWork?.mail;
  switch (effect.kind) {
    case "apply":
      mail?.push({ kind: "apply", group, index: effect.index });
      return;
    case "restore":
      mail?.push({ kind: "restore", group, index: effect.snapshot.lastIndex });
      return;
    case "leadership":
      mail?.push({ kind: "leadership", group, isLeader: effect.isLeader });
      return;
    case "quorum-lost":
      mail?.push({ kind: "quorum-lost", group });
      return;
    default:
      unreachable(effect);
  }
}

/**
 * A snapshot is synced when it is written, and so is the log that it makes shorter. That of a
 * stream says only how far the messages go: they themselves are synced in their own time.
 * Source: nats-server `writeSnapshot`; `FlushAllPending` without `SyncOnFlush`.
 */
function keepSnapshot(io: ServerIo, group: RaftGroup, bytes: number): void {
  const { filePath, file, stable } = group;
  group.logBytes = 0;
  group.snapshotAt = io.now;
  file.snapshot = stable.snapshot;
  if (filePath === null) return;
  io.disk.wrote(filePath, bytes);
  if (group.kind !== "stream") io.disk.sync(filePath);
}

type WriteEffect = Extract<RaftEffect, { kind: `persist-${string}` | "append" | "truncate" }>;

/** About what a vote, a list of members or a mark takes in its file. */
const smallWrite = 32;

/** What is stable is synced at each write; the log now and then. */
function write(io: ServerIo, group: RaftGroup, effect: WriteEffect): void {
  const { filePath, stablePath } = group;
  switch (effect.kind) {
    case "append":
      group.logBytes += effect.bytes;
      if (filePath !== null) io.disk.wrote(filePath, effect.bytes);
      return;
    case "truncate":
    case "persist-commit":
      group.file.snapshot = group.stable.snapshot;
      if (filePath !== null) io.disk.wrote(filePath, smallWrite);
      return;
    case "persist-snapshot":
      keepSnapshot(io, group, effect.bytes);
      return;
    case "persist-vote":
    case "persist-peers":
      io.disk.wrote(stablePath, smallWrite);
      io.disk.sync(stablePath);
      return;
    default:
      unreachable(effect);
  }
}

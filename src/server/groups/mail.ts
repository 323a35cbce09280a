/** The upper layer takes what its groups agreed upon, and puts snapshots in place of the log. */
import { type Index, index, logEnd, logFirst, logGet, unreachable } from "../../kernel/index.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { GroupMail, RaftGroup } from "./group.ts";
import type { GroupHandlers, GroupPlace } from "./group-handlers.ts";
import { flushProposals } from "./propose.ts";
import { stepGroup } from "./step-group.ts";
import { armSnapshot } from "./timers.ts";

// Source: nats-server `monitorStream` (compactNumMin, compactSizeMin), `monitorConsumer`,
// `monitorCluster`.
const streamEntriesMax = 65_536;
const consumerEntriesMax = 1024;
const streamBytesMax = 8 * 1024 * 1024;
const consumerBytesMax = 64 * 1024;
const metaBytesMax = 8 * 1024 * 1024;
const consumerPause = 10_000_000_000;
const metaPause = 30_000_000_000;

/** Whether `workOnGroups` has anything to do. */
export function hasGroupWork({ groupWork }: ServerState): boolean {
  return groupWork !== undefined && (groupWork.mail.length > 0 || groupWork.proposing.length > 0);
}

/** Hands what waits to the handlers of its groups, then makes entries of what was proposed. */
export function workOnGroups(server: ServerState, io: ServerIo, handlers: GroupHandlers): void {
  if (server.groupWork === undefined) return;
  readMail(server, io, handlers);
  flushProposals(server, io);
}

function readMail(server: ServerState, io: ServerIo, handlers: GroupHandlers): void {
  const mail = server.groupWork?.mail ?? [];
  for (let i = 0; i < mail.length; i++) {
    const item = mail[i];
    // A group that was closed meanwhile, by what another applied, takes no mail.
    if (item !== undefined && server.groups?.get(item.group.name) === item.group) {
      act({ server, io, group: item.group }, handlers, item);
    }
  }
  mail.length = 0;
}

function act(place: GroupPlace, handlers: GroupHandlers, item: GroupMail): void {
  const { group, io } = place;
  const handler = handlers[group.kind];
  switch (item.kind) {
    case "apply":
      applyUpTo(place, handlers, item.index);
      return;
    case "restore":
      restore(place, handlers, item.index);
      return;
    case "leadership":
      group.leaderSince = item.isLeader ? io.wall : null;
      if (!item.isLeader) group.queue.length = 0;
      handler?.leadership(place, item.isLeader);
      return;
    case "quorum-lost":
      handler?.quorumLost(place);
      return;
    case "snapshot-due":
      armSnapshot(io, group);
      takeSnapshot(place, handlers);
      return;
    default:
      unreachable(item);
  }
}

function applyUpTo(place: GroupPlace, handlers: GroupHandlers, upTo: Index): void {
  const { server, io, group } = place;
  const { core, file } = group;
  const { log } = core.wal;
  const handler = handlers[group.kind];
  for (let at = index(core.applied + 1); at <= upTo; at = index(at + 1)) {
    // A snapshot has taken the place of these entries, and waits to be restored.
    if (at < logFirst(log)) continue;
    if (at >= logEnd(log)) return;
    const entry = logGet(log, at);
    if (!group.keepsState || at > file.applied) {
      for (const proposal of entry.proposals) {
        if (proposal.kind === "normal") handler?.apply(place, proposal.data, at);
        if (server.groups?.get(group.name) !== group) return;
      }
      file.applied = at;
      // What the state holds is committed, and a restart must know that it is.
      if (group.keepsState && file.wal.commit < at) file.wal.commit = at;
    }
    io.raft?.applied(group, at, entry);
  }
  stepGroup(server, io, group, { kind: "applied", now: io.now, index: upTo });
  if (isLong(group, io)) takeSnapshot(place, handlers);
}

function restore(place: GroupPlace, handlers: GroupHandlers, at: Index): void {
  const { server, io, group } = place;
  const { file, core } = group;
  const { snapshot } = core.stable;
  // Superseded by one that waits behind it.
  if (snapshot === null || snapshot.lastIndex !== at) return;
  if (!group.keepsState || file.applied < at) {
    handlers[group.kind]?.restore(place, snapshot.data);
    file.applied = at;
    if (group.keepsState) file.wal.commit = at;
    if (group.filePath !== null) io.disk.wrote(group.filePath, snapshot.bytes);
  }
  io.raft?.restored(group, at);
  stepGroup(server, io, group, { kind: "applied", now: io.now, index: at });
}

/** Is the log long enough for a snapshot, and the last one some time ago? */
function isLong(group: RaftGroup, io: ServerIo): boolean {
  const { log } = group.core.wal;
  const entries = group.core.applied + 1 - logFirst(log);
  const since = io.now - group.snapshotAt;
  switch (group.kind) {
    case "stream":
      return entries >= streamEntriesMax || group.logBytes >= streamBytesMax;
    case "consumer":
      return (
        since >= consumerPause &&
        (entries >= consumerEntriesMax || group.logBytes >= consumerBytesMax)
      );
    default:
      return since >= metaPause && group.logBytes >= metaBytesMax;
  }
}

function takeSnapshot(place: GroupPlace, handlers: GroupHandlers): void {
  const { server, io, group } = place;
  const { applied, wal } = group.core;
  if (applied < logFirst(wal.log)) return;
  const made = handlers[group.kind]?.snapshot(place) ?? null;
  if (made === null) return;
  const input = { kind: "snapshot", now: io.now, index: applied, ...made } as const;
  stepGroup(server, io, group, input);
}

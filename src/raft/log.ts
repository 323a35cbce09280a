/** The log and the snapshot of a member: what is added, cut off and replaced. */
import {
  assert,
  createLog,
  type Index,
  index,
  logDropBefore,
  logEnd,
  logFirst,
  logPush,
  logTruncate,
  type Term,
  term,
} from "../kernel/index.ts";
import { type RaftCore, termAt } from "./core.ts";
import type { RaftEffect, SnapshotInput } from "./effects.ts";
import { entryBytes, type RaftEntry, type RaftSnapshot } from "./messages.ts";

/** Source: nats-server `storeToWAL`. */
export function storeEntry(core: RaftCore, entry: RaftEntry, out: RaftEffect[]): void {
  const at = index(logPush(core.wal.log, entry));
  assert(at === core.lastIndex + 1, `${core.id} stored ${at} behind ${core.lastIndex}`);
  core.lastIndex = at;
  core.lastTerm = entry.term;
  core.initializing = false;
  out.push({ kind: "append", index: at, bytes: entryBytes(entry) });
}

/**
 * Cuts off everything behind an entry, which from now on counts as being of the term given.
 * Source: nats-server `truncateWAL`.
 */
export function truncateLog(core: RaftCore, to: Index, toTerm: Term, out: RaftEffect[]): void {
  const { stable, wal } = core;
  if (to + 1 < logFirst(wal.log)) wal.log = createLog(to + 1);
  else logTruncate(wal.log, to + 1);
  core.lastTerm = toTerm;
  core.lastIndex = to;
  if (stable.snapshot !== null && stable.snapshot.lastIndex > to) stable.snapshot = null;
  if (core.commit > to) core.commit = to;
  if (core.applied > core.commit) core.applied = core.commit;
  if (wal.commit > core.commit) wal.commit = core.commit;
  out.push({ kind: "truncate", index: to });
}

/** Source: nats-server `resetWAL`. */
export function resetLog(core: RaftCore, out: RaftEffect[]): void {
  truncateLog(core, index(0), term(0), out);
}

/** The leader's snapshot takes the place of the whole log. Source: nats-server `installSnapshot`. */
export function installSnapshot(core: RaftCore, snapshot: RaftSnapshot, out: RaftEffect[]): void {
  assert(snapshot.lastIndex > core.lastIndex, `${core.id} has ${snapshot.lastIndex} already`);
  core.stable.snapshot = snapshot;
  core.wal.log = createLog(snapshot.lastIndex + 1);
  core.lastIndex = snapshot.lastIndex;
  core.lastTerm = snapshot.lastTerm;
  core.initializing = false;
  out.push({ kind: "persist-snapshot", index: snapshot.lastIndex, bytes: snapshot.bytes });
}

/**
 * Keeps the upper layer's state in place of the log up to it; not while somebody is being caught
 * up from that log. Source: nats-server `createSnapshotCheckpointLocked`, `installSnapshot`.
 */
export function takeSnapshot(core: RaftCore, input: SnapshotInput, out: RaftEffect[]): void {
  const { log } = core.wal;
  assert(input.index <= core.applied, `a snapshot of what is not applied: ${input.index}`);
  if (input.index < logFirst(log) || input.index >= logEnd(log)) return;
  for (const progress of core.progress.values()) if (progress.catchup !== null) return;
  core.stable.snapshot = {
    lastTerm: termAt(core, input.index) as Term,
    lastIndex: input.index,
    peers: core.stable.peers,
    data: input.data,
    bytes: input.bytes,
  };
  logDropBefore(log, input.index + 1);
  out.push({ kind: "persist-snapshot", index: input.index, bytes: input.bytes });
}

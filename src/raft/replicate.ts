/** Entries on their way into the logs of all, and from there to the upper layer. Raft 5.3. */
import { assert, type Index, type VirtualNanos } from "../kernel/index.ts";
import { quorum, type RaftCore } from "./core.ts";
import type { RaftEffect } from "./effects.ts";
import { storeEntry } from "./log.ts";
import type { AppendEntry, Proposal, RaftEntry } from "./messages.ts";

/** What comes with nearly every input. */
export interface Moment {
  readonly now: VirtualNanos;
  readonly out: RaftEffect[];
}

/** Stores one entry and sends it to everybody. Source: nats-server `sendAppendEntryLocked`. */
export function proposeEntry(
  core: RaftCore,
  proposals: readonly Proposal[],
  { bytes, now, out }: Moment & { readonly bytes: number },
): void {
  assert(core.role === "leader", `${core.id} proposes as ${core.role}`);
  const entry: RaftEntry = { term: core.stable.term, commit: core.commit, proposals, bytes };
  const message = appendEntry(core, entry);
  storeEntry(core, entry, out);
  core.activeAt = now;
  out.push({ kind: "broadcast", message });
  if (quorum(core) === 1) commitTo(core, core.lastIndex, out);
}

/** Says that the leader is there, and how far it has committed. */
export function sendHeartbeat(core: RaftCore, out: RaftEffect[]): void {
  if (core.progress.size > 0) out.push({ kind: "broadcast", message: appendEntry(core, null) });
}

/** Hands on to the upper layer what is committed now. Source: nats-server `applyCommit`. */
export function commitTo(core: RaftCore, to: Index, out: RaftEffect[]): void {
  assert(to > core.commit, `${core.id} commits ${to} again`);
  assert(to <= core.lastIndex, `${core.id} commits ${to}, which it does not hold`);
  for (let at = core.commit + 1; core.acks.size > 0 && at <= to; at++)
    core.acks.delete(at as Index);
  core.commit = to;
  if (core.persistsCommit) {
    core.wal.commit = to;
    out.push({ kind: "persist-commit", index: to });
  }
  out.push({ kind: "apply", index: to });
}

function appendEntry(core: RaftCore, entry: RaftEntry | null): AppendEntry {
  return {
    kind: "append-entry",
    leader: core.id,
    term: core.stable.term,
    commit: core.commit,
    prevTerm: core.lastTerm,
    prevIndex: core.lastIndex,
    entry,
    catchup: null,
    snapshot: null,
  };
}

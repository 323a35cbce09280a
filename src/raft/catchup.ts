/** A leader brings one follower up to date, over a stream of its own. */
import { type Index, index, logEnd, logFirst, logGet } from "../kernel/index.ts";
import { type CatchUpRun, type Progress, type RaftCore, termAt } from "./core.ts";
import type { RaftEffect } from "./effects.ts";
import {
  type AppendEntry,
  type AppendResponse,
  entryBytes,
  type PeerId,
  type RaftEntry,
  type RaftSnapshot,
} from "./messages.ts";
import { endCatchUpRun } from "./progress.ts";
import { becomeFollower } from "./roles.ts";
import { catchupBytesOut, catchupSilence } from "./timing.ts";

/** Source: nats-server `catchupFollower`. */
export function onCatchUpRequest(core: RaftCore, request: AppendResponse, out: RaftEffect[]): void {
  const progress = core.progress.get(request.peer);
  const { log } = core.wal;
  if (progress === undefined || request.catchup === null) return;
  endCatchUpRun(request.peer, progress, out);
  // The follower may have lost what it once confirmed.
  progress.match = request.index;
  let next = request.index + 1;
  if (next < logFirst(log)) {
    const { snapshot } = core.stable;
    if (snapshot === null) return becomeFollower(core, null, out);
    sendSnapshot(core, request.peer, request.catchup, { snapshot, out });
    next = snapshot.lastIndex + 1;
    if (next >= logEnd(log)) return;
  }
  // Asked for more than it has: this log cannot be the group's.
  if (next >= logEnd(log)) return becomeFollower(core, null, out);
  progress.catchup = {
    id: request.catchup,
    last: core.lastIndex,
    next: index(next),
    confirmed: index(next - 1),
    bytesOut: 0,
  };
  goOn(core, request.peer, progress, out);
}

/** The follower holds what was sent up to here: more may follow. */
export function onCatchUpConfirmed(
  core: RaftCore,
  response: AppendResponse,
  out: RaftEffect[],
): void {
  const progress = core.progress.get(response.peer);
  const run = progress?.catchup;
  if (progress === undefined || run === null || run === undefined) return;
  if (run.id !== response.catchup) return;
  const { log } = core.wal;
  while (run.confirmed < response.index && run.confirmed + 1 < run.next) {
    run.confirmed = index(run.confirmed + 1);
    if (run.confirmed >= logFirst(log)) run.bytesOut -= entryBytes(logGet(log, run.confirmed));
  }
  goOn(core, response.peer, progress, out);
}

/** Nothing was heard of it for two seconds: the follower will ask again. */
export function onCatchUpTimeout(core: RaftCore, peer: PeerId): void {
  const progress = core.progress.get(peer);
  if (progress !== undefined) progress.catchup = null;
}

/** Sends what the window allows; what has been sent to its end needs no watching. */
function goOn(core: RaftCore, peer: PeerId, progress: Progress, out: RaftEffect[]): void {
  const run = progress.catchup;
  if (run === null) return;
  if (isSent(core, peer, run, out)) endCatchUpRun(peer, progress, out);
  else out.push({ kind: "catchup-timer", peer, after: catchupSilence });
}

/** Source: nats-server `runCatchup`, `sendNext`. */
function isSent(core: RaftCore, peer: PeerId, run: CatchUpRun, out: RaftEffect[]): boolean {
  const { log } = core.wal;
  while (run.bytesOut <= catchupBytesOut) {
    if (run.next > run.last || run.next < logFirst(log)) return true;
    const entry = logGet(log, run.next);
    const message = catchUpEntry(core, run.id, { entry, at: run.next });
    out.push({ kind: "send", to: peer, message });
    run.bytesOut += entryBytes(entry);
    run.next = index(run.next + 1);
  }
  return false;
}

function catchUpEntry(
  core: RaftCore,
  catchup: number,
  { entry, at }: { readonly entry: RaftEntry; readonly at: Index },
): AppendEntry {
  const prevIndex = index(at - 1);
  return {
    kind: "append-entry",
    leader: core.id,
    term: core.stable.term,
    commit: entry.commit,
    prevTerm: termAt(core, prevIndex) ?? entry.term,
    prevIndex,
    entry,
    catchup,
    snapshot: null,
  };
}

/** Source: nats-server `sendSnapshotToFollower`. */
function sendSnapshot(
  core: RaftCore,
  to: PeerId,
  catchup: number,
  { snapshot, out }: { readonly snapshot: RaftSnapshot; readonly out: RaftEffect[] },
): void {
  const message: AppendEntry = {
    kind: "append-entry",
    leader: core.id,
    term: core.stable.term,
    commit: core.commit,
    prevTerm: snapshot.lastTerm,
    prevIndex: snapshot.lastIndex,
    entry: null,
    catchup,
    snapshot,
  };
  out.push({ kind: "send", to, message });
}

/** What a member knows of the others. */
import { minus, type VirtualNanos } from "../kernel/index.ts";
import { type Progress, quorum, type RaftCore, unknownPeer } from "./core.ts";
import type { RaftEffect } from "./effects.ts";
import type { PeerId } from "./messages.ts";
import { healthyWindow, quorumWindow } from "./timing.ts";

/** Has a quorum, this member included, been heard from in the last ten seconds? (`Quorum`) */
export function hasQuorum(core: RaftCore, now: VirtualNanos): boolean {
  let heard = 1;
  for (const { heardAt } of core.progress.values()) {
    if (heardAt !== null && minus(now, heardAt) < quorumWindow) heard += 1;
  }
  return heard >= quorum(core);
}

/** Heard from lately, so that it may be asked to lead (`withinLiveWindow`). */
export function isHealthy(core: RaftCore, peer: PeerId, now: VirtualNanos): boolean {
  const heardAt = core.progress.get(peer)?.heardAt ?? null;
  return heardAt !== null && minus(now, heardAt) <= healthyWindow;
}

/** The healthy peer whose log reaches furthest, the first of equals; null when none is healthy. */
export function mostAdvancedPeer(core: RaftCore, now: VirtualNanos): PeerId | null {
  let best: PeerId | null = null;
  let bestMatch = -1;
  for (const [peer, { match }] of core.progress) {
    if (match <= bestMatch || !isHealthy(core, peer, now)) continue;
    best = peer;
    bestMatch = match;
  }
  return best;
}

/** The members as a leader put them into the log. Source: nats-server `processPeerState`. */
export function setPeers(core: RaftCore, peers: readonly PeerId[], out: RaftEffect[]): void {
  const { stable, progress } = core;
  const same = peers.length === stable.peers.length && peers.every((p, i) => p === stable.peers[i]);
  if (same) return;
  stable.peers = peers;
  const known = new Map(progress);
  progress.clear();
  for (const peer of peers) {
    if (peer === core.id) continue;
    const [, unknown] = unknownPeer(peer);
    progress.set(peer, known.get(peer) ?? unknown);
  }
  out.push({ kind: "persist-peers", peers });
}

/** Lets go of the catch-up of one peer. */
export function endCatchUpRun(peer: PeerId, progress: Progress, out: RaftEffect[]): void {
  if (progress.catchup === null) return;
  progress.catchup = null;
  out.push({ kind: "clear-catchup-timer", peer });
}

/** A leader that steps down lets go of all. */
export function endCatchUpRuns(core: RaftCore, out: RaftEffect[]): void {
  for (const [peer, progress] of core.progress) endCatchUpRun(peer, progress, out);
}

/** What a member can say about its group, as stream info and health checks show it. */
import { type Index, index, minus, type VirtualNanos } from "../kernel/index.ts";
import type { RaftCore } from "./core.ts";
import type { PeerId } from "./messages.ts";
import { currentWindow } from "./timing.ts";

export interface PeerView {
  readonly id: PeerId;
  readonly current: boolean;
  /** When it was last heard from; null for never, and for what a follower knows of followers. */
  readonly heardAt: VirtualNanos | null;
  /** Committed entries that it is not known to hold. */
  readonly lag: Index;
}

/** The other members; only the leader knows more than its leader. Source: nats-server `Peers`. */
export function peerViews(core: RaftCore, now: VirtualNanos): PeerView[] {
  const views: PeerView[] = [];
  for (const [id, { heardAt, match }] of core.progress) {
    if (core.leader === core.id) {
      const lag = index(Math.max(core.commit - match, 0));
      views.push({ id, current: lag === 0, heardAt, lag });
    } else {
      const current = id === core.leader && isRecent(heardAt, now);
      views.push({ id, current, heardAt, lag: index(0) });
    }
  }
  return views;
}

/**
 * Is this member itself up to date: leader, or a follower that hears its leader, is not being
 * caught up and has applied what is committed? Source: nats-server `isCurrent`.
 */
export function isCurrent(core: RaftCore, now: VirtualNanos): boolean {
  if (core.commit === 0) return false;
  if (core.role === "leader") return true;
  if (core.catchup !== null) return false;
  if (core.leader !== null) {
    const heardAt = core.progress.get(core.leader)?.heardAt ?? null;
    if (!isRecent(heardAt, now)) return false;
  }
  return core.commit === core.applied;
}

/** May it act as leader: elected, and all before its election applied? (`Leader`) */
export function isAnnouncedLeader(core: RaftCore): boolean {
  return core.role === "leader" && core.announceAt === 0;
}

function isRecent(heardAt: VirtualNanos | null, now: VirtualNanos): boolean {
  return heardAt !== null && minus(now, heardAt) <= currentWindow;
}

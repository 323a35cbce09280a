/** A stream's group has another leader: who listens, copies, expires and answers now. */

import { type DurationNanos, plus, seconds } from "../../../kernel/index.ts";
import { isCurrent } from "../../../raft/index.ts";
import { unneededFrom } from "../consumers/consumer-effects.ts";
import { followMirrorDirect } from "../origins/stream-mirror-direct.ts";
import { followOrigins, stopOrigins } from "../origins/stream-origin-links.ts";
import type { StreamPlace } from "../stream-answer.ts";
import { dropBatches } from "../stream-batches.ts";
import { followDirect, followSubjects } from "../stream-listen.ts";
import { streamTimer, streamTimerName } from "../stream-timers.ts";
import { tellNews } from "./news.ts";
import { proposeRemovals } from "./stream-propose.ts";
import { groupOfStream } from "./stream-replica.ts";

/** Source: nats-server `processStreamLeaderChange`, `setLeader`. */
export function followStreamLead(place: StreamPlace, isLeader: boolean): void {
  const { server, io, asset } = place;
  const { replica } = asset;
  if (replica === undefined) return;
  const wasLeader = replica.leads;
  replica.leads = isLeader;
  // Another leader knows nothing of what was proposed here, and it may never be agreed upon.
  replica.inflight = null;
  if (wasLeader !== isLeader) {
    followSubjects(server, asset);
    if (isLeader) {
      followDirect(server, asset);
      followOrigins(place);
      // What was acknowledged while another led may never have been removed.
      const { retention } = asset.state.config;
      if (retention !== "limits") {
        proposeRemovals(server, asset, unneededFrom(asset, asset.state.store.seqFirst));
      }
    } else {
      stopOrigins(place);
      dropBatches(io, asset, "atomic");
      dropBatches(io, asset, "fast");
    }
  }
  if (!isLeader) joinDirectSoon(place);
  const { account, name: stream } = asset;
  tellNews(server, { kind: "leader", account, stream, consumer: null, isLeader });
}

export function onStreamQuorumLost({ server, asset }: StreamPlace): void {
  const { account, name: stream } = asset;
  tellNews(server, { kind: "quorum-lost", account, stream, consumer: null });
}

/** How often a follower looks whether it may answer direct gets. Source: `monitorStream`, `dat`. */
const directInterval: DurationNanos = seconds(2);

/** Followers help with direct gets as soon as they are up to date, and from then on. */
export function joinDirectSoon({ io, asset }: StreamPlace): void {
  const { allow_direct, mirror_direct } = asset.state.config;
  const isThere = asset.directSubs.length > 0 || !allow_direct;
  if (isThere && (!mirror_direct || asset.mirrorDirectSubs.length > 0)) return;
  const at = plus(io.now, directInterval);
  io.setTimer(streamTimerName(asset, "direct"), at, streamTimer(asset, "direct"));
}

export function onDirectTimer(place: StreamPlace): void {
  const { server, io, asset } = place;
  const group = groupOfStream(server, asset);
  if (group === null || asset.replica?.leads === true) return;
  const { core } = group;
  // Under load a follower is hardly ever exactly up to date.
  const isNear = core.commit > 0 && core.applied >= core.commit * 0.9;
  if (!isCurrent(core, io.now) && !isNear) {
    joinDirectSoon(place);
    return;
  }
  followDirect(server, asset);
  if (asset.state.config.mirror !== null) followMirrorDirect(server, asset, true);
}

/** What happens when a stream's timer fires: messages expire, schedules produce theirs. */

import {
  formatGoDuration,
  type InboundMessage,
  int64ToNumber,
  type StreamEffect,
} from "../../jetstream/index.ts";
import { createMessage, emptyBytes, encodeHeaders } from "../../protocol/index.ts";
import { clusterParts } from "../cluster-door.ts";
import { DiskError, type ServerIo } from "../io.ts";
import type { AssetTimer } from "../server-timer.ts";
import type { ServerState } from "../state.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import { onOriginTimer } from "./origins/stream-origin-links.ts";
import { leadsStream } from "./replicas/stream-replica.ts";
import type { StreamPlace } from "./stream-answer.ts";
import { applyUntold } from "./stream-apply.ts";
import { abandonAtomic } from "./stream-atomic.ts";
import { batchOfTimer, dropBatch } from "./stream-batches.ts";
import { acceptMessage } from "./stream-inbound.ts";
import { findStream } from "./stream-lookup.ts";
import { armExpiry } from "./stream-timers.ts";

/** A timer of a stream fired; those of consumers are handled on their side. */
export function onStreamTimer(server: ServerState, io: ServerIo, timer: AssetTimer): void {
  const asset = findStream(server, timer.account, timer.stream);
  if (asset === null) return;
  if (onOriginTimer({ server, io, asset }, timer)) return;
  const batch = batchOfTimer(timer.name);
  if (batch !== null) {
    if (batch.kind === "atomic") abandonAtomic({ server, io, asset }, batch.id, "timeout");
    else dropBatch(io, asset, "fast", batch.id);
    return;
  }
  if (timer.name === "direct") {
    clusterParts().onDirectTimer({ server, io, asset });
    return;
  }
  asset.expiryAt = null;
  const expired = expire({ server, io, asset });
  // A follower sees what a schedule produced when the leader's message comes.
  const fired = leadsStream(asset)
    ? applyUntold(server, io, asset, { kind: "fire", now: io.wall })
    : [];
  afterExpiry({ server, io, asset }, expired);
  for (const effect of fired) {
    if (effect.kind === "due") publishOwn(server, io, asset, effect.message);
  }
  armExpiry(io, asset);
}

/**
 * Each replica lets messages grow old by its own clock; where the last of a subject leaves a
 * marker they go by what the group agrees upon. Source: nats-server `expireMsgs`, `sdmEnabled`.
 */
function expire({ server, io, asset }: StreamPlace): readonly StreamEffect[] {
  const entry = { kind: "expire", now: io.wall } as const;
  const hasMarkers = int64ToNumber(asset.state.config.subject_delete_marker_ttl) > 0;
  if (asset.replica === undefined || !hasMarkers) return applyUntold(server, io, asset, entry);
  if (asset.replica.inflight === null) clusterParts().proposeChange(server, asset, entry);
  return [];
}

/** Lets go what is old, or has outlived its TTL, by what has just become the configuration. */
export function expireNow(place: StreamPlace): void {
  const { max_age, allow_msg_ttl } = place.asset.state.config;
  if (max_age !== 0 || allow_msg_ttl) afterExpiry(place, expire(place));
}

/**
 * What grew old while the server was down goes before anyone can ask for it; where markers are
 * wanted the timer lets it go. Source: nats-server `expireMsgsOnRecover`.
 */
export function expireOnRestore(place: StreamPlace): void {
  const { max_age, subject_delete_marker_ttl } = place.asset.state.config;
  if (max_age !== 0 && int64ToNumber(subject_delete_marker_ttl) === 0) expire(place);
}

/** Leaves a marker for each subject whose last message has expired. */
export function afterExpiry(
  { server, io, asset }: StreamPlace,
  expired: readonly StreamEffect[],
): void {
  for (const effect of expired) {
    if (effect.kind === "marker") publishOwn(server, io, asset, markerOf(asset, effect.subject));
  }
}

/**
 * Stores what the server itself made, without the checks that are for clients. What the disk does
 * not take is lost: the next one has its turn.
 */
function publishOwn(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  { subject, headers, payload }: InboundMessage,
): void {
  const message = createMessage(subject, null, headers, payload);
  try {
    acceptMessage({ server, io, asset }, message, true);
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
  }
}

/**
 * What stands where the last message of a subject expired; its rollup removes that message.
 * Source: nats-server `handleRemovalOrSdm`.
 */
function markerOf(asset: StreamAsset, subject: string): InboundMessage {
  const ttl = int64ToNumber(asset.state.config.subject_delete_marker_ttl);
  const whole = Math.floor(ttl / 1_000_000_000) * 1_000_000_000;
  const headers = encodeHeaders([
    ["Nats-Marker-Reason", "MaxAge"],
    ["Nats-TTL", formatGoDuration(whole)],
    ["Nats-Rollup", "sub"],
  ]);
  return { subject, headers, payload: emptyBytes };
}

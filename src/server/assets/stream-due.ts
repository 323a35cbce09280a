/** What happens when a stream's timer fires: messages expire, schedules produce theirs. */
import { formatGoDuration, type InboundMessage, int64ToNumber } from "../../jetstream/index.ts";
import { createMessage, emptyBytes, encodeHeaders } from "../../protocol/index.ts";
import type { ServerIo } from "../io.ts";
import type { AssetTimer } from "../server-timer.ts";
import type { ServerState } from "../state.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import { onOriginTimer } from "./origins/stream-origin-links.ts";
import { applyToStream } from "./stream-apply.ts";
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
  asset.expiryAt = null;
  const expired = applyToStream(server, io, asset, { kind: "expire", now: io.wall });
  const fired = applyToStream(server, io, asset, { kind: "fire", now: io.wall });
  for (const effect of expired) {
    if (effect.kind === "marker") publishOwn(server, io, asset, markerOf(asset, effect.subject));
  }
  for (const effect of fired) {
    if (effect.kind === "due") publishOwn(server, io, asset, effect.message);
  }
  armExpiry(io, asset);
}

/** Stores what the server itself made, without the checks that are for clients. */
function publishOwn(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  { subject, headers, payload }: InboundMessage,
): void {
  const message = createMessage(subject, null, headers, payload);
  acceptMessage({ server, io, asset }, message, true);
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

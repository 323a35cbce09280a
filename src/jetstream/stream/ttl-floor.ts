/** The TTL that a message is stored with. */
import { appendHeader, removeHeader } from "../../protocol/index.ts";
import { int64ToNumber } from "../int64.ts";
import type { StreamConfig } from "./config/config-shape.ts";
import { header } from "./publish-headers.ts";
import type { StoreEntry } from "./stream-shape.ts";

/**
 * The entry with its TTL. Where markers are left behind, no message may go sooner than a marker,
 * or the marker could be missed; a subject that only ever holds one message is exempt.
 * Source: nats-server `processJetStreamMsgWithBatch`, "ensure message TTL is that at minimum".
 */
export function storedTtl(config: StreamConfig, entry: StoreEntry, ttl: number): StoreEntry {
  const marker = Math.floor(int64ToNumber(config.subject_delete_marker_ttl) / 1_000_000_000);
  const isRaised = ttl > 0 && ttl < marker && int64ToNumber(config.max_msgs_per_subject) !== 1;
  if (!isRaised) return { ...entry, ttlSeconds: ttl };
  const without = removeHeader(entry.headers, header.ttl);
  return {
    ...entry,
    headers: appendHeader(without, header.ttl, String(marker)),
    ttlSeconds: marker,
  };
}

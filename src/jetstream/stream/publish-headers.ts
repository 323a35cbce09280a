/** What the headers of a published message ask for. */
import { getHeader } from "../../protocol/index.ts";
import { parseGoDuration } from "../go-duration.ts";

export const header = {
  msgId: "Nats-Msg-Id",
  ttl: "Nats-TTL",
  rollup: "Nats-Rollup",
  increase: "Nats-Incr",
  counterSources: "Nats-Counter-Sources",
  expectedStream: "Nats-Expected-Stream",
  expectedSeq: "Nats-Expected-Last-Sequence",
  expectedId: "Nats-Expected-Last-Msg-Id",
  expectedSubjectSeq: "Nats-Expected-Last-Subject-Sequence",
  expectedSubject: "Nats-Expected-Last-Subject-Sequence-Subject",
  streamSource: "Nats-Stream-Source",
  markerReason: "Nats-Marker-Reason",
  requestInfo: "Nats-Request-Info",
} as const;

/** The value, or "" when it is missing or empty, which the server takes for the same. */
export function headerOf(headers: Uint8Array | null, name: string): string {
  return getHeader(headers, name) ?? "";
}

/**
 * A sequence that the publisher expects; null when there is none. What is no number matches no
 * sequence. Source: nats-server `getExpectedLastSeq`, `parseInt64`.
 */
export function expectedSeq(headers: Uint8Array | null, name: string): number | null {
  const text = headerOf(headers, name);
  if (text === "") return null;
  return plainInt64(text);
}

/** Digits alone; -1 for anything else, and beyond 2^63 it wraps. Source: `parseInt64`. */
function plainInt64(text: string): number {
  if (!/^\d+$/.test(text)) return -1;
  return text.length < 16 ? Number(text) : Number(BigInt.asIntN(64, BigInt(text)));
}

/** Seconds; 0 for none, -1 for never, null when the value is wrong. Source: `parseMessageTTL`. */
export function messageTtl(headers: Uint8Array | null): number | null {
  const text = headerOf(headers, header.ttl);
  return text === "" ? 0 : parseTtl(text);
}

export function parseTtl(text: string): number | null {
  if (text.toLowerCase() === "never") return -1;
  const duration = parseGoDuration(text);
  if (duration !== null) {
    // Go reads a bare "0" as a duration; a duration below a second is refused.
    return duration < 1_000_000_000n ? null : Number(duration / 1_000_000_000n);
  }
  const seconds = plainInt64(text);
  return seconds < 0 ? null : seconds;
}

/** Lower case, "" for none. Source: `getRollup`. */
export function rollupOf(headers: Uint8Array | null): string {
  return headerOf(headers, header.rollup).toLowerCase();
}

/** Whether a message is a delete marker itself, so that its expiry leaves no other. */
export function isDeleteMarker(headers: Uint8Array | null): boolean {
  if (headers === null) return false;
  if (headerOf(headers, header.markerReason) !== "") return true;
  return headerOf(headers, "KV-Operation") === "PURGE";
}

/** The JSON that clients send to a consumer, as Go reads it. */
import type { DurationNanos } from "../../../kernel/index.ts";
import { type Decoded, decodeLoosely, GoDecodeError } from "../../go-decode.ts";
import { parseGoDuration } from "../../go-duration.ts";
import { type GoStruct, goBool, goDuration, goInt, goInt64, goString } from "../../go-types.ts";
import { type Int64, int64ToNumber } from "../../int64.ts";
import type { PriorityRequest } from "../state.ts";

/** A pull request as asked; 0 where nothing was. */
export interface PullRequest {
  readonly batch: number;
  readonly expires: DurationNanos;
  readonly maxBytes: number;
  readonly noWait: boolean;
  readonly heartbeat: DurationNanos;
  readonly group: PriorityRequest | null;
}

const pullShape: GoStruct = {
  go: "struct",
  name: "JSApiConsumerGetNextRequest",
  fields: {
    expires: goDuration,
    batch: goInt,
    max_bytes: goInt,
    no_wait: goBool,
    idle_heartbeat: goDuration,
  },
  embedded: {
    go: "struct",
    name: "PriorityGroup",
    fields: {
      group: goString,
      min_pending: goInt64,
      min_ack_pending: goInt64,
      id: goString,
      priority: goInt,
    },
  },
};

const nakShape: GoStruct = {
  go: "struct",
  name: "ConsumerNakOptions",
  fields: { delay: goDuration },
};

const zero = 0 as DurationNanos;

/**
 * Reads the payload of a pull request: nothing (one message), a number, or JSON. What is none of
 * these asks for one message. Throws `GoDecodeError`.
 * Source: nats-server `server/consumer.go` `nextReqFromMsg`.
 */
export function readPullRequest(payload: string): PullRequest {
  const text = payload.trim();
  if (!text.startsWith("{")) {
    const asked = /^[+-]?\d+$/.test(text) ? Number(text) : 1;
    // What does not fit an int64 is no number at all.
    const batch = Math.abs(asked) < 2 ** 63 ? asked : 1;
    return { batch, expires: zero, maxBytes: 0, noWait: false, heartbeat: zero, group: null };
  }
  const json = decodeLoosely(text, pullShape);
  const expires = number(json, "expires") as DurationNanos;
  const heartbeat = number(json, "idle_heartbeat") as DurationNanos;
  if (heartbeat > 0 && heartbeat * 2 > expires) {
    throw new GoDecodeError("heartbeat value too large");
  }
  return {
    batch: number(json, "batch"),
    expires,
    maxBytes: number(json, "max_bytes"),
    noWait: json.no_wait === true,
    heartbeat,
    group: {
      group: string(json, "group"),
      minPending: number(json, "min_pending"),
      minAckPending: number(json, "min_ack_pending"),
      id: string(json, "id"),
      priority: number(json, "priority"),
    },
  };
}

/**
 * What follows `-NAK`: a delay in nanoseconds, or null when there is none that can be read, which
 * the server takes for a plain nak.
 */
export function readNakDelay(rest: string): number | null {
  const text = rest.trim();
  if (text === "") return null;
  if (!text.startsWith("{")) {
    const delay = parseGoDuration(text);
    return delay === null ? null : Number(delay);
  }
  try {
    return number(decodeLoosely(text, nakShape), "delay");
  } catch (error) {
    if (error instanceof GoDecodeError) return null;
    throw error;
  }
}

function number(json: Decoded, field: string): number {
  return int64ToNumber((json[field] ?? 0) as Int64);
}

function string(json: Decoded, field: string): string {
  const value = json[field];
  return typeof value === "string" ? value : "";
}

/** What the reply subject of a delivered message tells. Source: nats-server `ackReplyInfo`. */
import type { StoredTime } from "../../../kernel/index.ts";

export interface AckReply {
  readonly consumer: string;
  readonly deliveries: number;
  readonly streamSeq: number;
  readonly consumerSeq: number;
  readonly time: StoredTime;
  readonly pending: number;
}

/** Null when it is none, of the old form of nine tokens or the new one of eleven and more. */
export function parseAckReply(reply: string | null): AckReply | null {
  if (reply === null || !reply.startsWith("$JS.ACK.")) return null;
  const tokens = reply.split(".");
  const from = tokens.length === 9 ? 3 : tokens.length >= 11 ? 5 : -1;
  if (from < 0) return null;
  const [consumer = "", deliveries, streamSeq, consumerSeq, nanos, pending] = tokens.slice(from);
  if (!/^\d+$/.test(nanos ?? "")) return null;
  const time = BigInt(nanos ?? "0");
  return {
    consumer,
    deliveries: Number(deliveries),
    streamSeq: Number(streamSeq),
    consumerSeq: Number(consumerSeq),
    time: { s: Number(time / 1_000_000_000n), n: Number(time % 1_000_000_000n) },
    pending: Number(pending),
  };
}

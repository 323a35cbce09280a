/** What keeps a push consumer in step with its client: heartbeats, flow control, rate limit. */
import type { DurationNanos, StreamSeq, VirtualNanos } from "../../kernel/index.ts";
import { getHeader } from "../../protocol/index.ts";
import { type Int64, int64ToNumber } from "../int64.ts";
import type { ConsumerEffect } from "./effects.ts";
import type { ConsumerScene } from "./inputs.ts";
import { isFull } from "./limits.ts";
import type { ConsumerState, RateLimit } from "./state.ts";

/** The window never grows beyond this. Source: `JsFlowControlMaxPending`. */
const windowMax = 32 * 1024 * 1024;
/** Slow start: the first window. Source: `setMaxPendingBytes`. */
const windowFirst = windowMax / 16;
const idLength = 4;
const idLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Nothing outstanding; the window is 0 without flow control. */
export function createFlowWindow(flowControl: boolean): ConsumerState["flow"] {
  return { outstanding: 0, limit: flowControl ? windowFirst : 0, awaited: "", asked: 0 };
}

/** Says where delivery stands, so that a client notices what it missed. */
export function idleHeartbeat(consumer: ConsumerState, to: string, out: ConsumerEffect[]): void {
  const headers: [string, string][] = [
    ["Nats-Last-Consumer", String(consumer.deliveryNext - 1)],
    ["Nats-Last-Stream", String(consumer.seqNext - 1)],
  ];
  if (consumer.flow.awaited !== "") headers.push(["Nats-Consumer-Stalled", consumer.flow.awaited]);
  out.push({ kind: "status", to, code: 100, description: "Idle Heartbeat", headers, reply: null });
}

/** Whether the client has to answer before more is sent. */
export function isStalled(consumer: ConsumerState): boolean {
  return consumer.flow.limit > 0 && consumer.flow.outstanding > consumer.flow.limit;
}

/** Counts what was sent, and asks for an answer when half the window is used. */
export function countSent(
  consumer: ConsumerState,
  scene: ConsumerScene,
  size: number,
  out: ConsumerEffect[],
): void {
  const { flow } = consumer;
  if (flow.limit === 0) return;
  flow.outstanding += size;
  if (flow.awaited !== "") {
    if (flow.outstanding - flow.asked >= flow.limit) flow.asked += size;
    return;
  }
  const acksByFlow = consumer.config.ack_policy === "flow_control";
  if (flow.outstanding > flow.limit / 2 || (acksByFlow && isFull(consumer))) {
    askForAnswer(consumer, scene, out);
  }
}

/** Sends a flow control request. Source: `sendFlowControl`, `fcReply`. */
export function askForAnswer(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  let reply = `$JS.FC.${consumer.ackPrefix.slice("$JS.ACK.".length)}`;
  for (let i = 0; i < idLength; i++) reply += idLetters[scene.draw(idLetters.length)] ?? "0";
  consumer.flow.asked = consumer.flow.outstanding;
  consumer.flow.awaited = reply;
  out.push({
    kind: "status",
    to: consumer.config.deliver_subject,
    code: 100,
    description: "FlowControl Request",
    headers: [],
    reply,
  });
}

/** The positions that an answer to flow control acknowledges. */
export interface FlowAck {
  readonly consumerSeq: number;
  readonly streamSeq: StreamSeq;
}

/**
 * Takes the client's answer: opens the window, which doubles each time. Null when it is not the
 * awaited answer; else what it acknowledges, when that is how this consumer is acknowledged.
 * Source: `processFlowControl`.
 */
export function takeAnswer(
  consumer: ConsumerState,
  subject: string,
  headers: Uint8Array | null,
): { readonly ack: FlowAck | null } | null {
  const { flow } = consumer;
  if (flow.awaited === "" || subject !== flow.awaited) return null;
  flow.limit = Math.min(flow.limit * 2, windowMax);
  flow.outstanding = Math.max(flow.outstanding - flow.asked, 0);
  flow.awaited = "";
  flow.asked = 0;
  if (consumer.config.ack_policy !== "flow_control") return { ack: null };
  const streamSeq = Number(getHeader(headers, "Nats-Last-Stream") ?? "0");
  if (!(streamSeq > 0)) return { ack: null };
  const consumerSeq = Math.max(Number(getHeader(headers, "Nats-Last-Consumer") ?? "0") || 0, 0);
  return { ack: { consumerSeq, streamSeq: streamSeq as StreamSeq } };
}

/** A full bucket, or null for no limit. `bits` a second; Source: `setRateLimit`. */
export function createRateLimit(bits: Int64, burst: number, now: VirtualNanos): RateLimit | null {
  const bitsPerSecond = int64ToNumber(bits);
  if (bitsPerSecond === 0) return null;
  return { rate: Math.floor(bitsPerSecond / 8), burst, tokens: burst, at: now };
}

/**
 * Takes `size` tokens and answers how long the message must wait for them; null for ever, as there
 * a message larger than the bucket is never sent.
 * Source: golang.org/x/time/rate `ReserveN`.
 */
export function reserve(limit: RateLimit, size: number, now: VirtualNanos): DurationNanos | null {
  if (size > limit.burst) return null;
  const refilled = limit.tokens + ((now - limit.at) * limit.rate) / 1e9;
  limit.tokens = Math.min(limit.burst, refilled) - size;
  limit.at = now;
  if (limit.tokens >= 0) return 0 as DurationNanos;
  if (limit.rate === 0) return null;
  return Math.floor((-limit.tokens / limit.rate) * 1e9) as DurationNanos;
}

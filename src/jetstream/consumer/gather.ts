/**
 * The delivery loop: sends what can be sent, then waits for the next reason to look.
 * Source: nats-server `server/consumer.go` `loopAndGatherMsgs`, `deliverMsg`, `nextWaiting`.
 */
import {
  type ConsumerSeq,
  plus,
  type StoredTime,
  type StreamSeq,
  tableSet,
  type VirtualNanos,
  virtualAt,
} from "../../kernel/index.ts";
import type { StoredMessage } from "../stream/store/store-shape.ts";
import { unixNanosText } from "./acks/ack-subject.ts";
import { trackPending } from "./acks/pending.ts";
import { isPush } from "./config/config-shape.ts";
import type { ConsumerEffect, DeliverEffect } from "./effects.ts";
import { recordDelivered } from "./entries.ts";
import { countSent, isStalled, reserve } from "./flow.ts";
import type { ConsumerScene } from "./inputs.ts";
import { isPaused } from "./limits.ts";
import { putBack, takeNext } from "./next-message.ts";
import { pendingStatus } from "./pull/pending-status.ts";
import { nextRequest } from "./pull/priority.ts";
import { numPending } from "./pull/pull-request.ts";
import { settleWaiting } from "./pull/waiting.ts";
import type { ConsumerState, HeldDelivery } from "./state.ts";
import { wantTimer } from "./timers.ts";

/** Messages sent in one go; then others get their turn in the same instant. */
const deliveriesPerStep = 256;
/** Replayed messages closer together than this are not held. Source: `loopAndGatherMsgs`. */
const shortestGap = 1_000_000;

/** Delivers until there is nothing to deliver, or nobody to deliver to. */
export function gather(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): void {
  if (!consumer.leader || consumer.held !== null) return;
  for (let sent = 0; sent < deliveriesPerStep; sent++) {
    const outcome = gatherOne(consumer, scene, out);
    if (outcome === "held") return;
    if (outcome !== "sent") {
      settle(consumer, scene, outcome, out);
      return;
    }
  }
  wantTimer(consumer, "deliver", scene.now, out);
}

/** The time of a held message has come: it goes out, unless the rate limit holds it further. */
export function releaseHeld(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  const { held } = consumer;
  if (held === null) return;
  consumer.held = null;
  if (held.paid) deliver(consumer, scene, held, out);
  else if (!payAndDeliver(consumer, scene, held, out)) return;
  gather(consumer, scene, out);
}

type Outcome = "sent" | "held" | "end" | "max-ack-pending";

function gatherOne(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): Outcome {
  if (isPaused(consumer.config, scene.wall)) return "end";
  const push = isPush(consumer.config);
  if (push ? !consumer.active || isStalled(consumer) : consumer.waiting.requests.size === 0) {
    return "end";
  }
  const next = takeNext(consumer, scene, out);
  if (next.kind === "end") {
    if (consumer.seqNext > scene.stream.store.seqLast && consumer.unseen !== 0) {
      consumer.unseen = 0;
      consumer.unseenUpTo = scene.stream.store.seqLast;
    }
    return "end";
  }
  if (next.kind === "max-ack-pending") return "max-ack-pending";
  const { message, deliveries } = next;
  if (deliveries === 1) consumer.unseen -= 1;
  const ready = addressed(consumer, scene, { message, deliveries, push }, out);
  if (ready === null) {
    putBack(consumer, message.seq, deliveries);
    return "end";
  }
  if (consumer.replayUpTo !== null) {
    const gap = consumer.replayLast === null ? 0 : nanosBetween(consumer.replayLast, message.time);
    consumer.replayLast = message.time;
    if (gap > shortestGap) return hold(consumer, scene, { ready, gap, paid: false }, out);
  }
  return payAndDeliver(consumer, scene, ready, out) ? "sent" : "held";
}

/** A message with its way to the client: everything that is decided before it goes. */
function addressed(
  consumer: ConsumerState,
  scene: ConsumerScene,
  taken: {
    readonly message: StoredMessage;
    readonly deliveries: number;
    readonly push: boolean;
  },
  out: ConsumerEffect[],
): HeldDelivery | null {
  const { message, deliveries, push } = taken;
  const { seq, time } = message;
  const reply = `${consumer.ackPrefix}${deliveries}.${seq}.${consumer.deliveryNext}.${unixNanosText(
    time,
  )}.${numPending(consumer)}`;
  const body = bodySize(consumer, message);
  if (push) {
    const to = consumer.config.deliver_subject;
    const effect: DeliverEffect = { kind: "deliver", to, reply, seq, deliveries, pin: null };
    return {
      effect,
      time,
      body,
      size: message.subject.length + reply.length + body,
      left: 1,
      bytesLeft: 0,
      paid: false,
    };
  }
  const size = message.subject.length + reply.length + body;
  const request = nextRequest(consumer, scene, size, out);
  if (request === null) return null;
  const pin = consumer.config.priority_policy === "pinned_client" ? consumer.pinId : null;
  const effect: DeliverEffect = { kind: "deliver", to: request.reply, reply, seq, deliveries, pin };
  const { left, bytesLeft } = request;
  return { effect, time, body, size, left, bytesLeft, paid: false };
}

/** Bytes of headers and payload as they will be sent. */
function bodySize(consumer: ConsumerState, message: StoredMessage): number {
  const headers = message.headers === null ? 0 : message.headers.length;
  if (!consumer.config.headers_only) return headers + message.payload.length;
  // "NATS/1.0\r\n" or the block without its blank line, "Nats-Msg-Size: N\r\n", "\r\n".
  const digits = String(message.payload.length).length;
  return (headers === 0 ? 10 : headers - 2) + 17 + digits + 2;
}

/** False when the rate limit makes it wait. */
function payAndDeliver(
  consumer: ConsumerState,
  scene: ConsumerScene,
  ready: HeldDelivery,
  out: ConsumerEffect[],
): boolean {
  if (consumer.rate !== null) {
    const gap = reserve(consumer.rate, ready.size, scene.now);
    if (gap === null || gap > 0) {
      hold(consumer, scene, { ready, gap, paid: true }, out);
      return false;
    }
  }
  deliver(consumer, scene, ready, out);
  return true;
}

function hold(
  consumer: ConsumerState,
  scene: ConsumerScene,
  how: { readonly ready: HeldDelivery; readonly gap: number | null; readonly paid: boolean },
  out: ConsumerEffect[],
): "held" {
  consumer.held = { ...how.ready, paid: how.paid };
  if (how.gap !== null) wantTimer(consumer, "held", (scene.now + how.gap) as VirtualNanos, out);
  return "held";
}

/** Source: `deliverMsg`. */
function deliver(
  consumer: ConsumerState,
  scene: ConsumerScene,
  ready: HeldDelivery,
  out: ConsumerEffect[],
): void {
  const { effect, time } = ready;
  const { seq, deliveries } = effect;
  const consumerSeq = consumer.deliveryNext;
  consumer.deliveryNext = (consumerSeq + 1) as ConsumerSeq;
  // The time of the message, not of its delivery: after a restart ack wait counts from there.
  const at = virtualAt(time);
  recordDelivered(consumer, scene, { consumerSeq, streamSeq: seq, deliveries, at }, out);
  const policy = consumer.config.ack_policy;
  if (policy === "none") {
    consumer.floorConsumer = consumerSeq;
    consumer.floorStream = seq;
  } else {
    trackPending(consumer, scene, { seq, consumerSeq }, out);
  }
  send(consumer, effect, out);
  countSent(consumer, scene, effect.to.length + effect.reply.length + ready.body, out);
  if (!isPush(consumer.config) && consumer.inactiveAfter > 0) consumer.waiting.active = scene.now;
  if (policy === "none" && scene.stream.config.retention !== "limits") {
    releaseUnacked(consumer, { seq, consumerSeq }, out);
  }
  if (ready.left <= 0 && ready.bytesLeft > 0) {
    const request = { reply: effect.to, left: ready.left, bytesLeft: ready.bytesLeft };
    pendingStatus(request, { code: 409, description: "Batch Completed" }, out);
  }
  const heartbeat = consumer.timers.heartbeat;
  if (heartbeat.wanted !== null) {
    wantTimer(consumer, "heartbeat", plus(scene.now, consumer.heartbeat), out);
  }
}

/** In a group a message that will be acknowledged goes out when the group has noted it. */
function send(consumer: ConsumerState, effect: DeliverEffect, out: ConsumerEffect[]): void {
  const { replicated, config } = consumer;
  if (replicated === null || config.ack_policy === "none" || config.flow_control) {
    out.push(effect);
    return;
  }
  tableSet(replicated.deliveries, effect.seq, effect);
  tableSet(replicated.lastDeliveries, effect.to, { seq: effect.seq, timeout: null });
}

/** Without acks, delivery is what releases a message of an interest stream. */
function releaseUnacked(
  consumer: ConsumerState,
  delivery: { readonly seq: StreamSeq; readonly consumerSeq: ConsumerSeq },
  out: ConsumerEffect[],
): void {
  const { seq, consumerSeq } = delivery;
  if (consumer.replicated === null || consumer.config.direct) out.push({ kind: "released", seq });
  else out.push({ kind: "propose", entry: { kind: "acked", consumerSeq, streamSeq: seq } });
}

/** Nothing goes out for now. */
function settle(
  consumer: ConsumerState,
  scene: ConsumerScene,
  outcome: "end" | "max-ack-pending",
  out: ConsumerEffect[],
): void {
  if (consumer.replayUpTo !== null && consumer.seqNext > consumer.replayUpTo) {
    consumer.replayUpTo = null;
    consumer.replayLast = null;
  }
  if (isPush(consumer.config)) return;
  settleWaiting(consumer, scene, outcome !== "max-ack-pending", out);
}

function nanosBetween(before: StoredTime, after: StoredTime): number {
  return (after.s - before.s) * 1e9 + (after.n - before.n);
}

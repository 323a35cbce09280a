/** One consumer, one input: the pure core of delivery. */
import {
  type ConsumerSeq,
  plus,
  type StreamSeq,
  tableHas,
  unreachable,
} from "../../kernel/index.ts";
import { acknowledge, handleAck } from "./acks/acks.ts";
import { checkPending } from "./acks/pending.ts";
import { isQueuedAgain, queueAgain, uncountAgain } from "./acks/redelivery.ts";
import { changeConfig } from "./config/config-change.ts";
import { isPush } from "./config/config-shape.ts";
import type { ConsumerEffect, ConsumerTimer } from "./effects.ts";
import { askForAnswer, idleHeartbeat, takeAnswer } from "./flow.ts";
import { gather, releaseHeld } from "./gather.ts";
import { checkInactive, noteInterest, suppressDeletion } from "./inactive.ts";
import type { ConsumerInput, ConsumerScene } from "./inputs.ts";
import { pauseAdvisory } from "./pause.ts";
import { unassignPin } from "./pull/priority.ts";
import { handlePull } from "./pull/pull-request.ts";
import { creditWaiting, processWaiting, wakeWaiting } from "./pull/waiting.ts";
import { resetTo } from "./reset.ts";
import type { ConsumerState } from "./state.ts";
import { notePurged, noteRemoved, noteRemovedMany, noteStored } from "./stream-changes.ts";
import { timerIsDue, wantTimer } from "./timers.ts";

/**
 * Advances a consumer by one input.
 *
 * Mutates the consumer (and its store) and nothing else; what the server must do is pushed onto
 * `out` in the order in which it must happen. Reads the stream, clocks and interest from `scene`.
 * Source: nats-server `server/consumer.go`.
 */
export function stepConsumer(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: ConsumerInput,
  out: ConsumerEffect[],
): void {
  if (react(consumer, scene, input, out)) gather(consumer, scene, out);
  noteSaved(consumer, out);
}

/** Tells how much of the durable state was written since the last time. */
export function noteSaved(consumer: ConsumerState, out: ConsumerEffect[]): void {
  if (consumer.unsaved === 0) return;
  out.push({ kind: "saved", bytes: consumer.unsaved });
  consumer.unsaved = 0;
}

/** Does what the input asks for; answers whether delivery should look for work. */
function react(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: ConsumerInput,
  out: ConsumerEffect[],
): boolean {
  switch (input.kind) {
    case "ack":
      suppressDeletion(consumer, scene, out);
      return handleAck(consumer, scene, input, out);
    case "pull": {
      const isQueued = handlePull(consumer, scene, input, out);
      return input.run === "more" ? false : isQueued || input.run === "last";
    }
    case "flow":
      return onFlowAnswer(consumer, scene, input, out);
    case "stored":
      // The publisher's ack goes out first.
      return deliverLater(consumer, scene, noteStored(consumer, input.seq), out);
    case "removed":
      // What was stored with it is counted first.
      return deliverLater(consumer, scene, noteRemoved(consumer, scene, input, out), out);
    case "removed-many":
      noteRemovedMany(consumer, scene);
      return false;
    case "purged":
      notePurged(consumer, scene, input, out);
      return false;
    case "undelivered":
      return onUndelivered(consumer, scene, input, out);
    case "interest":
      return onInterest(consumer, scene, out);
    case "timer":
      return onTimer(consumer, scene, input.name, out);
    // What was asked for is answered before anything is delivered because of it.
    case "config":
      return deliverLater(consumer, scene, changeConfig(consumer, scene, input.config, out), out);
    case "unpin":
      return deliverLater(consumer, scene, onUnpin(consumer, input.group, out), out);
    case "reset":
      return deliverLater(consumer, scene, onReset(consumer, scene, input, out), out);
    default:
      return unreachable(input);
  }
}

/** Lets delivery look for work in an event of its own. */
function deliverLater(
  consumer: ConsumerState,
  scene: ConsumerScene,
  wanted: boolean,
  out: ConsumerEffect[],
): false {
  if (wanted) wantTimer(consumer, "deliver", scene.now, out);
  return false;
}

function onUnpin(consumer: ConsumerState, group: string, out: ConsumerEffect[]): true {
  unassignPin(consumer);
  out.push({ kind: "advisory", advisory: { kind: "unpinned", group, reason: "admin" } });
  return true;
}

function onFlowAnswer(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: Extract<ConsumerInput, { kind: "flow" }>,
  out: ConsumerEffect[],
): boolean {
  const answer = takeAnswer(consumer, input.subject, input.headers);
  if (answer === null) return false;
  if (answer.ack !== null) {
    const consumerSeq = answer.ack.consumerSeq as ConsumerSeq;
    const ack = { seq: answer.ack.streamSeq, consumerSeq, deliveries: 1, reply: null };
    acknowledge(consumer, scene, { ack, sample: false }, out);
  }
  return true;
}

/** Source: `didNotDeliver`. */
function onUndelivered(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: { readonly seq: StreamSeq; readonly to: string },
  out: ConsumerEffect[],
): boolean {
  const { seq, to } = input;
  uncountAgain(consumer, seq);
  if (isPush(consumer.config)) {
    consumer.active = false;
    const interest = scene.hasInterest(consumer.config.deliver_subject);
    return noteInterest(consumer, scene, interest, out);
  }
  if (consumer.pending.size === 0) return false;
  processWaiting(consumer, scene, false, out);
  creditWaiting(consumer, to);
  if (!tableHas(consumer.pending, seq) || isQueuedAgain(consumer, seq)) return false;
  queueAgain(consumer, seq);
  return consumer.waiting.requests.size > 0;
}

function onInterest(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): boolean {
  const { deliver_subject, deliver_group } = consumer.config;
  consumer.moved = false;
  if (deliver_subject === "") return false;
  const interest = scene.hasListener(deliver_subject, deliver_group);
  return interest !== consumer.active && noteInterest(consumer, scene, interest, out);
}

function onReset(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: Extract<ConsumerInput, { kind: "reset" }>,
  out: ConsumerEffect[],
): boolean {
  if (consumer.replicated !== null) {
    const { seq: streamSeq, reply } = input;
    out.push({ kind: "propose", entry: { kind: "reset", streamSeq, reply } });
    return false;
  }
  resetTo(consumer, scene, input.seq, out);
  return true;
}

function onTimer(
  consumer: ConsumerState,
  scene: ConsumerScene,
  name: ConsumerTimer,
  out: ConsumerEffect[],
): boolean {
  if (!timerIsDue(consumer, name, scene.now, out)) return false;
  switch (name) {
    case "ack-wait":
      return checkPending(consumer, scene, out);
    case "waiting":
      return wakeWaiting(consumer, scene, out);
    case "heartbeat":
      onHeartbeat(consumer, scene, out);
      return false;
    case "inactive":
      checkInactive(consumer, scene, out);
      return false;
    case "unpause":
      out.push({ kind: "advisory", advisory: pauseAdvisory(consumer.config, scene) });
      return true;
    case "pin":
      return onPinTimeout(consumer, out);
    case "deliver":
      if (consumer.moved) onInterest(consumer, scene, out);
      return true;
    case "held":
      releaseHeld(consumer, scene, out);
      return false;
    default:
      return unreachable(name);
  }
}

/** A push consumer had nothing to send for its heartbeat interval. */
function onHeartbeat(consumer: ConsumerState, scene: ConsumerScene, out: ConsumerEffect[]): void {
  const { config } = consumer;
  // A held message keeps the delivery loop, and so its heartbeats, waiting.
  if (consumer.active && consumer.held === null) {
    idleHeartbeat(consumer, config.deliver_subject, out);
    const acksByFlow = config.ack_policy === "flow_control";
    if (acksByFlow && consumer.pending.size > 0 && consumer.flow.awaited === "") {
      askForAnswer(consumer, scene, out);
    }
  }
  wantTimer(consumer, "heartbeat", plus(scene.now, consumer.heartbeat), out);
}

function onPinTimeout(consumer: ConsumerState, out: ConsumerEffect[]): boolean {
  if (consumer.pinId === "") return false;
  unassignPin(consumer);
  const { pinnedGroup: group } = consumer;
  out.push({ kind: "advisory", advisory: { kind: "unpinned", group, reason: "timeout" } });
  return true;
}

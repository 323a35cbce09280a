/**
 * What clients say about a delivered message.
 * Source: nats-server `server/consumer.go` `processAck` and what it calls.
 */
import {
  type ConsumerSeq,
  type StreamSeq,
  tableDelete,
  tableFirst,
  tableGet,
  tableHas,
  tableSet,
  virtualAt,
} from "../../../kernel/index.ts";
import { decodeText } from "../../../protocol/index.ts";
import { int64ToNumber } from "../../int64.ts";
import type { ConsumerEffect } from "../effects.ts";
import { recordAcked, recordDelivered } from "../entries.ts";
import type { ConsumerInput, ConsumerScene } from "../inputs.ts";
import { isFull } from "../limits.ts";
import { handlePull } from "../pull/pull-request.ts";
import { readNakDelay } from "../pull/request-shapes.ts";
import type { ConsumerState } from "../state.ts";
import { type AckSubject, readAckSubject } from "./ack-subject.ts";
import { checkPendingSoon, dropPending, moveFloor, setPending } from "./pending.ts";
import { isQueuedAgain, queueAgain, unqueueAgain } from "./redelivery.ts";

/** One ack, taken apart. */
export interface Ack {
  readonly seq: StreamSeq;
  readonly consumerSeq: ConsumerSeq;
  readonly deliveries: number;
  /** Where the empty answer goes, null when none is asked for. */
  readonly reply: string | null;
}

/** After a delayed nak the pending messages are looked at again this soon. */
const nakDelayMillis = 10;

/** Takes one message from an ack subject; answers whether delivery should look for work. */
export function handleAck(
  consumer: ConsumerState,
  scene: ConsumerScene,
  input: Extract<ConsumerInput, { kind: "ack" }>,
  out: ConsumerEffect[],
): boolean {
  const ack = ackOf(readAckSubject(input.subject, consumer.ackPrefix), input.reply);
  const word = decodeText(input.payload);
  let signal = false;
  let answered = ack.seq === 0;
  if (word === "" || word === "+ACK" || word === "+OK") {
    const result = acknowledge(consumer, scene, { ack, sample: true }, out);
    signal = result.signal;
    answered = answered || !result.answer;
  } else if (word.startsWith("+NXT")) {
    const silent = { ...ack, reply: null };
    signal = acknowledge(consumer, scene, { ack: silent, sample: true }, out).signal;
    if (input.reply !== null) {
      const pull = { reply: input.reply, payload: input.payload.subarray(4) };
      signal = handlePull(consumer, scene, pull, out) || signal;
    }
    answered = true;
  } else if (word.startsWith("-NAK")) {
    signal = nak(consumer, scene, { ack, rest: word.slice(4) }, out);
  } else if (word === "+WPI") {
    progress(consumer, scene, ack.seq, out);
  } else if (word.startsWith("+TERM")) {
    const result = terminate(consumer, scene, { ack, reason: word.slice(5).trim() }, out);
    signal = result.signal;
    answered = answered || !result.answer;
  }
  if (ack.reply !== null && !answered) out.push({ kind: "ack-reply", to: ack.reply });
  return signal;
}

/** What an ack led to. */
export interface Acknowledged {
  /** The caller has to answer; false also when the answer has been pushed or must wait. */
  readonly answer: boolean;
  /** There is room again below `max_ack_pending`. */
  readonly signal: boolean;
}

const ignored: Acknowledged = Object.freeze({ answer: false, signal: false });

/** Source: `processAckMsgLocked`. */
export function acknowledge(
  consumer: ConsumerState,
  scene: ConsumerScene,
  request: { readonly ack: Ack; readonly sample: boolean },
  out: ConsumerEffect[],
): Acknowledged {
  const { ack } = request;
  // Never delivered; with flow control a new leader may be behind what its clients have seen.
  if (ack.seq >= consumer.seqNext && !consumer.config.flow_control) return ignored;
  const inPlace = consumer.replicated === null && scene.stream.config.retention !== "limits";
  const policy = consumer.config.ack_policy;
  if (policy === "none") return { answer: inPlace, signal: false };
  const wasFull = isFull(consumer);
  const released: StreamSeq[] = [];
  let { consumerSeq } = ack;
  let signal = false;
  if (policy === "explicit") {
    if (tableHas(consumer.pending, ack.seq)) {
      if (request.sample) sampleAck(consumer, scene, ack, out);
      signal = wasFull;
      consumerSeq = (dropPending(consumer, ack.seq)?.consumerSeq ?? consumerSeq) as ConsumerSeq;
      moveFloor(consumer, consumerSeq, ack.seq);
    }
    tableDelete(consumer.redelivered, ack.seq);
    unqueueAgain(consumer, ack.seq);
  } else {
    if (consumerSeq <= consumer.floorConsumer || ack.seq <= consumer.floorStream) {
      return { answer: true, signal: false };
    }
    signal = wasFull;
    acknowledgeUpTo(consumer, ack, inPlace ? released : null);
  }
  recordAcked(consumer, scene, { consumerSeq, seq: ack.seq }, out);
  if (!inPlace) answerWhenDurable(consumer, ack, out);
  else release(ack.seq, released, out);
  return { answer: inPlace, signal };
}

/** Source: `processTermLocked`. The advisory is sent even when the message was not pending. */
export function terminate(
  consumer: ConsumerState,
  scene: ConsumerScene,
  request: { readonly ack: Ack; readonly reason: string },
  out: ConsumerEffect[],
): Acknowledged {
  const { ack, reason } = request;
  const result = acknowledge(consumer, scene, { ack, sample: false }, out);
  const { seq: stream_seq, consumerSeq: consumer_seq, deliveries } = ack;
  out.push({
    kind: "advisory",
    advisory: { kind: "terminated", consumer_seq, stream_seq, deliveries, reason },
  });
  return result;
}

function ackOf(subject: AckSubject, reply: string | null): Ack {
  return {
    seq: subject.streamSeq as StreamSeq,
    consumerSeq: subject.consumerSeq as ConsumerSeq,
    deliveries: subject.deliveries,
    reply: reply === "" ? null : reply,
  };
}

/** Everything up to this message is acknowledged; collects what the stream may now remove. */
function acknowledgeUpTo(consumer: ConsumerState, ack: Ack, released: StreamSeq[] | null): void {
  consumer.floorConsumer = ack.consumerSeq;
  consumer.floorStream = ack.seq;
  for (;;) {
    const row = tableFirst(consumer.pending);
    if (row === null || row.key > ack.seq) break;
    if (row.key !== ack.seq) released?.push(row.key);
    dropPending(consumer, row.key);
    tableDelete(consumer.redelivered, row.key);
    unqueueAgain(consumer, row.key);
  }
}

/** The stream may remove the acknowledged message and what came before it. */
function release(seq: StreamSeq, before: readonly StreamSeq[], out: ConsumerEffect[]): void {
  out.push({ kind: "released", seq });
  for (const earlier of before) out.push({ kind: "released", seq: earlier });
}

/** Source: `updateAcks`: at once when alone, after the group has agreed otherwise. */
function answerWhenDurable(consumer: ConsumerState, ack: Ack, out: ConsumerEffect[]): void {
  if (ack.reply === null) return;
  if (consumer.replicated !== null) {
    tableSet(consumer.replicated.ackReplies, ack.seq, ack.reply);
  } else if (consumer.store !== null) {
    out.push({ kind: "ack-reply", to: ack.reply });
  }
}

function sampleAck(
  consumer: ConsumerState,
  scene: ConsumerScene,
  ack: Ack,
  out: ConsumerEffect[],
): void {
  const { sampling } = consumer;
  if (sampling <= 0) return;
  // Source: `shouldSample`, which draws from 0 to 99 and lets the limit itself pass.
  if (sampling < 100 && scene.draw(100) > sampling) return;
  const since = tableGet(consumer.pending, ack.seq)?.at ?? 0;
  const { seq: stream_seq, consumerSeq: consumer_seq, deliveries } = ack;
  const ack_time = virtualAt(scene.wall) - since;
  out.push({
    kind: "advisory",
    advisory: { kind: "ack-metric", consumer_seq, stream_seq, ack_time, deliveries },
  });
}

/** Source: `progressUpdate`. */
function progress(
  consumer: ConsumerState,
  scene: ConsumerScene,
  seq: StreamSeq,
  out: ConsumerEffect[],
): void {
  const row = tableGet(consumer.pending, seq);
  if (row === undefined) return;
  const { consumerSeq } = row;
  const at = virtualAt(scene.wall);
  setPending(consumer, scene, seq, { consumerSeq, at });
  recordDelivered(consumer, scene, { consumerSeq, streamSeq: seq, deliveries: 1, at }, out);
}

/** Source: `processNak`. */
function nak(
  consumer: ConsumerState,
  scene: ConsumerScene,
  request: { readonly ack: Ack; readonly rest: string },
  out: ConsumerEffect[],
): boolean {
  const { seq, consumerSeq, deliveries } = request.ack;
  if (consumerSeq <= consumer.floorConsumer || consumerSeq > consumer.deliveryNext) return false;
  const row = tableGet(consumer.pending, seq);
  if (row === undefined) return false;
  const fields = { consumer_seq: consumerSeq, stream_seq: seq, deliveries };
  out.push({ kind: "advisory", advisory: { kind: "nak", ...fields } });
  const delay = readNakDelay(request.rest);
  if (delay !== null) {
    unqueueAgain(consumer, seq);
    // Ack wait counts from `at`: set back so that it is over when the delay is.
    const at = virtualAt(scene.wall) - int64ToNumber(consumer.config.ack_wait) + delay;
    setPending(consumer, scene, seq, { consumerSeq: row.consumerSeq, at });
    const entry = { consumerSeq: row.consumerSeq, streamSeq: seq, deliveries, at };
    recordDelivered(consumer, scene, entry, out);
    checkPendingSoon(consumer, scene, nakDelayMillis, out);
    return false;
  }
  if (!isQueuedAgain(consumer, seq)) queueAgain(consumer, seq);
  return true;
}

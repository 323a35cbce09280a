/**
 * Which message comes next: redeliveries, then the skip list, then the stream in order.
 * Source: nats-server `server/consumer.go` `getNextMsg`.
 */
import { type ConsumerSeq, logEnd, logGet, type StreamSeq, tableGet } from "../../kernel/index.ts";
import { loadMessage } from "../stream/store/message-read.ts";
import { nextMatch } from "../stream/store/message-search.ts";
import type { StoredMessage } from "../stream/store/store-shape.ts";
import { terminate } from "./acks/acks.ts";
import { dropPending, moveFloor } from "./acks/pending.ts";
import {
  countAgain,
  isQueuedAgain,
  queueAgain,
  takeAgain,
  uncountAgain,
} from "./acks/redelivery.ts";
import type { ConsumerEffect } from "./effects.ts";
import { recordDelivered, recordSkipped } from "./entries.ts";
import type { ConsumerScene } from "./inputs.ts";
import { isFull } from "./limits.ts";
import type { ConsumerState } from "./state.ts";

/** A message to deliver, or why there is none. */
export type NextMessage =
  | { readonly kind: "message"; readonly message: StoredMessage; readonly deliveries: number }
  | { readonly kind: "end" }
  | { readonly kind: "max-ack-pending" };

const atEnd: NextMessage = Object.freeze({ kind: "end" });
const blocked: NextMessage = Object.freeze({ kind: "max-ack-pending" });
/** Why a message that was removed from the stream is terminated. */
export const unackedReason = "Unacknowledged message was deleted";

/** Takes the next message; `putBack` undoes it. */
export function takeNext(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): NextMessage {
  const again = takeRedelivery(consumer, scene, out);
  if (again !== null) return again;
  if (isFull(consumer)) return blocked;
  const skipped = takeFromSkipList(consumer, scene, out);
  if (skipped !== null) return skipped;
  const { store } = scene.stream;
  const from = consumer.seqNext;
  const seq = nextMatch(store, consumer.filters, from);
  if (seq === null) {
    if (store.seqLast >= from) {
      consumer.seqNext = (store.seqLast + 1) as StreamSeq;
      if (store.seqLast !== from) recordSkipped(consumer, out);
    }
    return atEnd;
  }
  consumer.seqNext = (seq + 1) as StreamSeq;
  const message = loadMessage(store, seq);
  return message === null ? atEnd : { kind: "message", message, deliveries: 1 };
}

/** Nobody could take the message. */
export function putBack(consumer: ConsumerState, seq: StreamSeq, deliveries: number): void {
  if (deliveries === 1 && seq === consumer.seqNext - 1) {
    consumer.seqNext = seq;
    consumer.unseen += 1;
    const { skip } = consumer;
    // The server forgets it here; we put it back, so that no message is lost.
    if (skip !== null && skip.at > 0 && logGet(skip.seqs, skip.at - 1) === seq) skip.at -= 1;
  } else if (!isQueuedAgain(consumer, seq)) {
    uncountAgain(consumer, seq);
    queueAgain(consumer, seq);
  }
}

function takeRedelivery(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): NextMessage | null {
  for (;;) {
    const seq = takeAgain(consumer);
    if (seq === null) return null;
    const deliveries = countAgain(consumer, seq);
    const most = consumer.config.max_deliver;
    if (most > 0 && deliveries > most) {
      exhaust(consumer, scene, { seq, deliveries }, out);
      continue;
    }
    const message = loadMessage(scene.stream.store, seq);
    if (message !== null) return { kind: "message", message, deliveries };
    uncountAgain(consumer, seq);
    const row = tableGet(consumer.pending, seq);
    if (row === undefined) continue;
    const ack = { seq, consumerSeq: row.consumerSeq, deliveries: deliveries - 1, reply: null };
    terminate(consumer, scene, { ack, reason: unackedReason }, out);
  }
}

/** It was delivered as often as allowed and asked for once more. */
function exhaust(
  consumer: ConsumerState,
  scene: ConsumerScene,
  again: { readonly seq: StreamSeq; readonly deliveries: number },
  out: ConsumerEffect[],
): void {
  const { seq, deliveries } = again;
  const advisory = { kind: "max-deliveries", stream_seq: seq, deliveries: deliveries - 1 } as const;
  out.push({ kind: "advisory", advisory });
  const row = dropPending(consumer, seq);
  if (row === null) return;
  const { consumerSeq, at } = row;
  recordDelivered(consumer, scene, { consumerSeq, streamSeq: seq, deliveries, at }, out);
  moveFloor(consumer, consumerSeq as ConsumerSeq, seq);
}

function takeFromSkipList(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): NextMessage | null {
  const { skip } = consumer;
  if (skip === null) return null;
  while (skip.at < logEnd(skip.seqs)) {
    const seq = logGet(skip.seqs, skip.at);
    skip.at += 1;
    const isLast = skip.at === logEnd(skip.seqs);
    const message = loadMessage(scene.stream.store, seq);
    consumer.seqNext = ((isLast ? skip.resume : seq) + 1) as StreamSeq;
    if (isLast) {
      consumer.skip = null;
      recordSkipped(consumer, out);
    }
    if (message !== null) return { kind: "message", message, deliveries: 1 };
  }
  return null;
}

/** What the stream does and a consumer must follow: stores, removals, purges. */
import {
  type ConsumerSeq,
  createTable,
  type StreamSeq,
  tableDelete,
  tableEach,
  tableGet,
  tableHas,
} from "../../kernel/index.ts";
import { isSubsetOf } from "../../protocol/index.ts";
import { messageSubject } from "../stream/store/message-read.ts";
import { matchesAny, nextMatch } from "../stream/store/message-search.ts";
import type { PurgedEffect } from "../stream/stream-shape.ts";
import { terminate } from "./acks/acks.ts";
import { clearPending, dropPending, floorToDelivered, reindexOne } from "./acks/pending.ts";
import { clearAgain, deliveryCount, queueAgain, unqueueAgain } from "./acks/redelivery.ts";
import { isPush } from "./config/config-shape.ts";
import type { ConsumerEffect } from "./effects.ts";
import { recordAcked, saveState } from "./entries.ts";
import type { ConsumerScene } from "./inputs.ts";
import { unackedReason } from "./next-message.ts";
import { recountUnseen } from "./start.ts";
import type { ConsumerState, PendingAck } from "./state.ts";
import { storeForgetRedeliveredBelow } from "./store.ts";

/** A matching message was stored; answers whether to deliver. Source: `processStreamSignal`. */
export function noteStored(consumer: ConsumerState, seq: StreamSeq): boolean {
  if (!consumer.leader) return false;
  if (seq > consumer.unseenUpTo) consumer.unseen += 1;
  if (seq < consumer.seqNext) return false;
  return isPush(consumer.config) ? consumer.active : consumer.waiting.requests.size > 0;
}

/**
 * A matching message is gone; if it was pending it is terminated.
 * Source: `decStreamPending`. Answers whether delivery has room again.
 */
export function noteRemoved(
  consumer: ConsumerState,
  scene: ConsumerScene,
  removed: { readonly seq: StreamSeq; readonly subject: string },
  out: ConsumerEffect[],
): boolean {
  const { seq } = removed;
  uncountRemoved(consumer, scene, removed, out);
  const row = tableGet(consumer.pending, seq);
  return row !== undefined && terminateRemoved(consumer, scene, { seq, row }, out);
}

/** What a removed message changes in the counts. */
function uncountRemoved(
  consumer: ConsumerState,
  scene: ConsumerScene,
  removed: { readonly seq: StreamSeq; readonly subject: string },
  out: ConsumerEffect[],
): void {
  const { seq, subject } = removed;
  if (!takes(consumer, subject)) return;
  if (seq >= consumer.seqNext) consumer.unseen -= 1;
  if (tableHas(consumer.pending, seq) || !consumer.leader) return;
  if (!tableDelete(consumer.redelivered, seq)) return;
  recordAcked(consumer, scene, { consumerSeq: 0 as ConsumerSeq, seq }, out);
}

function takes({ filters }: ConsumerState, subject: string): boolean {
  return filters.length === 0 || matchesAny(filters, subject);
}

function terminateRemoved(
  consumer: ConsumerState,
  scene: ConsumerScene,
  removed: { readonly seq: StreamSeq; readonly row: PendingAck },
  out: ConsumerEffect[],
): boolean {
  const { seq, row } = removed;
  const deliveries = deliveryCount(consumer, seq);
  const ack = { seq, consumerSeq: row.consumerSeq, deliveries, reply: null };
  return terminate(consumer, scene, { ack, reason: unackedReason }, out).signal;
}

/** Many messages went at once. Source: `storeUpdates`, `removeRedeliveredBelow`. */
export function noteRemovedMany(consumer: ConsumerState, scene: ConsumerScene): void {
  recountUnseen(consumer, scene);
  const first = scene.stream.store.seqFirst;
  const gone: StreamSeq[] = [];
  tableEach(consumer.redelivered, (_, seq) => {
    if (seq >= first) return false;
    gone.push(seq);
    return true;
  });
  for (const seq of gone) {
    tableDelete(consumer.redelivered, seq);
    unqueueAgain(consumer, seq);
  }
  if (consumer.store !== null) storeForgetRedeliveredBelow(consumer.store, first);
}

/**
 * The stream was purged. Consumers that take other subjects too keep what is pending of those.
 * Source: nats-server `server/stream.go` `purgeLocked`, `server/consumer.go` `purge`.
 */
export function notePurged(
  consumer: ConsumerState,
  scene: ConsumerScene,
  purge: Pick<PurgedEffect, "filter" | "removed" | "only">,
  out: ConsumerEffect[],
): void {
  const { filter, removed } = purge;
  const only = purge.only !== null && takes(consumer, purge.only.subject) ? purge.only : null;
  const row = only === null ? undefined : tableGet(consumer.pending, only.seq);
  if (only !== null) uncountRemoved(consumer, scene, only, out);
  else if (removed > 0 && purge.only === null) noteRemovedMany(consumer, scene);
  if (consumer.leader) moveBehindPurge(consumer, scene, filter, out);
  // The server notes that it was pending, and terminates it when the purge is done with.
  if (only !== null && row !== undefined) {
    terminateRemoved(consumer, scene, { seq: only.seq, row }, out);
  }
}

function moveBehindPurge(
  consumer: ConsumerState,
  scene: ConsumerScene,
  filter: string,
  out: ConsumerEffect[],
): void {
  const { store } = scene.stream;
  const { filters } = consumer;
  const covered = filter === "" || filters.some((own) => own === filter || isSubsetOf(own, filter));
  const wider = filters.length === 0 || filters.some((own) => isSubsetOf(filter, own));
  if (!covered && !wider) return;
  const whole =
    filter === "" || (filters.length > 0 && filters.every((own) => isSubsetOf(own, filter)));
  const isWide = !covered || !whole;
  const left = filter === "" ? null : nextMatch(store, [filter], store.seqFirst);
  let first = isWide || filter === "" ? store.seqFirst : (left ?? (0 as StreamSeq));
  if (first === 0 && !isWide) first = (store.seqLast + 1) as StreamSeq;
  jumpTo(consumer, scene, { first, isWide }, out);
  saveState(consumer);
}

function jumpTo(
  consumer: ConsumerState,
  scene: ConsumerScene,
  to: { readonly first: StreamSeq; readonly isWide: boolean },
  out: ConsumerEffect[],
): void {
  const { first, isWide } = to;
  if (consumer.seqNext < first) consumer.seqNext = first;
  if (consumer.floorStream < first) {
    consumer.floorStream = (first - 1) as StreamSeq;
    const gone: StreamSeq[] = [];
    tableEach(consumer.pending, (_, seq) => {
      if (seq < first || (isWide && messageSubject(scene.stream.store, seq) === null)) {
        gone.push(seq);
      } else if (!isWide) {
        return false;
      }
      return true;
    });
    for (const seq of gone) forgetPending(consumer, scene, seq, out);
  }
  if (consumer.pending.size === 0) {
    clearPending(consumer);
    consumer.redelivered = createTable();
    floorToDelivered(consumer);
  }
  keepQueuedFrom(consumer, scene);
}

function forgetPending(
  consumer: ConsumerState,
  scene: ConsumerScene,
  seq: StreamSeq,
  out: ConsumerEffect[],
): void {
  const row = dropPending(consumer, seq);
  if (row === null) return;
  const { consumerSeq } = row;
  if (consumerSeq > consumer.floorConsumer) {
    consumer.floorConsumer = consumerSeq;
    if (consumerSeq > consumer.deliveryNext) consumer.deliveryNext = consumerSeq;
  }
  tableDelete(consumer.redelivered, seq);
  recordAcked(consumer, scene, { consumerSeq, seq }, out);
}

/** Only what lies ahead stays queued for redelivery; the rest comes back when ack wait is over. */
function keepQueuedFrom(consumer: ConsumerState, scene: ConsumerScene): void {
  if (consumer.again.size === 0) return;
  const queued: StreamSeq[] = [];
  tableEach(consumer.again, (seq) => void queued.push(seq));
  clearAgain(consumer);
  for (const seq of queued) {
    if (seq >= consumer.seqNext) queueAgain(consumer, seq);
    else reindexOne(consumer, scene, seq);
  }
}

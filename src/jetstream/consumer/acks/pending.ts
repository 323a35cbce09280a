/** Messages that wait for their ack, and what happens when ack wait is over. */
import {
  type ConsumerSeq,
  createTable,
  millis,
  plus,
  type StreamSeq,
  tableDelete,
  tableEach,
  tableFirst,
  tableGet,
  tableHas,
  tableHigher,
  tableSet,
  type VirtualNanos,
  virtualAt,
} from "../../../kernel/index.ts";
import { int64ToNumber } from "../../int64.ts";
import type { ConsumerEffect } from "../effects.ts";
import { recordDelivered, saveState } from "../entries.ts";
import type { ConsumerScene } from "../inputs.ts";
import type { ConsumerState, PendingAck } from "../state.ts";
import { dropTimer, wantTimer } from "../timers.ts";
import {
  clearAgain,
  deliveryCount,
  isQueuedAgain,
  queueAgain,
  unqueueAgain,
} from "./redelivery.ts";

/** Acks that come in a burst are treated in one go. Source: `ackWaitDelay`. */
const ackWaitDelay = millis(1);
const notIndexed = -1;

/** Counts a message as pending from now on, keeping the consumer sequence of its first delivery. */
export function trackPending(
  consumer: ConsumerState,
  scene: ConsumerScene,
  delivery: { readonly seq: StreamSeq; readonly consumerSeq: ConsumerSeq },
  out: ConsumerEffect[],
): void {
  const { seq } = delivery;
  const known = tableGet(consumer.pending, seq);
  const consumerSeq = known === undefined ? delivery.consumerSeq : known.consumerSeq;
  setPending(consumer, scene, seq, { consumerSeq, at: virtualAt(scene.wall) });
  const wait = waitFor(consumer, seq);
  // Without ack wait nothing is ever delivered again, so no timer has to run.
  if (int64ToNumber(consumer.config.ack_wait) === 0) return;
  const deadline = (scene.now + wait + ackWaitDelay) as VirtualNanos;
  const { wanted } = consumer.timers["ack-wait"];
  if (wanted === null || wanted > deadline) wantTimer(consumer, "ack-wait", deadline, out);
}

/** Sets from when ack wait is counted. */
export function setPending(
  consumer: ConsumerState,
  scene: ConsumerScene,
  seq: StreamSeq,
  row: { readonly consumerSeq: ConsumerSeq; readonly at: number },
): void {
  const known = tableGet(consumer.pending, seq);
  if (known !== undefined && known.due !== notIndexed) tableDelete(consumer.deadlines, known.due);
  const wait = waitFor(consumer, seq);
  const due = freeDeadline(consumer, scene.now + (row.at - virtualAt(scene.wall)) + wait);
  tableSet(consumer.deadlines, due, seq);
  tableSet(consumer.pending, seq, { consumerSeq: row.consumerSeq, at: row.at, due });
}

/** Takes a message off the pending ones; answers what it was. */
export function dropPending(consumer: ConsumerState, seq: StreamSeq): PendingAck | null {
  const row = tableGet(consumer.pending, seq);
  if (row === undefined) return null;
  tableDelete(consumer.pending, seq);
  if (row.due !== notIndexed) tableDelete(consumer.deadlines, row.due);
  return row;
}

export function clearPending(consumer: ConsumerState): void {
  consumer.pending = createTable();
  consumer.deadlines = createTable();
}

/** Source: `moveAckFloor`. Called after the message has been taken off the pending ones. */
export function moveFloor(consumer: ConsumerState, consumerSeq: ConsumerSeq, seq: StreamSeq): void {
  if (consumer.pending.size === 0) {
    floorToDelivered(consumer);
    return;
  }
  if (consumerSeq !== consumer.floorConsumer + 1) return;
  consumer.floorConsumer = consumerSeq;
  consumer.floorStream = seq;
  const next = tableHigher(consumer.pending, seq);
  if (next === null || next.key >= consumer.seqNext || next.value.consumerSeq === 0) return;
  consumer.floorConsumer = (next.value.consumerSeq - 1) as ConsumerSeq;
  consumer.floorStream = (next.key - 1) as StreamSeq;
}

/** Everything delivered is done with. */
export function floorToDelivered(consumer: ConsumerState): void {
  consumer.floorConsumer = (consumer.deliveryNext - 1) as ConsumerSeq;
  consumer.floorStream = (consumer.seqNext - 1) as StreamSeq;
}

/**
 * Whether a message may not be delivered again. Then it leaves the pending ones, with an advisory.
 * Source: `hasMaxDeliveries`.
 */
export function isExhausted(
  consumer: ConsumerState,
  scene: ConsumerScene,
  seq: StreamSeq,
  out: ConsumerEffect[],
): boolean {
  const most = consumer.config.max_deliver;
  if (most <= 0) return false;
  const count = deliveryCount(consumer, seq);
  if (count < most) return false;
  const deliveries = (tableGet(consumer.redelivered, seq) ?? 0) + 1;
  out.push({ kind: "advisory", advisory: { kind: "max-deliveries", stream_seq: seq, deliveries } });
  const row = dropPending(consumer, seq);
  if (row !== null) {
    const { consumerSeq, at } = row;
    const entry = { consumerSeq, streamSeq: seq, deliveries: count + 1, at };
    recordDelivered(consumer, scene, entry, out);
    moveFloor(consumer, consumerSeq, seq);
  }
  tableSet(consumer.redelivered, seq, count);
  return true;
}

/**
 * Ack wait may be over for some messages: queues them for redelivery and sets the timer anew.
 * Answers whether delivery should look for work.
 * Source: `checkPending`, which looks at every pending message where we look at those due.
 */
export function checkPending(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): boolean {
  if (int64ToNumber(consumer.config.ack_wait) === 0) return false;
  reindexAfterClockJump(consumer, scene);
  dropGone(consumer, scene);
  const roomBefore = consumer.pending.size;
  const expired = takeExpired(consumer, scene, out);
  redeliver(consumer, scene, expired);
  if (consumer.pending.size > 0) {
    wantTimer(consumer, "ack-wait", nextCheck(consumer, scene), out);
  } else {
    dropTimer(consumer, "ack-wait");
    clearAgain(consumer);
    floorToDelivered(consumer);
  }
  return expired.length > 0 || consumer.pending.size < roomBefore;
}

/** Makes every pending message due for redelivery now. Source: `forceExpirePending`. */
export function expireAllPending(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): void {
  const expired: StreamSeq[] = [];
  tableEach(consumer.pending, (_, seq) => {
    if (!isQueuedAgain(consumer, seq) && !isExhausted(consumer, scene, seq, out)) expired.push(seq);
  });
  if (expired.length === 0) return;
  redeliver(consumer, scene, expired);
  const wait = int64ToNumber(consumer.config.ack_wait);
  wantTimer(consumer, "ack-wait", (scene.now + wait + ackWaitDelay) as VirtualNanos, out);
}

/** Looks at the pending messages soon, because what they wait for has changed. */
export function checkPendingSoon(
  consumer: ConsumerState,
  scene: ConsumerScene,
  afterMillis: number,
  out: ConsumerEffect[],
): void {
  if (consumer.timers["ack-wait"].wanted === null) return;
  wantTimer(consumer, "ack-wait", plus(scene.now, millis(afterMillis)), out);
}

/** Computes every deadline anew: ack wait, backoff or the clock changed. */
export function reindex(consumer: ConsumerState, scene: ConsumerScene): void {
  const wall = virtualAt(scene.wall);
  consumer.wallOffset = wall - scene.now;
  consumer.deadlines = createTable();
  tableEach(consumer.pending, (row, seq) => {
    const due = freeDeadline(consumer, scene.now + (row.at - wall) + waitFor(consumer, seq));
    tableSet(consumer.deadlines, due, seq);
    tableSet(consumer.pending, seq, { consumerSeq: row.consumerSeq, at: row.at, due });
  });
}

/** A pending message that is no longer queued waits for its deadline again. */
export function reindexOne(consumer: ConsumerState, scene: ConsumerScene, seq: StreamSeq): void {
  const row = tableGet(consumer.pending, seq);
  if (row !== undefined) setPending(consumer, scene, seq, row);
}

/** Ack wait, or the step of the backoff that this message has reached. */
function waitFor(consumer: ConsumerState, seq: StreamSeq): number {
  const { backoff, ack_wait } = consumer.config;
  if (backoff === null || backoff.length === 0) return int64ToNumber(ack_wait);
  const again = tableGet(consumer.redelivered, seq) ?? 0;
  return int64ToNumber(backoff[Math.min(again, backoff.length - 1)] ?? 0);
}

/**
 * Deadlines are keys, so two at one instant are told apart by a nanosecond. A burst goes on where
 * it left off rather than look for the end of its run each time.
 */
function freeDeadline(consumer: ConsumerState, at: number): number {
  const wanted = Math.max(at, 0);
  if (!tableHas(consumer.deadlines, wanted)) return wanted;
  const { deadlineLast: last, deadlineRun: run } = consumer;
  const continues = wanted <= last && wanted >= last - run;
  let due = continues ? last + 1 : wanted + 1;
  while (tableHas(consumer.deadlines, due)) due += 1;
  consumer.deadlineRun = due - wanted;
  consumer.deadlineLast = due;
  return due;
}

function reindexAfterClockJump(consumer: ConsumerState, scene: ConsumerScene): void {
  const offset = virtualAt(scene.wall) - scene.now;
  if (Math.abs(offset - consumer.wallOffset) > ackWaitDelay) reindex(consumer, scene);
}

/** Messages that the stream no longer has, or that are below the ack floor. */
function dropGone(consumer: ConsumerState, scene: ConsumerScene): void {
  const first = scene.stream.store.seqFirst;
  let changed = false;
  for (;;) {
    const row = tableFirst(consumer.pending);
    if (row === null || (row.key >= first && row.key > consumer.floorStream)) break;
    const { consumerSeq } = row.value;
    dropPending(consumer, row.key);
    tableDelete(consumer.redelivered, row.key);
    unqueueAgain(consumer, row.key);
    if (row.key > consumer.floorStream) consumer.floorStream = row.key;
    if (consumerSeq > consumer.floorConsumer) consumer.floorConsumer = consumerSeq;
    changed = true;
  }
  if (changed) saveState(consumer);
}

/** The due messages that may be delivered again, by stream sequence. */
function takeExpired(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): StreamSeq[] {
  const expired: StreamSeq[] = [];
  for (const seq of nearDeadlines(consumer, scene)) {
    const pending = tableGet(consumer.pending, seq) as PendingAck;
    if (virtualAt(scene.wall) - pending.at < waitFor(consumer, seq)) {
      // The wall clock is slower than steady time.
      if (pending.due <= scene.now) setPending(consumer, scene, seq, pending);
      continue;
    }
    tableDelete(consumer.deadlines, pending.due);
    tableSet(consumer.pending, seq, { ...pending, due: notIndexed });
    if (!isQueuedAgain(consumer, seq) && !isExhausted(consumer, scene, seq, out)) expired.push(seq);
  }
  return expired.sort((a, b) => a - b);
}

/** Deadlines are told apart by nanoseconds, so what is due may be noted a little later. */
function nearDeadlines(consumer: ConsumerState, scene: ConsumerScene): StreamSeq[] {
  const near: StreamSeq[] = [];
  tableEach(consumer.deadlines, (seq, due) => {
    if (due > scene.now + ackWaitDelay) return false;
    near.push(seq);
    return true;
  });
  return near;
}

/**
 * Queues expired messages. Their times move on together, so that they keep their order should they
 * expire again; until they are delivered they are out of `deadlines`.
 */
function redeliver(
  consumer: ConsumerState,
  scene: ConsumerScene,
  expired: readonly StreamSeq[],
): void {
  const first = expired[0];
  if (first === undefined) return;
  const by = virtualAt(scene.wall) - (tableGet(consumer.pending, first)?.at ?? 0);
  for (const seq of expired) {
    queueAgain(consumer, seq);
    const row = tableGet(consumer.pending, seq);
    if (row === undefined) continue;
    if (row.due !== notIndexed) tableDelete(consumer.deadlines, row.due);
    const moved = { consumerSeq: row.consumerSeq, at: row.at + by, due: notIndexed };
    tableSet(consumer.pending, seq, moved);
  }
}

function nextCheck(consumer: ConsumerState, scene: ConsumerScene): VirtualNanos {
  const { backoff, ack_wait } = consumer.config;
  const latest = backoff?.[backoff.length - 1];
  const wait =
    latest === undefined ? int64ToNumber(ack_wait) + ackWaitDelay : int64ToNumber(latest);
  const first = tableFirst(consumer.deadlines);
  const row = first === null ? undefined : tableGet(consumer.pending, first.value);
  if (first === null || row === undefined) return (scene.now + wait) as VirtualNanos;
  const left = waitFor(consumer, first.value) - (virtualAt(scene.wall) - row.at);
  return (scene.now + Math.min(wait, left)) as VirtualNanos;
}

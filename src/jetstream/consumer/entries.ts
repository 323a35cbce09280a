/**
 * Where a consumer's decisions become durable. Alone, a server writes them at once; in a group its
 * leader proposes them, and every member applies what the group has agreed upon.
 */
import {
  type ConsumerSeq,
  createTable,
  type StreamSeq,
  tableEach,
  tableSet,
} from "../../kernel/index.ts";
import type { ConsumerEffect } from "./effects.ts";
import type { ConsumerScene } from "./inputs.ts";
import type { ConsumerState } from "./state.ts";
import { type DeliveredEntry, storeAcked, storeDelivered } from "./store.ts";

/** About what one change adds to the file: a pending row or a redelivery count. */
const bytesPerChange = 16;

/** Source: `updateDelivered`. */
export function recordDelivered(
  consumer: ConsumerState,
  scene: ConsumerScene,
  entry: Omit<DeliveredEntry, "kind">,
  out: ConsumerEffect[],
): void {
  if (consumer.replicated !== null) {
    out.push({ kind: "propose", entry: { kind: "delivered", ...entry } });
  } else if (consumer.store !== null) {
    storeDelivered(consumer.store, entry);
    consumer.unsaved += bytesPerChange;
  }
  consumer.lastDelivered = scene.wall;
}

/** Source: `updateAcks`; the reply is the caller's. */
export function recordAcked(
  consumer: ConsumerState,
  scene: ConsumerScene,
  acked: { readonly consumerSeq: ConsumerSeq; readonly seq: StreamSeq },
  out: ConsumerEffect[],
): void {
  const { consumerSeq, seq } = acked;
  if (consumer.replicated !== null) {
    out.push({ kind: "propose", entry: { kind: "acked", consumerSeq, streamSeq: seq } });
  } else if (consumer.store !== null) {
    storeAcked(consumer.store, consumerSeq, seq);
    consumer.unsaved += bytesPerChange;
  }
  consumer.lastAcked = scene.wall;
}

/** In a group: tells the others that delivery has moved on without delivering. */
export function recordSkipped(consumer: ConsumerState, out: ConsumerEffect[]): void {
  if (consumer.replicated === null || !consumer.leader) return;
  out.push({ kind: "propose", entry: { kind: "skipped", streamSeq: consumer.seqNext } });
}

/**
 * Overwrites the durable state with the leader's, unless the durable one is ahead.
 * Source: `writeStoreState` and the stores' `Update`.
 */
export function saveState(consumer: ConsumerState): void {
  const { store } = consumer;
  if (store === null) return;
  const deliveredConsumer = (consumer.deliveryNext - 1) as ConsumerSeq;
  const deliveredStream = (consumer.seqNext - 1) as StreamSeq;
  const { floorConsumer, floorStream } = consumer;
  if (floorConsumer > deliveredConsumer || floorStream > deliveredStream) return;
  if (deliveredConsumer < store.deliveredConsumer || floorStream < store.floorStream) return;
  const pending: typeof store.pending = createTable();
  let inRange = true;
  tableEach(consumer.pending, ({ consumerSeq, at }, seq) => {
    inRange = inRange && seq > floorStream && seq <= deliveredStream;
    tableSet(pending, seq, { consumerSeq, at });
  });
  if (!inRange) return;
  store.deliveredConsumer = deliveredConsumer;
  store.deliveredStream = deliveredStream;
  store.floorConsumer = floorConsumer;
  store.floorStream = floorStream;
  store.pending = pending;
  store.redelivered = createTable();
  tableEach(consumer.redelivered, (count, seq) => tableSet(store.redelivered, seq, count));
  // In memory numbers that are all 0 are as if nothing had been written: `HasState`.
  store.written ||= deliveredConsumer > 0 || deliveredStream > 0;
  consumer.unsaved += bytesPerChange * (pending.size + store.redelivered.size + 1);
}

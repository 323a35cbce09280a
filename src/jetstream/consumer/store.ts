/**
 * What a consumer keeps on disk, apart from what its leader has in mind. Every change is an entry:
 * on one server it is applied at once, in a group it is proposed first and applied when committed.
 * Source: nats-server `server/filestore.go` `consumerFileStore`, `server/memstore.go`.
 */
import {
  type ConsumerSeq,
  createTable,
  type StoredTime,
  type StreamSeq,
  type Table,
  tableDelete,
  tableFirst,
  tableGet,
  tableHigher,
  tableSet,
} from "../../kernel/index.ts";
import type { ConsumerConfig } from "./config/config-shape.ts";

/** A message that was delivered and waits for its ack; `at` is wall time in nanoseconds. */
export interface StoredPending {
  /** The consumer sequence of its first delivery. */
  readonly consumerSeq: ConsumerSeq;
  readonly at: number;
}

/** Plain data that lives on the simulated disk (or in memory with `mem_storage`). */
export interface ConsumerStore {
  readonly stream: string;
  readonly name: string;
  readonly created: StoredTime;
  config: ConsumerConfig;
  /** Consumer sequence of the last delivery, stream sequence of the highest delivered message. */
  deliveredConsumer: ConsumerSeq;
  deliveredStream: StreamSeq;
  floorConsumer: ConsumerSeq;
  floorStream: StreamSeq;
  pending: Table<StreamSeq, StoredPending>;
  /** How often a message was delivered after its first time. */
  redelivered: Table<StreamSeq, number>;
  /** Whether anything was ever written: a file is there, or the numbers are not all 0. */
  written: boolean;
}

export type ConsumerEntry =
  | DeliveredEntry
  | { readonly kind: "acked"; readonly consumerSeq: ConsumerSeq; readonly streamSeq: StreamSeq }
  /** Nothing below this stream sequence concerns the consumer. */
  | { readonly kind: "skipped"; readonly streamSeq: StreamSeq }
  | { readonly kind: "reset"; readonly streamSeq: StreamSeq; readonly reply: string | null }
  /** Followers remember who waits, so that a new leader can tell them to ask again. */
  | { readonly kind: "request"; readonly reply: string }
  | { readonly kind: "request-gone"; readonly reply: string };

export interface DeliveredEntry {
  readonly kind: "delivered";
  readonly consumerSeq: ConsumerSeq;
  readonly streamSeq: StreamSeq;
  /** How often it has been delivered, this time included. */
  readonly deliveries: number;
  readonly at: number;
}

/** An empty store, nothing written. */
export function createConsumerStore(
  identity: { readonly stream: string; readonly name: string; readonly created: StoredTime },
  config: ConsumerConfig,
): ConsumerStore {
  return {
    stream: identity.stream,
    name: identity.name,
    created: identity.created,
    config,
    deliveredConsumer: 0 as ConsumerSeq,
    deliveredStream: 0 as StreamSeq,
    floorConsumer: 0 as ConsumerSeq,
    floorStream: 0 as StreamSeq,
    pending: createTable(),
    redelivered: createTable(),
    written: false,
  };
}

/** Both positions to just before where delivery begins. */
export function storeStart(store: ConsumerStore, before: StreamSeq, onDisk: boolean): void {
  store.deliveredStream = before;
  store.floorStream = before;
  store.written = store.written || onDisk || before > 0;
}

/** Forgets everything and begins anew after `before`. */
export function storeReset(store: ConsumerStore, before: StreamSeq): void {
  store.pending = createTable();
  store.redelivered = createTable();
  store.deliveredConsumer = 0 as ConsumerSeq;
  store.floorConsumer = 0 as ConsumerSeq;
  store.deliveredStream = before;
  store.floorStream = before;
}

/**
 * Notes one delivery.
 * Source: `UpdateDelivered`. `at` of a first delivery is when the message was stored, so after a
 * restart an old message is overdue at once, as it is there.
 */
export function storeDelivered(store: ConsumerStore, entry: Omit<DeliveredEntry, "kind">): void {
  const { consumerSeq, streamSeq, deliveries, at } = entry;
  const noAck = store.config.ack_policy === "none";
  if (noAck && deliveries !== 1) return;
  // A new leader may replay what an old one had written.
  if (consumerSeq <= store.floorConsumer) return;
  store.written = true;
  if (!noAck) {
    if (streamSeq > store.deliveredStream) {
      tableSet(store.pending, streamSeq, { consumerSeq, at });
    } else {
      const known = tableGet(store.pending, streamSeq);
      if (known !== undefined) {
        tableSet(store.pending, streamSeq, { consumerSeq: known.consumerSeq, at });
      }
    }
    if (deliveries > 1) storeRedelivered(store, streamSeq, deliveries);
  }
  if (consumerSeq > store.deliveredConsumer) {
    store.deliveredConsumer = consumerSeq;
    if (noAck) store.floorConsumer = consumerSeq;
  }
  if (streamSeq > store.deliveredStream) {
    store.deliveredStream = streamSeq;
    if (noAck) store.floorStream = streamSeq;
  }
}

/**
 * Notes one ack.
 * Source: `UpdateAcks`. The redelivery count goes even when the message is not pending.
 */
export function storeAcked(
  store: ConsumerStore,
  consumerSeq: ConsumerSeq,
  streamSeq: StreamSeq,
): void {
  const policy = store.config.ack_policy;
  if (policy === "none") return;
  tableDelete(store.redelivered, streamSeq);
  if (consumerSeq <= store.floorConsumer) return;
  const known = tableGet(store.pending, streamSeq);
  if (known === undefined) return;
  if (policy !== "explicit") {
    store.floorConsumer = consumerSeq;
    store.floorStream = streamSeq;
    forgetUpTo(store, streamSeq);
    return;
  }
  tableDelete(store.pending, streamSeq);
  const original =
    consumerSeq > known.consumerSeq && known.consumerSeq > 0 ? known.consumerSeq : consumerSeq;
  moveStoredFloor(store, original, streamSeq);
}

/** Moves the start forward past what no filter of this consumer matches. */
export function storeSkipped(store: ConsumerStore, before: StreamSeq): void {
  if (before <= store.deliveredStream) return;
  store.deliveredStream = before;
  if (store.config.ack_policy === "none") store.floorStream = before;
}

/** Drops redelivery counts of messages that the stream no longer has. */
export function storeForgetRedeliveredBelow(store: ConsumerStore, first: StreamSeq): void {
  for (;;) {
    const row = tableFirst(store.redelivered);
    if (row === null || row.key >= first) return;
    tableDelete(store.redelivered, row.key);
  }
}

function storeRedelivered(store: ConsumerStore, streamSeq: StreamSeq, deliveries: number): void {
  const most = store.config.max_deliver;
  if (most > 0 && deliveries > most) tableDelete(store.pending, streamSeq);
  // Only ever upwards: progress and delayed naks come with the count of an older delivery.
  if ((tableGet(store.redelivered, streamSeq) ?? 0) < deliveries - 1) {
    tableSet(store.redelivered, streamSeq, deliveries - 1);
  }
}

function forgetUpTo(store: ConsumerStore, streamSeq: StreamSeq): void {
  for (;;) {
    const row = tableFirst(store.pending);
    if (row === null || row.key > streamSeq) return;
    tableDelete(store.pending, row.key);
    tableDelete(store.redelivered, row.key);
  }
}

function moveStoredFloor(
  store: ConsumerStore,
  consumerSeq: ConsumerSeq,
  streamSeq: StreamSeq,
): void {
  if (store.pending.size === 0) {
    store.floorConsumer = store.deliveredConsumer;
    store.floorStream = store.deliveredStream;
    return;
  }
  if (consumerSeq !== store.floorConsumer + 1) return;
  store.floorConsumer = consumerSeq;
  store.floorStream = streamSeq;
  if (store.deliveredConsumer <= consumerSeq) return;
  const next = tableHigher(store.pending, streamSeq);
  if (next === null || next.key > store.deliveredStream || next.value.consumerSeq === 0) return;
  store.floorConsumer = (next.value.consumerSeq - 1) as ConsumerSeq;
  store.floorStream = (next.key - 1) as StreamSeq;
}

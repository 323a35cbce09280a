/** The queue of messages to deliver again, and how often each has been delivered. */
import {
  createTable,
  type StreamSeq,
  tableDelete,
  tableFirst,
  tableGet,
  tableHas,
  tableSet,
} from "../../../kernel/index.ts";
import type { ConsumerState } from "../state.ts";

export function isQueuedAgain(consumer: ConsumerState, seq: StreamSeq): boolean {
  return tableHas(consumer.againPlaces, seq);
}

/** Puts a message at the end of the redelivery queue; it must not be there yet. */
export function queueAgain(consumer: ConsumerState, seq: StreamSeq): void {
  consumer.againTicket += 1;
  tableSet(consumer.again, consumer.againTicket, seq);
  tableSet(consumer.againPlaces, seq, consumer.againTicket);
}

export function unqueueAgain(consumer: ConsumerState, seq: StreamSeq): void {
  if (consumer.againPlaces.size === 0) return;
  const place = tableGet(consumer.againPlaces, seq);
  if (place === undefined) return;
  tableDelete(consumer.againPlaces, seq);
  tableDelete(consumer.again, place);
}

/** Takes the next message to deliver again out of the queue. */
export function takeAgain(consumer: ConsumerState): StreamSeq | null {
  const row = tableFirst(consumer.again);
  if (row === null) return null;
  tableDelete(consumer.again, row.key);
  tableDelete(consumer.againPlaces, row.value);
  return row.value;
}

export function clearAgain(consumer: ConsumerState): void {
  consumer.again = createTable();
  consumer.againPlaces = createTable();
}

/** How often a message has been delivered: 1 when it never was a second time. */
export function deliveryCount(consumer: ConsumerState, seq: StreamSeq): number {
  const again = tableGet(consumer.redelivered, seq) ?? 0;
  return Math.max(again, 1);
}

/** Counts one more redelivery; answers how many deliveries that makes. */
export function countAgain(consumer: ConsumerState, seq: StreamSeq): number {
  const again = (tableGet(consumer.redelivered, seq) ?? 0) + 1;
  tableSet(consumer.redelivered, seq, again);
  return again + 1;
}

/** Takes a redelivery that failed off the count. Source: `decDeliveryCount`. */
export function uncountAgain(consumer: ConsumerState, seq: StreamSeq): void {
  const again = tableGet(consumer.redelivered, seq);
  if (again === undefined) return;
  if (again > 1) tableSet(consumer.redelivered, seq, again - 1);
  else tableDelete(consumer.redelivered, seq);
}

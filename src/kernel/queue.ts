/**
 * The event queue: a copy-on-write binary heap ordered by (time, insertion), with timers that are
 * named by owner. A timer that is replaced or cleared dies where it lies and is skipped later.
 */
import { createLog, logEach, logGet, logPush, logTruncate } from "./log.ts";
import { forkLog, type Log, type LogChunk, ownLogChunk } from "./log-chunks.ts";
import {
  createTable,
  forkTable,
  type Table,
  tableDelete,
  tableGet,
  tableHas,
  tableSet,
} from "./table.ts";
import { tableEach } from "./table-order.ts";
import { timerKey } from "./timer-key.ts";
import type { VirtualNanos } from "./units.ts";

/** A value: events and items are never changed once queued. */
export interface QueueItem<E> {
  readonly at: VirtualNanos;
  readonly seq: number;
  /** Owner and name of a timer, else null. */
  readonly timer: string | null;
  readonly event: E;
}

interface ArmedTimer {
  readonly at: VirtualNanos;
  readonly seq: number;
}

/** Plain data; read and written only by the functions of this file. */
export interface Queue<E> {
  readonly container: "queue";
  heap: Log<QueueItem<E>>;
  timers: Table<string, ArmedTimer>;
  nextSeq: number;
  /** Dead timers still in the heap. */
  dead: number;
}

export function createQueue<E>(): Queue<E> {
  return { container: "queue", heap: createLog(), timers: createTable(), nextSeq: 0, dead: 0 };
}

export function queueEvent<E>(queue: Queue<E>, at: VirtualNanos, event: E): void {
  pushItem(queue, { at, seq: queue.nextSeq++, timer: null, event });
}

/** Arms a timer; the same owner and name replaces it. */
export function queueTimer<E>(queue: Queue<E>, key: string, at: VirtualNanos, event: E): void {
  const seq = queue.nextSeq++;
  if (tableHas(queue.timers, key)) buryOne(queue);
  tableSet(queue.timers, key, { at, seq });
  pushItem(queue, { at, seq, timer: key, event });
}

/** True when the timer was armed. */
export function dropTimer(queue: Queue<unknown>, key: string): boolean {
  if (!tableDelete(queue.timers, key)) return false;
  buryOne(queue);
  return true;
}

/** Drops all timers of one owner. */
export function dropTimersOf(queue: Queue<unknown>, owner: string): void {
  const prefix = timerKey(owner, "");
  const keys: string[] = [];
  tableEach(
    queue.timers,
    (_, key) => {
      if (!key.startsWith(prefix)) return false;
      keys.push(key);
      return true;
    },
    prefix,
  );
  for (const key of keys) dropTimer(queue, key);
}

export function timerDueAt(queue: Queue<unknown>, key: string): VirtualNanos | null {
  return tableGet(queue.timers, key)?.at ?? null;
}

/** When the next living item is due, or null. */
export function queueNextAt(queue: Queue<unknown>): VirtualNanos | null {
  skipDead(queue);
  return queue.heap.end === 0 ? null : logGet(queue.heap, 0).at;
}

/** The event of the next living item, which stays queued; or null. */
export function queueNext<E>(queue: Queue<E>): E | null {
  skipDead(queue);
  return queue.heap.end === 0 ? null : logGet(queue.heap, 0).event;
}

/** Takes the next living item, or null. */
export function queueTake<E>(queue: Queue<E>): QueueItem<E> | null {
  skipDead(queue);
  if (queue.heap.end === 0) return null;
  const item = popItem(queue.heap);
  if (item.timer !== null) tableDelete(queue.timers, item.timer);
  return item;
}

/** Calls `fn` for each living item, in no particular order. */
export function queueEach<E>(queue: Queue<E>, fn: (item: QueueItem<E>) => void): void {
  logEach(queue.heap, (item) => {
    if (isLive(queue, item)) fn(item);
  });
}

export function forkQueue<E>(queue: Queue<E>): Queue<E> {
  const { nextSeq, dead } = queue;
  const heap = forkLog(queue.heap);
  return { container: "queue", heap, timers: forkTable(queue.timers), nextSeq, dead };
}

function isLive(queue: Queue<unknown>, item: QueueItem<unknown>): boolean {
  return item.timer === null || tableGet(queue.timers, item.timer)?.seq === item.seq;
}

function skipDead(queue: Queue<unknown>): void {
  while (queue.dead > 0 && queue.heap.end > 0 && !isLive(queue, logGet(queue.heap, 0))) {
    popItem(queue.heap);
    queue.dead -= 1;
  }
}

/** Counts a dead timer; sweeps the heap when most of it is dead, so it cannot grow for ever. */
function buryOne(queue: Queue<unknown>): void {
  queue.dead += 1;
  if (queue.dead <= 64 || queue.dead * 2 <= queue.heap.end) return;
  const living: QueueItem<unknown>[] = [];
  // The timer being replaced is still in the table; it is counted dead, so it stays one round.
  logEach(queue.heap, (item) => void (isLive(queue, item) && living.push(item)));
  queue.dead -= queue.heap.end - living.length;
  living.sort((a, b) => a.at - b.at || a.seq - b.seq);
  logTruncate(queue.heap, 0);
  for (const item of living) logPush(queue.heap, item);
}

function before(a: QueueItem<unknown>, b: QueueItem<unknown>): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq);
}

function put<E>(heap: Log<QueueItem<E>>, i: number, item: QueueItem<E>): void {
  ownLogChunk(heap, i >> 8).rows[i & 255] = item;
}

function rowAt<E>(heap: Log<QueueItem<E>>, i: number): QueueItem<E> {
  return (heap.chunks[i >> 8] as LogChunk<QueueItem<E>>).rows[i & 255] as QueueItem<E>;
}

function pushItem<E>(queue: Queue<E>, item: QueueItem<E>): void {
  const { heap } = queue;
  let hole = logPush(heap, item);
  while (hole > 0) {
    const above = (hole - 1) >> 1;
    const parent = rowAt(heap, above);
    if (before(parent, item)) break;
    put(heap, hole, parent);
    hole = above;
  }
  put(heap, hole, item);
}

function popItem<E>(heap: Log<QueueItem<E>>): QueueItem<E> {
  const top = rowAt(heap, 0);
  const count = heap.end - 1;
  const item = rowAt(heap, count);
  logTruncate(heap, count);
  if (count === 0) return top;
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= count) break;
    let smaller = rowAt(heap, child);
    if (child + 1 < count) {
      const right = rowAt(heap, child + 1);
      if (before(right, smaller)) {
        smaller = right;
        child += 1;
      }
    }
    if (before(item, smaller)) break;
    put(heap, hole, smaller);
    hole = child;
  }
  put(heap, hole, item);
  return top;
}

/**
 * The queue of pull requests.
 * Source: nats-server `server/consumer.go` `waitQueue`, `nextWaiting`, `processWaiting`.
 */
import {
  createTable,
  plus,
  tableDelete,
  tableEach,
  tableFirst,
  tableGet,
  tableSet,
  type VirtualNanos,
} from "../../../kernel/index.ts";
import type { ConsumerEffect } from "../effects.ts";
import { idleHeartbeat } from "../flow.ts";
import type { ConsumerScene } from "../inputs.ts";
import type { ConsumerState, WaitingQueue, WaitingRequest } from "../state.ts";
import { dropTimer, wantTimer } from "../timers.ts";
import { isListening } from "./listening.ts";
import { pendingStatus } from "./pending-status.ts";

/** Ranks are priorities 0 to 9; requests that are not JSON come after all of them. */
const rankOfPlain = 15;
/** Tickets within a rank: 2^48 of them, more than a world can hand out. */
const ticketsPerRank = 2 ** 48;

export function createWaitingQueue(now: VirtualNanos): WaitingQueue {
  return {
    requests: createTable(),
    ticket: 0,
    noWait: 0,
    due: null,
    active: now,
    checked: now,
    scanned: now,
  };
}

/** A request with its place in the queue. */
export interface Placed {
  readonly place: number;
  readonly request: WaitingRequest;
}

export function firstWaiting(queue: WaitingQueue): Placed | null {
  const row = tableFirst(queue.requests);
  return row === null ? null : { place: row.key, request: row.value };
}

/** At the end of the queue, or of its priority when the consumer serves by priority. */
export function addWaiting(consumer: ConsumerState, request: WaitingRequest): void {
  const { waiting } = consumer;
  tableSet(waiting.requests, nextPlace(consumer, request), request);
  if (request.noWait) waiting.noWait += 1;
  waiting.active = request.received;
  noteDue(waiting, request);
}

/** Whether no further request fits. */
export function isWaitingFull(consumer: ConsumerState): boolean {
  return consumer.waiting.requests.size === consumer.config.max_waiting;
}

export function removeWaiting(
  consumer: ConsumerState,
  placed: Placed,
  out: ConsumerEffect[],
): void {
  tableDelete(consumer.waiting.requests, placed.place);
  if (placed.request.noWait) consumer.waiting.noWait -= 1;
  if (consumer.replicated === null) return;
  out.push({ kind: "propose", entry: { kind: "request-gone", reply: placed.request.reply } });
}

/** Moves the first request to the end of the queue. Source: `cycle`, which knows no priorities. */
export function cycleWaiting(consumer: ConsumerState, placed: Placed): void {
  const { waiting } = consumer;
  tableDelete(waiting.requests, placed.place);
  waiting.ticket += 1;
  tableSet(waiting.requests, waiting.ticket, placed.request);
  waiting.active = placed.request.received;
}

/**
 * Serves one message to a request: answers what the request has left. A request that wants more
 * goes to the end, one that has all leaves.
 */
export function serveWaiting(
  consumer: ConsumerState,
  scene: ConsumerScene,
  served: Placed & { readonly bytesLeft: number; readonly last: boolean },
  out: ConsumerEffect[],
): WaitingRequest {
  const { place, request, bytesLeft } = served;
  const left = served.last ? 0 : request.left - 1;
  const heartbeatAt =
    request.heartbeat > 0 && left > 0 ? plus(scene.now, request.heartbeat) : request.heartbeatAt;
  const after = { ...request, left, delivered: request.delivered + 1, bytesLeft, heartbeatAt };
  const { requests } = consumer.waiting;
  if (left <= 0) {
    removeWaiting(consumer, { place, request }, out);
  } else if (requests.size > 1) {
    tableDelete(requests, place);
    tableSet(requests, nextPlace(consumer, after), after);
    consumer.waiting.active = request.received;
  } else {
    tableSet(requests, place, after);
  }
  return after;
}

/** Gives a request back the message that did not reach it. Source: `creditWaitingRequest`. */
export function creditWaiting(consumer: ConsumerState, reply: string): void {
  const { requests } = consumer.waiting;
  tableEach(requests, (request, place) => {
    if (request.reply !== reply) return true;
    const { left, delivered } = request;
    tableSet(requests, place, { ...request, left: left + 1, delivered: delivered - 1 });
    return false;
  });
}

/**
 * Looks through all requests: expires them, drops those whose reply nobody listens to any more,
 * sends heartbeats. `endOfStream`: there is nothing to deliver, so `no_wait` requests end too.
 * Answers how many messages those that remain may still ask for.
 * Source: `processWaiting`.
 */
export function processWaiting(
  consumer: ConsumerState,
  scene: ConsumerScene,
  endOfStream: boolean,
  out: ConsumerEffect[],
): number {
  const { waiting } = consumer;
  if (waiting.requests.size === 0) return 0;
  waiting.checked = scene.now;
  waiting.scanned = scene.now;
  waiting.due = null;
  let wanted = 0;
  tableEach(waiting.requests, (request, place) => {
    if (isOver(consumer, scene, { request, endOfStream }, out)) {
      removeWaiting(consumer, { place, request }, out);
      return;
    }
    wanted += request.left;
    noteDue(waiting, keepAlive(consumer, scene, { place, request }, out));
  });
  return wanted;
}

/**
 * The timer of the queue went off: ends and keeps alive what is due, and then also ends `no_wait`
 * requests, even when only `max_ack_pending` held them back. Answers whether anything was due.
 */
export function wakeWaiting(
  consumer: ConsumerState,
  scene: ConsumerScene,
  out: ConsumerEffect[],
): boolean {
  const { waiting } = consumer;
  waiting.due = null;
  tableEach(waiting.requests, (request) => noteDue(waiting, request));
  if (waiting.due !== null && waiting.due <= scene.now) {
    processWaiting(consumer, scene, true, out);
    return true;
  }
  // What it was set for has been served meanwhile.
  if (waiting.due !== null) wantTimer(consumer, "waiting", waiting.due, out);
  return false;
}

/**
 * What delivery does before it waits: as `processWaiting`, but looks at the requests only when one
 * of them can be over, and sets the timer for the next that will.
 */
export function settleWaiting(
  consumer: ConsumerState,
  scene: ConsumerScene,
  endOfStream: boolean,
  out: ConsumerEffect[],
): void {
  const { waiting } = consumer;
  if (waiting.requests.size > 0) waiting.checked = scene.now;
  const isDue = waiting.due !== null && waiting.due <= scene.now;
  if (isDue || (endOfStream && waiting.noWait > 0)) {
    processWaiting(consumer, scene, endOfStream, out);
  }
  if (waiting.requests.size === 0 || waiting.due === null) dropTimer(consumer, "waiting");
  else wantTimer(consumer, "waiting", waiting.due, out);
}

/** `408 Request Timeout`, after the deliveries that still wait for quorum. */
export function expireRequest(
  consumer: ConsumerState,
  request: WaitingRequest,
  out: ConsumerEffect[],
): void {
  if (!holdTimeout(consumer, request)) {
    pendingStatus(request, { code: 408, description: "Request Timeout" }, out);
  }
  const { waiting } = consumer;
  if (request.expires !== null && request.expires > waiting.active) {
    waiting.active = request.expires;
  }
}

function nextPlace(consumer: ConsumerState, request: WaitingRequest): number {
  const { waiting } = consumer;
  waiting.ticket += 1;
  if (consumer.config.priority_policy !== "prioritized") return waiting.ticket;
  const rank = request.group === null ? rankOfPlain : request.group.priority;
  return rank * ticketsPerRank + waiting.ticket;
}

function noteDue(waiting: WaitingQueue, request: WaitingRequest): void {
  const { expires, heartbeatAt } = request;
  if (expires !== null && (waiting.due === null || expires < waiting.due)) waiting.due = expires;
  if (heartbeatAt === null || (waiting.due !== null && heartbeatAt >= waiting.due)) return;
  waiting.due = heartbeatAt;
}

/** Ends a request whose time, luck or listener has run out; answers whether it did. */
function isOver(
  consumer: ConsumerState,
  scene: ConsumerScene,
  judged: { readonly request: WaitingRequest; readonly endOfStream: boolean },
  out: ConsumerEffect[],
): boolean {
  const { request, endOfStream } = judged;
  if (request.expires !== null && request.expires <= scene.now) {
    expireRequest(consumer, request, out);
    return true;
  }
  if (endOfStream && request.noWait && endNoWait(consumer, scene, request, out)) return true;
  return !isListening(scene, request);
}

/** A `no_wait` request found nothing more; one that may wait goes on until it got something. */
function endNoWait(
  consumer: ConsumerState,
  scene: ConsumerScene,
  request: WaitingRequest,
  out: ConsumerEffect[],
): boolean {
  if (holdTimeout(consumer, request)) return true;
  if (request.expires !== null && request.delivered === 0) return false;
  const status = { kind: "status", to: request.reply, reply: null } as const;
  out.push({ ...status, code: 404, description: "No Messages", headers: [] });
  consumer.waiting.active = scene.now;
  return true;
}

/** Sends the heartbeat of a request that has waited long enough; answers the request as it is. */
function keepAlive(
  consumer: ConsumerState,
  scene: ConsumerScene,
  placed: Placed,
  out: ConsumerEffect[],
): WaitingRequest {
  const { place, request } = placed;
  if (request.heartbeatAt === null || request.heartbeatAt > scene.now) return request;
  idleHeartbeat(consumer, request.reply, out);
  const after = { ...request, heartbeatAt: plus(scene.now, request.heartbeat) };
  tableSet(consumer.waiting.requests, place, after);
  return after;
}

/** In a group the timeout must not overtake messages that wait for quorum. */
function holdTimeout(consumer: ConsumerState, request: WaitingRequest): boolean {
  const { replicated } = consumer;
  if (replicated === null) return false;
  const last = tableGet(replicated.lastDeliveries, request.reply);
  if (last === undefined) return false;
  const timeout = { messages: request.left, bytes: request.bytesLeft };
  tableSet(replicated.lastDeliveries, request.reply, { seq: last.seq, timeout });
  return true;
}

/**
 * `load publisher`: one message a period, each waiting for its PubAck. With `--retry`, what was
 * refused or not answered is sent again, with the same `Nats-Msg-Id` when it has one.
 *
 *     made ──► waits for ack ──PubAck──► acked
 *                 │    ▲
 *     refused, 2 s│    │100 ms (--retry)
 *                 ▼    │
 *              waits to be sent again          without --retry: given up
 *
 * The two waits are those of the publisher that the cluster recordings were made with.
 */
import {
  assert,
  millis,
  nanos,
  plus,
  seconds,
  tableDelete,
  tableGet,
  tableHas,
  tableSet,
} from "../../kernel/index.ts";
import {
  decodeHeaders,
  decodeText,
  encodeHeaders,
  encodeText,
  isJsonObject,
  type Json,
  JsonError,
  type Message,
  parseJson,
} from "../../protocol/index.ts";
import { clearActorTimer, setActorTimer } from "../../world/index.ts";
import type { Role } from "./connection.ts";
import type { PublisherMemory } from "./memory.ts";
import { armIn, countError, publish, type Shift } from "./shift.ts";

const ackWait = seconds(2);
const retryWait = millis(100);

export const publisherRole: Role = {
  onReady: (shift) => {
    const { made } = publisherOf(shift);
    if (made === 0) makeNext(shift);
  },
  onAway: () => {},
  onReply,
};

/** The period is over: the next message, unless the plan has come to its end. */
export function makeNext(shift: Shift): void {
  const { world, actor } = shift;
  const memory = publisherOf(shift);
  const { plan } = memory;
  if (plan.until !== null && world.kernel.now >= plan.until) return;
  if (plan.count !== null && memory.made >= plan.count) return;
  if (memory.made === 0) memory.began = world.kernel.now;
  memory.made++;
  send(shift, memory.made);
  const at = plus(memory.began, nanos(memory.made * plan.period));
  setActorTimer(world, actor, { name: "tick", at });
}

/** The wait of message `n` is over: for its PubAck, or until it is sent again. */
export function onWaited(shift: Shift, n: number): void {
  const { actor } = shift;
  const memory = publisherOf(shift);
  const open = tableGet(memory.open, n);
  assert(open !== undefined, `${actor.name} waited for message ${n}, which is settled`);
  if (open.waitsFor === "again") {
    send(shift, n);
    return;
  }
  actor.counters.timeouts++;
  fail(shift, n);
}

function send(shift: Shift, n: number): void {
  const { actor, memory } = shift;
  const { plan, open } = publisherOf(shift);
  const headers = plan.msgId ? encodeHeaders([["Nats-Msg-Id", `${actor.name}-${n}`]]) : null;
  const payload = payloadOf(actor.name, n, plan.size);
  const reply = `${memory.inbox}.${n}`;
  if (publish(shift, { subject: plan.subject, reply, headers, payload })) actor.counters.sent++;
  tableSet(open, n, { waitsFor: "ack" });
  armIn(shift, waitName(n), ackWait, n);
}

/** A reply to message `n`: a PubAck, an error, or nobody was there. */
function onReply(shift: Shift, token: string, message: Message): void {
  const { world, actor } = shift;
  const { open } = publisherOf(shift);
  const n = Number(token);
  if (!tableHas(open, n)) return;
  const body = bodyOf(message);
  const code = errorCode(message, body);
  if (code !== null) {
    actor.counters.refused++;
    countError(actor, code);
    fail(shift, n);
    return;
  }
  actor.counters.acked++;
  actor.counters.lastPubAck = sequenceOf(body);
  tableDelete(open, n);
  clearActorTimer(world, actor, waitName(n));
}

function fail(shift: Shift, n: number): void {
  const { world, actor } = shift;
  const { plan, open } = publisherOf(shift);
  if (!plan.retry) {
    tableDelete(open, n);
    clearActorTimer(world, actor, waitName(n));
    return;
  }
  tableSet(open, n, { waitsFor: "again" });
  armIn(shift, waitName(n), retryWait, n);
}

/** `err_code` of a JetStream error, the status of an empty answer; null for a PubAck. */
function errorCode(message: Message, body: Json): string | null {
  const status = message.headers === null ? null : decodeHeaders(message.headers).status;
  if (status !== null) return String(status);
  if (!isJsonObject(body)) return "no PubAck";
  const error = body.error;
  if (!isJsonObject(error)) return typeof body.stream === "string" ? null : "no PubAck";
  return String(error.err_code);
}

function sequenceOf(body: Json): number {
  return isJsonObject(body) && typeof body.seq === "number" ? body.seq : 0;
}

/** Something else than JSON is what a plain responder on the subject would send. */
function bodyOf(message: Message): Json {
  try {
    return parseJson(decodeText(message.payload));
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

/** `P 17`, filled up with dots to the size that was asked for. */
function payloadOf(name: string, n: number, size: number): Uint8Array {
  const text = `${name} ${n}`;
  return encodeText(text.length < size ? text.padEnd(size, ".") : text.slice(0, size));
}

function publisherOf({ memory }: Shift): PublisherMemory {
  assert(memory.task.role === "publisher", "a worker's input came to a publisher");
  return memory.task;
}

function waitName(n: number): string {
  return `wait:${n}`;
}

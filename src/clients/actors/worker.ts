/**
 * `load worker`: pulls a batch, works on one message at a time, answers each, asks for more when
 * its tray is empty.
 *
 *     pull ──► tray ──► working ──work──► +ACK | -NAK | +TERM | silence ──► next, or pull
 *
 * Statuses and waits are those of a nats.js pull: 408 ends a request in silence, other errors are
 * counted and asked again after a while.
 */
import { assert, millis, seconds, seqSetAdd, seqSetHas, streamSeq } from "../../kernel/index.ts";
import type { Message } from "../../protocol/index.ts";
import { decodeHeaders, emptyBytes, encodeJson, encodeText } from "../../protocol/index.ts";
import { clearActorTimer } from "../../world/index.ts";
import type { Role } from "./connection.ts";
import type { Delivery, WorkerMemory } from "./memory.ts";
import { actorDraw, armIn, countError, publish, type Shift } from "./shift.ts";

/** nats.js asks with `expires` of 30 s and gives up a second after that. */
const expires = seconds(30);
const graceOfServer = seconds(31);
const askAgainAfter = millis(1_000);
// Our model of a careful worker: clients leave it to the program to ack again.
const confirmedWithin = seconds(1);
const ackTries = 3;

export const workerRole: Role = {
  onReady: (shift) => askWhenIdle(shift),
  onAway: (shift) => endPull(shift),
  onReply,
};

/** Pulls the next batch when there is nothing to do and nothing under way. */
export function askWhenIdle(shift: Shift): void {
  const worker = workerOf(shift);
  if (worker.working !== null || worker.tray.length > 0 || worker.pull !== null) return;
  const { memory } = shift;
  const { stream, consumer, batch } = worker.plan;
  const n = memory.asked + 1;
  const asked = publish(shift, {
    subject: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    reply: `${memory.inbox}.p${n}`,
    headers: null,
    payload: encodeText(encodeJson({ batch, expires })),
  });
  if (!asked) return;
  memory.asked = n;
  worker.pull = n;
  worker.pullLeft = batch;
  armIn(shift, "pull", graceOfServer);
}

/** The server never ended the request: count it and ask again. */
export function onPullTimeout(shift: Shift): void {
  shift.actor.counters.timeouts++;
  endPull(shift);
  askWhenIdle(shift);
}

/** The work on the message at hand is done: answer for it and take the next. */
export function onWorked(shift: Shift): void {
  const { actor } = shift;
  const worker = workerOf(shift);
  const done = worker.working;
  assert(done !== null, `${actor.name} finished work that it had not begun`);
  worker.working = null;
  const { counters } = actor;
  counters.processed++;
  const seq = streamSeq(done.streamSeq);
  if (!seqSetHas(worker.seen, seq)) {
    seqSetAdd(worker.seen, seq);
    counters.unique++;
  }
  answer(shift, done);
  takeNext(shift);
  askWhenIdle(shift);
}

/**
 * A delivery carries the subject of the stored message, not that of the inbox: what tells it apart
 * is its ack subject. Everything else answers the request that `token` names.
 */
function onReply(shift: Shift, token: string, message: Message): void {
  if (message.reply?.startsWith("$JS.ACK.") === true) {
    onDelivery(shift, message.reply);
    return;
  }
  if (token.startsWith("a")) {
    onConfirmed(shift, Number(token.slice(1)));
    return;
  }
  const { status, description } = decodeHeaders(message.headers);
  if (status !== null) onStatus(shift, token, `${status} ${description}`.trim());
}

function onDelivery(shift: Shift, reply: string): void {
  const { actor } = shift;
  const worker = workerOf(shift);
  const tokens = reply.split(".");
  // Old ack subjects have 9 tokens; newer ones put domain and account in front (ADR-15).
  const first = tokens.length === 9 ? 4 : 6;
  const sequence = Number(tokens[first + 1]);
  if (!Number.isInteger(sequence)) return;
  actor.counters.received++;
  if (Number(tokens[first]) > 1) actor.counters.redelivered++;
  worker.tray.push({ reply, streamSeq: sequence });
  if (worker.pull !== null) {
    worker.pullLeft--;
    if (worker.pullLeft === 0) endPull(shift);
  }
  takeNext(shift);
}

/** A status message ends the pull request that it answers, heartbeats apart. */
function onStatus(shift: Shift, token: string, status: string): void {
  const worker = workerOf(shift);
  if (status.startsWith("100") || token !== `p${worker.pull}`) return;
  endPull(shift);
  if (status.startsWith("408") || status.startsWith("404")) {
    askWhenIdle(shift);
    return;
  }
  shift.actor.counters.refused++;
  countError(shift.actor, status.slice(0, 3));
  armIn(shift, "ask", askAgainAfter);
}

function takeNext(shift: Shift): void {
  const worker = workerOf(shift);
  if (worker.working !== null) return;
  const next = worker.tray.shift();
  if (next === undefined) return;
  worker.working = next;
  armIn(shift, "work", worker.plan.work);
}

/** What the dice say: silence, a refusal, or an ack in the way that the plan asks for. */
function answer(shift: Shift, { reply, streamSeq: sequence }: Delivery): void {
  const { world, actor } = shift;
  const { plan } = workerOf(shift);
  if (plan.ack === "none") return;
  const draw = actorDraw(world, actor);
  if (hits(plan.forgetChance, draw)) return;
  if (hits(plan.nakChance, draw)) {
    actor.counters.nacked++;
    say(shift, reply, "-NAK", null);
  } else if (hits(plan.termChance, draw)) {
    say(shift, reply, "+TERM", null);
  } else if (plan.ack === "double") {
    const worker = workerOf(shift);
    worker.unconfirmed ??= new Map();
    worker.unconfirmed.set(sequence, { reply, tries: 0 });
    askConfirmation(shift, sequence);
  } else if (say(shift, reply, "+ACK", null)) {
    actor.counters.acked++;
  }
}

/** Acks and waits for the server's answer; without one it acks again, so often and no more. */
function askConfirmation(shift: Shift, sequence: number): void {
  const { memory } = shift;
  const { unconfirmed } = workerOf(shift);
  const open = unconfirmed?.get(sequence);
  if (unconfirmed === undefined || open === undefined) return;
  if (open.tries === ackTries) {
    unconfirmed.delete(sequence);
    return;
  }
  unconfirmed.set(sequence, { ...open, tries: open.tries + 1 });
  say(shift, open.reply, "+ACK", `${memory.inbox}.a${sequence}`);
  armIn(shift, `confirm:${sequence}`, confirmedWithin, sequence);
}

/** Nobody has confirmed an ack in time. */
export function onUnconfirmed(shift: Shift, sequence: number): void {
  shift.actor.counters.timeouts++;
  askConfirmation(shift, sequence);
}

/** A second confirmation of the same ack is no news. */
function onConfirmed(shift: Shift, sequence: number): void {
  if (workerOf(shift).unconfirmed?.delete(sequence) !== true) return;
  shift.actor.counters.acked++;
  clearActorTimer(shift.world, shift.actor, `confirm:${sequence}`);
}

function say(shift: Shift, subject: string, text: string, reply: string | null): boolean {
  const payload = text === "" ? emptyBytes : encodeText(text);
  return publish(shift, { subject, reply, headers: null, payload });
}

/** A chance out of 2^32; one of zero draws nothing. */
function hits(chance: number, draw: () => number): boolean {
  return chance > 0 && draw() < chance;
}

function endPull(shift: Shift): void {
  const worker = workerOf(shift);
  worker.pull = null;
  worker.pullLeft = 0;
  clearActorTimer(shift.world, shift.actor, "pull");
}

function workerOf({ memory }: Shift): WorkerMemory {
  assert(memory.task.role === "worker", "a publisher's input came to a worker");
  return memory.task;
}

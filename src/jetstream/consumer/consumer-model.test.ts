/**
 * A pull consumer with explicit acks under any operations, held against a model.
 * Evidence: our model of nats-server `server/consumer.go` (delivery order, `checkPending`,
 * `processAckMsg`, `moveAckFloor`); `test/differential/consumers` holds both to nats-server 2.15.2.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { stateHash, tableKeys } from "../../kernel/index.ts";
import { consumerInfo } from "./info.ts";
import type { ConsumerStore } from "./store.ts";
import {
  ack,
  advance,
  forkConsumer,
  publish,
  pull,
  remove,
  type Stage,
  sceneOf,
  setStage,
  take,
} from "./test-stage.ts";

const ackWait = 50;
const maxDeliver = 3;
const maxAckPending = 4;

interface ModelPending {
  consumerSeq: number;
  deadline: number;
}

/** What the consumer should do, with lists where it has trees. */
class Model {
  now = 0;
  log: string[] = [];
  stored = new Set<number>();
  last = 0;
  next = 1;
  deliveries = 0;
  pending = new Map<number, ModelPending>();
  again: number[] = [];
  counts = new Map<number, number>();
  waiting: { inbox: string; left: number; expires: number | null; got: number; noWait: boolean }[] =
    [];
  timer: number | null = null;

  publish(): void {
    this.last += 1;
    this.stored.add(this.last);
    this.deliver();
  }

  pull(inbox: string, batch: number, expires: number | null, noWait: boolean): void {
    const open = [...this.stored].filter((seq) => seq >= this.next).length + this.again.length;
    if (noWait && open === 0 && expires === null) {
      this.log.push(`${inbox} 404 No Messages`);
      return;
    }
    const asked = this.waiting.reduce((sum, request) => sum + request.left, 0);
    if (noWait && open > 0 && open < asked) {
      this.log.push(`${inbox} 408 Requests Pending`);
      return;
    }
    const until = expires === null ? null : this.now + expires;
    this.waiting.push({ inbox, left: batch, expires: until, got: 0, noWait });
    this.deliver();
  }

  ack(seq: number, term: boolean): void {
    if (seq < this.next) {
      const room = this.pending.size >= maxAckPending && this.pending.has(seq);
      this.drop(seq);
      if (term) this.log.push("advisory terminated");
      if (room) this.deliver();
    } else if (term) this.log.push("advisory terminated");
  }

  nak(seq: number): void {
    const row = this.pending.get(seq);
    if (row === undefined) return;
    this.log.push("advisory nak");
    if (!this.again.includes(seq)) this.again.push(seq);
    this.deliver();
  }

  progress(seq: number): void {
    const row = this.pending.get(seq);
    if (row !== undefined) row.deadline = this.now + ackWait;
  }

  remove(seq: number): void {
    if (!this.stored.delete(seq)) return;
    const full = this.pending.size >= maxAckPending;
    if (this.pending.has(seq)) {
      this.drop(seq);
      this.log.push("advisory terminated");
      if (full) this.deliver();
    }
    this.counts.delete(seq);
  }

  advance(millis: number): void {
    const until = this.now + millis;
    for (;;) {
      const ends = this.waiting.flatMap(({ expires }) => (expires === null ? [] : [expires]));
      const at = Math.min(...ends, this.timer ?? Number.POSITIVE_INFINITY);
      if (at > until) break;
      this.now = Math.max(this.now, at);
      if (this.timer !== null && this.timer <= this.now) this.expire();
      // The queue's own timer ends what could not wait, even when only acks are missing.
      if (ends.some((end) => end <= this.now)) this.endRequests(true);
      this.deliver();
    }
    this.now = until;
  }

  private drop(seq: number): void {
    this.pending.delete(seq);
    this.counts.delete(seq);
    this.again = this.again.filter((other) => other !== seq);
  }

  /** Ack wait is over for some. */
  private expire(): void {
    const due = [...this.pending].filter(([, row]) => row.deadline <= this.now);
    const seqs = due.map(([seq]) => seq).filter((seq) => !this.again.includes(seq));
    let freed = false;
    for (const [, row] of due) row.deadline = Number.POSITIVE_INFINITY;
    const back: number[] = [];
    for (const seq of seqs) {
      // `hasMaxDeliveries` counts redeliveries, so all but `max_deliver: 1` wait for a request.
      const again = Math.max((this.counts.get(seq) ?? 1) - 1, 1);
      if (again < maxDeliver) back.push(seq);
      else {
        this.log.push("advisory max-deliveries");
        this.pending.delete(seq);
        freed = true;
      }
    }
    this.again.push(...back.sort((a, b) => a - b));
    const deadlines = [...this.pending.values()].map((row) => row.deadline);
    this.timer = this.pending.size === 0 ? null : Math.min(this.now + ackWait + 1, ...deadlines);
    if (this.pending.size === 0) this.again = [];
    if (back.length > 0 || freed) this.deliver();
  }

  /** Requests end in the order in which they wait. */
  private endRequests(atEnd: boolean): void {
    this.waiting = this.waiting.filter(({ inbox, expires, noWait, got }) => {
      const isLate = expires !== null && expires <= this.now;
      const isDone = atEnd && noWait && (expires === null || got > 0);
      if (isLate) this.log.push(`${inbox} 408 Request Timeout`);
      else if (isDone) this.log.push(`${inbox} 404 No Messages`);
      return !isLate && !isDone;
    });
  }

  private deliver(): void {
    for (;;) {
      const seq = this.choose();
      const request = this.waiting[0];
      if (seq === "blocked") return;
      if (request === undefined || seq === null) break;
      const count = (this.counts.get(seq) ?? 0) + 1;
      this.counts.set(seq, count);
      this.deliveries += 1;
      const consumerSeq = this.pending.get(seq)?.consumerSeq ?? this.deliveries;
      this.pending.set(seq, { consumerSeq, deadline: this.now + ackWait });
      const timer = this.now + ackWait + 1;
      if (this.timer === null || this.timer > timer) this.timer = timer;
      this.log.push(`${request.inbox} ${seq} x${count}`);
      request.left -= 1;
      request.got += 1;
      this.waiting.shift();
      if (request.left > 0) this.waiting.push(request);
    }
    this.endRequests(true);
  }

  /** Takes the next message, when somebody waits for it. */
  private choose(): number | null | "blocked" {
    if (this.waiting.length === 0) return null;
    for (;;) {
      const seq = this.again.shift();
      if (seq === undefined) break;
      if ((this.counts.get(seq) ?? 1) < maxDeliver) return seq;
      this.log.push("advisory max-deliveries");
      this.pending.delete(seq);
    }
    if (this.pending.size >= maxAckPending) return "blocked";
    const seq = [...this.stored].filter((stored) => stored >= this.next).sort((a, b) => a - b)[0];
    this.next = seq === undefined ? this.last + 1 : seq + 1;
    return seq ?? null;
  }
}

type Command = fc.Command<Model, Stage>;

/** Runs on both, then compares what came out and what is left. */
function command(text: string, model: (m: Model) => void, real: (s: Stage) => void): Command {
  return {
    check: () => true,
    toString: () => text,
    run: (m, s) => {
      model(m);
      real(s);
      expect(take(s)).toEqual(m.log);
      m.log = [];
      const { consumer } = s;
      expect(tableKeys(consumer.pending)).toEqual([...m.pending.keys()].sort((a, b) => a - b));
      const info = consumerInfo(consumer, sceneOf(s), "single", []);
      expect(info.num_waiting).toBe(m.waiting.length);
      const open = [...m.stored].filter((seq) => seq >= m.next).length;
      expect(info.num_pending).toBe(open);
      const { deliveredConsumer, floorStream, deliveredStream } = consumer.store as ConsumerStore;
      expect(deliveredConsumer).toBe(m.deliveries);
      expect(floorStream).toBeLessThanOrEqual(deliveredStream);
      expect(floorStream).toBeLessThan(Math.min(...m.pending.keys()));
    },
  };
}

let inboxes = 0;
const seqs = fc.integer({ min: 1, max: 12 });
const commands: fc.Arbitrary<Command>[] = [
  fc.constant(
    command(
      "publish",
      (m) => m.publish(),
      (s) => publish(s, "s.a"),
    ),
  ),
  fc
    .record({
      batch: fc.integer({ min: 1, max: 4 }),
      // Never at the instant of an ack wait: which comes first is nobody's promise.
      expires: fc.constantFrom(null, 20.5, 200.25),
      noWait: fc.boolean(),
    })
    .map(({ batch, expires, noWait }) => {
      const inbox = `I.${++inboxes}`;
      const nanos = expires === null ? {} : { expires: expires * 1e6 };
      return command(
        `pull ${batch} ${expires} ${noWait}`,
        (m) => m.pull(inbox, batch, expires, noWait),
        (s) => pull(s, inbox, { batch, ...nanos, no_wait: noWait }),
      );
    }),
  seqs.map((seq) =>
    command(
      `ack ${seq}`,
      (m) => m.ack(seq, false),
      (s) => ack(s, seq),
    ),
  ),
  seqs.map((seq) =>
    command(
      `term ${seq}`,
      (m) => m.ack(seq, true),
      (s) => ack(s, seq, "+TERM"),
    ),
  ),
  seqs.map((seq) =>
    command(
      `nak ${seq}`,
      (m) => m.nak(seq),
      (s) => ack(s, seq, "-NAK"),
    ),
  ),
  seqs.map((seq) =>
    command(
      `progress ${seq}`,
      (m) => m.progress(seq),
      (s) => ack(s, seq, "+WPI"),
    ),
  ),
  seqs.map((seq) =>
    command(
      `remove ${seq}`,
      (m) => m.remove(seq),
      (s) => remove(s, seq),
    ),
  ),
  fc.constantFrom(1, 10, 49, 60, 500).map((millis) =>
    command(
      `advance ${millis}`,
      (m) => m.advance(millis),
      (s) => advance(s, millis),
    ),
  ),
  fc.constant(command("fork", () => undefined, forkConsumer)),
];

test("a pull consumer does what its model does, whatever happens to it", () => {
  fc.assert(
    fc.property(fc.commands(commands, { maxCommands: 60, size: "max" }), (all) => {
      fc.modelRun(
        () => ({
          model: new Model(),
          real: setStage({
            ack_policy: "explicit",
            ack_wait: ackWait * 1e6,
            max_deliver: maxDeliver,
            max_ack_pending: maxAckPending,
          }),
        }),
        all,
      );
    }),
    { numRuns: 600 },
  );
}, 60_000);

test("two runs of the same inputs leave the same state", () => {
  const run = (): string => {
    const stage = setStage({ ack_policy: "explicit" });
    for (let i = 0; i < 50; i++) publish(stage, `s.${i % 3}`);
    pull(stage, "I", { batch: 40 });
    for (let i = 1; i < 30; i += 2) ack(stage, i);
    advance(stage, 40_000);
    return stateHash(stage.consumer);
  };
  expect(run()).toBe(run());
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { fork } from "./fork.ts";
import { stateHash } from "./hash.ts";
import { type HistoryStep, runHistories } from "./histories.ts";
import {
  advanceTo,
  clearOwner,
  clearTimer,
  createKernel,
  type Kernel,
  nextEventAt,
  type SimEvent,
  schedule,
  setTimer,
  takeEvent,
  timerAt,
} from "./kernel.ts";
import { virtualNanos } from "./units.ts";

interface Tick extends SimEvent {
  readonly id: number;
}

const seed = 7001;
const tick = (id: number): Tick => ({ kind: "tick", host: null, id });
const at = virtualNanos;

/** The naive queue: a list that is searched for the earliest each time. */
interface Model {
  now: number;
  nextSeq: number;
  items: { at: number; seq: number; id: number; timer: string | null }[];
}

function takeFromModel(model: Model): number | null {
  const first = model.items.reduce<Model["items"][number] | null>(
    (best, one) =>
      best === null || one.at < best.at || (one.at === best.at && one.seq < best.seq) ? one : best,
    null,
  );
  if (first === null) return null;
  model.items.splice(model.items.indexOf(first), 1);
  model.now = Math.max(model.now, first.at);
  return first.id;
}

function applyStep(kernel: Kernel<Tick>, model: Model, [, what, x, y]: HistoryStep): void {
  const when = model.now + (y % 50);
  const owner = `o${x % 3}`;
  const name = `t${x % 40}`;
  if (what === 1) {
    schedule(kernel, at(when), tick(x));
    model.items.push({ at: when, seq: model.nextSeq++, id: x, timer: null });
  } else if (what === 2 || what === 3) {
    setTimer(kernel, owner, name, at(when), tick(x));
    const timer = `${owner} ${name}`;
    model.items = model.items.filter((one) => one.timer !== timer);
    model.items.push({ at: when, seq: model.nextSeq++, id: x, timer });
    expect(timerAt(kernel, owner, name)).toBe(when);
  } else if (what === 4) {
    const timer = `${owner} ${name}`;
    expect(clearTimer(kernel, owner, name)).toBe(model.items.some((one) => one.timer === timer));
    model.items = model.items.filter((one) => one.timer !== timer);
  } else if (what === 5 && y % 10 === 0) {
    clearOwner(kernel, owner);
    model.items = model.items.filter((one) => !one.timer?.startsWith(`${owner} `));
  } else {
    for (let i = 0; i < x % 4; i++) {
      expect(takeEvent(kernel)?.id ?? null).toBe(takeFromModel(model));
      expect(kernel.now).toBe(model.now);
    }
  }
}

test(`events run by time, then by insertion, through timers and forks (seed ${seed})`, () => {
  const what = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 15, arbitrary: fc.integer({ min: 1, max: 6 }) },
  );
  const step = fc.tuple(fc.nat(5), what, fc.nat(999), fc.nat(999));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600, size: "max" }), (steps) => {
      runHistories(
        {
          container: createKernel<Tick>(1),
          model: { now: 0, nextSeq: 0, items: [] } as Model,
          cloneModel: (m) => ({ ...m, items: [...m.items] }),
          apply: applyStep,
          check: (kernel, model) => {
            for (;;) {
              const expected = takeFromModel(model);
              expect(takeEvent(kernel)?.id ?? null).toBe(expected);
              if (expected === null) break;
            }
          },
        },
        steps,
      );
    }),
    { seed, numRuns: 100 },
  );
});

test("a replaced timer dies without counting as an event", () => {
  const kernel = createKernel<Tick>(1);
  setTimer(kernel, "n1", "ping", at(10), tick(1));
  setTimer(kernel, "n1", "ping", at(20), tick(2));
  expect(nextEventAt(kernel)).toBe(20);
  expect(takeEvent(kernel)?.id).toBe(2);
  expect([kernel.now, kernel.eventsRun, kernel.ranNow]).toEqual([20, 1, 1]);
  expect(timerAt(kernel, "n1", "ping")).toBeNull();
});

test("timers that are set again and again do not pile up", () => {
  const kernel = createKernel<Tick>(1);
  for (let i = 0; i < 100_000; i++) setTimer(kernel, "n1", "idle", at(1000 + i), tick(i));
  expect(kernel.queue.heap.end).toBeLessThan(300);
});

test("the k of T#k counts the events of the instant that have run", () => {
  const kernel = createKernel<Tick>(1);
  for (const id of [1, 2]) schedule(kernel, at(5), tick(id));
  advanceTo(kernel, at(5));
  expect(kernel.ranNow).toBe(0);
  takeEvent(kernel);
  expect([kernel.now, kernel.ranNow]).toEqual([5, 1]);
  takeEvent(kernel);
  expect(kernel.ranNow).toBe(2);
  advanceTo(kernel, at(6));
  expect(kernel.ranNow).toBe(0);
});

test("the clock neither passes over an event nor goes back", () => {
  const kernel = createKernel<Tick>(1);
  schedule(kernel, at(5), tick(1));
  expect(() => advanceTo(kernel, at(6))).toThrow("passed over");
  advanceTo(kernel, at(4));
  expect(() => schedule(kernel, at(3), tick(2))).toThrow("in the past");
  expect(() => schedule(kernel, at(2 ** 53), tick(2))).toThrow("beyond");
});

test("dead timers in the heap do not change the hash", () => {
  const plain = createKernel<Tick>(1);
  const messy = createKernel<Tick>(1);
  setTimer(plain, "n1", "b", at(8), tick(2));
  setTimer(messy, "n1", "b", at(9), tick(1));
  const before = stateHash(fork(messy));
  setTimer(messy, "n1", "b", at(8), tick(2));
  expect(stateHash(messy)).not.toBe(before);
  // Sequence numbers differ, so only the items are compared here.
  expect({ ...takeEvent(messy) }).toEqual({ ...takeEvent(plain) });
  expect(nextEventAt(messy)).toBeNull();
});

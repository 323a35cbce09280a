/** The turns of processes, packed: what is read is what was written. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { nanos, virtualNanos } from "../../kernel/index.ts";
import { packValue, unpackValue } from "./pack.ts";
import { squeeze, unsqueeze } from "./squeeze.ts";
import {
  createTurnLog,
  effectsOf,
  firstTurns,
  forgetTurns,
  forkTurnLog,
  recordTurn,
  type TurnRecord,
} from "./turn-log.ts";

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, undefined, true, false, -0, Number.NaN, 2 ** 53 - 1, -(2 ** 53) + 1),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom("a", "b", "at", "kind", "é"), tie("value"), {
      noNullPrototype: true,
    }),
  ),
})).value;

test("packed data is what it was", () => {
  fc.assert(
    fc.property(plain, (value) => {
      const back = unpackValue(packValue(value));
      expect(back).toStrictEqual(value);
    }),
    { numRuns: 500 },
  );
  expect(() => packValue([() => 1])).toThrow("a function among plain data");
  expect(() => packValue(new Map())).toThrow("an instance of a class");
});

test("squeezed bytes are what they were, and shorter where they repeat", () => {
  const some = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(some, fc.integer({ min: 1, max: 30 }))), (parts) => {
      const bytes = Uint8Array.from(
        parts.flatMap(([one, n]) =>
          Array(n)
            .fill([...one])
            .flat(),
        ),
      );
      expect(unsqueeze(squeeze(bytes))).toEqual(bytes);
    }),
    { numRuns: 60 },
  );
  const zeros = new Uint8Array(1_000_000);
  expect(squeeze(zeros).length).toBeLessThan(20);
  expect(unsqueeze(squeeze(zeros)).every((byte) => byte === 0)).toBe(true);
});

function recordOf(pid: number, number: number): TurnRecord {
  const bytes = new TextEncoder().encode(`MSG orders.new 1 ${number % 10}\r\n${number}\r\n`);
  const at = virtualNanos(number * 1_000_000);
  return {
    turn: { pid, number, at, clockOffset: nanos(0), input: { kind: "bytes", conn: 3, bytes } },
    effects: [{ kind: "timer", id: number, after: nanos(5) }],
  };
}

function filled(pids: readonly number[], count: number) {
  const log = createTurnLog();
  for (let number = 0; number < count; number++) {
    for (const pid of pids) recordTurn(log, recordOf(pid, number));
  }
  return log;
}

test("turns are found whether packed or not, in any order", () => {
  const log = filled([100, 101], 2_000);
  expect(log.packedBytes).toBeGreaterThan(0);
  for (const number of [0, 255, 256, 1_999, 700, 3]) {
    for (const pid of [100, 101]) {
      const { turn, effects } = recordOf(pid, number);
      expect(effectsOf(log, turn)).toEqual(effects);
    }
  }
  expect(effectsOf(log, recordOf(100, 2_000).turn)).toBeNull();
  expect(effectsOf(log, recordOf(7, 0).turn)).toBeNull();
  const turns = [...firstTurns(log, 101, 600)];
  expect(turns).toEqual(Array.from({ length: 600 }, (_, number) => recordOf(101, number).turn));
  expect(() => [...firstTurns(log, 101, 2_001)]).toThrow("was not recorded");
});

test("a fork has the turns up to its moment and goes on by itself", () => {
  const log = filled([100, 101, 102], 1_500);
  const fork = forkTurnLog(log, (pid) => (pid === 100 ? 700 : pid === 101 ? null : 0));
  expect(effectsOf(fork, recordOf(100, 699).turn)).toEqual(recordOf(100, 699).effects);
  expect(effectsOf(fork, recordOf(100, 700).turn)).toBeNull();
  expect(effectsOf(fork, recordOf(101, 1_499).turn)).not.toBeNull();
  expect(effectsOf(fork, recordOf(102, 0).turn)).toBeNull();
  for (let number = 700; number < 1_400; number++) recordTurn(fork, recordOf(100, number));
  expect(effectsOf(fork, recordOf(100, 1_399).turn)).not.toBeNull();
  expect(effectsOf(log, recordOf(100, 1_400).turn)).not.toBeNull();
  expect(() => recordTurn(fork, recordOf(100, 7))).toThrow("out of order");
  forgetTurns(fork, 100);
  forgetTurns(fork, 101);
  expect(fork.packedBytes).toBe(0);
});

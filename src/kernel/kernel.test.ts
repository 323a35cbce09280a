/** What belongs to no container: randomness, hashes, forks, stored times, stamps, paces. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { byteLogAppend, byteLogDropBefore, createByteLog } from "./byte-log.ts";
import {
  addCheckpoint,
  checkpointIsDue,
  checkpointWithin,
  createCheckpoints,
} from "./checkpoints.ts";
import { createCell, fork, forkMeasured, ownCell } from "./fork.ts";
import { stateHash } from "./hash.ts";
import { formatSeconds, formatStamp, parseNanos, parseStamp } from "./journal.ts";
import { createLog, logPush } from "./log.ts";
import { createNumberLog, numberLogPush, numberLogSet } from "./number-log.ts";
import { sortedBy, sortedKeys } from "./order.ts";
import { createPace, fitSpeed, paceTarget } from "./pace.ts";
import { createRandom, drawBelow, drawBetween, drawU32, firstDifferentDraw } from "./random.ts";
import { createTable, tableSet } from "./table.ts";
import { seconds, virtualNanos } from "./units.ts";

const seed = 4711;

test("random streams are golden: a change here changes every world", () => {
  const random = createRandom(7);
  const draws = [1, 2, 3].map(() => drawU32(random, "network"));
  expect(draws).toMatchInlineSnapshot(`
    [
      3767482918,
      673048114,
      138300033,
    ]
  `);
  expect(drawBelow(random, "ids", 62)).toMatchInlineSnapshot(`42`);
  expect(drawBetween(random, "elections", 4_000_000_000, 9_000_000_000)).toMatchInlineSnapshot(
    `6411991808`,
  );
});

test("a draw from one stream does not move another", () => {
  const [a, b] = [createRandom(1), createRandom(1)];
  for (let i = 0; i < 5; i++) drawU32(a, "noise");
  expect(drawU32(a, "network")).toBe(drawU32(b, "network"));
  expect(drawU32(a, "noise")).not.toBe(drawU32(createRandom(2), "noise"));
});

test("small ranges are drawn evenly", () => {
  const random = createRandom(3);
  const counts = new Array<number>(6).fill(0);
  for (let i = 0; i < 60_000; i++) {
    const side = drawBelow(random, "dice", 6);
    counts[side] = (counts[side] ?? 0) + 1;
  }
  // Chi-square with 5 degrees of freedom: 20.5 is the 0.1 % point.
  const chi = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
  expect(chi).toBeLessThan(20.5);
});

test("checked runs are compared draw by draw", () => {
  const run = (extra: boolean) => {
    const random = createRandom(1, true);
    drawU32(random, "a");
    random.now = 5;
    drawU32(random, extra ? "b" : "a");
    const { draws } = random;
    return [...(draws?.chunks[0]?.rows ?? [])];
  };
  expect(firstDifferentDraw(run(true), run(true))).toBeNull();
  expect(firstDifferentDraw(run(true), run(false))).toMatchObject({ index: 1, a: { at: 5 } });
});

test("hashes are golden: the same in every engine", () => {
  const table = createTable<string, number>();
  for (const key of ["b", "a", "c"]) tableSet(table, key, key.charCodeAt(0));
  const log = createLog<object>();
  for (let i = 0; i < 600; i++) logPush(log, { i, text: `row ${i}` });
  const numbers = createNumberLog("f64");
  for (let i = 0; i < 5000; i++) numberLogPush(numbers, i * 1.5);
  expect(stateHash(null)).toMatchInlineSnapshot(`"f735d5746d03ecf31e533cb2576a4d55"`);
  expect(
    stateHash({ b: [1, 2.5, "ü€😀"], a: new Uint8Array([1, 2, 3, 4, 5]) }),
  ).toMatchInlineSnapshot(`"a3bc91f7491f0edcf99a48b136c13353"`);
  expect(stateHash(new Map([["x", true]]))).toMatchInlineSnapshot(
    `"3602da0f5a36f3985f9235aa4b3f13f0"`,
  );
  expect(stateHash([table, log, numbers])).toMatchInlineSnapshot(
    `"703ee272609b58259209b9fd50968c3a"`,
  );
});

test("a hash sees content, not the order in which keys came", () => {
  expect(stateHash({ a: 1, b: 2 })).toBe(stateHash({ b: 2, a: 1 }));
  expect(stateHash({ a: 1, b: undefined })).toBe(stateHash({ a: 1 }));
  expect(stateHash(new Map([["a", 1]]))).not.toBe(stateHash({ a: 1 }));
  expect(stateHash({ a: 1, trace: [1] }, new Set(["trace"]))).toBe(stateHash({ a: 1 }));
  expect(stateHash([0])).toBe(stateHash([-0]));
  expect(() => stateHash({ f: () => 1 })).toThrow("function");
});

test(`different values have different hashes (seed ${seed})`, () => {
  const value = fc.anything({ maxDepth: 3, withNullPrototype: false });
  const plain = value.filter((v) => !JSON.stringify(v)?.includes("__proto__"));
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(plain, (v) => {
      const text = fc.stringify(sortedDeep(v));
      const hash = stateHash(v);
      expect(stateHash(fork(v))).toBe(hash);
      expect(seen.get(hash) ?? text).toBe(text);
      seen.set(hash, text);
    }),
    { seed, numRuns: 2000 },
  );
});

/** Key order and absent properties do not count, nor does the sign of zero. */
function sortedDeep(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    sortedKeys(record)
      .filter((key) => record[key] !== undefined)
      .map((key) => [key, sortedDeep(record[key])]),
  );
}

test("a fork keeps aliases, shares values and copies the rest", () => {
  const file = { rows: createLog<number>(), size: 1 };
  const config = Object.freeze({ name: "ORDERS" });
  const state = { disk: new Map([["f", file]]), stream: file, config, at: { s: 1, n: 2 } };
  const copy = fork(state);
  expect(copy).toEqual(state);
  expect(copy.disk.get("f")).toBe(copy.stream);
  expect(copy.stream).not.toBe(state.stream);
  expect(copy.config).toBe(config);
  logPush(state.stream.rows, 5);
  expect(copy.stream.rows.end).toBe(0);
  class Thing {}
  expect(() => fork({ thing: new Thing() })).toThrow("instance of a class");
});

test("a cell is shared by forks until it is written, and hashes as what it holds", () => {
  const state = { names: createCell(new Map([["a", { n: 1 }]])) };
  const copy = fork(state);
  expect(copy.names.value).toBe(state.names.value);
  ownCell(state.names).set("b", { n: 2 });
  expect(copy.names.value.size).toBe(1);
  const own = ownCell(copy.names);
  expect(own).toBe(copy.names.value);
  expect(ownCell(copy.names)).toBe(own);
  const late = fork(copy);
  ownCell(copy.names).delete("a");
  expect(late.names.value.get("a")).toEqual({ n: 1 });
  expect(stateHash(late)).toBe(stateHash({ names: new Map([["a", { n: 1 }]]) }));
});

function fillCheckpoints(limits: { countMax?: number; bytesMax?: number }, bytes = 8) {
  const store = createCheckpoints<number>({ dense: 10, ...limits });
  for (let i = 0; i < 2000; i++) {
    const eventsRun = i * 1000;
    expect(checkpointIsDue(store, eventsRun)).toBe(true);
    const size = { bytes, dropped: 0, fronts: 0 };
    addCheckpoint(store, { at: virtualNanos(i * 1e9), eventsRun, inputs: 0, size, state: i });
  }
  return store;
}

test("checkpoints thin out evenly but keep the newest and the first", () => {
  const store = fillCheckpoints({ countMax: 110 });
  expect(store.kept.length).toBe(110);
  expect(store.bytes).toBe(110 * 8);
  expect(store.kept[0]?.state).toBe(0);
  expect(store.kept.slice(-10).map((one) => one.state)).toEqual(
    Array.from({ length: 10 }, (_, i) => 1990 + i),
  );
  const gaps = store.kept.slice(1).map((one, i) => one.state - (store.kept[i]?.state ?? 0));
  // A hundred for the 1,990 old ones would be 19.9 apart.
  expect(Math.max(...gaps)).toBeLessThanOrEqual(40);
  expect(checkpointWithin(store, virtualNanos(1995.5e9), 0)?.state).toBe(1995);
  expect(checkpointWithin(store, virtualNanos(1995.5e9), -1)).toBeNull();
});

test("checkpoints stay within their bytes, the newest apart", () => {
  expect(fillCheckpoints({ bytesMax: 50_000 }, 1_000).kept.length).toBe(50);
  expect(fillCheckpoints({ bytesMax: 500 }, 1_000).kept.length).toBe(11);
});

test("what is dropped between two checkpoints is paid for by the earlier", () => {
  const store = createCheckpoints<number>({ dense: 1, countMax: 3 });
  for (let i = 0; i < 4; i++) {
    const size = { bytes: 10, dropped: i * 1000, fronts: 1500 };
    addCheckpoint(store, { at: virtualNanos(i), eventsRun: i, inputs: 0, size, state: i });
  }
  // The second went: what the first holds for the third is no more than its front chunks.
  expect(store.kept.map((one) => one.state)).toEqual([0, 2, 3]);
  expect(store.bytes).toBe(3 * 10 + 1500 + 1000);
  const bytes = createByteLog();
  for (let i = 0; i < 9; i++) byteLogAppend(bytes, new Uint8Array(100_000));
  byteLogDropBefore(bytes, 600_000);
  expect(forkMeasured({ bytes }).size).toMatchObject({ dropped: 600_000, fronts: 262_144 });
});

test("checkpoints stand as far apart as their work, more where copying costs more", () => {
  const dueAfter = (bytes: number): number => {
    const store = createCheckpoints<number>();
    const size = { bytes, dropped: 0, fronts: 0 };
    addCheckpoint(store, { at: virtualNanos(0), eventsRun: 0, inputs: 0, size, state: 0 });
    let events = 0;
    while (!checkpointIsDue(store, events)) events += 1;
    return events;
  };
  expect([1, 160_000, 1e9].map(dueAfter)).toEqual([1000, 2000, 4000]);
});

test("a measured fork counts what it copied and not what it shares", () => {
  const small = forkMeasured({ a: [1, 2, 3] });
  expect(small.copy).toEqual({ a: [1, 2, 3] });
  const log = createLog<number>();
  for (let i = 0; i < 100_000; i++) logPush(log, i);
  // The list of its 391 chunks, and the last of them with 160 rows: the next row will copy it.
  expect(forkMeasured({ log }).size.bytes).toBeLessThan(25_000);
  expect(forkMeasured({ log }).size.bytes).toBeLessThan(300);
  const columns = { log: createNumberLog("i32"), table: createTable<number, number>() };
  for (let i = 0; i < 100; i++) {
    numberLogPush(columns.log, i);
    tableSet(columns.table, i, i);
  }
  forkMeasured(columns);
  const idle = forkMeasured(columns).size.bytes;
  numberLogSet(columns.log, 3, 5);
  tableSet(columns.table, 3, 5);
  expect(forkMeasured(columns).size.bytes).toBeGreaterThan(idle + 1_000);
  const plain = forkMeasured(Array.from({ length: 1000 }, (_, i) => ({ i }))).size.bytes;
  expect(plain).toBeGreaterThan(50_000);
  expect(forkMeasured(Object.freeze([1, 2, 3])).size.bytes).toBe(0);
});

test("stamps round-trip and read as people write them", () => {
  expect(formatStamp({ at: virtualNanos(12_480_000_000), k: 3 })).toBe("12.48s#3");
  expect(parseStamp("1m30s")).toEqual({ at: 90_000_000_000, k: null });
  expect(parseStamp("0.000000001s#0")).toEqual({ at: 1, k: 0 });
  for (const bad of ["", "5", "5 s", "-1s", "1s#", "1s#x", "0.1ns", "200000h"]) {
    expect(parseStamp(bad)).toBeNull();
  }
  fc.assert(
    fc.property(fc.nat(Number.MAX_SAFE_INTEGER), (nanos) => {
      expect(parseNanos(formatSeconds(nanos))).toBe(nanos);
    }),
    { seed },
  );
});

test("a paced slice credits at most 250 ms of wall time and loses no fraction", () => {
  const pace = createPace(1 / 64);
  let now = virtualNanos(0);
  for (let i = 0; i < 640; i++) now = paceTarget(pace, now, 0.1);
  expect(now).toBe(1_000_000);
  expect(paceTarget(createPace(2), virtualNanos(0), 10_000)).toBe(500_000_000);
  expect(fitSpeed(seconds(200), 20)).toBe(10);
  expect(fitSpeed(seconds(1e6), 20)).toBe(1000);
});

test("sorting is by code unit", () => {
  expect(sortedKeys({ b: 1, B: 1, ä: 1, a: 1 })).toEqual(["B", "a", "b", "ä"]);
  expect(sortedBy([{ n: 2 }, { n: 1 }], (one) => one.n)).toEqual([{ n: 1 }, { n: 2 }]);
});

/** Every container against a naive model, through forks and histories that part. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { byteLogAppend, byteLogDropBefore, byteLogRead, createByteLog } from "./byte-log.ts";
import { stateHash } from "./hash.ts";
import { type HistoryStep, runHistories } from "./histories.ts";
import { createLog, logDropBefore, logEach, logGet, logPush, logSet, logTruncate } from "./log.ts";
import {
  createNumberLog,
  numberLogDropBefore,
  numberLogGet,
  numberLogPush,
  numberLogSet,
  numberLogTruncate,
} from "./number-log.ts";
import {
  createSeqSet,
  seqSetAdd,
  seqSetAddRange,
  seqSetCount,
  seqSetEach,
  seqSetHas,
  seqSetNextAbsent,
  seqSetNextPresent,
  seqSetRemove,
  seqSetRemoveBefore,
} from "./seq-set.ts";
import { createTable, tableDelete, tableGet, tableHas, tableSet, tableSize } from "./table.ts";
import {
  tableCeiling,
  tableEach,
  tableFirst,
  tableFloor,
  tableHigher,
  tableKeys,
  tableLast,
  tableLower,
  tableValues,
} from "./table-order.ts";

const seed = 20261121;
const runs = { seed, numRuns: 150 };

/** `kinds` operations and a fork now and then (operation 0). */
function steps(kinds: number, length = 300): fc.Arbitrary<HistoryStep[]> {
  const what = fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 12, arbitrary: fc.integer({ min: 1, max: kinds }) },
  );
  const step = fc.tuple(fc.nat(5), what, fc.nat(4000), fc.nat(4000));
  return fc.array(step, { maxLength: length, size: "max" });
}

interface ListModel {
  first: number;
  rows: number[];
}

const cloneList = (m: ListModel): ListModel => ({ first: m.first, rows: [...m.rows] });

test(`a log agrees with an array through forks (seed ${seed})`, () => {
  fc.assert(
    fc.property(steps(4), fc.constantFrom(0, 250, 2 ** 31 - 300, 2 ** 40 + 17), (list, first) => {
      runHistories(
        {
          container: createLog<number>(first),
          model: { first, rows: [] } as ListModel,
          cloneModel: cloneList,
          apply: (log, model, [, what, x, y]) => {
            const end = model.first + model.rows.length;
            if (what === 1) {
              for (let i = 0; i < x % 90; i++) {
                expect(logPush(log, y + i)).toBe(model.first + model.rows.length);
                model.rows.push(y + i);
              }
            } else if (what === 2 && model.rows.length > 0) {
              const slot = x % model.rows.length;
              logSet(log, model.first + slot, y);
              model.rows[slot] = y;
            } else if (what === 3) {
              const drop = Math.min(x % 120, model.rows.length);
              logDropBefore(log, model.first + drop);
              model.rows.splice(0, drop);
              model.first += drop;
            } else if (what === 4) {
              const keep = Math.max(model.rows.length - (x % 150), 0);
              logTruncate(log, model.first + keep);
              model.rows.length = keep;
              expect(end).toBeGreaterThanOrEqual(log.end);
            }
          },
          check: (log, model) => {
            const rows: number[] = [];
            logEach(log, (row) => void rows.push(row));
            expect(rows).toEqual(model.rows);
            expect([log.first, log.end]).toEqual([model.first, model.first + model.rows.length]);
            const fresh = createLog<number>(model.first);
            for (const row of model.rows) logPush(fresh, row);
            expect(stateHash(log)).toBe(stateHash(fresh));
          },
        },
        list,
      );
    }),
    runs,
  );
});

test(`a number column agrees with an array through forks (seed ${seed})`, () => {
  fc.assert(
    fc.property(steps(4), fc.constantFrom(0, 4090, 2 ** 33 - 7), (list, first) => {
      runHistories(
        {
          container: createNumberLog("f64", first),
          model: { first, rows: [] } as ListModel,
          cloneModel: cloneList,
          apply: (log, model, [, what, x, y]) => {
            if (what === 1) {
              // Long runs so that chunks of 4,096 fill.
              for (let i = 0; i < x % 1500; i++) {
                expect(numberLogPush(log, y + i / 4)).toBe(model.first + model.rows.length);
                model.rows.push(y + i / 4);
              }
            } else if (what === 2 && model.rows.length > 0) {
              const slot = (x * 7) % model.rows.length;
              numberLogSet(log, model.first + slot, y);
              model.rows[slot] = y;
              expect(numberLogGet(log, model.first + slot)).toBe(y);
            } else if (what === 3) {
              const drop = Math.min(x, model.rows.length);
              numberLogDropBefore(log, model.first + drop);
              model.rows.splice(0, drop);
              model.first += drop;
            } else if (what === 4) {
              const keep = Math.max(model.rows.length - x, 0);
              numberLogTruncate(log, model.first + keep);
              model.rows.length = keep;
            }
          },
          check: (log, model) => {
            const rows = model.rows.map((_, i) => numberLogGet(log, model.first + i));
            expect(rows).toEqual(model.rows);
            expect([log.first, log.end]).toEqual([model.first, model.first + model.rows.length]);
            const fresh = createNumberLog("f64", model.first);
            for (const row of model.rows) numberLogPush(fresh, row);
            expect(stateHash(log)).toBe(stateHash(fresh));
          },
        },
        list,
      );
    }),
    { seed, numRuns: 20 },
  );
});

interface RecordModel {
  records: { offset: number; bytes: Uint8Array }[];
  /** Everything ever appended, for building an equal log from nothing. */
  all: Uint8Array[];
}

test(`a byte log gives back each record through forks (seed ${seed})`, () => {
  fc.assert(
    fc.property(steps(3, 60), (list) => {
      runHistories(
        {
          container: createByteLog(),
          model: { records: [], all: [] } as RecordModel,
          cloneModel: (m) => ({ records: [...m.records], all: [...m.all] }),
          apply: (log, model, [, what, x, y]) => {
            if (what === 3) {
              const drop = Math.min(x % 4, model.records.length - 1);
              if (drop <= 0) return;
              model.records.splice(0, drop);
              byteLogDropBefore(log, model.records[0]?.offset ?? 0);
              return;
            }
            const length = what === 1 ? x % 3000 : x * 170;
            const bytes = new Uint8Array(length).fill(y & 255);
            const middle = length >> 1;
            const offset = byteLogAppend(log, bytes.subarray(0, middle), bytes.subarray(middle));
            model.records.push({ offset, bytes });
            model.all.push(bytes);
          },
          check: (log, model) => {
            for (const { offset, bytes } of model.records) {
              if (bytes.length === 0) continue;
              expect(Buffer.compare(byteLogRead(log, offset, bytes.length), bytes)).toBe(0);
            }
            const fresh = createByteLog();
            for (const bytes of model.all) byteLogAppend(fresh, bytes);
            byteLogDropBefore(fresh, log.first);
            expect(stateHash(log)).toBe(stateHash(fresh));
          },
        },
        list,
      );
    }),
    { seed, numRuns: 60 },
  );
});

test("a record that fills a chunk or more does not disturb its neighbours", () => {
  const log = createByteLog();
  const sizes = [10, 262_144, 5, 262_145, 7, 700_000, 3];
  const offsets = sizes.map((size, i) => byteLogAppend(log, new Uint8Array(size).fill(i + 1)));
  sizes.forEach((size, i) => {
    const read = byteLogRead(log, offsets[i] as number, size);
    expect([read[0], read[size - 1], read.length]).toEqual([i + 1, i + 1, size]);
  });
  byteLogDropBefore(log, offsets[5] as number);
  expect(byteLogRead(log, offsets[6] as number, 3)).toEqual(new Uint8Array([7, 7, 7]));
});

function nearest(keys: (number | string)[], test: (k: number | string) => boolean, last: boolean) {
  const found = keys.filter(test);
  return (last ? found[found.length - 1] : found[0]) ?? null;
}

for (const kind of ["number", "string"] as const) {
  test(`a table with ${kind} keys agrees with a sorted map through forks (seed ${seed})`, () => {
    const keyOf = (x: number): number | string =>
      kind === "number" ? x % 700 : `k${((x % 700) * 7919) % 700}`;
    fc.assert(
      fc.property(steps(6, 400), (list) => {
        runHistories(
          {
            container: createTable<number | string, number>(),
            model: new Map<number | string, number>(),
            cloneModel: (m) => new Map(m),
            apply: (table, model, [, what, x, y]) => {
              const key = keyOf(x);
              if (what === 1) {
                for (let i = 0; i < y % 40; i++) {
                  tableSet(table, keyOf(x + i), y);
                  model.set(keyOf(x + i), y);
                }
              } else if (what === 2) {
                for (let i = 0; i < y % 40; i++) {
                  expect(tableDelete(table, keyOf(x + i))).toBe(model.delete(keyOf(x + i)));
                }
              } else if (what === 3) {
                expect(tableGet(table, key)).toBe(model.get(key));
                expect(tableHas(table, key)).toBe(model.has(key));
              } else if (what === 4) {
                const keys = [...model.keys()].sort((a, b) => (a < b ? -1 : 1));
                expect(tableCeiling(table, key)?.key ?? null).toBe(
                  nearest(keys, (k) => k >= key, false),
                );
                expect(tableHigher(table, key)?.key ?? null).toBe(
                  nearest(keys, (k) => k > key, false),
                );
                expect(tableFloor(table, key)?.key ?? null).toBe(
                  nearest(keys, (k) => k <= key, true),
                );
                expect(tableLower(table, key)?.key ?? null).toBe(
                  nearest(keys, (k) => k < key, true),
                );
              } else if (what === 5) {
                const seen: (number | string)[] = [];
                tableEach(table, (_, k) => seen.push(k) < 10, key);
                const keys = [...model.keys()].sort((a, b) => (a < b ? -1 : 1));
                expect(seen).toEqual(keys.filter((k) => k >= key).slice(0, 10));
              } else if (what === 6) {
                // A walk that deletes what it visits reaches everything.
                let left = y % 30;
                tableEach(table, (_, k) => {
                  tableDelete(table, k);
                  model.delete(k);
                  left -= 1;
                  return left > 0;
                });
              }
            },
            check: (table, model) => {
              const keys = [...model.keys()].sort((a, b) => (a < b ? -1 : 1));
              expect(tableKeys(table)).toEqual(keys);
              expect(tableValues(table)).toEqual(keys.map((k) => model.get(k)));
              expect(tableSize(table)).toBe(keys.length);
              expect(tableFirst(table)?.key ?? null).toBe(keys[0] ?? null);
              expect(tableLast(table)?.key ?? null).toBe(keys[keys.length - 1] ?? null);
              const fresh = createTable<number | string, number>();
              for (const k of keys.reverse()) tableSet(fresh, k, model.get(k) as number);
              expect(stateHash(table)).toBe(stateHash(fresh));
            },
          },
          list,
        );
      }),
      runs,
    );
  });
}

test(`a sequence set agrees with a plain set through forks (seed ${seed})`, () => {
  const max = 200;
  fc.assert(
    fc.property(steps(5, 400), (list) => {
      runHistories(
        {
          container: createSeqSet(),
          model: new Set<number>(),
          cloneModel: (m) => new Set(m),
          apply: (set, model, [, what, x, y]) => {
            const seq = x % max;
            if (what === 1) {
              expect(seqSetAdd(set, seq)).toBe(!model.has(seq));
              model.add(seq);
            } else if (what === 2) {
              expect(seqSetRemove(set, seq)).toBe(model.delete(seq));
            } else if (what === 3) {
              const last = seq + (y % 20);
              seqSetAddRange(set, seq, last);
              for (let i = seq; i <= last; i++) model.add(i);
            } else if (what === 4 && y % 5 === 0) {
              seqSetRemoveBefore(set, seq);
              for (const one of [...model]) if (one < seq) model.delete(one);
            } else if (what === 5) {
              let absent = seq;
              while (model.has(absent)) absent += 1;
              expect(seqSetNextAbsent(set, seq)).toBe(absent);
              const present = [...model].filter((one) => one >= seq).sort((a, b) => a - b)[0];
              expect(seqSetNextPresent(set, seq)).toBe(present ?? null);
            }
          },
          check: (set, model) => {
            expect(seqSetCount(set)).toBe(model.size);
            const seen: number[] = [];
            let lastEnd = -2;
            seqSetEach(set, (first, last) => {
              expect(first).toBeGreaterThan(lastEnd + 1);
              lastEnd = last;
              for (let i = first; i <= last; i++) seen.push(i);
            });
            expect(seen).toEqual([...model].sort((a, b) => a - b));
            for (let i = 0; i < max; i++) expect(seqSetHas(set, i)).toBe(model.has(i));
          },
        },
        list,
      );
    }),
    runs,
  );
});

test("reading past the ends of a log is a bug and says so", () => {
  const log = createLog<string>();
  logPush(log, "a");
  expect(() => logGet(log, 1)).toThrow("out of range");
  logDropBefore(log, 1);
  expect(() => logGet(log, 0)).toThrow("out of range");
});

/** The store against an array under random operations, with forks. Evidence: our model. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fork, type StoredTime, type StreamSeq } from "../../../kernel/index.ts";
import { subjectMatches } from "../../../protocol/index.ts";
import { loadMessage } from "./message-read.ts";
import * as search from "./message-search.ts";
import * as real from "./message-store.ts";
import type { MessageStore } from "./store-shape.ts";

interface ModelMessage {
  readonly seq: number;
  readonly subject: string;
  readonly payload: string;
  readonly headers: string;
  readonly s: number;
}

/** A list of messages, and nothing clever. */
interface Model {
  messages: ModelMessage[];
  last: number;
  first: number;
}

interface Pair {
  readonly model: Model;
  readonly store: MessageStore;
}

const subjects = ["a", "b", "a.b", "a.b.c", "a.c.c", "b.b.c", "z.é"];
const filters = ["", ">", "a", "a.>", "a.*.c", "*.b.c", "nobody", "*.*", "z.é"];
const text = new TextEncoder();
const seqOf = (n: number): StreamSeq => n as StreamSeq;
const timeOf = (s: number): StoredTime => ({ s: 1_767_225_600 + s, n: 0 });

type Operation =
  | { kind: "store"; subject: number; size: number; headers: boolean; times: number }
  | { kind: "remove"; at: number; times: number }
  | { kind: "skip"; count: number }
  | { kind: "compact"; at: number }
  | { kind: "purge" }
  | { kind: "fork" };

const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("store" as const),
      subject: fc.nat({ max: subjects.length - 1 }),
      size: fc.nat({ max: 40 }),
      headers: fc.boolean(),
      times: fc.constantFrom(1, 1, 3, 300),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("remove" as const),
      at: fc.nat(),
      times: fc.constantFrom(1, 2, 150),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("skip" as const), count: fc.constantFrom(1, 3, 500) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("compact" as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant({ kind: "purge" as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: "fork" as const }) },
);

function apply({ model, store }: Pair, op: Operation): void {
  switch (op.kind) {
    case "store":
      for (let i = 0; i < op.times; i++) storeOne({ model, store }, op, i);
      return;
    case "remove":
      for (let i = 0; i < op.times && model.messages.length > 0; i++) {
        const at = (op.at + i * 7) % model.messages.length;
        const [gone] = model.messages.splice(at, 1);
        expect(real.removeMessage(store, seqOf(gone?.seq ?? 0))).toBe(true);
        expect(real.removeMessage(store, seqOf(gone?.seq ?? 0))).toBe(false);
      }
      if (model.messages.length > 0) model.first = model.messages[0]?.seq ?? 0;
      else if (op.times > 0 && store.messages === 0) model.first = store.seqFirst;
      return;
    case "skip":
      real.skipSequences(store, op.count);
      model.last += op.count;
      if (model.messages.length === 0) model.first = model.last + 1;
      return;
    case "compact": {
      const seq = 1 + (op.at % (model.last + 3));
      const before = model.messages.length;
      model.messages = model.messages.filter((m) => m.seq >= seq);
      expect(real.compactBelow(store, seqOf(seq))).toBe(before - model.messages.length);
      if (seq > model.last) model.last = seq - 1;
      model.first = model.messages[0]?.seq ?? model.last + 1;
      return;
    }
    case "purge":
      expect(real.purgeAll(store)).toBe(model.messages.length);
      model.messages = [];
      model.first = model.last + 1;
      return;
    case "fork":
      return;
  }
}

function storeOne({ model, store }: Pair, op: Operation & { kind: "store" }, i: number): void {
  const subject = subjects[(op.subject + (i % 3)) % subjects.length] ?? "a";
  const payload = "x".repeat(op.size);
  const headers = op.headers ? "NATS/1.0\r\nA: b\r\n\r\n" : "";
  const seq = model.last + 1;
  const stored = real.storeMessage(store, {
    subject,
    headers: op.headers ? text.encode(headers) : null,
    payload: text.encode(payload),
    time: timeOf(seq),
  });
  expect(stored).toBe(seq);
  if (model.messages.length === 0) model.first = seq;
  model.messages.push({ seq, subject, payload, headers, s: seq });
  model.last = seq;
}

function compare({ model, store }: Pair): void {
  const { messages } = model;
  expect(store.messages).toBe(messages.length);
  expect(store.seqLast).toBe(model.last);
  if (messages.length > 0) expect(store.seqFirst).toBe(messages[0]?.seq);
  expect(store.bytes).toBe(messages.reduce((sum, m) => sum + sizeOf(m), 0));
  const probes = [1, model.first, model.last, model.last + 1, Math.floor(model.last / 2)];
  for (const probe of probes) comparePlace({ model, store }, probe);
  for (const filter of filters) {
    for (const from of probes) compareFilter({ model, store }, filter, from);
  }
  const several = ["a.*.c", "a.>", "b"];
  const matching = messages.filter((m) => several.some((f) => matches(f, m.subject)));
  expect(search.numPending(store, several, seqOf(1))).toBe(matching.length);
  expect(search.nextMatch(store, several, seqOf(1))).toBe(matching[0]?.seq ?? null);
  const stored = new Set(messages.map((m) => m.seq));
  const holes: number[] = [];
  for (let seq = messages[0]?.seq ?? 1; messages.length > 0 && seq <= model.last; seq++) {
    if (!stored.has(seq)) holes.push(seq);
  }
  expect(search.deletedSequences(store)).toEqual(holes);
}

function comparePlace({ model, store }: Pair, seq: number): void {
  const found = model.messages.find((m) => m.seq === seq);
  const loaded = loadMessage(store, seqOf(seq));
  expect(loaded?.subject).toBe(found?.subject);
  if (found === undefined || loaded === null) return;
  expect(new TextDecoder().decode(loaded.payload)).toBe(found.payload);
  expect(new TextDecoder().decode(loaded.headers ?? new Uint8Array())).toBe(found.headers);
  expect(loaded.time).toEqual(timeOf(found.s));
  expect(search.seqAtTime(store, timeOf(found.s))).toBe(seq);
}

function compareFilter({ model, store }: Pair, filter: string, from: number): void {
  const all = model.messages.filter((m) => matches(filter, m.subject));
  const later = all.filter((m) => m.seq >= from);
  const list = filter === "" ? [] : [filter];
  expect(search.nextMatch(store, list, seqOf(from))).toBe(later[0]?.seq ?? null);
  expect(search.numPending(store, list, seqOf(from))).toBe(later.length);
  const lasts = new Map(all.map((m) => [m.subject, m.seq]));
  const lastCount = [...lasts.values()].filter((seq) => seq >= from).length;
  expect(search.numPendingLast(store, list, seqOf(from))).toBe(lastCount);
  expect(search.lastMatch(store, filter)).toBe(all.at(-1)?.seq ?? null);
  const earlier = all.filter((m) => m.seq <= from);
  expect(search.lastMatch(store, filter, seqOf(from))).toBe(earlier.at(-1)?.seq ?? null);
  const upTo = new Map(earlier.map((m) => [m.subject, m.seq]));
  const expected = [...upTo.values()].sort((a, b) => a - b);
  expect(search.lastOfSubjects(store, list, seqOf(from))).toEqual(expected);
}

function matches(filter: string, subject: string): boolean {
  return filter === "" || filter === subject || subjectMatches(filter, subject);
}

/** Sizes of nats-server `fileStoreMsgSizeRaw`. */
function sizeOf(m: ModelMessage): number {
  const length = (s: string): number => text.encode(s).length;
  const headers = m.headers === "" ? 0 : 4 + m.headers.length;
  return 22 + length(m.subject) + headers + m.payload.length + 8;
}

describe("message store", () => {
  test("agrees with a list of messages under any operations, and so do its forks", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        let pair: Pair = {
          model: { messages: [], last: 0, first: 0 },
          store: real.createMessageStore("file"),
        };
        const kept: Pair[] = [];
        for (const op of operations) {
          if (op.kind === "fork") {
            kept.push(pair);
            pair = { model: structuredClone(pair.model), store: fork(pair.store) };
            if (kept.length % 2 === 0) {
              // Go on with the older of the two, so that both sides of a fork are written.
              kept.push(pair);
              pair = kept.shift() ?? pair;
            }
          }
          apply(pair, op);
        }
        compare(pair);
        for (const older of kept) compare(older);
      }),
      { numRuns: 150 },
    );
  });

  test("packs when most rows are dead, and forgets nothing that lives", () => {
    const store = real.createMessageStore("memory");
    for (let i = 1; i <= 30_000; i++) {
      real.storeMessage(store, {
        subject: `k.${i % 50}`,
        headers: null,
        payload: text.encode(`v${i}`),
        time: timeOf(i),
      });
    }
    for (let seq = 2; seq <= 29_900; seq++) real.removeMessage(store, seqOf(seq));
    expect(store.rows.subject.end).toBeLessThan(10_000);
    expect(store.messages).toBe(101);
    expect(search.deletedSequences(store).length).toBe(29_899);
    expect(search.nextMatch(store, ["k.1"], seqOf(2))).toBe(29_901);
    expect(search.numPending(store, ["k.1"], seqOf(1))).toBe(3);
    expect(new TextDecoder().decode(loadMessage(store, seqOf(29_901))?.payload)).toBe("v29901");
  });
});

test("headers of every length come back, beside payloads of every length", () => {
  const store = real.createMessageStore("memory");
  const lengths = [0, 1, 255, 256, 65_535, 65_536, 300_000];
  const bytesOf = (length: number, value: number) => new Uint8Array(length).fill(value);
  // A matcher would look at each of a million bytes as if it were an object.
  const isFilled = (bytes: Uint8Array | null | undefined, length: number, value: number) => {
    return (bytes?.length ?? 0) === length && (bytes ?? []).every((byte) => byte === value);
  };
  for (const headers of lengths) {
    for (const payload of [0, 7, 262_144]) {
      const seq = real.storeMessage(store, {
        subject: "a",
        headers: headers === 0 ? null : bytesOf(headers, 65),
        payload: bytesOf(payload, 66),
        time: timeOf(0),
      });
      const loaded = loadMessage(fork(store), seq);
      expect(isFilled(loaded?.headers, headers, 65), `headers of ${headers}`).toBe(true);
      expect(isFilled(loaded?.payload, payload, 66), `payload of ${payload}`).toBe(true);
    }
  }
});

/** A store directory beside what was in memory, cut at any byte. Evidence: our model. */
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  applyStreamEntry,
  checkStreamConfig,
  createStream,
  decodeStreamConfigRequest,
  type StreamConfig,
  type StreamEntry,
  type StreamState,
} from "../../jetstream/index.ts";
import { type StreamSeq, stateHash } from "../../kernel/index.ts";
import { encodeHeaders, encodeText } from "../../protocol/index.ts";
import { StoreDisk } from "./store-disk.ts";

let folder = "";
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-store-"));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (): string => `${folder}/jetstream/$G/streams/S/msgs`;
const created = { s: 1_700_000_000, n: 0 };

function configOf(fields: Record<string, unknown>): StreamConfig {
  const { config } = decodeStreamConfigRequest(JSON.stringify({ name: "S", ...fields }));
  const bytesLimits = () => ({ required: false, limit: 0 });
  return checkStreamConfig(
    config,
    { duplicatesMax: 0, bytesLimits, findStream: () => null },
    false,
  );
}

const config = configOf({ subjects: ["s.>"], allow_rollup_hdrs: true, max_msgs_per_subject: 3 });
const smaller = configOf({ subjects: ["s.>"], allow_rollup_hdrs: true, max_msgs: 5 });

function openDisk(spare = 0): StoreDisk {
  const log = (level: string, text: string): void => void said.push(`${level} ${text}`);
  return new StoreDisk({ folder, syncMs: 120_000, log, spare });
}

function openStream(disk: StoreDisk): StreamState {
  return disk.open(path(), () => createStream(config, created));
}

function make(disk: StoreDisk, stream: StreamState, entry: StreamEntry): void {
  disk.writeAhead(path(), [entry]);
  applyStreamEntry(stream, entry, []);
}

/** What a new process finds, as a hash. */
function recovered(): string {
  const disk = openDisk();
  expect(disk.has(path())).toBe(true);
  const hash = stateHash(openStream(disk));
  disk.close();
  return hash;
}

const subject = fc.constantFrom("s.a", "s.b", "s.\u00e9\u{1f600}");
const time = fc.record({ s: fc.integer({ min: 1_700_000_000, max: 1_700_000_999 }), n: fc.nat(9) });
const headers = fc.constantFrom(null, encodeHeaders([["Nats-TTL", "1m"]]));
const payload = fc.string({ maxLength: 40 }).map(encodeText);
const seq = fc.integer({ min: 1, max: 30 }).map((one) => one as StreamSeq);

const entries: fc.Arbitrary<StreamEntry> = fc.oneof(
  fc.record({
    kind: fc.constant("store" as const),
    subject,
    headers,
    payload,
    time,
    msgId: fc.constantFrom("", "one", "two"),
    rollup: fc.constantFrom("" as const, "sub" as const, "all" as const, "" as const),
    ttlSeconds: fc.constantFrom(0, -1, 60),
    keep: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("remove" as const),
    seq,
    reason: fc.constantFrom("deleted" as const, "acked" as const, "limits" as const),
  }),
  fc.record({
    kind: fc.constant("purge" as const),
    filter: fc.constantFrom("", "s.a"),
    seq,
    keep: fc.constant(0),
  }),
  fc.record({ kind: fc.constant("expire" as const), now: time }),
  fc.record({ kind: fc.constant("skip" as const), seqs: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("update" as const), config: fc.constantFrom(config, smaller) }),
);

test("brings back the very state, whatever happened to the stream", () => {
  const spares = fc.constantFrom(0, Number.POSITIVE_INFINITY);
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 40 }), spares, (program, spare) => {
      const disk = openDisk(spare);
      const stream = openStream(disk);
      for (const entry of program) make(disk, stream, entry);
      disk.flush();
      // The process is gone here: nothing is closed.
      expect(recovered()).toBe(stateHash(stream));
      expect(said).toEqual([]);
      const last = openDisk();
      last.remove(path());
      expect(readdirSync(`${folder}/jetstream`)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("a file that ends anywhere is the state after some change, and says what was cut", () => {
  fc.assert(
    fc.property(fc.array(entries, { minLength: 1, maxLength: 12 }), fc.nat(), (program, draw) => {
      const disk = openDisk();
      const stream = openStream(disk);
      const name = `${path()}.1`;
      const states = [{ size: statSync(name).size, hash: stateHash(stream) }];
      for (const entry of program) {
        make(disk, stream, entry);
        disk.flush();
        states.push({ size: statSync(name).size, hash: stateHash(stream) });
      }
      const [first, last] = [states[0]?.size ?? 0, states.at(-1)?.size ?? 0];
      const size = first + (draw % (last - first + 1));
      truncateSync(name, size);
      const whole = states.filter((state) => state.size <= size).at(-1);
      said = [];
      expect(recovered()).toBe(whole?.hash);
      const cut = size - (whole?.size ?? 0);
      const text = `cut off ${cut} bytes of an unfinished write at its end`;
      expect(said).toEqual(cut === 0 ? [] : [`warn Store file ${name}: ${text}`]);
      // What was cut is gone: the next process finds nothing to say.
      said = [];
      expect(recovered()).toBe(whole?.hash);
      expect(said).toEqual([]);
      openDisk().remove(path());
    }),
    { numRuns: 60 },
  );
});

test("a stream that forgets most of what it gets does not fill the directory", () => {
  const disk = openDisk();
  const stream = openStream(disk);
  const bytes = new Uint8Array(64 << 10);
  for (let i = 0; i < 400; i++) {
    bytes[0] = i;
    make(disk, stream, {
      kind: "store",
      subject: "s.a",
      headers: null,
      payload: bytes,
      time: { s: created.s + i, n: 0 },
      msgId: "",
      rollup: "",
      ttlSeconds: 0,
      keep: true,
    });
    disk.flush();
  }
  const files = readdirSync(`${folder}/jetstream/$G/streams/S`);
  expect(files).toHaveLength(1);
  expect(statSync(`${folder}/jetstream/$G/streams/S/${files[0]}`).size).toBeLessThan(12 << 20);
  expect(stream.store.messages).toBe(3);
  expect(recovered()).toBe(stateHash(stream));
});

test("drafts and older files that a kill left behind are cleared away", () => {
  const disk = openDisk();
  const stream = openStream(disk);
  make(disk, stream, { kind: "skip", seqs: 7 });
  disk.flush();
  writeFileSync(`${path()}.0`, "older");
  writeFileSync(`${path()}.2.new`, "a draft");
  expect(recovered()).toBe(stateHash(stream));
  expect(readdirSync(`${folder}/jetstream/$G/streams/S`)).toEqual(["msgs.1"]);
});

test("refuses a file of another version", () => {
  const disk = openDisk();
  openStream(disk);
  writeFileSync(`${path()}.1`, "windtunnel store 0\nand what followed there");
  expect(openDisk).toThrow(`${path()}.1 is not a store of this version`);
});

test("other objects are written whole, at most every 100 ms, and when it is closed", () => {
  const disk = openDisk();
  const consumer = `${folder}/jetstream/$G/streams/S/obs/C/state`;
  const live = disk.open(consumer, () => ({ acked: 0 }));
  live.acked = 1;
  disk.wrote(consumer);
  disk.flush();
  live.acked = 2;
  disk.wrote(consumer);
  disk.flush();
  const seen = (): unknown => openDisk().open<unknown>(consumer, () => null);
  expect(seen()).toEqual({ acked: 1 });
  disk.close();
  expect(seen()).toEqual({ acked: 2 });
});

test("near the end of the disk a change is in the file before it is made", () => {
  const disk = openDisk(Number.POSITIVE_INFINITY);
  openStream(disk);
  disk.writeAhead(path(), [
    { kind: "skip", seqs: 7 },
    { kind: "skip", seqs: 2 },
  ]);
  expect(openStream(openDisk()).store.seqLast).toBe(9);
});

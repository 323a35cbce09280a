/** What a million stored messages cost: time to store and find them, memory, a checkpoint. */
import {
  applyStreamEntry,
  checkStreamConfig,
  createStream,
  decodeStreamConfigRequest,
  loadMessage,
  numPending,
  proposeMessage,
  type StreamEffect,
  type StreamState,
} from "../../src/jetstream/index.ts";
import { fork, stateHash, storedTimeAt, streamSeq, virtualNanos } from "../../src/kernel/index.ts";
import { usedBytes } from "./memory.ts";
import { add, median, type Report } from "./report.ts";

const payload = new Uint8Array(128).fill(120);

/** Adds `store.*` to the report. */
export function benchStore(report: Report): void {
  for (const exponent of [3, 4, 5, 6]) benchSize(report, `store.${10 ** exponent}`, 10 ** exponent);
  benchSize(report, "store.1000000.of_100000_subjects", 1_000_000, 100_000);
}

function benchSize(report: Report, name: string, count: number, subjects = 1000): void {
  const before = usedBytes();
  const stream = makeStream();
  const begin = performance.now();
  fill(stream, count, subjects);
  const seconds = (performance.now() - begin) / 1000;
  add(report, { name: `${name}.appends_per_second`, value: count / seconds, unit: "msgs/s" });
  const value = (usedBytes() - before) / count;
  add(report, { name: `${name}.bytes_per_message`, value, unit: "B", goal: "170 at 10^6" });
  add(report, { name: `${name}.loads_per_second`, value: loadRate(stream, count), unit: "msgs/s" });
  const ms = pendingMs(stream);
  add(report, { name: `${name}.filtered_pending_ms`, value: ms, unit: "ms" });
  benchCheckpoint(report, name, stream);
}

/** A checkpoint is the fork and what the next writes have to copy because of it. */
function benchCheckpoint(report: Report, name: string, stream: StreamState): void {
  const times: number[] = [];
  for (let i = 0; i < 21; i++) {
    const begin = performance.now();
    fork(stream);
    fill(stream, 1);
    times.push(performance.now() - begin);
  }
  const value = median(times);
  add(report, { name: `${name}.checkpoint_ms`, value, unit: "ms", goal: "at most 5 at 10^6" });
  stateHash(stream);
  fill(stream, 1);
  const begin = performance.now();
  stateHash(stream);
  add(report, { name: `${name}.rehash_ms`, value: performance.now() - begin, unit: "ms" });
}

function makeStream(): StreamState {
  const request = JSON.stringify({ name: "S", subjects: ["s.>"], storage: "memory" });
  const { config } = decodeStreamConfigRequest(request);
  const context = {
    duplicatesMax: 0,
    bytesLimits: () => ({ required: false, limit: -1 }),
    findStream: () => null,
  };
  return createStream(checkStreamConfig(config, context, false), storedTimeAt(virtualNanos(0)));
}

function fill(stream: StreamState, count: number, subjects = 1): void {
  const out: StreamEffect[] = [];
  const context = {
    now: storedTimeAt(virtualNanos(0)),
    maxPayload: 1_048_576,
    isOwn: false,
    hasInterest: () => true,
    checkLimits: () => null,
  };
  for (let i = 0; i < count; i++) {
    const message = { subject: `s.${i % subjects}`, headers: null, payload };
    const proposal = proposeMessage(stream, message, context);
    if (proposal.kind !== "store") throw new Error(`the bench's message was not stored`);
    applyStreamEntry(stream, proposal.entry, out);
    out.length = 0;
  }
}

function loadRate(stream: StreamState, count: number): number {
  const reads = 200_000;
  let bytes = 0;
  const begin = performance.now();
  for (let i = 0; i < reads; i++) {
    const seq = streamSeq(1 + ((i * 7919) % count));
    bytes += loadMessage(stream.store, seq)?.payload.length ?? 0;
  }
  const seconds = (performance.now() - begin) / 1000;
  if (bytes !== reads * payload.length) throw new Error("a stored message was not found");
  return reads / seconds;
}

function pendingMs(stream: StreamState): number {
  const begin = performance.now();
  for (let i = 0; i < 100; i++) numPending(stream.store, ["s.7"], streamSeq(1));
  return (performance.now() - begin) / 100;
}

/** What the kernel costs: events a second, and a checkpoint of a million rows. */
import {
  createKernel,
  createLog,
  createTable,
  fork,
  logPush,
  micros,
  plus,
  type SimEvent,
  schedule,
  stateHash,
  tableSet,
  takeEvent,
} from "../../src/kernel/index.ts";
import { add, median, type Report } from "./report.ts";

interface Tick extends SimEvent {
  readonly kind: "tick";
  readonly lane: number;
}

/** Adds `kernel.*` to the report. */
export function benchKernel(report: Report): void {
  add(report, {
    name: "kernel.events_per_second",
    value: median([eventRate(), eventRate(), eventRate()]),
    unit: "events/s",
  });
  benchCheckpoint(report);
}

/** A thousand lanes, each scheduling its own next event: a queue that stays a thousand deep. */
function eventRate(): number {
  const kernel = createKernel<Tick>(1);
  for (let lane = 0; lane < 1000; lane++) {
    schedule(kernel, plus(kernel.now, micros(lane)), { kind: "tick", host: null, lane });
  }
  const count = 1_000_000;
  const begin = performance.now();
  for (let i = 0; i < count; i++) {
    const event = takeEvent(kernel);
    if (event === null) throw new Error("the queue ran dry");
    schedule(kernel, plus(kernel.now, micros(1000 + event.lane)), event);
  }
  return count / ((performance.now() - begin) / 1000);
}

function benchCheckpoint(report: Report): void {
  const rows = 1_000_000;
  const state = { log: createLog<number>(), table: createTable<number, number>() };
  for (let i = 0; i < rows; i++) {
    logPush(state.log, i);
    tableSet(state.table, i, i);
  }
  const forks: number[] = [];
  for (let i = 0; i < 21; i++) {
    const begin = performance.now();
    fork(state);
    forks.push(performance.now() - begin);
    tableSet(state.table, i * 40_000, -1);
  }
  add(report, { name: "kernel.fork_1m_rows_ms", value: median(forks), unit: "ms" });
  stateHash(state);
  tableSet(state.table, 500_000, -2);
  const begin = performance.now();
  stateHash(state);
  const value = performance.now() - begin;
  add(report, { name: "kernel.rehash_1m_rows_after_one_change_ms", value, unit: "ms" });
}

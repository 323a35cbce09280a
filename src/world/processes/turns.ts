/** Turns of processes: one input at a time, and never two processes in one event. */
import {
  assert,
  type DurationNanos,
  plus,
  schedule,
  setTimer,
  type VirtualNanos,
} from "../../kernel/index.ts";
import type { EventOf } from "../events.ts";
import type { Doors, World } from "../world.ts";
import type { ProcessRecord } from "./process.ts";
import type { ProcessInput } from "./turn.ts";

/** Hands an input to a process: the driver must now perform the turn and apply its effects. */
export function beginTurn(world: World, record: ProcessRecord, input: ProcessInput): void {
  assert(world.turn === null, "an event touched two processes");
  const host = world.hosts.get(record.host);
  assert(host !== undefined, `process ${record.pid} on unknown host ${record.host}`);
  world.turn = {
    pid: record.pid,
    number: record.turns,
    at: world.kernel.now,
    clockOffset: host.clockOffset,
    input,
  };
  record.turns++;
}

/** Queues an input for a process, now or at a later instant. */
export function sendInput(
  world: World,
  pid: number,
  input: ProcessInput,
  at: VirtualNanos = world.kernel.now,
): void {
  const record = world.processes.get(pid);
  if (record === undefined || record.status !== "running") return;
  schedule(world.kernel, at, { kind: "process-input", host: record.host, pid, input });
}

/** Arms a timer of a process; it dies with the process. */
export function setProcessTimer(
  world: World,
  record: ProcessRecord,
  id: number,
  after: DurationNanos,
): void {
  const { pid, host } = record;
  const at = plus(world.kernel.now, after);
  // Beyond the clock's range: it would never fire.
  if (at > Number.MAX_SAFE_INTEGER) return;
  setTimer(world.kernel, timerOwner(pid), String(id), at, {
    kind: "process-input",
    host,
    pid,
    input: { kind: "timer", id },
  });
}

export function timerOwner(pid: number): string {
  return `process:${pid}`;
}

export function onProcessInput(world: World, _doors: Doors, event: EventOf<"process-input">): void {
  const record = world.processes.get(event.pid);
  if (record === undefined || record.status !== "running") return;
  beginTurn(world, record, event.input);
}

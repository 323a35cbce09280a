/** How processes begin and end. */
import { assert, clearOwner, drawU32 } from "../../kernel/index.ts";
import { withdrawExpectationsOf } from "../expect/expectation.ts";
import { recordWorld } from "../record.ts";
import { cleanClose, closeConn } from "../send.ts";
import type { Doors, World } from "../world.ts";
import { createFilledPipe, holdPipe, releasePipe } from "./pipes.ts";
import type { Descriptor, ProcessRecord, SignalName } from "./process.ts";
import { endCommand } from "./terminal.ts";
import { sendInput, timerOwner } from "./turns.ts";

/** What a new process is made of. */
export interface SpawnPlan {
  readonly parent: number | null;
  /** Null: a group of its own. */
  readonly group: number | null;
  readonly host: string;
  readonly program: string;
  readonly argv: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  readonly cwd: string;
  readonly tty: string | null;
  readonly command: number | null;
  readonly stdin: Descriptor;
  readonly stdout: Descriptor;
  readonly stderr: Descriptor;
}

// Shells show 128 + the signal's number.
const signalNumbers: Readonly<Record<SignalName, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  PIPE: 13,
  TERM: 15,
};

/** Adds a process; its first turn is an event of this instant. */
export function spawnProcess(world: World, doors: Doors, plan: SpawnPlan): ProcessRecord {
  const pid = world.pidNext++;
  const record: ProcessRecord = {
    ...plan,
    stdin: sharedInput(world, plan.stdin),
    pid,
    size: sizeOf(world, plan.tty),
    group: plan.group ?? pid,
    status: "running",
    exit: null,
    seed: drawU32(world.kernel.random, "processes"),
    turns: 0,
    conns: new Map(),
    reading: null,
    held: [],
    waiters: [],
    raw: false,
  };
  world.processes.set(pid, record);
  if (record.stdin.kind === "pipe") holdPipe(world, record.stdin.pipe, "read");
  for (const out of [plan.stdout, plan.stderr]) {
    if (out.kind === "pipe") holdPipe(world, out.pipe, "write");
  }
  recordWorld(world, doors.trace, {
    host: plan.host,
    kind: "spawn",
    subject: plan.program,
    detail: plan.argv.join(" "),
  });
  sendInput(world, pid, { kind: "start" });
  return record;
}

/** Ends a process: its timers and connections go with it, and whoever waits is told. */
export function endProcess(world: World, doors: Doors, record: ProcessRecord, exit: number): void {
  assert(record.status === "running", `process ${record.pid} ended twice`);
  record.status = "exited";
  record.exit = exit;
  clearOwner(world.kernel, timerOwner(record.pid));
  withdrawExpectationsOf(world, record.pid);
  for (const conn of record.conns.values()) closeConn(world, conn, "a", cleanClose);
  record.conns.clear();
  if (record.stdin.kind === "pipe") releasePipe(world, record.stdin.pipe, "read");
  for (const out of [record.stdout, record.stderr]) {
    if (out.kind === "pipe") releasePipe(world, out.pipe, "write");
  }
  for (const { pipe, end } of record.held.splice(0)) releasePipe(world, pipe, end);
  for (const [pid, id] of record.waiters.splice(0)) {
    sendInput(world, pid, { kind: "reply", id, reply: { ok: true, value: exit } });
  }
  recordWorld(world, doors.trace, {
    host: record.host,
    kind: "exit",
    subject: record.program,
    detail: String(exit),
  });
  doors.exited(record.pid);
  if (record.tty !== null && record.command !== null && record.parent === null) {
    endCommand(world, doors, record.tty, record.command, exit);
  }
  forgetProcess(world, record);
}

/** Sends a signal; SIGKILL takes effect without a turn. */
export function signalProcess(
  world: World,
  doors: Doors,
  record: ProcessRecord,
  name: SignalName,
): void {
  if (record.status !== "running") return;
  if (name === "KILL") endProcess(world, doors, record, exitOfSignal(name));
  else sendInput(world, record.pid, { kind: "signal", name });
}

/** What `$?` shows of a process that a signal ended. */
export function exitOfSignal(name: SignalName): number {
  return 128 + signalNumbers[name];
}

function sizeOf(world: World, tty: string | null): ProcessRecord["size"] {
  const terminal = world.terminals.get(tty ?? "");
  return { cols: terminal?.cols ?? 80, rows: terminal?.rows ?? 24 };
}

/** Given bytes become a pipe, so that a child that inherits them reads on where others stopped. */
function sharedInput(world: World, stdin: Descriptor): Descriptor {
  if (stdin.kind !== "bytes") return stdin;
  return { kind: "pipe", pipe: createFilledPipe(world, stdin.bytes).id };
}

// How many ended jobs of terminals are remembered for `wait` and `jobs`.
const endedJobsMax = 32;

/** Records stay while somebody may still ask for the exit code: a parent, or a later line. */
function forgetProcess(world: World, record: ProcessRecord): void {
  const parent = record.parent === null ? undefined : world.processes.get(record.parent);
  const isJob = record.parent !== null && record.group === record.pid;
  if (parent?.status !== "running" && !isJob) world.processes.delete(record.pid);
  const ended: ProcessRecord[] = [];
  for (const child of [...world.processes.values()]) {
    if (child.status !== "exited") continue;
    if (child.group === child.pid && child.parent !== null) ended.push(child);
    else if (child.parent === record.pid) world.processes.delete(child.pid);
  }
  const surplus = ended.length - endedJobsMax;
  for (const old of ended.slice(0, Math.max(0, surplus))) world.processes.delete(old.pid);
}

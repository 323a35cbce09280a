/** What comes from outside to a terminal: lines, keys, signals. Each is an input of the journal. */
import { assert } from "../../kernel/index.ts";
import { isWorldLine, worldCommandFor } from "../commands/run-line.ts";
import { interruptExpectation } from "../expect/expectation.ts";
import { recordWorld } from "../record.ts";
import { type Doors, noteInstant, type World } from "../world.ts";
import type { Descriptor, SignalName } from "./process.ts";
import { signalProcess, spawnProcess } from "./spawn.ts";
import { endLine, type TerminalState, typeAhead } from "./terminal.ts";
import { sendInput } from "./turns.ts";

const encoder = new TextEncoder();

/**
 * A line typed at a terminal. A plain `world|fault|load|sim|expect` line acts at once, even while a
 * program holds the terminal; an expectation with a deadline ends when it is decided, and holds up
 * nothing that is typed meanwhile. Anything else starts the program `sh` with `["-sh", "-c", line]`, or
 * is input for the program that runs. Answers the command's index, null when it was input.
 */
export function submitLine(world: World, doors: Doors, tty: string, line: string): number | null {
  const terminal = terminalNamed(world, tty);
  const isOurs = isWorldLine(line);
  noteInstant(world, doors);
  if (terminal.foreground !== null && !isOurs) {
    typeAhead(world, terminal, encoder.encode(`${line}\n`));
    return null;
  }
  recordWorld(world, doors.trace, {
    host: terminal.host,
    kind: "input",
    subject: tty,
    detail: line,
  });
  const index = terminal.commands.push({ line, exit: null, stdout: "", stderr: "" }) - 1;
  if (isOurs) runWorldLine(world, doors, terminal, { index, line });
  else startShell(world, doors, terminal, { index, line });
  return index;
}

/** Raw keys, for the program that holds the terminal raw. */
export function submitKeys(world: World, tty: string, bytes: Uint8Array): void {
  const terminal = terminalNamed(world, tty);
  for (const record of world.processes.values()) {
    if (record.tty !== tty || !record.raw || record.status !== "running") continue;
    sendInput(world, record.pid, { kind: "key", bytes });
    return;
  }
  typeAhead(world, terminal, bytes);
}

/**
 * Ctrl-C and its like: to every process of the terminal's foreground group. At a terminal that
 * waits for an expectation it ends the waiting.
 */
export function submitSignal(world: World, doors: Doors, tty: string, name: SignalName): void {
  const { foreground } = terminalNamed(world, tty);
  if (foreground === null) {
    interruptExpectation(world, doors, tty);
    return;
  }
  for (const record of [...world.processes.values()]) {
    if (record.group === foreground) signalProcess(world, doors, record, name);
  }
}

/** Ctrl-D: the end of the running program's input. */
export function submitEnd(world: World, tty: string): void {
  const terminal = terminalNamed(world, tty);
  if (terminal.foreground !== null) typeAhead(world, terminal, null);
}

export function submitResize(world: World, tty: string, cols: number, rows: number): void {
  const terminal = terminalNamed(world, tty);
  terminal.cols = cols;
  terminal.rows = rows;
  for (const record of world.processes.values()) {
    if (record.tty === tty) sendInput(world, record.pid, { kind: "resize", cols, rows });
  }
}

interface Line {
  readonly index: number;
  readonly line: string;
}

function runWorldLine(world: World, doors: Doors, terminal: TerminalState, typed: Line): void {
  const { index: command, line } = typed;
  const { name: tty } = terminal;
  const awaiting = { kind: "line", tty, command } as const;
  const result = worldCommandFor(world, doors, { line, typed: line, awaiting });
  if (result !== null) endLine(world, doors, { tty, command }, result);
}

function startShell(world: World, doors: Doors, terminal: TerminalState, typed: Line): void {
  const { name: tty, interactive } = terminal;
  const kind = interactive ? "tty" : "capture";
  const stdin: Descriptor = interactive ? { kind: "tty", tty, stream: 1 } : { kind: "null" };
  const record = spawnProcess(world, doors, {
    parent: null,
    group: null,
    host: terminal.host,
    program: "sh",
    argv: ["-sh", "-c", typed.line],
    env: terminal.env,
    cwd: terminal.cwd,
    tty,
    command: typed.index,
    stdin,
    stdout: { kind, tty, stream: 1 },
    stderr: { kind, tty, stream: 2 },
  });
  terminal.foreground = record.pid;
}

function terminalNamed(world: World, tty: string): TerminalState {
  const terminal = world.terminals.get(tty);
  assert(terminal !== undefined, `no terminal ${tty}`);
  return terminal;
}

/** A terminal's state between lines: plain data, so that a shell at its prompt needs no process. */
import { assert, tableHas } from "../../kernel/index.ts";
import { deskName } from "../host.ts";
import type { Doors, World } from "../world.ts";
import { makeFolder } from "./files.ts";
import { takeBytes } from "./pipes.ts";
import type { Descriptor } from "./process.ts";
import type { CommandResult, TerminalPatch, TerminalView } from "./request.ts";
import { sendInput } from "./turns.ts";

/** A finished or running command line, as `state().terminals` shows it. */
export interface TerminalCommand {
  readonly line: string;
  /** Null while it runs. */
  exit: number | null;
  stdout: string;
  stderr: string;
  /**
   * How the two alternate: characters of stdout, then of stderr, and so on; undefined while all of
   * stdout came first. No hash counts it: how a screen looks is no part of a world.
   */
  screenTurns?: number[];
}

export interface TerminalState {
  readonly name: string;
  readonly host: string;
  /** True: programs find a terminal. False: pipes, as in a script (`sh -c`, `exec`). */
  interactive: boolean;
  cols: number;
  rows: number;
  cwd: string;
  env: readonly (readonly [string, string])[];
  lastExit: number;
  /** The shell's own memory, as text that only the shell reads. */
  shell: string;
  readonly commands: TerminalCommand[];
  /** Process group that terminal signals reach; null at the prompt. */
  foreground: number | null;
  /** Typed while a program ran and not read yet; null marks the end of input. */
  readonly typed: (Uint8Array | null)[];
}

export interface TerminalOptions {
  readonly interactive?: boolean;
  readonly cwd?: string;
  readonly env?: readonly (readonly [string, string])[];
  readonly cols?: number;
  readonly rows?: number;
}

export const homeFolder = "/home/learner";
// What `state().terminals` keeps of one stream of one command.
const recordedMax = 65_536;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

const standardEnvironment: readonly (readonly [string, string])[] = [
  ["HOME", homeFolder],
  ["LANG", "C.UTF-8"],
  ["PATH", "/usr/local/bin:/usr/bin:/bin"],
  ["PWD", homeFolder],
  ["SHELL", "/bin/sh"],
  ["TERM", "xterm-256color"],
  ["TZ", "UTC"],
  ["USER", "learner"],
];

/** Makes a terminal on the desk; options change one that is there. */
export function ensureTerminal(world: World, name: string, options: TerminalOptions = {}): void {
  const desk = world.hosts.get(deskName);
  assert(desk !== undefined, "a world without a desk");
  const known = world.terminals.get(name);
  const terminal = known ?? createTerminal(name, world.environment);
  world.terminals.set(name, terminal);
  terminal.interactive = options.interactive ?? terminal.interactive;
  terminal.cols = options.cols ?? terminal.cols;
  terminal.rows = options.rows ?? terminal.rows;
  terminal.cwd = options.cwd ?? terminal.cwd;
  if (options.env !== undefined) terminal.env = mergeEnvironment(terminal.env, options.env);
  for (const folder of [homeFolder, terminal.cwd, "/tmp"]) {
    if (!tableHas(desk.files, folder)) makeFolder(desk.files, folder, world.kernel.now);
  }
}

function createTerminal(
  name: string,
  environment: readonly (readonly [string, string])[],
): TerminalState {
  return {
    name,
    host: deskName,
    interactive: true,
    cols: 100,
    rows: 30,
    cwd: homeFolder,
    env: mergeEnvironment(standardEnvironment, environment),
    lastExit: 0,
    shell: "",
    commands: [],
    foreground: null,
    typed: [],
  };
}

/** Later entries replace earlier ones of the same name. */
export function mergeEnvironment(
  base: readonly (readonly [string, string])[],
  more: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const merged = new Map<string, string>(base);
  for (const [name, value] of more) merged.set(name, value);
  return [...merged];
}

export function viewTerminal(terminal: TerminalState): TerminalView {
  const { cwd, env, lastExit, shell, cols, rows } = terminal;
  const history = terminal.commands.map((command) => command.line);
  return { cwd, env, lastExit, shell, cols, rows, history };
}

export function patchTerminal(terminal: TerminalState, patch: TerminalPatch): void {
  terminal.cwd = patch.cwd ?? terminal.cwd;
  terminal.env = patch.env ?? terminal.env;
  terminal.lastExit = patch.lastExit ?? terminal.lastExit;
  terminal.shell = patch.shell ?? terminal.shell;
}

/** What a program writes to its terminal: shown, and kept with the command. */
export function writeTerminal(
  world: World,
  doors: Doors,
  to: Extract<Descriptor, { kind: "tty" | "capture" }>,
  write: { readonly command: number | null; readonly bytes: Uint8Array },
): void {
  const terminal = world.terminals.get(to.tty);
  const command = write.command === null ? undefined : terminal?.commands[write.command];
  if (command !== undefined) {
    record(command, to.stream, decoder.decode(write.bytes));
  }
  doors.output(to.tty, to.stream, write.bytes);
}

function record(command: TerminalCommand, stream: 1 | 2, text: string): void {
  const to = stream === 1 ? "stdout" : "stderr";
  const before = command[to].length;
  command[to] = `${command[to]}${text}`.slice(0, recordedMax);
  const kept = command[to].length - before;
  if (kept === 0) return;
  if (command.screenTurns === undefined) {
    if (stream === 2 || command.stderr === "") return;
    command.screenTurns = [before, command.stderr.length];
  }
  const { screenTurns: turns } = command;
  const isOther = turns.length % 2 !== stream % 2;
  if (isOther) turns.push(kept);
  else turns[turns.length - 1] = (turns.at(-1) ?? 0) + kept;
}

/** What a command wrote, in the order in which it was written. */
export function writtenBy({ stdout, stderr, screenTurns: turns }: TerminalCommand): string {
  if (turns === undefined) return stdout + stderr;
  let text = "";
  const from = [0, 0] as [number, number];
  for (const [index, length] of turns.entries()) {
    const stream = (index % 2) as 0 | 1;
    text += (stream === 0 ? stdout : stderr).slice(from[stream], from[stream] + length);
    from[stream] += length;
  }
  return text;
}

/** True while the line typed last has not ended: no prompt is shown. */
export function isBusy(terminal: TerminalState): boolean {
  return terminal.foreground !== null || terminal.commands.at(-1)?.exit === null;
}

/**
 * A line that ran without a process has ended: what it says, and its status. One that was typed
 * over leaves `$?` to what came after.
 */
export function endLine(
  world: World,
  doors: Doors,
  line: { readonly tty: string; readonly command: number },
  { exit, stdout, stderr }: CommandResult,
): void {
  const { tty, command: index } = line;
  const terminal = world.terminals.get(tty);
  const command = terminal?.commands[index];
  if (terminal === undefined || command === undefined) return;
  const kind = terminal.interactive ? "tty" : "capture";
  for (const [stream, text] of [
    [1, stdout],
    [2, stderr],
  ] as const) {
    if (text === "") continue;
    const bytes = encoder.encode(text);
    writeTerminal(world, doors, { kind, tty, stream }, { command: index, bytes });
  }
  command.exit = exit;
  if (index === terminal.commands.length - 1) terminal.lastExit = exit;
  doors.ended(tty, index, exit);
}

/** The root process of a line has ended: the prompt is back. */
export function endCommand(
  world: World,
  doors: Doors,
  ...[tty, index, exit]: [tty: string, index: number, exit: number]
): void {
  const terminal = world.terminals.get(tty);
  const command = terminal?.commands[index];
  if (terminal === undefined || command === undefined) return;
  command.exit = exit;
  terminal.lastExit = exit;
  terminal.foreground = null;
  terminal.typed.length = 0;
  doors.ended(tty, index, exit);
}

/** Gives typed bytes to whoever reads the terminal, or keeps them until somebody does. */
export function typeAhead(world: World, terminal: TerminalState, bytes: Uint8Array | null): void {
  terminal.typed.push(bytes);
  serveReader(world, terminal);
}

/** Answers a foreground read with what was typed. */
export function serveReader(world: World, terminal: TerminalState): void {
  if (terminal.typed.length === 0) return;
  for (const record of world.processes.values()) {
    const reads = record.reading !== null && record.stdin.kind === "tty";
    if (!reads || record.tty !== terminal.name || record.group !== terminal.foreground) continue;
    const { id, line } = record.reading ?? { id: 0, line: false };
    record.reading = null;
    const value = takeTyped(terminal, line);
    sendInput(world, record.pid, { kind: "reply", id, reply: { ok: true, value } });
    return;
  }
}

function takeTyped(terminal: TerminalState, line: boolean): Uint8Array | null {
  const head = terminal.typed.shift() ?? null;
  if (head === null) return null;
  const chunks = [head];
  const taken = takeBytes(chunks, line);
  terminal.typed.unshift(...chunks);
  return taken;
}

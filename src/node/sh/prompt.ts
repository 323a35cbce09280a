/** `sh` on a real terminal: a prompt, and virtual time that follows the wall. */
import { createInterface, type Interface } from "node:readline";
import { micros, plus, type VirtualNanos } from "../../kernel/index.ts";
import { endOfInput, Session } from "../../scenario/index.ts";
import {
  complete,
  completionState,
  lineProblem,
  loadPrograms,
  promptText,
} from "../../shell/index.ts";

import type { JsonlOptions } from "./jsonl.ts";
import { defaultWorld } from "./one-line.ts";

const tty = "t1";
const tickMs = 20;

interface Desk {
  readonly session: Session;
  input: Interface;
  /** Lines of a command that is not whole yet. */
  held: string;
  running: boolean;
  lastExit: number;
  closed: boolean;
}

/** Resolves with the status of the last line when the input ends. */
export async function prompt(options: JsonlOptions): Promise<number> {
  const { ground, scenario = defaultWorld, seed = 1 } = options;
  const session = await Session.open(scenario, ground, { seed });
  await loadPrograms();
  const desk = openDesk(session);
  const { cols, rows } = { cols: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24 };
  await session.resize(tty, cols, rows);
  showPrompt(desk);
  const began = { wallMs: performance.now(), at: session.now };
  while (!(desk.closed && !desk.running)) {
    await new Promise((resolve) => setTimeout(resolve, tickMs));
    const elapsed = micros(Math.floor((performance.now() - began.wallMs) * 1000));
    await session.runUntil(plus(began.at, elapsed) as VirtualNanos);
  }
  await session.dispose();
  return desk.lastExit;
}

function openDesk(session: Session): Desk {
  const input = openInput(session);
  const desk: Desk = { session, input, held: "", running: false, lastExit: 0, closed: false };
  session.listen({
    output(from, stream, bytes) {
      if (from === tty) (stream === 1 ? process.stdout : process.stderr).write(bytes);
    },
    ended(from, command, exit) {
      // An expectation that was typed over ends in the background.
      const last = (session.world.terminals.get(tty)?.commands.length ?? 0) - 1;
      if (from !== tty || command !== last) return;
      desk.running = false;
      desk.lastExit = exit;
      showPrompt(desk);
    },
  });
  attach(desk);
  return desk;
}

function openInput(session: Session): Interface {
  return createInterface({
    input: process.stdin,
    output: process.stdout,
    completer: (line: string) => offers(session, line),
  });
}

function attach(desk: Desk): void {
  desk.input.on("line", (line) => takeLine(desk, line));
  desk.input.on("SIGINT", () => interrupt(desk));
  desk.input.on("close", () => {
    if (desk.closed) return;
    if (!desk.running) {
      desk.closed = true;
      process.stdout.write("\n");
      return;
    }
    // Ctrl-D ends the input of the program, not that of the shell.
    desk.session.key(tty, endOfInput).catch(report);
    desk.input = openInput(desk.session);
    attach(desk);
  });
}

function takeLine(desk: Desk, line: string): void {
  const text = desk.held === "" ? line : `${desk.held}\n${line}`;
  const incomplete = !desk.running && lineProblem(text)?.incomplete === true;
  desk.held = incomplete ? text : "";
  if (incomplete || (text.trim() === "" && !desk.running)) {
    showPrompt(desk);
    return;
  }
  desk.running = true;
  desk.session.input(text, tty).catch(report);
}

function interrupt(desk: Desk): void {
  desk.held = "";
  process.stdout.write("^C\n");
  if (desk.running) desk.session.signal(tty, "INT").catch(report);
  else showPrompt(desk);
}

function report(error: unknown): void {
  process.stderr.write(`windtunnel sh: ${error instanceof Error ? error.message : error}\n`);
}

function showPrompt(desk: Desk): void {
  if (desk.closed) return;
  const terminal = desk.session.world.terminals.get(tty);
  const cwd = terminal?.cwd ?? "/";
  const home = new Map(terminal?.env ?? []).get("HOME") ?? "/";
  const continued = desk.held !== "";
  const { lastExit } = desk;
  desk.input.setPrompt(promptText({ cwd, home, lastExit, paused: false, continued }));
  desk.input.prompt();
}

/** As node's line editor wants them: the offers, and the part of the line that they replace. */
function offers(session: Session, line: string): [string[], string] {
  const found = complete(line, line.length, completionState(session.world, tty));
  const [first] = found;
  if (first === undefined) return [[], line];
  const texts = found.map(({ text, final }) => (final ? `${text} ` : text));
  return [texts, line.slice(first.start)];
}

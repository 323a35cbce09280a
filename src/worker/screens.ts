/** What terminals show: echoes of lines, output as it comes, whole screens of another moment. */
import {
  homeFolder,
  isBusy,
  serverHosts,
  type TerminalState,
  type World,
  writtenBy,
} from "../world/index.ts";
import type { ScreenView } from "./api.ts";
import type { TerminalView } from "./frames.ts";
import { hiddenTerminal } from "./people.ts";

const encoder = new TextEncoder();
/** Grey prompt, bright command, then the muted default for what programs say. */
const quiet = "\x1b[38;5;8m";
const typed = "\x1b[97m";
const plain = "\x1b[0m";

/** Every terminal can be looked at, a scenario's own too; those of a page's scripts cannot. */
export function isPerson(tty: string): boolean {
  return tty !== hiddenTerminal;
}

export class Screens {
  /** Commands whose line is on the screen already. */
  readonly #echoed = new Map<string, number>();
  readonly #post: (tty: string, bytes: Uint8Array) => void;

  constructor(post: (tty: string, bytes: Uint8Array) => void) {
    this.#post = post;
  }

  /** Prints the lines of commands that began since. */
  echo(world: World, tty: string): void {
    const terminal = world.terminals.get(tty);
    if (terminal === undefined || !isPerson(tty)) return;
    for (let i = this.#echoed.get(tty) ?? 0; i < terminal.commands.length; i += 1) {
      const line = terminal.commands[i]?.line ?? "";
      this.#post(tty, encoder.encode(echoText(world, terminal, line)));
    }
    this.#echoed.set(tty, terminal.commands.length);
  }

  echoAll(world: World): void {
    for (const tty of world.terminals.keys()) this.echo(world, tty);
  }

  output(world: World, tty: string, bytes: Uint8Array): void {
    if (!isPerson(tty)) return;
    this.echo(world, tty);
    this.#post(tty, bytes);
  }

  /** A line for a program that is running. */
  answer(tty: string, line: string): void {
    this.#post(tty, encoder.encode(`${typed}${line}${plain}\n`));
  }

  /** The screens of the moment shown, from its state. */
  restored(world: World): ScreenView[] {
    const screens: ScreenView[] = [];
    for (const terminal of world.terminals.values()) {
      if (!isPerson(terminal.name)) continue;
      this.#echoed.set(terminal.name, terminal.commands.length);
      let text = "";
      for (const command of terminal.commands) {
        text += echoText(world, terminal, command.line) + ended(writtenBy(command));
      }
      const history = terminal.commands.map((command) => command.line);
      screens.push({ tty: terminal.name, bytes: encoder.encode(text), history });
    }
    return screens;
  }
}

export function viewTerminals(world: World): TerminalView[] {
  const views: TerminalView[] = [];
  for (const terminal of world.terminals.values()) {
    if (!isPerson(terminal.name)) continue;
    views.push({
      id: terminal.name,
      host: attachedTo(world),
      prompt: promptOf(world, terminal),
      busy: isBusy(terminal),
      raw: isRaw(world, terminal.name),
    });
  }
  return views;
}

export function isRaw(world: World, tty: string): boolean {
  for (const process of world.processes.values()) {
    if (process.tty === tty && process.raw && process.status === "running") return true;
  }
  return false;
}

function echoText(world: World, terminal: TerminalState, line: string): string {
  return `${quiet}${promptOf(world, terminal)}${typed}${line}${plain}\n`;
}

function promptOf(world: World, terminal: TerminalState): string {
  const folder = terminal.cwd === homeFolder ? "" : `${terminal.cwd.replace(homeFolder, "~")} `;
  return `${attachedTo(world)} ${folder}$ `;
}

/** The server that the terminal's `nats` talks to by default. */
function attachedTo(world: World): string {
  return serverHosts(world)[0]?.name ?? "desk";
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

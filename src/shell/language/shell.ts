/** One running shell: its state, its process, and the descriptors that commands are given. */
import type { ProcessContext } from "../../clients/index.ts";
import type { Descriptor } from "../../world/index.ts";
import type { Expander } from "./expand.ts";
import type { ShellState } from "./state.ts";
import type { Command, Script } from "./syntax.ts";

/** Which names can be run, and what to say of those that exist elsewhere but not here. */
export interface CommandTable {
  readonly programs: ReadonlySet<string>;
  readonly builtins: ReadonlySet<string>;
  readonly notSimulated: ReadonlyMap<string, string>;
  /** The lines that `help` prints: without a name, of everything. Null: no such command. */
  help(name: string | null): string | null;
}

/** The interpreter at work. Lives as long as its process; what outlives it is `state`. */
export interface Shell extends Expander {
  readonly context: ProcessContext;
  readonly state: ShellState;
  readonly commands: CommandTable;
  /** It runs a line typed at a terminal: jobs are announced. */
  readonly interactive: boolean;
  /** SIGINT came: the line ends as soon as what runs has ended. */
  interrupted: boolean;
  /** Settles when SIGINT comes. */
  readonly interrupt: Promise<null>;
  /** Commands run since virtual time last moved. */
  spent: number;
  /** Exit status of the last command substitution of the command at hand; null without one. */
  substitutionExit: number | null;
  /** Descriptors that command substitutions inherit: those of the command at hand. */
  fds: Fds;
  run(script: Script, fds: Fds): Promise<number>;
  runCommand(command: Command, fds: Fds): Promise<number>;
}

/** Where a descriptor leads. `memory` is a builtin's input that nobody else can read. */
export type Fd =
  | { readonly kind: "own"; readonly fd: 0 | 1 | 2 }
  | { readonly kind: "other"; readonly descriptor: Descriptor }
  | { readonly kind: "memory"; text: string }
  | { readonly kind: "closed" };

/** By number; numbers that are missing are closed. */
export type Fds = readonly Fd[];

export const ownFds: Fds = [
  { kind: "own", fd: 0 },
  { kind: "own", fd: 1 },
  { kind: "own", fd: 2 },
];

export const nullFd: Fd = { kind: "other", descriptor: { kind: "null" } };

/** A mistake that ends one command with status 1, said as `sh: ...`. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** A shell that spins without waiting would stop the world: after so many commands, time passes. */
const commandsPerMilli = 100;

/** Counts one command against virtual time; makes the line end when SIGINT has come. */
export async function spend(shell: Shell): Promise<void> {
  shell.spent += 1;
  if (shell.spent >= commandsPerMilli) {
    shell.spent = 0;
    await Promise.race([shell.context.sleep(1), shell.interrupt]);
  }
  if (shell.interrupted) unwindInterrupted(shell);
}

/** Leaves the line as Ctrl-C does, keeping the status of a command that ended by itself. */
export function unwindInterrupted(shell: Shell, status = 130): void {
  shell.state.unwind ??= { kind: "exit", status };
}

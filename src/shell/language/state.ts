/** What a shell remembers: plain data, kept by its terminal between lines, copied to subshells. */
import type { Command } from "./syntax.ts";

export interface Variable {
  readonly value: string;
  readonly exported: boolean;
}

/** A command line left running. */
export interface Job {
  readonly id: number;
  readonly pid: number;
  readonly text: string;
}

/** Control that leaves the commands around it: `break 2`, `continue`, `return`, `exit`, Ctrl-C. */
export type Unwind =
  | { readonly kind: "break" | "continue"; levels: number }
  | { readonly kind: "return" | "exit"; readonly status: number };

export interface ShellState {
  cwd: string;
  readonly variables: Map<string, Variable>;
  readonly functions: Map<string, Command>;
  readonly aliases: Map<string, string>;
  readonly jobs: Job[];
  /** `$0`, then `$1` and on. */
  scriptName: string;
  positional: readonly string[];
  lastExit: number;
  /** `$!`; null before the first background command. */
  lastBackground: number | null;
  unwind: Unwind | null;
  /** Names made local by the functions that run, with what they hid; one entry a call. */
  readonly locals: Map<string, Variable | null>[];
}

export function createShellState(
  cwd: string,
  env: Iterable<readonly [string, string]>,
): ShellState {
  const variables = new Map<string, Variable>();
  for (const [name, value] of env) variables.set(name, { value, exported: true });
  return {
    cwd,
    variables,
    functions: new Map(),
    aliases: new Map(),
    jobs: [],
    scriptName: "sh",
    positional: [],
    lastExit: 0,
    lastBackground: null,
    unwind: null,
    locals: [],
  };
}

export function getVariable(state: ShellState, name: string): string | null {
  return state.variables.get(name)?.value ?? null;
}

/** Sets a variable; it stays exported if it was. */
export function setVariable(
  state: ShellState,
  name: string,
  value: string,
  exported = false,
): void {
  const before = state.variables.get(name);
  state.variables.set(name, { value, exported: exported || before?.exported === true });
}

/** The environment that a child is given. */
export function exportedVariables(state: ShellState): [string, string][] {
  const out: [string, string][] = [];
  for (const [name, { value, exported }] of state.variables) if (exported) out.push([name, value]);
  return out;
}

/**
 * The state as text: what a terminal keeps and what a subshell starts from. Exported variables
 * are not in it: they travel as the environment.
 */
export function encodeState(state: ShellState): string {
  return JSON.stringify({
    cwd: state.cwd,
    variables: [...state.variables].filter(([, { exported }]) => !exported),
    functions: [...state.functions],
    aliases: [...state.aliases],
    jobs: state.jobs,
    scriptName: state.scriptName,
    positional: state.positional,
    lastExit: state.lastExit,
    lastBackground: state.lastBackground,
  });
}

/** Reads `encodeState`'s text and adds the environment. */
export function decodeState(text: string, env: Iterable<readonly [string, string]>): ShellState {
  const saved = JSON.parse(text) as SavedState;
  const variables = new Map(saved.variables);
  for (const [name, value] of env) variables.set(name, { value, exported: true });
  return {
    ...saved,
    variables,
    functions: new Map(saved.functions),
    aliases: new Map(saved.aliases),
    unwind: null,
    locals: [],
  };
}

interface SavedState {
  readonly cwd: string;
  readonly variables: readonly (readonly [string, Variable])[];
  readonly functions: readonly (readonly [string, Command])[];
  readonly aliases: readonly (readonly [string, string])[];
  readonly jobs: Job[];
  readonly scriptName: string;
  readonly positional: readonly string[];
  readonly lastExit: number;
  readonly lastBackground: number | null;
}

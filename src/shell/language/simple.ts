/** Runs simple commands: assignments, functions, builtins, programs, and names that are none. */
import { resolvePath } from "../files/paths.ts";
import { ArithmeticError } from "./arithmetic.ts";
import { builtins } from "./builtins/table.ts";
import { spawnProgram } from "./children.ts";
import { complain } from "./descriptors.ts";
import { ExpansionError, expandText, expandWords } from "./expand.ts";
import { nearest } from "./nearest.ts";
import { parseScript } from "./parser.ts";
import { openRedirects, type Reader } from "./redirects.ts";
import { CommandError, type Fds, type Shell, unwindInterrupted } from "./shell.ts";
import { getVariable, type ShellState, setVariable, type Variable } from "./state.ts";
import { type Assign, type Command, ShellSyntaxError, type Simple } from "./syntax.ts";

/** Functions that call themselves without end stop here; bash dies of it. */
const callDepthMax = 200;

export async function runSimple(shell: Shell, command: Simple, fds: Fds): Promise<number> {
  shell.fds = fds;
  shell.substitutionExit = null;
  try {
    const argv = await expandWords(shell, unalias(shell, command).words);
    if (shell.state.unwind !== null) return shell.substitutionExit ?? 130;
    return await runExpanded(shell, command, argv, fds);
  } catch (error) {
    return reportMistake(shell, fds, error);
  }
}

async function runExpanded(
  shell: Shell,
  command: Simple,
  argv: readonly string[],
  fds: Fds,
): Promise<number> {
  const name = argv[0];
  const assigns: [string, string][] = [];
  for (const assign of command.assigns) {
    const value = await assignedValue(shell, assign);
    if (name === undefined) setVariable(shell.state, assign.name, value);
    else assigns.push([assign.name, value]);
  }
  const opened = await openRedirects(shell, command.redirects, fds, readerOf(shell, name));
  try {
    if (name === undefined) return shell.substitutionExit ?? 0;
    return await dispatch(shell, argv, assigns, opened.fds);
  } finally {
    await opened.close();
  }
}

/** Says what went wrong, and which status that is. Errors that are no one's mistake go on. */
export async function reportMistake(shell: Shell, fds: Fds, error: unknown): Promise<number> {
  if (error instanceof CommandError) {
    await complain(shell, fds, error.message);
    return error.status;
  }
  if (error instanceof ExpansionError || error instanceof ArithmeticError) {
    await complain(shell, fds, error.message);
    const status = error instanceof ExpansionError ? 127 : 1;
    shell.state.unwind ??= { kind: "exit", status };
    return status;
  }
  if (error instanceof ShellSyntaxError) {
    await complain(shell, fds, error.message);
    return 2;
  }
  throw error;
}

async function assignedValue(shell: Shell, assign: Assign): Promise<string> {
  const value = await expandText(shell, assign.value);
  return assign.append ? (getVariable(shell.state, assign.name) ?? "") + value : value;
}

function readerOf(shell: Shell, name: string | undefined): Reader {
  if (name === undefined || shell.state.functions.has(name)) return "several";
  if (name === "source" || name === "." || name === "eval") return "several";
  return shell.commands.builtins.has(name) ? "builtin" : "program";
}

async function dispatch(
  shell: Shell,
  argv: readonly string[],
  assigns: readonly (readonly [string, string])[],
  fds: Fds,
): Promise<number> {
  const name = argv[0] as string;
  const prefix = (name === "command" || name === "exec") && /^[^-]/.test(argv[1] ?? "-");
  if (prefix) return dispatchPrefixed(shell, argv, assigns, fds);
  const body = shell.state.functions.get(name);
  if (body !== undefined) {
    return withVariables(shell.state, assigns, () => callFunction(shell, body, argv, fds));
  }
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (builtin !== undefined) {
    const call = { shell, name, args: argv.slice(1), fds };
    return withVariables(shell.state, assigns, () => builtin(call));
  }
  return runProgram(shell, argv, assigns, fds);
}

/** `command NAME` passes functions by; `exec NAME` is the last thing that its shell does. */
async function dispatchPrefixed(
  shell: Shell,
  argv: readonly string[],
  assigns: readonly (readonly [string, string])[],
  fds: Fds,
): Promise<number> {
  const [prefix, name = "", ...args] = argv;
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  const status =
    builtin !== undefined && prefix === "command"
      ? await builtin({ shell, name, args, fds })
      : await runProgram(shell, [name, ...args], assigns, fds);
  if (prefix === "exec") shell.state.unwind ??= { kind: "exit", status };
  return status;
}

async function withVariables(
  state: ShellState,
  assigns: readonly (readonly [string, string])[],
  run: () => Promise<number>,
): Promise<number> {
  const before: [string, Variable | undefined][] = [];
  for (const [name, value] of assigns) {
    before.push([name, state.variables.get(name)]);
    setVariable(state, name, value, true);
  }
  try {
    return await run();
  } finally {
    for (const [name, value] of before) restoreVariable(state, name, value ?? null);
  }
}

function restoreVariable(state: ShellState, name: string, value: Variable | null): void {
  if (value === null) state.variables.delete(name);
  else state.variables.set(name, value);
}

async function callFunction(
  shell: Shell,
  body: Command,
  argv: readonly string[],
  fds: Fds,
): Promise<number> {
  const { state } = shell;
  if (state.locals.length >= callDepthMax) {
    throw new CommandError(`${argv[0]}: more than ${callDepthMax} calls inside each other`);
  }
  const before = state.positional;
  const locals = new Map<string, Variable | null>();
  state.locals.push(locals);
  state.positional = argv.slice(1);
  try {
    const status = await shell.runCommand(body, fds);
    const unwind = state.unwind;
    if (unwind?.kind !== "return") return status;
    state.unwind = null;
    return unwind.status;
  } finally {
    state.positional = before;
    state.locals.pop();
    for (const [name, value] of locals) restoreVariable(state, name, value);
  }
}

async function runProgram(
  shell: Shell,
  argv: readonly string[],
  assigns: readonly (readonly [string, string])[],
  fds: Fds,
): Promise<number> {
  const name = argv[0] as string;
  const run = name.includes("/") ? await scriptFile(shell, argv) : argv;
  const [program] = run;
  if (program === undefined || !shell.commands.programs.has(program)) {
    throw new CommandError(explainUnknown(shell, name), 127);
  }
  const child = await spawnProgram(shell, run, fds, { extra: assigns });
  const status = await child.wait();
  if (shell.interrupted) unwindInterrupted(shell, status);
  return status;
}

/** `./file` runs a file of shell; `/bin/cat` is the program of that name. */
async function scriptFile(shell: Shell, argv: readonly string[]): Promise<readonly string[]> {
  const [name = "", ...args] = argv;
  const system = /^\/(?:usr\/(?:local\/)?)?bin\/([^/]+)$/.exec(name)?.[1];
  if (system !== undefined) return [system, ...args];
  const entry = await shell.context.stat(resolvePath(shell.state.cwd, name));
  if (entry === null) throw new CommandError(`${name}: No such file or directory`, 127);
  if (entry.folder) throw new CommandError(`${name}: Is a directory`, 126);
  return ["sh", name, ...args];
}

/** Why a name cannot be run, and which name may have been meant. */
function explainUnknown(shell: Shell, name: string): string {
  const why = shell.commands.notSimulated.get(name);
  if (why !== undefined) return `${name}: not simulated here${why === "" ? "" : `; ${why}`}`;
  const { programs, builtins: own } = shell.commands;
  const known = [...programs, ...own, ...shell.state.functions.keys()];
  const near = nearest(name, known);
  return `${name}: no such command${near === null ? "" : `; did you mean '${near}'?`}`;
}

/** Puts an alias's words in the place of the first word, once for each alias. */
function unalias(shell: Shell, command: Simple): Simple {
  const seen = new Set<string>();
  let words = command.words;
  for (;;) {
    const [first, ...rest] = words;
    const [part] = first ?? [];
    if (first?.length !== 1 || part?.kind !== "text" || part.quoted) break;
    const text = shell.state.aliases.get(part.text);
    if (text === undefined || seen.has(part.text)) break;
    seen.add(part.text);
    const parsed = parseScript(text)[0]?.first.commands[0];
    if (parsed?.kind !== "simple")
      throw new CommandError(`alias ${part.text}: not a plain command`);
    words = [...parsed.words, ...rest];
  }
  return words === command.words ? command : { ...command, words };
}

/** Builtins that read and write variables: `export unset local read set shift let`. */
import { evaluateArithmetic } from "../arithmetic.ts";
import { readLine } from "../descriptors.ts";
import { getVariable, type ShellState, setVariable } from "../state.ts";
import { type Call, print, refuse, wholeNumber } from "./call.ts";

const nameAndValue = /^([A-Za-z_][A-Za-z0-9_]*)(?:=([\s\S]*))?$/;

export async function exportNames(call: Call): Promise<number> {
  const { state } = call.shell;
  const names = call.args.filter((arg) => arg !== "-p");
  if (names.length === 0) {
    const shown = sortedVariables(state).filter(([, { exported }]) => exported);
    await print(
      call,
      shown.map(([name, { value }]) => `export ${name}=${quote(value)}\n`).join(""),
    );
  }
  let status = 0;
  for (const arg of names) {
    const match = nameAndValue.exec(arg);
    if (match === null) status = await refuse(call, `'${arg}': not a valid identifier`);
    else {
      const [, name = "", value] = match;
      setVariable(state, name, value ?? getVariable(state, name) ?? "", true);
    }
  }
  return status;
}

export async function unset(call: Call): Promise<number> {
  const { variables, functions } = call.shell.state;
  const functionsOnly = call.args[0] === "-f";
  for (const name of call.args) {
    const wasVariable = !functionsOnly && variables.delete(name);
    if (!wasVariable) functions.delete(name);
  }
  return 0;
}

export async function local(call: Call): Promise<number> {
  const { state } = call.shell;
  const frame = state.locals.at(-1);
  if (frame === undefined) return refuse(call, "can only be used in a function");
  for (const arg of call.args) {
    const match = nameAndValue.exec(arg);
    if (match === null) return refuse(call, `'${arg}': not a valid identifier`);
    const [, name = "", value = ""] = match;
    if (!frame.has(name)) frame.set(name, state.variables.get(name) ?? null);
    setVariable(state, name, value);
  }
  return 0;
}

/** `set` alone lists variables; `set -- a b` sets `$1` and on; `-e` and its like change nothing. */
export async function set(call: Call): Promise<number> {
  const { state } = call.shell;
  const [first] = call.args;
  if (first === undefined) {
    const lines = sortedVariables(state).map(([name, { value }]) => `${name}=${quote(value)}\n`);
    await print(call, lines.join(""));
    return 0;
  }
  if (first === "--") state.positional = call.args.slice(1);
  else if (/^[-+]/.test(first)) return refuse(call, `${first}: options are not simulated`, 2);
  else state.positional = call.args;
  return 0;
}

export async function shift(call: Call): Promise<number> {
  const count = wholeNumber(call, call.args[0] ?? "1");
  const { state } = call.shell;
  if (count > state.positional.length) return 1;
  state.positional = state.positional.slice(count);
  return 0;
}

export async function letArithmetic(call: Call): Promise<number> {
  const { state } = call.shell;
  const scope = {
    get: (name: string) => getVariable(state, name) ?? "",
    set: (name: string, value: string) => setVariable(state, name, value),
  };
  let value = 0n;
  for (const text of call.args) value = evaluateArithmetic(text, scope);
  return value === 0n ? 1 : 0;
}

/** `read [-r] [-p PROMPT] [NAME...]`: one line, split at IFS; the last name takes the rest. */
export async function read(call: Call): Promise<number> {
  const { shell, fds } = call;
  const options = readOptions(call.args);
  if (options === null) return refuse(call, `${call.args[0]}: invalid option`, 2);
  const promptShown = options.prompt !== "" && shell.context.tty.in && fds[0]?.kind === "own";
  if (promptShown) await shell.context.writeError(options.prompt);
  let line = await readLine(shell, fds[0]);
  const ended = line === null || !line.endsWith("\n");
  line = (line ?? "").replace(/\n$/, "");
  while (!options.raw && /(^|[^\\])(\\\\)*\\$/.test(line)) {
    const more = await readLine(shell, fds[0]);
    line = line.slice(0, -1) + (more ?? "").replace(/\n$/, "");
    if (more === null) break;
  }
  assignFields(shell.state, options, line);
  return ended ? 1 : 0;
}

interface ReadOptions {
  readonly raw: boolean;
  readonly prompt: string;
  readonly names: readonly string[];
}

function readOptions(args: readonly string[]): ReadOptions | null {
  let raw = false;
  let prompt = "";
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (arg === "-r") raw = true;
    else if (arg === "-p" || arg === "-rp") {
      raw ||= arg === "-rp";
      prompt = args[i + 1] ?? "";
      i += 1;
    } else if (arg.startsWith("-")) return null;
    else return { raw, prompt, names: args.slice(i) };
  }
  return { raw, prompt, names: [] };
}

function assignFields(state: ShellState, options: ReadOptions, line: string): void {
  const { names, raw } = options;
  if (names.length === 0) {
    setVariable(state, "REPLY", raw ? line : dropBackslashes(line));
    return;
  }
  const separators = getVariable(state, "IFS") ?? " \t\n";
  let rest = trimBlanks(line, separators);
  names.forEach((name, i) => {
    const cut = i === names.length - 1 ? null : firstField(rest, separators, raw);
    const field = cut === null ? rest : cut.field;
    rest = cut === null ? "" : cut.rest;
    setVariable(state, name, raw ? field : dropBackslashes(field));
  });
}

function firstField(
  text: string,
  separators: string,
  raw: boolean,
): { field: string; rest: string } {
  let end = 0;
  while (end < text.length && !separators.includes(text[end] as string)) {
    end += text[end] === "\\" && !raw ? 2 : 1;
  }
  const rest = trimBlanks(text.slice(end), separators, true);
  const divides = rest !== "" && separators.includes(rest[0] as string) && text[end] === rest[0];
  const after =
    divides && !isBlank(rest[0] as string) ? trimBlanks(rest.slice(1), separators) : rest;
  return { field: text.slice(0, end), rest: after };
}

/** Drops the blanks of IFS at both ends (or only in front). */
function trimBlanks(text: string, separators: string, frontOnly = false): string {
  const drops = (c: string | undefined): boolean =>
    c !== undefined && isBlank(c) && separators.includes(c);
  let start = 0;
  let end = text.length;
  while (start < end && drops(text[start])) start += 1;
  while (!frontOnly && end > start && drops(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

function isBlank(c: string): boolean {
  return c === " " || c === "\t" || c === "\n";
}

function dropBackslashes(text: string): string {
  return text.replace(/\\([\s\S])/g, "$1");
}

function sortedVariables(state: ShellState): [string, { value: string; exported: boolean }][] {
  return [...state.variables].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The value as it could be typed. */
function quote(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * Words become fields: braces, tilde, parameters, commands, arithmetic, splitting, file names.
 * Order and quoting rules: POSIX.1-2017 XCU 2.6, as bash has them.
 */
import { resolvePath } from "../files/paths.ts";
import { evaluateArithmetic } from "./arithmetic.ts";
import { expandBraces } from "./braces.ts";
import {
  append,
  appendList,
  appendSplit,
  appendValue,
  type Builder,
  endField,
  type Field,
} from "./fields.ts";
import { matchPath } from "./glob.ts";
import { type PatternText, patternOf, patternSource } from "./pattern.ts";
import { getVariable, type ShellState, setVariable } from "./state.ts";
import type { ParameterOp, Part, Script, Word } from "./syntax.ts";

/** What expansion needs of the shell around it. */
export interface Expander {
  readonly state: ShellState;
  readonly pid: number;
  /** Runs a script and gives what it wrote, without the last newlines. */
  substitute(script: Script): Promise<string>;
  /** Names of the entries of a folder, sorted; empty when there is no such folder. */
  entries(folder: string): Promise<readonly { readonly name: string; readonly folder: boolean }[]>;
}

/** `${x:?message}` of an unset variable: ends the line with status 127, as in bash. */
export class ExpansionError extends Error {
  override readonly name = "ExpansionError";
}

/** The words of a command: every expansion, field splitting and file names included. */
export async function expandWords(shell: Expander, words: readonly Word[]): Promise<string[]> {
  const out: string[] = [];
  for (const word of words) {
    for (const one of expandBraces(word)) {
      for (const field of await fieldsOf(shell, one, true)) {
        out.push(...(await fileNames(shell, field)));
      }
    }
  }
  return out;
}

/** One word as one text: for assignments, redirects and the subject of `case`. */
export async function expandText(shell: Expander, word: Word): Promise<string> {
  return fieldText(await onlyField(shell, word));
}

/** One word as a pattern: for the arms of `case` and `${name#pattern}`. */
export async function expandPattern(shell: Expander, word: Word): Promise<PatternText> {
  return fieldPattern(await onlyField(shell, word));
}

/** The value of `$((...))`. */
export async function expandArithmetic(shell: Expander, expression: Word): Promise<bigint> {
  const text = await expandText(shell, expression);
  return evaluateArithmetic(text, {
    get: (name) => parameterValue(shell, name) ?? "",
    set: (name, value) => setVariable(shell.state, name, value),
  });
}

async function onlyField(shell: Expander, word: Word): Promise<Field> {
  const fields = await fieldsOf(shell, word, false);
  return fields.flatMap((field, i) => (i === 0 ? field : [{ text: " ", quoted: true }, ...field]));
}

async function fieldsOf(shell: Expander, word: Word, split: boolean): Promise<Field[]> {
  const separators = getVariable(shell.state, "IFS") ?? " \t\n";
  const builder: Builder = { fields: [], current: null, separators, split };
  await appendParts(shell, builder, withHome(shell, word), false);
  endField(builder);
  return builder.fields;
}

function withHome(shell: Expander, word: Word): Word {
  const [first, ...rest] = word;
  if (first?.kind !== "text" || first.quoted || !/^~(\/|$)/.test(first.text)) return word;
  if (first.text === "~" && rest.length > 0) return word;
  const home = getVariable(shell.state, "HOME") ?? "/";
  const tail: Part = { kind: "text", text: first.text.slice(1), quoted: false };
  return [{ kind: "text", text: home, quoted: true }, tail, ...rest];
}

/** `splitText`: plain text is split as well, as it is in `${name:-plain text}`. */
async function appendParts(
  shell: Expander,
  builder: Builder,
  parts: readonly Part[],
  splitText: boolean,
): Promise<void> {
  for (const part of parts) {
    switch (part.kind) {
      case "text":
        if (splitText && !part.quoted) appendSplit(builder, part.text);
        else append(builder, part.text, part.quoted);
        break;
      case "command":
        appendValue(builder, await shell.substitute(part.body), part.quoted);
        break;
      case "arithmetic":
        appendValue(builder, String(await expandArithmetic(shell, part.expression)), part.quoted);
        break;
      default:
        await appendParameter(shell, builder, part);
    }
  }
}

type ParameterPart = Extract<Part, { kind: "parameter" }>;

async function appendParameter(
  shell: Expander,
  builder: Builder,
  part: ParameterPart,
): Promise<void> {
  const { name, op, quoted } = part;
  if ((name === "@" || name === "*") && (op === null || op.kind === "slice")) {
    const list = op === null ? shell.state.positional : await slicePositional(shell, op);
    return appendList(builder, list, name === "*" && quoted, quoted);
  }
  const value = parameterValue(shell, name);
  if (op !== null && isCondition(op)) {
    const missing = value === null || (op.colon && value === "");
    if (op.kind === "alternative" ? missing : !missing) {
      return op.kind === "alternative" ? undefined : appendValue(builder, value ?? "", quoted);
    }
    return applyCondition(shell, builder, name, op);
  }
  appendValue(builder, await transform(shell, name, value ?? "", op), quoted);
}

type Condition = Extract<ParameterOp, { colon: boolean }>;

function isCondition(op: ParameterOp): op is Condition {
  return "colon" in op;
}

async function applyCondition(
  shell: Expander,
  builder: Builder,
  name: string,
  op: Condition,
): Promise<void> {
  if (op.kind === "error") {
    const said = await expandText(shell, op.word);
    throw new ExpansionError(`${name}: ${said === "" ? "parameter null or not set" : said}`);
  }
  if (op.kind === "assign") {
    const value = await expandText(shell, op.word);
    setVariable(shell.state, name, value);
    return appendValue(builder, value, false);
  }
  return appendParts(shell, builder, withHome(shell, op.word), builder.split);
}

async function transform(
  shell: Expander,
  name: string,
  value: string,
  op: ParameterOp | null,
): Promise<string> {
  switch (op?.kind) {
    case "length":
      if (name === "@" || name === "*") return String(shell.state.positional.length);
      return String([...value].length);
    case "trim":
      return trim(value, await expandPattern(shell, op.word), op);
    case "replace": {
      const pattern = await expandPattern(shell, op.word);
      return replace(value, pattern, op, await expandText(shell, op.by));
    }
    case "slice": {
      const characters = [...value];
      const [from, to] = await sliceBounds(shell, op, characters.length, 0);
      return characters.slice(from, to).join("");
    }
    default:
      return value;
  }
}

function trim(value: string, pattern: PatternText, op: ParameterOp & { kind: "trim" }): string {
  if (op.end === "front") {
    return value.replace(new RegExp(`^${patternSource(pattern, op.longest)}`, "u"), "");
  }
  // A regular expression finds the leftmost match, which at the end of the text is the longest.
  const source = patternSource(pattern);
  if (op.longest) return value.replace(new RegExp(`${source}$`, "u"), "");
  const shortest = new RegExp(`^([^]*)${source}$`, "u").exec(value);
  return shortest === null ? value : (shortest[1] as string);
}

function replace(
  value: string,
  pattern: PatternText,
  op: ParameterOp & { kind: "replace" },
  by: string,
): string {
  if (pattern.length === 0) return value;
  const source = patternSource(pattern);
  const front = op.anchor === "front" ? "^" : "";
  const back = op.anchor === "back" ? "$" : "";
  const search = new RegExp(`${front}${source}${back}`, op.all ? "gu" : "u");
  return value.replace(search, (found) => (found === "" && op.all ? "" : by));
}

type Slice = ParameterOp & { kind: "slice" };

async function slicePositional(shell: Expander, op: Slice): Promise<readonly string[]> {
  const all = [shell.state.scriptName, ...shell.state.positional];
  const [from, to] = await sliceBounds(shell, op, all.length, 1);
  return all.slice(from, to);
}

async function sliceBounds(
  shell: Expander,
  op: Slice,
  length: number,
  first: number,
): Promise<[number, number]> {
  const from = Number(await expandArithmetic(shell, op.from));
  const start = from < 0 ? Math.max(length + from, 0) : Math.max(from, from === 0 ? 0 : first);
  if (op.length === null) return [start, length];
  const count = Number(await expandArithmetic(shell, op.length));
  return [start, Math.max(start, count < 0 ? length + count : start + count)];
}

/** The value of a variable, a positional or a special parameter; null when unset. */
function parameterValue(shell: Expander, name: string): string | null {
  const { state } = shell;
  switch (name) {
    case "?":
      return String(state.lastExit);
    case "$":
      return String(shell.pid);
    case "!":
      return state.lastBackground === null ? "" : String(state.lastBackground);
    case "#":
      return String(state.positional.length);
    case "@":
    case "*":
      return state.positional.length === 0 ? null : state.positional.join(" ");
    case "-":
      return "";
    case "0":
      return state.scriptName;
    default:
      if (/^\d/.test(name)) return state.positional[Number(name) - 1] ?? null;
      return getVariable(state, name);
  }
}

function fieldText(field: Field): string {
  return field.map(({ text }) => text).join("");
}

function fieldPattern(field: Field): PatternText {
  return field.flatMap(({ text, quoted }) => patternOf(text, quoted));
}

/** The files that a field's wildcards stand for; its own text when there are none. */
async function fileNames(shell: Expander, field: Field): Promise<string[]> {
  const text = fieldText(field);
  if (!field.some((segment) => !segment.quoted && /[*?[]/.test(segment.text))) return [text];
  const entries = (folder: string): ReturnType<Expander["entries"]> =>
    shell.entries(resolvePath(shell.state.cwd, folder));
  const found = await matchPath(entries, fieldPattern(field));
  return found.length === 0 ? [text] : found;
}

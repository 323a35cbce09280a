/** `jq [-rcnsejS] [--arg NAME VALUE] [--argjson NAME JSON] FILTER [FILE...]`. */
import { defineTool, print, readInput, readWhole, type Tool, ToolError } from "../tool.ts";
import { type Bindings, evaluate } from "./evaluate.ts";
import { parseFilter } from "./parse.ts";
import { type Filter, JqError, type Json } from "./syntax.ts";
import { isArray, isObject, isTrue, sortedKeys } from "./values.ts";

interface Options {
  readonly given: ReadonlySet<string>;
  readonly bindings: Bindings;
  readonly operands: readonly string[];
}

const longNames: Readonly<Record<string, string>> = {
  "raw-output": "r",
  "compact-output": "c",
  "null-input": "n",
  slurp: "s",
  "exit-status": "e",
  "join-output": "j",
  "sort-keys": "S",
  "raw-input": "R",
  "monochrome-output": "M",
};

export const jq = defineTool("jq", async (tool) => {
  const options = jqOptions(tool.args);
  const [source, ...files] = options.operands;
  if (source === undefined) throw new ToolError("a filter is missing", 2);
  try {
    return await runFilter(tool, options, parseFilter(source), files);
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    throw new ToolError(`error: ${error.message}`, error.exit);
  }
});

function jqOptions(args: readonly string[]): Options {
  const given = new Set<string>();
  const bindings = new Map<string, Json>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (arg === "--arg" || arg === "--argjson") {
      const [name = "", value = ""] = args.slice(i + 1, i + 3);
      bindings.set(name, arg === "--arg" ? value : readJson(value));
      i += 2;
    } else if (arg.startsWith("--")) {
      const letter = Object.hasOwn(longNames, arg.slice(2)) ? longNames[arg.slice(2)] : undefined;
      if (letter === undefined) throw new ToolError(`unknown option: ${arg}`, 2);
      given.add(letter);
    } else if (/^-./.test(arg)) {
      for (const letter of arg.slice(1)) {
        if (!"rcnsejSRM".includes(letter)) throw new ToolError(`unknown option: -${letter}`, 2);
        given.add(letter);
      }
    } else operands.push(arg);
  }
  return { given, bindings, operands };
}

async function runFilter(
  tool: Tool,
  options: Options,
  filter: Filter,
  files: readonly string[],
): Promise<number> {
  let last: Json | undefined;
  let failed = false;
  for await (const input of inputs(tool, options, files)) {
    try {
      for (const value of evaluate(filter, input, options.bindings)) {
        last = value;
        await print(tool, printed(value, options.given));
      }
    } catch (error) {
      if (!(error instanceof JqError) || error.exit === 3) throw error;
      // As jq: the value is given up, the next one is tried.
      await tool.context.writeError(`jq: error: ${error.message}\n`);
      failed = true;
    }
  }
  if (failed) return 5;
  if (!options.given.has("e")) return tool.status === 0 ? 0 : 2;
  return last === undefined ? 4 : isTrue(last) ? 0 : 1;
}

async function* inputs(
  tool: Tool,
  { given }: Options,
  files: readonly string[],
): AsyncGenerator<Json> {
  if (given.has("n")) {
    yield null;
    return;
  }
  const values = given.has("R") ? lines(tool, files) : documents(tool, files);
  if (!given.has("s")) {
    yield* values;
    return;
  }
  const all: Json[] = [];
  for await (const value of values) all.push(value);
  yield given.has("R") ? all.map((line) => `${line}\n`).join("") : all;
}

async function* texts(tool: Tool, files: readonly string[]): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for (const name of files) {
    const bytes = await readWhole(tool, name);
    if (bytes !== null) yield new TextDecoder().decode(bytes);
  }
  while (files.length === 0) {
    const bytes = await readInput(tool);
    if (bytes === null) return;
    yield decoder.decode(bytes, { stream: true });
  }
}

async function* lines(tool: Tool, files: readonly string[]): AsyncGenerator<Json> {
  let held = "";
  for await (const text of texts(tool, files)) {
    const parts = (held + text).split("\n");
    held = parts.pop() ?? "";
    yield* parts;
  }
  if (held !== "") yield held;
}

/** JSON documents one after another, each as soon as it is whole. */
async function* documents(tool: Tool, files: readonly string[]): AsyncGenerator<Json> {
  let held = "";
  for await (const text of texts(tool, files)) {
    held += text;
    for (;;) {
      const end = documentEnd(held, false);
      if (end === null) break;
      yield readJson(held.slice(0, end));
      held = held.slice(end);
    }
  }
  while (held.trim() !== "") {
    const end = documentEnd(held, true) ?? held.length;
    yield readJson(held.slice(0, end));
    held = held.slice(end);
  }
}

/** Where the first document of a text ends; null while it may go on. */
function documentEnd(text: string, whole: boolean): number | null {
  const start = text.search(/\S/);
  if (start === -1) return null;
  if (!'[{"'.includes(text[start] as string)) {
    const end = text.slice(start).search(/[\s[{"]/);
    return end === -1 ? (whole ? text.length : null) : start + Math.max(end, 1);
  }
  let depth = 0;
  for (let i = start; i < text.length; i += 1) {
    const c = text[i] as string;
    if (c === '"') i = textEnd(text, i);
    else if (c === "[" || c === "{") depth += 1;
    else if (c === "]" || c === "}") depth -= 1;
    if (depth === 0 && i < text.length) return i + 1;
  }
  return null;
}

/** Place of the closing quote of the text that begins at `start`; past the end without one. */
function textEnd(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function readJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    const shown = text.trim().slice(0, 40);
    throw new ToolError(`parse error: not JSON: ${shown}`, 2);
  }
}

function printed(value: Json, given: ReadonlySet<string>): string {
  const raw = given.has("r") || given.has("j");
  const sorted = given.has("S") ? withSortedKeys(value) : value;
  const text =
    raw && typeof value === "string"
      ? value
      : JSON.stringify(sorted, null, given.has("c") ? undefined : 2);
  return given.has("j") ? text : `${text}\n`;
}

function withSortedKeys(value: Json): Json {
  if (isArray(value)) return value.map(withSortedKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    sortedKeys(value).map((key) => [key, withSortedKeys(value[key] as Json)]),
  );
}

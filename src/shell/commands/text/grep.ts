/** `grep [-ivnclowqEFrhH] [-e PATTERN] [-m N] [-A N] [-B N] [-C N] PATTERN [FILE...]`. */
import {
  defineTool,
  inputLines,
  type Options,
  pathOf,
  print,
  readOptions,
  type Tool,
  ToolError,
  toCount,
} from "./tool.ts";

interface Search {
  readonly pattern: RegExp;
  readonly given: ReadonlySet<string>;
  readonly named: boolean;
  readonly most: number;
  readonly before: number;
  readonly after: number;
}

const longNames = {
  "ignore-case": "i",
  "invert-match": "v",
  "line-number": "n",
  count: "c",
  "files-with-matches": "l",
  "only-matching": "o",
  "word-regexp": "w",
  quiet: "q",
  "extended-regexp": "E",
  "fixed-strings": "F",
  recursive: "r",
  "no-filename": "h",
  "with-filename": "H",
  regexp: "e",
  "max-count": "m",
  "after-context": "A",
  "before-context": "B",
  context: "C",
  "line-buffered": "u",
  color: "y",
} as const;

export const grep = defineTool("grep", async (tool) => {
  const options = readOptions(tool.args, "ivnclowqsxEFPrRhHu", "emABCy", longNames);
  const asked = options.values.get("e") ?? options.rest[0];
  if (asked === undefined) throw new ToolError("a pattern is missing", 2);
  const operands = options.values.has("e") ? options.rest : options.rest.slice(1);
  const recursive = options.given.has("r") || options.given.has("R");
  const files = recursive ? await filesBelow(tool, operands) : operands;
  const search = searchOf(options, asked, files.length > 1 || recursive);
  let found = false;
  for (const name of files.length === 0 ? ["-"] : files) {
    if (await searchInput(tool, search, name)) found = true;
    if (found && search.given.has("q")) return 0;
  }
  if (tool.status !== 0) return 2;
  return found ? 0 : 1;
});

function searchOf(options: Options, asked: string, several: boolean): Search {
  const { given, values } = options;
  const context = values.get("C") ?? "0";
  return {
    pattern: compile(asked, given),
    given,
    named: (several || given.has("H")) && !given.has("h"),
    most: toCount(values.get("m") ?? String(Number.MAX_SAFE_INTEGER), "max count"),
    before: toCount(values.get("B") ?? context, "context length argument"),
    after: toCount(values.get("A") ?? context, "context length argument"),
  };
}

function compile(asked: string, given: ReadonlySet<string>): RegExp {
  const alternatives = asked.split("\n").map((line) => sourceOf(line, given));
  let source = alternatives.length > 1 ? `(?:${alternatives.join("|")})` : (alternatives[0] ?? "");
  if (given.has("w")) source = `(?<![A-Za-z0-9_])(?:${source})(?![A-Za-z0-9_])`;
  if (given.has("x")) source = `^(?:${source})$`;
  try {
    return new RegExp(source, given.has("i") ? "gi" : "g");
  } catch {
    throw new ToolError(`${asked}: not a regular expression`, 2);
  }
}

function sourceOf(text: string, given: ReadonlySet<string>): string {
  if (given.has("F")) return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const extended = given.has("E") || given.has("P");
  return withClasses(extended ? text : fromBasic(text));
}

/** A basic expression has its operators the other way round: `\(` groups, `(` is a bracket. */
export function fromBasic(text: string): string {
  const pieces = /\\[\s\S]|\[\^?\]?[^\]]*\]|^\*|[(){}|+?]/g;
  return text.replace(pieces, (piece) => {
    if (piece.startsWith("\\")) return "(){}|+?".includes(piece[1] ?? " ") ? piece.slice(1) : piece;
    return piece.startsWith("[") ? piece : `\\${piece}`;
  });
}

const posixClasses: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: "\\s",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  xdigit: "0-9A-Fa-f",
};

export function withClasses(source: string): string {
  return source
    .replace(/\[:(\w+):\]/g, (all, name: string) => posixClasses[name] ?? all)
    .replace(/\\[<>]/g, "\\b");
}

async function filesBelow(tool: Tool, operands: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of operands.length === 0 ? ["."] : operands) {
    const entry = await tool.context.stat(pathOf(tool, name));
    if (!entry?.folder) {
      found.push(name);
      continue;
    }
    const inside = await tool.context.listFiles(pathOf(tool, name));
    const below = inside.map(({ path }) => `${name}/${path.slice(path.lastIndexOf("/") + 1)}`);
    found.push(...(below.length === 0 ? [] : await filesBelow(tool, below)));
  }
  return found;
}

/** Lines around a match that are still to be shown. */
interface Window {
  readonly held: { readonly line: string; readonly number: number }[];
  after: number;
  shownLast: number;
}

async function searchInput(tool: Tool, search: Search, name: string): Promise<boolean> {
  const { given } = search;
  const window: Window = { held: [], after: 0, shownLast: 0 };
  const prefix = search.named ? `${name === "-" ? "(standard input)" : name}` : null;
  const quiet = given.has("q") || given.has("l") || given.has("c");
  let [number, count] = [0, 0];
  for await (const line of inputLines(tool, [name])) {
    number += 1;
    search.pattern.lastIndex = 0;
    const hit = search.pattern.test(line) !== given.has("v");
    if (hit) count += 1;
    if (!quiet) await show(tool, search, window, { line, number, hit, prefix });
    if (
      (hit && (given.has("q") || given.has("l"))) ||
      (count >= search.most && window.after === 0)
    ) {
      break;
    }
  }
  if (given.has("l") && count > 0) await print(tool, `${name}\n`);
  else if (given.has("c")) await print(tool, `${prefix === null ? "" : `${prefix}:`}${count}\n`);
  return count > 0;
}

interface Line {
  readonly line: string;
  readonly number: number;
  readonly hit: boolean;
  readonly prefix: string | null;
}

async function show(tool: Tool, search: Search, window: Window, line: Line): Promise<void> {
  if (!line.hit) {
    if (window.after > 0) {
      window.after -= 1;
      window.shownLast = line.number;
      await print(tool, `${label(search, line, "-")}${line.line}\n`);
    } else if (search.before > 0 && window.held.push(line) > search.before) window.held.shift();
    return;
  }
  const [first = line] = window.held;
  const gap = window.shownLast > 0 && first.number > window.shownLast + 1;
  if (gap && search.before + search.after > 0) await print(tool, "--\n");
  for (const held of window.held) {
    await print(tool, `${label(search, { ...held, prefix: line.prefix }, "-")}${held.line}\n`);
  }
  window.held.length = 0;
  window.after = search.after;
  window.shownLast = line.number;
  if (!search.given.has("o")) {
    await print(tool, `${label(search, line, ":")}${line.line}\n`);
    return;
  }
  for (const match of line.line.matchAll(search.pattern)) {
    if (match[0] !== "") await print(tool, `${label(search, line, ":")}${match[0]}\n`);
  }
}

function label(search: Search, line: Omit<Line, "hit" | "line">, mark: string): string {
  const number = search.given.has("n") ? `${line.number}${mark}` : "";
  return `${line.prefix === null ? "" : `${line.prefix}${mark}`}${number}`;
}

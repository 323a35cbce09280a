/** Tools that pass input on as it comes: `cat head tail tee wc nl`-like, one line at a time. */
import {
  complain,
  defineTool,
  inputLines,
  pathOf,
  print,
  readInput,
  readOptions,
  readWhole,
  type Tool,
  toCount,
} from "./tool.ts";

export const cat = defineTool("cat", async (tool) => {
  const { given, rest } = readOptions(tool.args, "nuA");
  if (given.has("n")) return catNumbered(tool, rest);
  for (const name of rest.length === 0 ? ["-"] : rest) {
    if (name !== "-") {
      const bytes = await readWhole(tool, name);
      if (bytes !== null && bytes.length > 0) await print(tool, bytes);
      continue;
    }
    for (;;) {
      const bytes = await readInput(tool);
      if (bytes === null) break;
      await print(tool, bytes);
    }
  }
  return tool.status;
});

async function catNumbered(tool: Tool, files: readonly string[]): Promise<number> {
  let number = 0;
  for await (const line of inputLines(tool, files)) {
    number += 1;
    await print(tool, `${String(number).padStart(6)}\t${line}\n`);
  }
  return tool.status;
}

/** `head [-n N | -N | -c BYTES] [FILE...]`: ends as soon as it has enough. */
export const head = defineTool("head", async (tool) => {
  const { values, rest, given } = readOptions(legacyCount(tool.args), "qv", "nc", countNames);
  const names = rest.length === 0 ? ["-"] : rest;
  const titled = (names.length > 1 && !given.has("q")) || given.has("v");
  for (const [i, name] of names.entries()) {
    if (titled) await print(tool, title(name, i));
    const bytes = values.get("c");
    if (bytes !== undefined) await headBytes(tool, name, toCount(bytes, "number of bytes"));
    else await headLines(tool, name, values.get("n") ?? "10");
  }
  return tool.status;
});

const countNames = { lines: "n", bytes: "c", quiet: "q", verbose: "v" } as const;

/** `-5` is `-n 5`. */
function legacyCount(args: readonly string[]): string[] {
  return args.map((arg, i) => {
    const isValue = /^-[nc]$|^--(lines|bytes)$/.test(args[i - 1] ?? "");
    return /^-\d+$/.test(arg) && !isValue ? `-n${arg.slice(1)}` : arg;
  });
}

async function headLines(tool: Tool, name: string, asked: string): Promise<void> {
  const butLast = asked.startsWith("-");
  const count = toCount(asked.replace(/^[-+]/, ""), "number of lines");
  const held: string[] = [];
  let taken = 0;
  if (count === 0 && !butLast) return;
  for await (const line of inputLines(tool, [name])) {
    taken += 1;
    if (!butLast) await print(tool, `${line}\n`);
    else if (held.push(line) > count) await print(tool, `${held.shift()}\n`);
    if (!butLast && taken === count) return;
  }
}

async function headBytes(tool: Tool, name: string, count: number): Promise<void> {
  let left = count;
  for await (const chunk of chunks(tool, name)) {
    await print(tool, chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function* chunks(tool: Tool, name: string): AsyncGenerator<Uint8Array> {
  if (name !== "-") {
    const whole = await readWhole(tool, name);
    if (whole !== null) yield whole;
    return;
  }
  for (;;) {
    const bytes = await readInput(tool);
    if (bytes === null) return;
    yield bytes;
  }
}

function title(name: string, index: number): string {
  return `${index > 0 ? "\n" : ""}==> ${name === "-" ? "standard input" : name} <==\n`;
}

/** `tail [-n N | -n +N | -N] [-f] [FILE...]`; `-f` looks at the file again every second. */
export const tail = defineTool("tail", async (tool) => {
  const { values, rest, given } = readOptions(legacyCount(tool.args), "qvf", "nc", countNames);
  const names = rest.length === 0 ? ["-"] : rest;
  const titled = (names.length > 1 && !given.has("q")) || given.has("v");
  for (const [i, name] of names.entries()) {
    if (titled) await print(tool, title(name, i));
    const bytes = values.get("c");
    if (bytes !== undefined) await tailBytes(tool, name, toCount(bytes, "number of bytes"));
    else await tailLines(tool, name, values.get("n") ?? "10");
  }
  const [last = "-"] = names.slice(-1);
  if (given.has("f") && last !== "-") return followFile(tool, last);
  return tool.status;
});

async function tailLines(tool: Tool, name: string, asked: string): Promise<void> {
  const fromStart = asked.startsWith("+");
  const count = toCount(asked.replace(/^[-+]/, ""), "number of lines");
  const held: string[] = [];
  let number = 0;
  for await (const line of inputLines(tool, [name])) {
    number += 1;
    if (fromStart && number >= count) await print(tool, `${line}\n`);
    if (!fromStart && held.push(line) > count) held.shift();
  }
  for (const line of held) await print(tool, `${line}\n`);
}

async function tailBytes(tool: Tool, name: string, count: number): Promise<void> {
  let held = new Uint8Array(0);
  for await (const chunk of chunks(tool, name)) {
    const joined = new Uint8Array(held.length + chunk.length);
    joined.set(held);
    joined.set(chunk, held.length);
    held = joined.slice(Math.max(0, joined.length - count));
  }
  if (held.length > 0) await print(tool, held);
}

async function followFile(tool: Tool, name: string): Promise<number> {
  const path = pathOf(tool, name);
  let seen = (await tool.context.stat(path))?.size ?? 0;
  for (;;) {
    await tool.context.sleep(1000);
    const size = (await tool.context.stat(path))?.size ?? 0;
    if (size < seen) await complain(tool, `${name}: file truncated`);
    if (size > seen) await print(tool, (await tool.context.readFile(path)).slice(seen));
    seen = size;
  }
}

/** `tee [-a] FILE...`: what comes in goes out and into the files. */
export const tee = defineTool("tee", async (tool) => {
  const { given, rest } = readOptions(tool.args, "ai");
  const paths = rest.map((name) => pathOf(tool, name));
  if (!given.has("a")) {
    for (const path of paths) await tool.context.writeFile(path, "");
  }
  for (;;) {
    const bytes = await readInput(tool);
    if (bytes === null) return 0;
    await print(tool, bytes);
    for (const path of paths) await tool.context.writeFile(path, bytes, { append: true });
  }
});

interface Counts {
  readonly lines: number;
  readonly words: number;
  readonly characters: number;
  readonly bytes: number;
}

/** `wc [-lwcm] [FILE...]`. */
export const wc = defineTool("wc", async (tool) => {
  const { given, rest } = readOptions(tool.args, "lwcm", "", {
    lines: "l",
    words: "w",
    bytes: "c",
    chars: "m",
  });
  const rows: { counts: Counts; name: string }[] = [];
  for (const name of rest.length === 0 ? ["-"] : rest) {
    const counts = await countInput(tool, name);
    if (counts !== null) rows.push({ counts, name: rest.length === 0 ? "" : name });
  }
  if (rows.length > 1) rows.push({ counts: sum(rows.map(({ counts }) => counts)), name: "total" });
  const shown = rows.map(({ counts }) => columnsOf(counts, given));
  const alone = rows.length === 1 && shown[0]?.length === 1;
  const width = alone ? 1 : countWidth(shown.flat(), rest.length === 0);
  for (const [i, { name }] of rows.entries()) {
    const cells = (shown[i] ?? []).map((count) => String(count).padStart(width)).join(" ");
    await print(tool, `${cells}${name === "" ? "" : ` ${name}`}\n`);
  }
  return tool.status;
});

async function countInput(tool: Tool, name: string): Promise<Counts | null> {
  const decoder = new TextDecoder();
  let [lines, words, characters, bytes] = [0, 0, 0, 0];
  let inWord = false;
  const add = (text: string): void => {
    for (const c of text) {
      const blank = /\s/.test(c);
      if (c === "\n") lines += 1;
      if (!blank && !inWord) words += 1;
      inWord = !blank;
      characters += 1;
    }
  };
  if (name !== "-" && (await tool.context.stat(pathOf(tool, name)))?.folder !== false) {
    await readWhole(tool, name);
    return null;
  }
  for await (const chunk of chunks(tool, name)) {
    bytes += chunk.length;
    add(decoder.decode(chunk, { stream: true }));
  }
  return { lines, words, characters, bytes };
}

function columnsOf(counts: Counts, given: ReadonlySet<string>): number[] {
  const all = given.size === 0;
  const columns: number[] = [];
  if (all || given.has("l")) columns.push(counts.lines);
  if (all || given.has("w")) columns.push(counts.words);
  if (given.has("m")) columns.push(counts.characters);
  if (all || given.has("c")) columns.push(counts.bytes);
  return columns;
}

/** GNU: as wide as the largest number; 7 when the size of the input is not known beforehand. */
function countWidth(numbers: readonly number[], fromPipe: boolean): number {
  const widest = numbers.reduce((width, count) => Math.max(width, String(count).length), 1);
  return fromPipe ? Math.max(7, widest) : widest;
}

function sum(all: readonly Counts[]): Counts {
  const total = (key: keyof Counts): number =>
    all.reduce((sofar, counts) => sofar + counts[key], 0);
  return {
    lines: total("lines"),
    words: total("words"),
    characters: total("characters"),
    bytes: total("bytes"),
  };
}

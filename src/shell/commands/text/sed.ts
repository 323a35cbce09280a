/** `sed [-nE] [-i] [-e SCRIPT] [SCRIPT] [FILE...]`: the commands `s p d q y` with their addresses. */
import { fromBasic, withClasses } from "./grep.ts";
import {
  defineTool,
  inputLines,
  pathOf,
  print,
  readOptions,
  splitLines,
  type Tool,
  ToolError,
} from "./tool.ts";

type Address =
  | { readonly kind: "line"; readonly number: number }
  | { readonly kind: "last" }
  | { readonly kind: "match"; readonly pattern: RegExp };

interface Command {
  readonly from: Address | null;
  readonly to: Address | null;
  readonly negated: boolean;
  readonly act: Act;
  /** Inside a range that has begun and not ended. */
  open: boolean;
}

type Act =
  | { readonly kind: "p" | "d" | "q" }
  | {
      readonly kind: "s";
      readonly pattern: RegExp;
      readonly by: string;
      readonly prints: boolean;
    }
  | { readonly kind: "y"; readonly map: ReadonlyMap<string, string> };

export const sed = defineTool("sed", async (tool) => {
  const scripts: string[] = [];
  const args = takeScripts(tool.args, scripts);
  const { given, rest } = readOptions(args, "nEriz", "", { quiet: "n", "regexp-extended": "E" });
  const files = [...rest];
  if (scripts.length === 0) scripts.push(files.shift() ?? missingScript());
  const extended = given.has("E") || given.has("r");
  const parse = (): Command[] => parseScript(scripts.join("\n"), extended);
  const quiet = given.has("n");
  if (!given.has("i")) {
    await editLines(inputLines(tool, files), parse(), quiet, (text) => print(tool, text));
    return tool.status;
  }
  for (const name of files) await editInPlace(tool, name, parse(), quiet);
  return tool.status;
});

/** `-e` may be given several times, which getopt's map of values cannot hold. */
function takeScripts(args: readonly string[], scripts: string[]): string[] {
  const others: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (arg === "-e" || arg === "--expression") scripts.push(args[++i] ?? missingScript());
    else if (arg.startsWith("--expression=")) scripts.push(arg.slice("--expression=".length));
    else if (/^-[nEr]*e$/.test(arg)) {
      others.push(arg.slice(0, -1));
      scripts.push(args[++i] ?? missingScript());
    } else others.push(arg);
  }
  return others;
}

function missingScript(): never {
  throw new ToolError("a script is missing", 1);
}

async function editInPlace(
  tool: Tool,
  name: string,
  commands: Command[],
  quiet: boolean,
): Promise<void> {
  const entry = await tool.context.stat(pathOf(tool, name));
  if (entry === null) throw new ToolError(`can't read ${name}: No such file or directory`, 2);
  const before = splitLines(
    new TextDecoder().decode(await tool.context.readFile(pathOf(tool, name))),
  );
  let after = "";
  await editLines(before, commands, quiet, async (text) => {
    after += text;
  });
  await tool.context.writeFile(pathOf(tool, name), after);
}

/** Holds one line back, so that `$` knows the last. */
async function editLines(
  lines: AsyncIterable<string> | Iterable<string>,
  commands: Command[],
  quiet: boolean,
  write: (text: string) => Promise<void>,
): Promise<void> {
  let held: string | null = null;
  let number = 0;
  const edit = async (line: string, last: boolean): Promise<boolean> => {
    number += 1;
    return editLine({ text: line, number, last }, commands, quiet, write);
  };
  for await (const line of lines) {
    if (held !== null && !(await edit(held, false))) return;
    held = line;
  }
  if (held !== null) await edit(held, true);
}

interface Line {
  text: string;
  readonly number: number;
  readonly last: boolean;
}

/** False when the script quits here. */
async function editLine(
  line: Line,
  commands: readonly Command[],
  quiet: boolean,
  write: (text: string) => Promise<void>,
): Promise<boolean> {
  let goesOn = true;
  for (const command of commands) {
    if (selects(command, line) === command.negated) continue;
    const { act } = command;
    if (act.kind === "d") return true;
    if (act.kind === "p") await write(`${line.text}\n`);
    else if (act.kind === "y") line.text = [...line.text].map((c) => act.map.get(c) ?? c).join("");
    else if (act.kind === "s") {
      const edited = line.text.replace(act.pattern, act.by);
      const changed = edited !== line.text;
      line.text = edited;
      if (changed && act.prints) await write(`${edited}\n`);
    } else {
      goesOn = false;
      break;
    }
  }
  if (!quiet) await write(`${line.text}\n`);
  return goesOn;
}

function selects(command: Command, line: Line): boolean {
  const { from, to } = command;
  if (from === null) return true;
  if (to === null) return isAt(from, line);
  if (command.open) {
    command.open = !isAt(to, line);
    return true;
  }
  if (!isAt(from, line)) return false;
  command.open = !(to.kind === "line" && to.number <= line.number);
  return true;
}

function isAt(address: Address, line: Line): boolean {
  if (address.kind === "line") return address.number === line.number;
  return address.kind === "last" ? line.last : address.pattern.test(line.text);
}

interface Scanner {
  readonly text: string;
  readonly extended: boolean;
  at: number;
}

function parseScript(text: string, extended: boolean): Command[] {
  const scanner: Scanner = { text, extended, at: 0 };
  const commands: Command[] = [];
  for (;;) {
    skip(scanner, /[\s;]*/y);
    if (scanner.at >= text.length) return commands;
    commands.push(parseCommand(scanner));
  }
}

function parseCommand(scanner: Scanner): Command {
  const from = parseAddress(scanner);
  skip(scanner, /\s*/y);
  const to = from !== null && skip(scanner, /,\s*/y) !== "" ? parseAddress(scanner) : null;
  const negated = skip(scanner, /\s*!\s*|\s*/y).includes("!");
  const letter = scanner.text[scanner.at] ?? "";
  scanner.at += 1;
  if (letter === "p" || letter === "d" || letter === "q") {
    return { from, to, negated, act: { kind: letter }, open: false };
  }
  if (letter === "s") return { from, to, negated, act: parseSubstitution(scanner), open: false };
  if (letter === "y") return { from, to, negated, act: parseMapping(scanner), open: false };
  throw new ToolError(`-e expression, char ${scanner.at}: unknown command: '${letter}'`);
}

function parseAddress(scanner: Scanner): Address | null {
  const number = skip(scanner, /\d+/y);
  if (number !== "") return { kind: "line", number: Number(number) };
  if (skip(scanner, /\$/y) !== "") return { kind: "last" };
  if (scanner.text[scanner.at] !== "/") return null;
  scanner.at += 1;
  return { kind: "match", pattern: compile(scanner, readUntil(scanner, "/"), "") };
}

function parseSubstitution(scanner: Scanner): Act {
  const delimiter = scanner.text[scanner.at] ?? "";
  scanner.at += 1;
  const source = readUntil(scanner, delimiter);
  const by = readUntil(scanner, delimiter);
  const flags = skip(scanner, /[gpiI]*/y);
  const mode = (flags.includes("g") ? "g" : "") + (/i/i.test(flags) ? "i" : "");
  return {
    kind: "s",
    pattern: compile(scanner, source, mode),
    by: replacement(by),
    prints: flags.includes("p"),
  };
}

function parseMapping(scanner: Scanner): Act {
  const delimiter = scanner.text[scanner.at] ?? "";
  scanner.at += 1;
  const from = [...readUntil(scanner, delimiter)];
  const to = [...readUntil(scanner, delimiter)];
  if (from.length !== to.length)
    throw new ToolError("strings for 'y' command are different lengths");
  return { kind: "y", map: new Map(from.map((c, i) => [c, to[i] as string])) };
}

/** Text up to the delimiter; behind a backslash the delimiter is a plain character. */
function readUntil(scanner: Scanner, delimiter: string): string {
  let out = "";
  for (; scanner.at < scanner.text.length; scanner.at += 1) {
    const c = scanner.text[scanner.at] as string;
    if (c === delimiter) {
      scanner.at += 1;
      return out;
    }
    if (c === "\\") {
      scanner.at += 1;
      const escaped = scanner.text[scanner.at] ?? "";
      out += escaped === delimiter ? escaped : `\\${escaped}`;
    } else out += c;
  }
  throw new ToolError(`-e expression, char ${scanner.at}: unterminated '${delimiter}'`);
}

function compile(scanner: Scanner, source: string, flags: string): RegExp {
  try {
    return new RegExp(withClasses(scanner.extended ? source : fromBasic(source)), flags);
  } catch {
    throw new ToolError(`${source}: not a regular expression`);
  }
}

/** `&` and `\1` as JavaScript's replacement spells them. */
function replacement(by: string): string {
  return by.replace(/\\([\s\S])|&|\$/g, (all, escaped: string | undefined) => {
    if (all === "&") return "$&";
    if (all === "$") return "$$";
    if (escaped === "n") return "\n";
    if (escaped === "t") return "\t";
    return /\d/.test(escaped ?? "") ? `$${escaped === "0" ? "&" : escaped}` : (escaped ?? "");
  });
}

function skip(scanner: Scanner, pattern: RegExp): string {
  pattern.lastIndex = scanner.at;
  const found = pattern.exec(scanner.text)?.[0] ?? "";
  scanner.at += found.length;
  return found;
}

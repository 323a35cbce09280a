/** What the text tools share: options as getopt reads them, lines that stream, mistakes said. */
import type { ProcessContext, Program } from "../../../clients/index.ts";
import { resolvePath } from "../../files/paths.ts";

/** A person's mistake: said as `NAME: message`, ends the tool with `status`. */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly status: number;
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** One run of a tool. `status` becomes its exit status unless `run` returns another. */
export interface Tool {
  readonly context: ProcessContext;
  readonly name: string;
  readonly args: readonly string[];
  status: number;
  /** Printed and not written yet: it goes out before the tool waits for anything. */
  printed: string;
}

/** Makes a program of a tool; `usage` follows its name when an option is wrong. */
export function defineTool(
  name: string,
  run: (tool: Tool) => Promise<number | undefined>,
): Program {
  return async (context) => {
    const tool: Tool = { context, name, args: context.argv.slice(1), status: 0, printed: "" };
    try {
      const status = await run(tool);
      await flush(tool);
      return status ?? tool.status;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      await flush(tool);
      await context.writeError(`${name}: ${error.message}\n`);
      return error.status;
    }
  };
}

// Many lines go out in one write; a pipe holds 64 KiB.
const printedMax = 8_192;
const written = Promise.resolve();

/** Writes to standard output, text at the latest when the tool waits for input or ends. */
export function print(tool: Tool, text: string | Uint8Array): Promise<void> {
  if (typeof text !== "string") return flush(tool).then(() => tool.context.write(text));
  tool.printed += text;
  return tool.printed.length < printedMax ? written : flush(tool);
}

/** Writes out what was printed. */
export async function flush(tool: Tool): Promise<void> {
  const text = tool.printed;
  tool.printed = "";
  if (text !== "") await tool.context.write(text);
}

/** The next bytes of standard input, null at the end. */
export async function readInput(tool: Tool): Promise<Uint8Array | null> {
  await flush(tool);
  return tool.context.stdin.read();
}

/** Says `NAME: message` and goes on; the exit status will be 1. */
export async function complain(tool: Tool, message: string): Promise<void> {
  await flush(tool);
  await tool.context.writeError(`${tool.name}: ${message}\n`);
  tool.status = 1;
}

export interface Options {
  /** Flags that were given, and values by their letter; the last one given counts. */
  readonly given: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/**
 * Reads options as getopt does: `flags` are letters without a value, `valued` letters with one,
 * `long` their long names. Options end at `--`; throws ToolError for one that is unknown.
 */
export function readOptions(
  args: readonly string[],
  flags: string,
  valued = "",
  long: Readonly<Record<string, string>> = {},
): Options {
  const given = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] as string;
    if (arg === "--") {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!/^-./.test(arg)) {
      rest.push(arg);
      continue;
    }
    const bundle = arg.startsWith("--") ? longOption(arg, long) : arg.slice(1);
    i += readBundle(bundle, args[i + 1], { flags, valued, given, values });
  }
  return { given, values, rest };
}

function longOption(arg: string, long: Readonly<Record<string, string>>): string {
  const [name = "", ...value] = arg.slice(2).split("=");
  const letter = Object.hasOwn(long, name) ? long[name] : undefined;
  if (letter === undefined) throw new ToolError(`unrecognized option '${arg}'`, 2);
  return letter + value.join("=");
}

interface OptionSink {
  readonly flags: string;
  readonly valued: string;
  readonly given: Set<string>;
  readonly values: Map<string, string>;
}

/** Reads `-abc` or `-n5`; returns how many further arguments it took. */
function readBundle(bundle: string, next: string | undefined, sink: OptionSink): number {
  for (let i = 0; i < bundle.length; i += 1) {
    const letter = bundle[i] as string;
    if (sink.flags.includes(letter)) {
      sink.given.add(letter);
      continue;
    }
    if (!sink.valued.includes(letter)) throw new ToolError(`invalid option -- '${letter}'`, 2);
    const attached = bundle.slice(i + 1);
    if (attached === "" && next === undefined) {
      throw new ToolError(`option requires an argument -- '${letter}'`, 2);
    }
    sink.values.set(letter, attached === "" ? (next as string) : attached);
    return attached === "" ? 1 : 0;
  }
  return 0;
}

/** A whole number from an option or operand. */
export function toCount(text: string, what: string): number {
  if (!/^\d+$/.test(text)) throw new ToolError(`invalid ${what}: '${text}'`);
  return Number(text);
}

export function pathOf(tool: Tool, name: string): string {
  return resolvePath(tool.context.cwd, name);
}

/** The bytes of a file; says what is wrong and gives null when it cannot be read. */
export async function readWhole(tool: Tool, name: string): Promise<Uint8Array | null> {
  const entry = await tool.context.stat(pathOf(tool, name));
  if (entry === null) await complain(tool, `${name}: No such file or directory`);
  else if (entry.folder) await complain(tool, `${name}: Is a directory`);
  else return tool.context.readFile(pathOf(tool, name));
  return null;
}

/** Lines of the named files one after another, or of standard input (also `-`), as they come. */
export async function* inputLines(tool: Tool, files: readonly string[]): AsyncGenerator<string> {
  for (const name of files.length === 0 ? ["-"] : files) {
    if (name === "-") {
      yield* standardInputLines(tool);
      continue;
    }
    const bytes = await readWhole(tool, name);
    if (bytes !== null) yield* splitLines(new TextDecoder().decode(bytes));
  }
}

async function* standardInputLines(tool: Tool): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const bytes = await readInput(tool);
    if (bytes === null) break;
    const lines = (held + decoder.decode(bytes, { stream: true })).split("\n");
    held = lines.pop() ?? "";
    yield* lines;
  }
  held += decoder.decode();
  if (held !== "") yield held;
}

/** Lines of a text; a last line without its newline counts. */
export function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

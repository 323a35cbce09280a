/** Options of the project's own commands: `--name value`, `--name=value`, or `--name` alone. */
import { parseArgs } from "node:util";

/** Told to whoever typed it; the command ends with exit code 2. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>["options"]>;

/** Values by option, those that are not there with their defaults. Throws OptionError. */
export function readOptions<T extends Options>(words: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...words], options, strict: true }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

/** One of the project's commands: how it is used, what it is told, and what it does. */
export interface Command<A> {
  readonly name: string;
  readonly usage: string;
  /** Throws OptionError. */
  readonly read: (words: readonly string[]) => A;
  /** Answers the exit code. */
  readonly run: (asked: A) => number | Promise<number>;
}

/** Runs a command and answers its exit code: 0 for `--help`, 2 for a wrong argument. */
export async function runCommand<A>(
  { name, usage, read, run }: Command<A>,
  words: readonly string[] = process.argv.slice(2),
): Promise<number> {
  if (words.includes("--help") || words.includes("-h")) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  let asked: A;
  try {
    asked = read(words);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n${usage}\n`);
    return 2;
  }
  return await run(asked);
}

/** The words of a command that takes these and no options. Throws OptionError. */
export function readWords(words: readonly string[], ...names: readonly string[]): string[] {
  const option = words.find((word) => word.startsWith("-"));
  if (option !== undefined) throw new OptionError(`there is no option ${option}`);
  if (words.length === names.length) return [...words];
  throw new OptionError(names.length === 0 ? "takes no arguments" : `wants ${names.join(" ")}`);
}

/** A count, a seed, a number of seconds. Throws OptionError. */
export function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OptionError(`--${name} wants a whole number, not "${text}"`);
}

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

/** A count, a seed, a number of seconds. Throws OptionError. */
export function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OptionError(`--${name} wants a whole number, not "${text}"`);
}

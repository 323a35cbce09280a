/** `world fault load sim expect lesson` as programs, so that they stand in pipes, loops and `&&`. */
import type { Program } from "../../../clients/index.ts";
import { parseDuration } from "../../grammar/durations.ts";
import { CommandError } from "../../grammar/errors.ts";

/** The families of the world's command table. */
export const worldFamilies = ["world", "fault", "load", "sim", "expect", "lesson"] as const;

/** A family as a program: it passes the line on; only `sim wait` takes time, and waits here. */
export function worldProgram(family: string): Program {
  return async (context) => {
    const [, ...args] = context.argv;
    if (family === "sim" && args[0] === "wait" && args[1] !== undefined) {
      return waitFor(context, args[1]);
    }
    const { exit, stdout, stderr } = await context.world(worldLine([family, ...args]));
    if (stdout !== "") await context.write(stdout);
    if (stderr !== "") await context.writeError(stderr);
    return exit;
  };
}

async function waitFor(context: Parameters<Program>[0], text: string): Promise<number> {
  try {
    await context.sleep(parseDuration(text) / 1e6);
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    await context.writeError(`sim: ${error.message}\n`);
    return 1;
  }
}

/** Words as one line that the world splits into the same words again. */
export function worldLine(words: readonly string[]): string {
  return words.map(quoteForWorld).join(" ");
}

/** In single quotes everything is plain; a single quote itself stands in double quotes. */
function quoteForWorld(word: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]+$/.test(word)) return word;
  return word
    .split("'")
    .map((part) => (part === "" ? "" : `'${part}'`))
    .join('"\'"')
    .replace(/^$/, "''");
}

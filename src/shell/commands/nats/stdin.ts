// Bodies that come from standard input, whole or line by line.

import type { NatsContext } from "./context.ts";
import { logLine } from "./context.ts";
import { concatBytes } from "./filters.ts";

export interface StdinOptions {
  readonly bodyGiven: boolean;
  readonly forceStdin: boolean;
  readonly sendOn: string;
  readonly quiet: boolean;
}

/** Where bodies come from: one that was given, or stdin until it ends. */
export interface BodySource {
  readonly usesStdin: boolean;
  readonly byLine: boolean;
  /** The next body and whether it is the last. */
  next(): Promise<{ readonly text: string; readonly last: boolean }>;
}

/** Decides as natscli does and says so on stderr. Source: natscli v0.4.0 `NewPublisher`. */
export async function openBody(
  ctx: NatsContext,
  given: string,
  options: StdinOptions,
): Promise<BodySource> {
  const byLine = options.sendOn === "newline";
  const usesStdin = !options.bodyGiven && (ctx.process.tty.out || options.forceStdin);
  if (!usesStdin) {
    return { usesStdin, byLine, next: async () => ({ text: given, last: true }) };
  }
  if (!options.quiet) await logLine(ctx, "Reading payload from STDIN");
  if (!byLine) return { usesStdin, byLine, next: () => wholeInput(ctx) };
  const lines = ctx.process.stdin.lines()[Symbol.asyncIterator]();
  return {
    usesStdin,
    byLine,
    next: async () => {
      const line = await lines.next();
      return line.done ? { text: "", last: true } : { text: line.value, last: false };
    },
  };
}

async function wholeInput(ctx: NatsContext): Promise<{ text: string; last: boolean }> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await ctx.process.stdin.read();
    if (bytes === null) break;
    chunks.push(bytes);
  }
  return { text: new TextDecoder().decode(concatBytes(chunks)), last: true };
}

// Commands that rewrite a body (`--translate`) or answer a request (`reply --command`).

import type { NatsContext } from "./context.ts";
import type { Shown } from "./messages.ts";

/** Splits a command line at blanks, honouring quotes and backslashes. */
export function splitWords(line: string): string[] {
  const words = line.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, escaped, double, single) => {
      if (escaped !== undefined) return escaped;
      return single ?? String(double).replace(/\\(.)/g, "$1");
    }),
  );
}

/** The body after `--translate`, or the body itself. */
export async function runFilter(ctx: NatsContext, shown: Shown): Promise<Uint8Array> {
  if (shown.filter === "") return shown.data;
  const line = shown.filter
    .replaceAll(/\{\{\s*Subject\s*\}\}/g, shown.subject)
    .replaceAll(/\{\{\s*Stream\s*\}\}/g, shown.stream);
  return (await captureCommand(ctx, { words: splitWords(line), stdin: shown.data })).output;
}

export interface Captured {
  readonly exit: number;
  /** Both its stdout and its stderr. */
  readonly output: Uint8Array;
}

export interface CaptureOptions {
  readonly words: readonly string[];
  readonly stdin: Uint8Array;
  readonly env?: ReadonlyMap<string, string>;
}

/** Runs a program and collects all that it writes. */
export async function captureCommand(
  ctx: NatsContext,
  { words, stdin, env }: CaptureOptions,
): Promise<Captured> {
  const [program = "", ...rest] = words;
  const pipe = await ctx.process.pipe();
  const child = await ctx.process.spawn({
    program,
    argv: [program, ...rest],
    stdin: { kind: "bytes", bytes: stdin },
    stdout: pipe,
    stderr: pipe,
    ...(env ? { env } : {}),
  });
  if (pipe.kind !== "pipe") return { exit: await child.wait(), output: new Uint8Array() };
  const { request } = ctx.process;
  await request({ what: "close-pipe", pipe: pipe.pipe, end: "write" });
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await request({ what: "read", pipe: pipe.pipe, line: false });
    if (!(bytes instanceof Uint8Array)) break;
    chunks.push(bytes);
  }
  await request({ what: "close-pipe", pipe: pipe.pipe, end: "read" });
  return { exit: await child.wait(), output: concatBytes(chunks) };
}

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** `echo [-neE] [TEXT...]`. */
import { defineTool } from "./tool.ts";

/** What echo writes. As bash: without `-e`, backslashes are plain characters. */
export function echoText(args: readonly string[]): string {
  let newline = true;
  let escapes = false;
  let first = 0;
  for (; /^-[neE]+$/.test(args[first] ?? ""); first += 1) {
    for (const letter of (args[first] as string).slice(1)) {
      if (letter === "n") newline = false;
      else escapes = letter === "e";
    }
  }
  const text = args.slice(first).join(" ");
  if (!escapes) return newline ? `${text}\n` : text;
  const { text: unescaped, stopped } = unescapeText(text);
  return newline && !stopped ? `${unescaped}\n` : unescaped;
}

const letters: Readonly<Record<string, string>> = {
  "\\": "\\",
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "'": "'",
};

/** Replaces `\n`, `\t`, `\x41`, `\0101`, `\u00e9`; `stopped` when `\c` ended the text. */
export function unescapeText(text: string): { text: string; stopped: boolean } {
  const end = /(?<!\\)(?:\\\\)*\\c/.exec(text);
  const kept = end === null ? text : text.slice(0, end.index + end[0].length - 2);
  const coded = /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|0?[0-7]{1,3}|[\s\S])/g;
  const replaced = kept.replace(coded, (all, code: string) => {
    if (/^[xu]./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^\d/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return letters[code] ?? all;
  });
  return { text: replaced, stopped: end !== null };
}

export const echo = defineTool("echo", async ({ context, args }) => {
  await context.write(echoText(args));
  return 0;
});

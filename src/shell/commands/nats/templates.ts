// The Go templates that message bodies, subjects, headers and reply commands may hold.
// Functions and fields only, without pipelines. Source: natscli v0.4.0 `PubReplyBodyTemplate`.

import { nuid } from "@nats-io/nats-core";
import { kitchenText, rfc3339 } from "../../render/times.ts";
import type { NatsContext } from "./context.ts";

export interface Expansion {
  /** What came out; the text itself when it could not be read. */
  readonly text: string;
  /** What is wrong with the template, in Go's words. */
  readonly fault: string | null;
}

interface Values {
  readonly count: number;
  readonly request: string | null;
}

type Argument = number | string;
type TemplateFunction = {
  readonly arguments: number;
  readonly apply: (args: readonly Argument[]) => string;
};

class TemplateFault extends Error {}

/** Expands `{{…}}` in `text`; `request` is what a reply answers, null elsewhere. */
export function expandTemplate(ctx: NatsContext, text: string, values: Values): Expansion {
  if (!text.includes("{{")) return { text, fault: null };
  try {
    return { text: expand(text, functionsFor(ctx, values)), fault: null };
  } catch (error) {
    if (error instanceof TemplateFault) return { text, fault: error.message };
    throw error;
  }
}

function functionsFor(
  ctx: NatsContext,
  values: Values,
): Readonly<Record<string, TemplateFunction>> {
  const now = ctx.process.storedNow();
  const constant = (value: () => string): TemplateFunction => ({ arguments: 0, apply: value });
  const count = constant(() => String(values.count));
  const { request } = values;
  return {
    Count: count,
    Cnt: count,
    Unix: constant(() => String(now.s)),
    UnixNano: constant(() => `${now.s}${String(now.n).padStart(9, "0")}`),
    TimeStamp: constant(() => rfc3339(now)),
    Time: constant(() => kitchenText(now)),
    ID: constant(() => nuid.next()),
    Random: { arguments: 2, apply: ([low, high]) => randomText(ctx, Number(low), Number(high)) },
    ...(request ? { Request: constant(() => request) } : {}),
  };
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Letters and digits, `low` to `high` of them. */
function randomText(ctx: NatsContext, low: number, high: number): string {
  const shortest = Math.min(low, high);
  const span = Math.abs(high - low) + 1;
  const length = shortest + Math.floor(ctx.process.random() * span);
  let text = "";
  for (let i = 0; i < length; i += 1) {
    text += letters[Math.floor(ctx.process.random() * letters.length)];
  }
  return text;
}

function expand(text: string, functions: Readonly<Record<string, TemplateFunction>>): string {
  let out = "";
  let at = 0;
  for (;;) {
    const open = text.indexOf("{{", at);
    if (open < 0) return out + text.slice(at);
    const close = text.indexOf("}}", open);
    const line = text.slice(0, open).split("\n").length;
    if (close < 0) throw new TemplateFault(`template: body:${line}: unclosed action`);
    const trimsLeft = text.startsWith("{{- ", open);
    const trimsRight = text.slice(open, close).endsWith(" -");
    const before = text.slice(at, open);
    out += trimsLeft ? before.trimEnd() : before;
    const from = open + (trimsLeft ? 4 : 2);
    const source = text.slice(from, trimsRight ? close - 2 : close);
    out += evaluate(source, functions, { line, column: columnOf(text, from) });
    at = close + 2;
    if (trimsRight) while (/\s/.test(text[at] ?? "")) at += 1;
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
}

/** Bytes between the beginning of the line and `index`. */
function columnOf(text: string, index: number): number {
  const lineStart = text.lastIndexOf("\n", index - 1) + 1;
  return new TextEncoder().encode(text.slice(lineStart, index)).length;
}

function evaluate(
  source: string,
  functions: Readonly<Record<string, TemplateFunction>>,
  place: Place,
): string {
  const words = source.trim().match(/"(?:[^"\\]|\\.)*"|`[^`]*`|\S+/g) ?? [];
  const [word, ...rest] = words;
  if (word === undefined) {
    throw new TemplateFault(`template: body:${place.line}: missing value for command`);
  }
  if (/^["`\d+-]/.test(word)) return String(literal(word, place));
  const name = word.startsWith(".") ? word.slice(1) : word;
  const found = functions[name];
  const column = place.column + (source.length - source.trimStart().length);
  const where = `template: body:${place.line}:${column}: executing "body" at <${word}>`;
  if (!found && word.startsWith(".")) {
    throw new TemplateFault(`${where}: can't evaluate field ${name} in type *util.pubData`);
  }
  if (!found) {
    throw new TemplateFault(`template: body:${place.line}: function "${name}" not defined`);
  }
  if (rest.length !== found.arguments) {
    const got = `want ${found.arguments} got ${rest.length}`;
    throw new TemplateFault(`${where}: wrong number of args for ${name}: ${got}`);
  }
  return found.apply(rest.map((text) => literal(text, place)));
}

function literal(word: string, { line }: Place): Argument {
  if (word.startsWith('"')) return JSON.parse(word) as string;
  if (word.startsWith("`")) return word.slice(1, -1);
  if (/^[-+]?\d+$/.test(word)) return Number(word);
  throw new TemplateFault(`template: body:${line}: function "${word}" not defined`);
}

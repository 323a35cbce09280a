/** JSON as Go's `encoding/json` writes it: no blanks, `<`, `>` and `&` escaped. */
import { isBig, type Json } from "./json-read.ts";

/** What {@link encodeJson} writes; members that are undefined are left out. */
export type JsonLike =
  | Json
  | bigint
  | undefined
  | readonly JsonLike[]
  | { readonly [key: string]: JsonLike };

/** Members keep the order in which they were set, which is the order of fields on the wire. */
export function encodeJson(value: JsonLike): string {
  switch (typeof value) {
    case "string":
      return quoteJson(value);
    case "number":
      return Number.isFinite(value) ? String(value) : "null";
    case "boolean":
    case "bigint":
      return String(value);
    case "undefined":
      return "null";
    default:
      return value === null ? "null" : encodeComposite(value);
  }
}

const needsEscape = /["\\<>&\p{Cc}\p{Cs}\u2028\u2029]/u;

/** A string with its quotes. Source: Go `appendString` with `escapeHTML`. */
export function quoteJson(text: string): string {
  if (!needsEscape.test(text)) return `"${text}"`;
  let made = '"';
  for (const char of text) made += escapeChar(char);
  return `${made}"`;
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function escapeChar(char: string): string {
  const short = shortEscapes[char];
  if (short !== undefined) return short;
  const code = char.charCodeAt(0);
  const isHtml = char === "<" || char === ">" || char === "&";
  if (isHtml || code < 0x20 || code === 0x2028 || code === 0x2029) {
    return `\\u${code.toString(16).padStart(4, "0")}`;
  }
  const isLoneSurrogate = char.length === 1 && code >= 0xd800 && code < 0xe000;
  return isLoneSurrogate ? "\\ufffd" : char;
}

type Composite = Exclude<JsonLike, string | number | boolean | bigint | null | undefined>;

function encodeComposite(value: Composite): string {
  if (Array.isArray(value)) return `[${value.map(encodeJson).join(",")}]`;
  if (isBig(value as Json)) return (value as { bigint: string }).bigint;
  let made = "";
  for (const [key, member] of Object.entries(value as { readonly [key: string]: JsonLike })) {
    if (member === undefined) continue;
    made += `${made === "" ? "" : ","}${quoteJson(key)}:${encodeJson(member)}`;
  }
  return `{${made}}`;
}

/** The same with a line for each member, as Go's `MarshalIndent` with two blanks. */
export function encodeJsonLines(value: JsonLike, indent = ""): string {
  if (typeof value !== "object" || value === null || isBig(value as Json)) return encodeJson(value);
  const deeper = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const lines: string[] = [];
  for (const [key, member] of Object.entries(value as { readonly [key: string]: JsonLike })) {
    if (member === undefined) continue;
    const name = Array.isArray(value) ? "" : `${quoteJson(key)}: `;
    lines.push(`${deeper}${name}${encodeJsonLines(member, deeper)}`);
  }
  return lines.length === 0
    ? `${open}${close}`
    : `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

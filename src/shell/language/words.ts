/** Reads one word: its quotes, `$name`, `${...}`, `$(...)`, `$((...))` and backquotes. */
import { atEnd, fail, failIncomplete, peek, type Scanner } from "./scanner.ts";
import type { ParameterOp, Part, Word } from "./syntax.ts";
import { isWordEnd, nameLength, textPart } from "./tokens.ts";

/** How far a run of parts goes and what quotes mean in it. */
interface Mode {
  readonly quoted: boolean;
  readonly ends: (c: string) => boolean;
  /** Whether `"` opens a quotation here (not inside one, not in a here-document). */
  readonly quotes: boolean;
}

const bareWord: Mode = { quoted: false, ends: isWordEnd, quotes: true };
const doubleQuoted: Mode = { quoted: true, ends: (c) => c === '"', quotes: false };
const hereDocument: Mode = { quoted: true, ends: (c) => c === "", quotes: false };

/** Reads the word that begins here; empty when none does. */
export function scanWord(scanner: Scanner): Word {
  return scanParts(scanner, bareWord);
}

/** Reads the rest of `scanner` as the body of a here-document whose delimiter was not quoted. */
export function scanHereBody(scanner: Scanner): Word {
  return scanParts(scanner, hereDocument);
}

/** Reads the expression of `((...))` after its opening brackets, the closing ones included. */
export function scanArithmetic(scanner: Scanner): Word {
  const start = scanner.at;
  let depth = 0;
  const parts: Part[] = [];
  for (;;) {
    const ends = (c: string): boolean => c === "(" || c === ")";
    parts.push(...scanParts(scanner, { quoted: true, ends, quotes: true }));
    if (atEnd(scanner)) failIncomplete(scanner, "'((' without '))'", start - 2);
    const bracket = peek(scanner);
    if (bracket === ")" && depth === 0) {
      if (peek(scanner, 1) !== ")") fail(scanner, "'))' expected");
      scanner.at += 2;
      return parts;
    }
    depth += bracket === "(" ? 1 : -1;
    parts.push(textPart(bracket, true));
    scanner.at += 1;
  }
}

function scanParts(scanner: Scanner, mode: Mode): Part[] {
  const parts: Part[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") parts.push(textPart(plain, mode.quoted));
    plain = "";
  };
  while (!mode.ends(peek(scanner)) && !atEnd(scanner)) {
    const c = peek(scanner);
    const special = c === "\\" || c === "$" || c === "`" || isQuote(c, mode);
    if (!special) {
      plain += c;
      scanner.at += 1;
      continue;
    }
    const part = scanSpecial(scanner, mode);
    if (part === null) continue;
    if (part.kind === "text" && part.quoted === mode.quoted && part.text !== "") {
      plain += part.text;
      continue;
    }
    flush();
    parts.push(...(part.kind === "quotation" ? part.parts : [part]));
  }
  flush();
  return parts;
}

function isQuote(c: string, mode: Mode): boolean {
  return (c === '"' && mode.quotes) || (c === "'" && !mode.quoted);
}

type Scanned = Part | { readonly kind: "quotation"; readonly parts: readonly Part[] };

function scanSpecial(scanner: Scanner, mode: Mode): Scanned | null {
  switch (peek(scanner)) {
    case "\\":
      return scanEscape(scanner, mode);
    case "'":
      return textPart(scanSingle(scanner), true);
    case '"':
      return { kind: "quotation", parts: scanDouble(scanner) };
    case "`":
      return scanBackquoted(scanner, mode.quoted);
    default:
      return scanDollar(scanner, mode.quoted);
  }
}

function scanEscape(scanner: Scanner, mode: Mode): Part | null {
  const next = peek(scanner, 1);
  scanner.at += next === "" ? 1 : 2;
  if (next === "\n") return null;
  if (next === "") return textPart("\\", mode.quoted);
  if (!mode.quoted) return textPart(next, true);
  const escapes = '$`\\"'.includes(next) || mode.ends(next);
  return textPart(escapes ? next : `\\${next}`, true);
}

function scanSingle(scanner: Scanner): string {
  const start = scanner.at;
  const end = scanner.text.indexOf("'", start + 1);
  if (end === -1) {
    scanner.at = scanner.text.length;
    failIncomplete(scanner, "the quotation that begins with ' has no end", start);
  }
  scanner.at = end + 1;
  return scanner.text.slice(start + 1, end);
}

function scanDouble(scanner: Scanner): Part[] {
  const start = scanner.at;
  scanner.at += 1;
  const parts = scanParts(scanner, doubleQuoted);
  if (atEnd(scanner)) {
    failIncomplete(scanner, 'the quotation that begins with " has no end', start);
  }
  scanner.at += 1;
  return parts.length === 0 ? [textPart("", true)] : parts;
}

function scanBackquoted(scanner: Scanner, quoted: boolean): Part {
  const start = scanner.at;
  let inside = "";
  scanner.at += 1;
  while (peek(scanner) !== "`") {
    if (atEnd(scanner)) failIncomplete(scanner, "` without an end", start);
    if (peek(scanner) === "\\" && "$`\\".includes(peek(scanner, 1))) scanner.at += 1;
    inside += peek(scanner);
    scanner.at += 1;
  }
  scanner.at += 1;
  const nested: Scanner = { text: inside, at: 0, pending: [], nested: scanner.nested };
  const body = scanner.nested(nested);
  if (!atEnd(nested)) fail(scanner, "unexpected ')' in backquotes", start);
  return { kind: "command", body, quoted };
}

function scanDollar(scanner: Scanner, quoted: boolean): Scanned {
  const next = peek(scanner, 1);
  if (next === "(") return scanSubstitution(scanner, quoted);
  if (next === "{") return scanBraced(scanner, quoted);
  if (next === "'" && !quoted) {
    scanner.at += 1;
    return textPart(scanEscapedSingle(scanner), true);
  }
  const length = nameLength(scanner.text, scanner.at + 1);
  const name = length > 0 ? scanner.text.slice(scanner.at + 1, scanner.at + 1 + length) : next;
  if (length === 0 && !/^[0-9?$!#@*-]$/.test(next)) {
    scanner.at += 1;
    return textPart("$", quoted);
  }
  scanner.at += 1 + name.length;
  return { kind: "parameter", name, op: null, quoted };
}

function scanSubstitution(scanner: Scanner, quoted: boolean): Part {
  const start = scanner.at;
  if (peek(scanner, 2) === "(") {
    const closing = matchingArithmeticEnd(scanner.text, start + 3);
    if (closing) {
      scanner.at += 3;
      return { kind: "arithmetic", expression: scanArithmetic(scanner), quoted };
    }
  }
  scanner.at += 2;
  const body = scanner.nested(scanner);
  if (peek(scanner) !== ")") failIncomplete(scanner, "'$(' without ')'", start);
  scanner.at += 1;
  return { kind: "command", body, quoted };
}

/** Whether the brackets opened by `$((` close together: else it is `$( (...) )`. */
function matchingArithmeticEnd(text: string, from: number): boolean {
  let depth = 0;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === "(") depth += 1;
    if (text[i] !== ")") continue;
    if (depth === 0) return text[i + 1] === ")";
    depth -= 1;
  }
  return true; // No end in sight: the arithmetic scanner says so.
}

function scanBraced(scanner: Scanner, quoted: boolean): Part {
  const start = scanner.at;
  scanner.at += 2;
  const isLength = peek(scanner) === "#" && peek(scanner, 1) !== "}";
  if (isLength) scanner.at += 1;
  const name = scanParameterName(scanner, start);
  const op: ParameterOp | null = isLength ? { kind: "length" } : scanParameterOp(scanner, quoted);
  if (peek(scanner) !== "}") {
    if (atEnd(scanner)) failIncomplete(scanner, "a bracket '{' of '$' is not closed", start);
    fail(scanner, `unexpected '${peek(scanner)}' in '\${${name}'`);
  }
  scanner.at += 1;
  return { kind: "parameter", name, op, quoted };
}

function scanParameterName(scanner: Scanner, start: number): string {
  const length = nameLength(scanner.text, scanner.at);
  const rest = scanner.text.slice(scanner.at);
  const name = length > 0 ? rest.slice(0, length) : (/^(\d+|[?$!#@*-])/.exec(rest)?.[0] ?? "");
  if (name === "") {
    if (rest === "") failIncomplete(scanner, "a bracket '{' of '$' is not closed", start);
    fail(scanner, "a variable's name is missing after the bracket");
  }
  scanner.at += name.length;
  return name;
}

const conditionKinds = { "-": "default", "=": "assign", "?": "error", "+": "alternative" } as const;

function scanParameterOp(scanner: Scanner, quoted: boolean): ParameterOp | null {
  const c = peek(scanner);
  if (c === "}" || c === "") return null;
  const colon = c === ":";
  const sign = colon ? peek(scanner, 1) : c;
  if (sign === "-" || sign === "=" || sign === "?" || sign === "+") {
    scanner.at += colon ? 2 : 1;
    return { kind: conditionKinds[sign], colon, word: scanOperand(scanner, quoted, "}") };
  }
  scanner.at += 1;
  if (colon) return scanSlice(scanner);
  if (c === "#" || c === "%") {
    const longest = peek(scanner) === c;
    if (longest) scanner.at += 1;
    const word = scanOperand(scanner, false, "}");
    return { kind: "trim", end: c === "#" ? "front" : "back", longest, word };
  }
  if (c === "/") return scanReplace(scanner);
  fail(scanner, `unexpected '${c}' after a variable's name`, scanner.at - 1);
}

function scanSlice(scanner: Scanner): ParameterOp {
  const from = scanOperand(scanner, true, ":}");
  if (peek(scanner) !== ":") return { kind: "slice", from, length: null };
  scanner.at += 1;
  return { kind: "slice", from, length: scanOperand(scanner, true, "}") };
}

function scanReplace(scanner: Scanner): ParameterOp {
  const all = peek(scanner) === "/";
  const anchor = peek(scanner) === "#" ? "front" : peek(scanner) === "%" ? "back" : null;
  if (all || anchor !== null) scanner.at += 1;
  const word = scanOperand(scanner, false, "/}");
  if (peek(scanner) !== "/") return { kind: "replace", all, anchor, word, by: [] };
  scanner.at += 1;
  return { kind: "replace", all, anchor, word, by: scanOperand(scanner, false, "}") };
}

function scanOperand(scanner: Scanner, quoted: boolean, ends: string): Word {
  return scanParts(scanner, { quoted, ends: (c) => c !== "" && ends.includes(c), quotes: true });
}

const ansiEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  f: "\f",
  v: "\v",
};

/** `$'...'`: single quotes in which `\n`, `\t`, `\x1b`, `\u00e9` mean what they mean in C. */
function scanEscapedSingle(scanner: Scanner): string {
  const start = scanner.at;
  let text = "";
  scanner.at += 1;
  while (peek(scanner) !== "'") {
    if (atEnd(scanner))
      failIncomplete(scanner, "the quotation that begins with $' has no end", start);
    if (peek(scanner) !== "\\") {
      text += peek(scanner);
      scanner.at += 1;
      continue;
    }
    const rest = scanner.text.slice(scanner.at + 1, scanner.at + 10);
    const coded = /^(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|([0-7]{1,3}))/.exec(rest);
    const digits = coded?.[1] ?? coded?.[2];
    if (coded === null) text += ansiEscapes[rest[0] ?? ""] ?? rest[0] ?? "";
    else text += String.fromCharCode(digits ? Number.parseInt(digits, 16) : octal(coded[3]));
    scanner.at += 1 + (coded?.[0].length ?? 1);
  }
  scanner.at += 1;
  return text;
}

function octal(digits: string | undefined): number {
  return Number.parseInt(digits ?? "0", 8);
}

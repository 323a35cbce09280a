/** The nats-server configuration language. Source: `conf/parse.go`, `conf/lex.go`. */

import { eof, isBlank, isNewline, isSpace, shown } from "./characters.ts";
import { type Scalar, scanScalar } from "./scalars.ts";
import {
  columnOf,
  createScanner,
  fail,
  next,
  peek,
  type Scanner,
  scanUntilQuote,
  skipComment,
} from "./scanner.ts";
import { ConfError, type ConfMap, type ConfPlace, type ConfValue } from "./value.ts";

export interface ConfOptions {
  /** The name that errors show. */
  readonly file?: string;
  /** The text of an included file, as named there; throws with a reason when there is none. */
  readonly readInclude?: (path: string) => string;
  /** Environment variables. */
  readonly env?: ReadonlyMap<string, string>;
}

interface Parser {
  readonly scanner: Scanner;
  readonly file: string;
  readonly options: ConfOptions;
  /** Maps that enclose the place at hand, outermost first: the scopes of variables. */
  readonly scopes: Map<string, ConfValue>[];
  /** Environment variables being expanded, against cycles. */
  readonly expanding: Set<string>;
  /** How many arrays, maps and including files enclose the place at hand. */
  depth: number;
}

/** The stack holds no more; nats-server's grows until its memory is full. */
const depthMax = 500;

/** Reads a whole file. Throws {@link ConfError}. */
export function parseConf(text: string, options: ConfOptions = {}): ConfMap {
  const file = options.file ?? "";
  return parseText(text, { file, options, expanding: new Set(), depth: 0 });
}

function parseText(text: string, context: Omit<Parser, "scanner" | "scopes">): ConfMap {
  const top = new Map<string, ConfValue>();
  const parser: Parser = { ...context, scanner: createScanner(text), scopes: [top] };
  parseTop(parser, top);
  return top;
}

/** Top level: pairs, also within braces as JSON has them. */
function parseTop(parser: Parser, top: Map<string, ConfValue>): void {
  const { scanner } = parser;
  let braces = 0;
  for (;;) {
    while (isSpace(peek(scanner))) next(scanner);
    const char = peek(scanner);
    if (skipComment(scanner)) continue;
    if (char === eof) return;
    if (char === "/") throw failAfter(scanner, "Unexpected EOF.");
    if (char === "{" || (char === "}" && braces > 0)) {
      next(scanner);
      braces += char === "{" ? 1 : -1;
      continue;
    }
    if (braces > 0 && (char === "," || char === ";")) {
      next(scanner);
      continue;
    }
    if (!parsePair(parser, top, "top")) return;
    endOfTopValue(scanner, braces > 0);
  }
}

/** What may follow a value at top level, or in the braces of a JSON-like file. */
function endOfTopValue(scanner: Scanner, inBlock: boolean): void {
  for (;;) {
    const char = peek(scanner);
    if (skipComment(scanner)) return;
    if (char === eof && !inBlock) return;
    if (char === "}" && inBlock) return;
    next(scanner);
    if (isBlank(char) || char === "/") continue;
    if (isNewline(char) || char === ";" || char === "," || char === "}") return;
    throw fail(
      scanner,
      `Expected a ${inBlock ? "block" : "top"}-level value to end with a new line, ` +
        `comment or EOF, but got '${shown(char)}' instead.`,
    );
  }
}

/** `key value`, `key: value`, `include file`. False when the file ends after a lone `}`. */
function parsePair(parser: Parser, into: Map<string, ConfValue>, level: "top" | "map"): boolean {
  const { scanner } = parser;
  const key = scanKey(parser, level);
  if (key.include) {
    include(parser, into);
    return true;
  }
  while (isSpace(peek(scanner))) next(scanner);
  if (peek(scanner) === "=" || peek(scanner) === ":") {
    next(scanner);
    while (level === "map" ? isSpace(peek(scanner)) : isBlank(peek(scanner))) next(scanner);
  } else if (peek(scanner) === eof && level === "top") {
    // A last bracket is let through, for files that look like JSON.
    if (key.text === "}") return false;
    const column = columnOf(scanner, scanner.at);
    const text = `config is invalid (${parser.file}:${scanner.line}:${column})`;
    throw new ConfError(text, scanner.line);
  }
  if (level === "map" && peek(scanner) === ",") {
    throw failAfter(scanner, 'Unexpected map value terminator ",".');
  }
  into.set(key.text, parseValue(parser, key.place));
  return true;
}

interface Key {
  readonly text: string;
  readonly place: ConfPlace;
  readonly include: boolean;
}

function scanKey(parser: Parser, level: "top" | "map"): Key {
  const { scanner, file } = parser;
  const char = peek(scanner);
  if (char === "=" || char === ":") {
    throw fail(scanner, `Unexpected key separator '${char}'${level === "map" ? "." : ""}`);
  }
  const { line } = scanner;
  if (char === '"' || char === "'") {
    const column = columnOf(scanner, scanner.at + 1);
    const quoted = char === '"' ? "double quoted" : "quoted";
    const atEof =
      level === "top" ? "Unexpected EOF." : `Unexpected EOF processing ${quoted} map key.`;
    const text = scanUntilQuote(scanner, atEof);
    return { text, place: { file, line, column }, include: false };
  }
  const start = scanner.at;
  const column = columnOf(scanner, start);
  next(scanner);
  while (!/^[\s=:]?$/.test(peek(scanner))) next(scanner);
  if (peek(scanner) === eof && level === "map") {
    throw fail(scanner, "Unexpected EOF processing map key.");
  }
  const text = scanner.text.slice(start, scanner.at);
  const include = text.toLowerCase() === "include" && isSpace(peek(scanner));
  return { text, place: { file, line, column }, include };
}

/** `place` is the key's: errors about a value point at its key. */
function parseValue(parser: Parser, place: ConfPlace | null): ConfValue {
  const { scanner, file } = parser;
  while (isBlank(peek(scanner))) next(scanner);
  const own = { file, line: scanner.line, column: columnOf(scanner, scanner.at) };
  const char = peek(scanner);
  if (char === "[" || char === "{") enter(parser);
  if (char === "[") {
    const value = parseArray(parser);
    parser.depth -= 1;
    return { ...(place ?? own), usedAsVariable: false, kind: "array", value };
  }
  if (char === "{") {
    const value = parseMap(parser);
    parser.depth -= 1;
    // Within an array nats-server has the end of the map for its place.
    const end = { file, line: scanner.line, column: columnOf(scanner, scanner.at) };
    return { ...(place ?? end), usedAsVariable: false, kind: "map", value };
  }
  const scalar = scanScalar(scanner);
  if (place !== null) return scalarValue(parser, scalar, place);
  // nats-server counts back from the end, by what the text means and not by how it is written.
  const isQuoted = char === '"' || char === "'";
  const column = columnOf(scanner, scanner.at - 1) - scalar.text.length;
  return scalarValue(parser, scalar, isQuoted ? { ...own, column } : own);
}

function enter(parser: Parser): void {
  parser.depth += 1;
  if (parser.depth > depthMax) throw fail(parser.scanner, "Values are nested too deeply.");
}

function parseArray(parser: Parser): ConfValue[] {
  const { scanner } = parser;
  const values: ConfValue[] = [];
  next(scanner);
  for (;;) {
    while (isSpace(peek(scanner))) next(scanner);
    const char = peek(scanner);
    if (skipComment(scanner)) continue;
    if (char === "," || char === "/") {
      throw failAfter(scanner, "Unexpected array value terminator ','.");
    }
    if (char === "]") break;
    values.push(parseValue(parser, null));
    if (endOfElement(scanner) === "]") return values;
  }
  next(scanner);
  return values;
}

function endOfElement(scanner: Scanner): string {
  for (;;) {
    if (skipComment(scanner)) continue;
    const char = next(scanner);
    if (isBlank(char)) continue;
    if (char === "," || isNewline(char) || char === "]" || char === "/") return char;
    throw fail(
      scanner,
      'Expected an array value terminator "," or an array terminator "]", ' +
        `but got '${shown(char)}' instead.`,
    );
  }
}

function parseMap(parser: Parser): ConfMap {
  const { scanner } = parser;
  const map = new Map<string, ConfValue>();
  parser.scopes.push(map);
  next(scanner);
  for (let open = true; open; ) {
    while (isSpace(peek(scanner))) next(scanner);
    const char = peek(scanner);
    if (skipComment(scanner)) continue;
    if (char === eof) throw fail(scanner, "Unexpected EOF processing map.");
    if (char === "]") throw fail(scanner, "Unexpected array end ']' processing map.");
    if (char === "/") next(scanner);
    else if (char === "}") {
      next(scanner);
      open = false;
    } else {
      parsePair(parser, map, "map");
      open = endOfMember(scanner);
    }
  }
  parser.scopes.pop();
  return map;
}

/** False when the map ends here. */
function endOfMember(scanner: Scanner): boolean {
  for (;;) {
    if (skipComment(scanner)) continue;
    const char = next(scanner);
    if (isBlank(char)) continue;
    if (char === "}") return false;
    if (char === ";" || char === "," || char === "/" || isNewline(char)) return true;
    throw fail(
      scanner,
      'Expected a map value terminator "," or a map terminator "}", ' +
        `but got '${shown(char)}' instead.`,
    );
  }
}

function scalarValue(parser: Parser, scalar: Scalar, place: ConfPlace): ConfValue {
  const base = { ...place, usedAsVariable: false };
  switch (scalar.kind) {
    case "integer":
      return { ...base, kind: "integer", value: integerOf(scalar.text, place.line) };
    case "float":
      return { ...base, kind: "float", value: Number(scalar.text) };
    case "bool":
      return { ...base, kind: "bool", value: /^(true|on|yes)$/i.test(scalar.text) };
    case "variable":
      return { ...variable(parser, scalar.text), ...base };
    default:
      return { ...base, kind: scalar.kind, value: scalar.text };
  }
}

const powers = ["", "k", "m", "g", "t", "p", "e"];

/** Digits and a unit: `k` counts thousands, `kb`, `ki` and `kib` 1,024. */
function integerOf(text: string, line: number): number {
  const [, digits = "", unit = ""] = /^(-?\d+)(.*)$/.exec(text) ?? [];
  const whole = BigInt(digits);
  if (whole !== BigInt.asIntN(64, whole)) {
    throw new ConfError(`integer '${text}' is out of the range`, line);
  }
  const power = powers.indexOf(unit.slice(0, 1).toLowerCase());
  const base = unit.length > 1 ? 1024 : 1000;
  let value = Number(whole);
  for (let i = 0; i < power; i++) value *= base;
  return value;
}

/** Scopes from the inside out, then the environment, whose text is read as a value. */
function variable(parser: Parser, name: string): ConfValue {
  const { line } = parser.scanner;
  const nowhere = { file: parser.file, line, column: 0, usedAsVariable: false };
  // A bcrypt hash without quotes looks like a variable.
  if (name.startsWith("2a$")) return { ...nowhere, kind: "string", value: `$${name}` };
  for (let i = parser.scopes.length - 1; i >= 0; i--) {
    const found = parser.scopes[i]?.get(name);
    if (found === undefined) continue;
    found.usedAsVariable = true;
    return found;
  }
  const { expanding, options, file, depth } = parser;
  const unparsable = (why: string): ConfError =>
    new ConfError(
      `variable reference for '${name}' on line ${line} could not be parsed: ${why}`,
      line,
    );
  if (expanding.has(name)) throw unparsable(`variable reference cycle for '${name}'`);
  const text = options.env?.get(name);
  if (text === undefined) {
    throw new ConfError(`variable reference for '${name}' on line ${line} can not be found`, line);
  }
  expanding.add(name);
  try {
    const value = parseText(`pk=${text}`, { file, options, expanding, depth }).get("pk");
    return value ?? { ...nowhere, kind: "string", value: "" };
  } catch (error) {
    if (error instanceof ConfError) throw unparsable(error.message);
    throw error;
  } finally {
    expanding.delete(name);
  }
}

/** Reads the named file in place: its pairs become pairs of this map. */
function include(parser: Parser, into: Map<string, ConfValue>): void {
  const { scanner, options, expanding, depth } = parser;
  // A file may include itself.
  enter(parser);
  parser.depth = depth;
  while (isBlank(peek(scanner))) next(scanner);
  const path = scanIncludePath(scanner);
  let text: string;
  try {
    if (options.readInclude === undefined) throw new ConfError("no files here", scanner.line);
    text = options.readInclude(path);
  } catch (error) {
    throw includeFailed(path, scanner.line, error);
  }
  try {
    const included = parseText(text, { file: path, options, expanding, depth: depth + 1 });
    for (const [key, value] of included) into.set(key, value);
  } catch (error) {
    throw includeFailed(path, scanner.line, error);
  }
}

function includeFailed(path: string, line: number, error: unknown): unknown {
  if (!(error instanceof Error) || error.name === "AssertionError") return error;
  return new ConfError(`error parsing include file '${path}', ${error.message}`, line);
}

function scanIncludePath(scanner: Scanner): string {
  const char = peek(scanner);
  const expected = "Expected include value but found ";
  if (char === "'") return scanUntilQuote(scanner, "Unexpected EOF in quoted include");
  if (char === '"') return scanUntilQuote(scanner, "Unexpected EOF in double quoted include");
  if (char === "[") throw failAfter(scanner, `${expected}start of an array`);
  if (char === "{") throw failAfter(scanner, `${expected}start of a map`);
  if (char === "(") throw failAfter(scanner, `${expected}start of a block`);
  if (/^[0-9-]$/.test(char)) throw failAfter(scanner, `${expected}start of a number`);
  if (char === "\\") throw failAfter(scanner, `${expected}escape sequence`);
  if (isNewline(char)) throw failAfter(scanner, `${expected}new line`);
  const start = scanner.at;
  while (!/^[\s;}']?$/.test(peek(scanner))) next(scanner);
  const path = scanner.text.slice(start, scanner.at);
  if (peek(scanner) === "'") next(scanner);
  return path;
}

/** An error about the character at hand, which counts as taken. */
function failAfter(scanner: Scanner, text: string): ConfError {
  next(scanner);
  return fail(scanner, text);
}

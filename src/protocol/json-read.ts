/** A JSON reader that loses no digits, and complains in the words of Go's `encoding/json`. */

import { wellFormed } from "./text.ts";

/** An integer that a JavaScript number cannot hold exactly, as it was written. */
export interface BigInteger {
  readonly bigint: string;
}
export type Json = null | boolean | number | string | BigInteger | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Text that is not JSON. Source of the texts: Go `encoding/json` `scanner.go`. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  /** UTF-16 units read when it was found, the wrong one included; 0 when the text just ended. */
  readonly offset: number;

  constructor(message: string, offset = 0) {
    super(message);
    this.offset = offset;
  }
}

interface Reader {
  readonly text: string;
  /** Whether numbers that are not written as JavaScript writes them keep their text. */
  readonly literal: boolean;
  at: number;
  depth: number;
}

/**
 * Go's scanner gives up beyond 10,000; the stack of a worker holds less. Nothing that means
 * anything to a server is deeper than ten.
 */
const depthMax = 1000;

/**
 * Reads one JSON value. Integers beyond 2^53 become {@link BigInteger}; a key that comes twice
 * keeps its last value. With `literal`, numbers that are not written as JavaScript writes them keep
 * their text too (`1.0`, `1e3`, `-0`), since Go looks at it. Throws {@link JsonError}.
 */
export function parseJson(text: string, literal = false): Json {
  const reader: Reader = { text, literal, at: 0, depth: 0 };
  const value = readValue(reader);
  skipBlanks(reader);
  if (reader.at < text.length) throw unexpected(reader, "after top-level value");
  return value;
}

/**
 * Reads values one behind the other, as Go's `json.Decoder` does in a loop; numbers keep
 * their text as with `literal`. Throws {@link JsonError}.
 */
export function parseJsonValues(text: string): Json[] {
  const reader: Reader = { text, literal: true, at: 0, depth: 0 };
  const values: Json[] = [];
  for (;;) {
    skipBlanks(reader);
    if (reader.at >= text.length) return values;
    values.push(readValue(reader));
  }
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isBig(value);
}

export function isBig(value: Json | undefined): value is BigInteger {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return bigIntegers.has(value);
}

/** Told apart from an object that happens to have a member `bigint` by having been made here. */
const bigIntegers = new WeakSet<object>();

/** The value of an integer that is too long for a number. */
export function bigInteger(text: string): BigInteger {
  const value = Object.freeze({ bigint: text });
  bigIntegers.add(value);
  return value;
}

function readValue(reader: Reader): Json {
  skipBlanks(reader);
  const char = reader.text[reader.at];
  switch (char) {
    case undefined:
      throw ended();
    case "{":
      return nested(reader, readObject);
    case "[":
      return nested(reader, readArray);
    case '"':
      return readString(reader);
    case "t":
      return readWord(reader, "true", true);
    case "f":
      return readWord(reader, "false", false);
    case "n":
      return readWord(reader, "null", null);
    default:
      if (char === "-" || isDigit(char)) return readNumber(reader);
      throw unexpected(reader, "looking for beginning of value");
  }
}

function nested(reader: Reader, read: (reader: Reader) => Json): Json {
  if (++reader.depth > depthMax) throw new JsonError("exceeded max depth");
  reader.at++;
  const value = read(reader);
  reader.depth--;
  return value;
}

function readObject(reader: Reader): JsonObject {
  const object: { [key: string]: Json } = {};
  skipBlanks(reader);
  if (reader.text[reader.at] === "}") {
    reader.at++;
    return object;
  }
  for (;;) {
    skipBlanks(reader);
    if (reader.at >= reader.text.length) throw ended();
    if (reader.text[reader.at] !== '"') {
      throw unexpected(reader, "looking for beginning of object key string");
    }
    const key = readString(reader);
    skipBlanks(reader);
    if (reader.text[reader.at] !== ":") throw unexpected(reader, "after object key");
    reader.at++;
    setMember(object, key, readValue(reader));
    if (!another(reader, "}", "after object key:value pair")) return object;
  }
}

function readArray(reader: Reader): Json[] {
  const array: Json[] = [];
  skipBlanks(reader);
  if (reader.text[reader.at] === "]") {
    reader.at++;
    return array;
  }
  do array.push(readValue(reader));
  while (another(reader, "]", "after array element"));
  return array;
}

/** Takes a comma (true) or the closing bracket (false). */
function another(reader: Reader, close: string, where: string): boolean {
  skipBlanks(reader);
  const char = reader.text[reader.at];
  if (char !== "," && char !== close) throw unexpected(reader, where);
  reader.at++;
  return char === ",";
}

/** `__proto__` is a name like any other. */
function setMember(object: { [key: string]: Json }, key: string, value: Json): void {
  if (key !== "__proto__") object[key] = value;
  else {
    const member = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(object, key, member);
  }
}

function readWord<T extends Json>(reader: Reader, word: string, value: T): T {
  for (let i = 0; i < word.length; i++) {
    if (reader.text[reader.at] !== word[i]) {
      throw unexpected(reader, `in literal ${word} (expecting '${word[i]}')`);
    }
    reader.at++;
  }
  return value;
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readString(reader: Reader): string {
  const { text } = reader;
  let made = "";
  let from = ++reader.at;
  for (;;) {
    const code = text.charCodeAt(reader.at);
    if (Number.isNaN(code)) throw ended();
    if (code === 0x22) {
      made += text.slice(from, reader.at++);
      return wellFormed(made);
    }
    if (code < 0x20) throw unexpected(reader, "in string literal");
    if (code !== 0x5c) reader.at++;
    else {
      made += text.slice(from, reader.at++) + readEscape(reader);
      from = reader.at;
    }
  }
}

function readEscape(reader: Reader): string {
  const char = reader.text[reader.at];
  if (char === undefined) throw ended();
  if (char !== "u") {
    const plain = escapes[char];
    if (plain === undefined) throw unexpected(reader, "in string escape code");
    reader.at++;
    return plain;
  }
  reader.at++;
  for (let i = 0; i < 4; i++) {
    if (!/^[0-9a-fA-F]$/.test(reader.text[reader.at + i] ?? "")) {
      reader.at += i;
      throw unexpected(reader, "in \\u hexadecimal character escape");
    }
  }
  reader.at += 4;
  return String.fromCharCode(Number.parseInt(reader.text.slice(reader.at - 4, reader.at), 16));
}

function readNumber(reader: Reader): number | BigInteger {
  const { text } = reader;
  const start = reader.at;
  if (text[reader.at] === "-") reader.at++;
  if (text[reader.at] === "0") reader.at++;
  else digits(reader, "in numeric literal");
  let integer = true;
  if (text[reader.at] === ".") {
    integer = false;
    reader.at++;
    digits(reader, "after decimal point in numeric literal");
  }
  if (text[reader.at] === "e" || text[reader.at] === "E") {
    integer = false;
    reader.at++;
    if (text[reader.at] === "+" || text[reader.at] === "-") reader.at++;
    digits(reader, "in exponent of numeric literal");
  }
  const literal = text.slice(start, reader.at);
  const value = Number(literal);
  if (reader.literal && String(value) !== literal) return bigInteger(literal);
  return integer && !Number.isSafeInteger(value) ? bigInteger(literal) : value;
}

function digits(reader: Reader, where: string): void {
  if (!isDigit(reader.text[reader.at])) throw unexpected(reader, where);
  while (isDigit(reader.text[reader.at])) reader.at++;
}

function skipBlanks(reader: Reader): void {
  for (;;) {
    const code = reader.text.charCodeAt(reader.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    reader.at++;
  }
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

function ended(): JsonError {
  return new JsonError("unexpected end of JSON input");
}

/** Source of the quoting: Go `quoteChar`. */
function unexpected(reader: Reader, where: string): JsonError {
  const char = reader.text[reader.at];
  if (char === undefined) return ended();
  const quoted = char === "'" ? "'\\''" : char === '"' ? "'\"'" : `'${goEscape(char)}'`;
  return new JsonError(`invalid character ${quoted} ${where}`, reader.at + 1);
}

/** The first byte of a character in UTF-8, read as Latin-1: Go's scanner sees bytes. */
function firstByte(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 0x80) return char;
  // A byte that is no character stands for itself (`decodeText`).
  if (char.length === 1 && code >= 0xdc80 && code < 0xdd00) return String.fromCharCode(code & 0xff);
  // Half of a surrogate pair belongs to a character of four bytes.
  if (code >= 0xd800 && code < 0xe000) return String.fromCharCode(0xf0 | ((code - 0xd7c0) >> 8));
  const byte = code < 0x800 ? 0xc0 | (code >> 6) : 0xe0 | (code >> 12);
  return String.fromCharCode(byte);
}

function goEscape(char: string): string {
  const known: Readonly<Record<string, string>> = {
    "\\": "\\\\",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    "\v": "\\v",
    "\u0007": "\\a",
  };
  const escaped = known[char];
  if (escaped !== undefined) return escaped;
  const code = char.charCodeAt(0);
  return code < 0x20 || code === 0x7f
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : firstByte(char);
}

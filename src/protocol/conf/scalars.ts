/** Strings, numbers, dates and variables of a configuration file. Source: `conf/lex.go`. */
import { eof, isBlank, isDigit, isNewline, shown } from "./characters.ts";
import { fail, next, peek, type Scanner, scanUntilQuote } from "./scanner.ts";

/** A scalar as it was written, before variables and units are looked at. */
export interface Scalar {
  readonly kind: "string" | "integer" | "float" | "bool" | "date" | "variable";
  readonly text: string;
}

/** A value that is neither array nor map, up to what ends it. */
export function scanScalar(scanner: Scanner): Scalar {
  const char = peek(scanner);
  if (char === "'") return scanQuoted(scanner);
  if (char === '"') return scanDoubleQuoted(scanner);
  if (char === "-") return scanNegative(scanner);
  if (char === "(") return scanBlock(scanner);
  if (isDigit(char)) return scanDigits(scanner);
  if (char === ".") {
    next(scanner);
    throw fail(scanner, "Floats must start with a digit");
  }
  if (isNewline(char)) {
    next(scanner);
    throw fail(scanner, "Expected value but found new line");
  }
  return scanBare(scanner, scanner.at);
}

function scanQuoted(scanner: Scanner): Scalar {
  return { kind: "string", text: scanUntilQuote(scanner, "Unexpected EOF.") };
}

function scanDoubleQuoted(scanner: Scanner): Scalar {
  next(scanner);
  let text = "";
  for (;;) {
    const char = next(scanner);
    if (char === eof) throw fail(scanner, "Unexpected EOF.");
    if (char === '"') return { kind: "string", text };
    text += char === "\\" ? scanEscape(scanner) : char;
  }
}

/** An unquoted value that began at `start`: a string, a truth value or a variable. */
function scanBare(scanner: Scanner, start: number): Scalar {
  let text = scanner.text.slice(start, scanner.at);
  let escaped = false;
  for (;;) {
    const char = peek(scanner);
    if (char === "\\") {
      next(scanner);
      text += scanEscape(scanner);
      escaped = true;
    } else if (char === "'") {
      next(scanner);
      return { kind: "string", text };
    } else if (endsBare(char)) break;
    else text += next(scanner);
  }
  if (escaped) return { kind: "string", text };
  if (/^(true|false|on|off|yes|no)$/i.test(text)) return { kind: "bool", text };
  if (text.startsWith("$")) return { kind: "variable", text: text.slice(1) };
  return { kind: "string", text };
}

function endsBare(char: string): boolean {
  return char === eof || isNewline(char) || isBlank(char) || /[;,\]}]/.test(char);
}

const escapes: Readonly<Record<string, string>> = {
  t: "\t",
  n: "\n",
  r: "\r",
  '"': '"',
  "\\": "\\",
};

function scanEscape(scanner: Scanner): string {
  const char = next(scanner);
  if (char === "x") return scanHexEscape(scanner);
  const plain = escapes[char];
  if (plain !== undefined) return plain;
  throw fail(
    scanner,
    `Invalid escape character '${shown(char)}'. Only the following ` +
      'escape characters are allowed: \\xXX, \\t, \\n, \\r, \\", \\\\.',
  );
}

function scanHexEscape(scanner: Scanner): string {
  const digits = next(scanner) + next(scanner);
  if (/[\r\n]/.test(digits)) {
    throw fail(scanner, "Expected two hexadecimal digits after '\\x', but hit end of line");
  }
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
    throw fail(scanner, `Expected two hexadecimal digits after '\\x', but got '${digits}'`);
  }
  return String.fromCharCode(Number.parseInt(digits, 16));
}

/** `(` … `)` where the closing bracket stands on a line by itself. */
function scanBlock(scanner: Scanner): Scalar {
  next(scanner);
  const start = scanner.at;
  for (;;) {
    const char = next(scanner);
    if (char === eof) throw fail(scanner, "Unexpected EOF processing block.");
    const alone = char === ")" && scanner.text[scanner.at - 2] === "\n";
    if (!alone || !(peek(scanner) === "\n" || peek(scanner) === eof)) continue;
    return { kind: "string", text: scanner.text.slice(start, scanner.at - 1) };
  }
}

function scanNegative(scanner: Scanner): Scalar {
  const start = scanner.at;
  next(scanner);
  const first = next(scanner);
  if (first === ".") throw fail(scanner, "Floats must start with a digit, not '.'.");
  if (!isDigit(first)) throw fail(scanner, `Expected a digit but got '${shown(first)}'.`);
  while (isDigit(peek(scanner))) next(scanner);
  if (peek(scanner) === ".") return scanFraction(scanner, start);
  if (isUnit(peek(scanner))) return scanUnit(scanner, start);
  return { kind: "integer", text: scanner.text.slice(start, scanner.at) };
}

/** Begins with a digit: an integer, a float, a date, an address, or after all a string. */
function scanDigits(scanner: Scanner): Scalar {
  const start = scanner.at;
  while (isDigit(peek(scanner))) next(scanner);
  const char = peek(scanner);
  if (char === "-") return scanDate(scanner, start);
  if (char === ".") return scanFraction(scanner, start);
  if (isUnit(char)) return scanUnit(scanner, start);
  if (endsNumber(char)) return { kind: "integer", text: scanner.text.slice(start, scanner.at) };
  // What turned the number into a string belongs to it, even a `]`.
  next(scanner);
  return scanBare(scanner, start);
}

function scanUnit(scanner: Scanner, start: number): Scalar {
  next(scanner);
  while (/^[bBiI]$/.test(peek(scanner))) next(scanner);
  if (!endsNumber(peek(scanner))) return scanBare(scanner, start);
  return { kind: "integer", text: scanner.text.slice(start, scanner.at) };
}

function scanFraction(scanner: Scanner, start: number): Scalar {
  next(scanner);
  const first = next(scanner);
  if (!isDigit(first)) {
    throw fail(
      scanner,
      `Floats must have a digit after the '.', but got '${shown(first)}' instead.`,
    );
  }
  while (isDigit(peek(scanner))) next(scanner);
  if (peek(scanner) !== ".") {
    return { kind: "float", text: scanner.text.slice(start, scanner.at) };
  }
  // A second dot: an address, perhaps with a port, which may be -1.
  while (/^[0-9.:-]$/.test(peek(scanner))) next(scanner);
  return { kind: "string", text: scanner.text.slice(start, scanner.at) };
}

function scanDate(scanner: Scanner, start: number): Scalar {
  next(scanner);
  if (scanner.at - start !== 5) {
    throw fail(scanner, "All ISO8601 dates must be in full Zulu form.");
  }
  for (const expected of "00-00T00:00:00Z") {
    const char = next(scanner);
    if (expected === "0" && !isDigit(char)) {
      throw fail(
        scanner,
        `Expected digit in ISO8601 datetime, but found '${shown(char)}' instead.`,
      );
    }
    if (expected !== "0" && char !== expected) {
      throw fail(
        scanner,
        `Expected '${expected}' in ISO8601 datetime, but found '${shown(char)}' instead.`,
      );
    }
  }
  return { kind: "date", text: scanner.text.slice(start, scanner.at) };
}

function isUnit(char: string): boolean {
  return /^[kmgtpe]$/i.test(char);
}

function endsNumber(char: string): boolean {
  return char === eof || isNewline(char) || isBlank(char) || /[};,]/.test(char);
}

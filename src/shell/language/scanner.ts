/** Where the parser stands in its text, and the small steps it takes: blanks, lines. */
import { type Redirect, type Script, ShellSyntaxError } from "./syntax.ts";

/** The parser's whole state. `nested` parses what stands in `$( )` up to its closing bracket. */
export interface Scanner {
  readonly text: string;
  at: number;
  /** Here-documents announced on this line; their bodies begin after the next newline. */
  readonly pending: PendingHere[];
  readonly nested: (scanner: Scanner) => Script;
}

export interface PendingHere {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
  /** Filled in when the body is read. */
  readonly redirect: { -readonly [K in keyof Redirect]: Redirect[K] };
}

export function peek(scanner: Scanner, ahead = 0): string {
  return scanner.text[scanner.at + ahead] ?? "";
}

export function atEnd(scanner: Scanner): boolean {
  return scanner.at >= scanner.text.length;
}

/** Skips blanks, continued lines and a comment; stops at a newline. */
export function skipBlanks(scanner: Scanner): void {
  for (;;) {
    const c = peek(scanner);
    if (c === " " || c === "\t" || c === "\r") scanner.at += 1;
    else if (c === "\\" && peek(scanner, 1) === "\n") scanner.at += 2;
    else if (c === "#") {
      while (!atEnd(scanner) && peek(scanner) !== "\n") scanner.at += 1;
    } else return;
  }
}

/** Skips blanks, comments and newlines, reading the here-documents that begin after a newline. */
export function skipLines(scanner: Scanner, readHere: (scanner: Scanner) => void): void {
  for (;;) {
    skipBlanks(scanner);
    if (peek(scanner) !== "\n") return;
    scanner.at += 1;
    readHere(scanner);
  }
}

/** Throws with the line and column of `at`. */
export function fail(scanner: Scanner, problem: string, at = scanner.at): never {
  throw new ShellSyntaxError(problem, placeOf(scanner.text, at));
}

/** As `fail`, for text that ends too early: the person may still be typing. */
export function failIncomplete(scanner: Scanner, problem: string, at = scanner.at): never {
  throw new ShellSyntaxError(problem, placeOf(scanner.text, at), true);
}

/** Line and column, both from 1, of a place in the text. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf("\n"); i !== -1 && i < at; i = text.indexOf("\n", i + 1)) {
    line += 1;
    lineStart = i + 1;
  }
  return { line, column: at - lineStart + 1 };
}

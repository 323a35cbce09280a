/** The characters of a configuration file and where they stand. Source: `conf/lex.go`. */
import { eof, isNewline } from "./characters.ts";
import { ConfError } from "./value.ts";

export interface Scanner {
  readonly text: string;
  at: number;
  /** Line of `at`, from 1. */
  line: number;
  /** Where the line break before `at` is; 0 in the first line. */
  lineStart: number;
}

export function createScanner(text: string): Scanner {
  return { text, at: 0, line: 1, lineStart: 0 };
}

export function peek(scanner: Scanner): string {
  return scanner.text[scanner.at] ?? eof;
}

/** Takes one character. */
export function next(scanner: Scanner): string {
  const char = scanner.text[scanner.at];
  if (char === undefined) return eof;
  if (char === "\n") {
    scanner.line++;
    scanner.lineStart = scanner.at;
  }
  scanner.at++;
  return char;
}

/** How nats-server counts columns: from the line break before, or from the start of the text. */
export function columnOf(scanner: Scanner, at: number): number {
  return at - scanner.lineStart;
}

export function fail(scanner: Scanner, text: string): ConfError {
  return new ConfError(`Parse error on line ${scanner.line}: '${text}'`, scanner.line);
}

/** Skips `#…` and `//…`; true when there was one. A lone `/` stays. */
export function skipComment(scanner: Scanner): boolean {
  const char = peek(scanner);
  const opens = char === "#" || (char === "/" && scanner.text[scanner.at + 1] === "/");
  if (!opens) return false;
  while (!isNewline(peek(scanner)) && peek(scanner) !== eof) next(scanner);
  return true;
}

/** The text up to the quote that closes; `quote` has not been taken yet. */
export function scanUntilQuote(scanner: Scanner, eofText: string): string {
  const quote = next(scanner);
  const start = scanner.at;
  for (;;) {
    const char = next(scanner);
    if (char === eof) throw fail(scanner, eofText);
    if (char === quote) return scanner.text.slice(start, scanner.at - 1);
  }
}

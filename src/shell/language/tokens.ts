/** Operators, plain words and names, as the parser meets them. */
import { type Scanner, skipBlanks } from "./scanner.ts";
import type { Word } from "./syntax.ts";

/** Longest first: the first that matches is the operator. */
const operators = [
  "&>>",
  "<<<",
  "<<-",
  "&&",
  "||",
  ";;",
  "<<",
  ">>",
  "<&",
  ">&",
  "&>",
  ">|",
  "|&",
  "<",
  ">",
  "|",
  "&",
  ";",
  "(",
  ")",
] as const;

export type Operator = (typeof operators)[number];

/** The operator that stands here, not yet taken; null for a word, a newline or the end. */
export function peekOperator(scanner: Scanner): Operator | null {
  for (const operator of operators) {
    if (scanner.text.startsWith(operator, scanner.at)) return operator;
  }
  return null;
}

/** Takes `operator` if it stands here (after blanks). */
export function takeOperator(scanner: Scanner, operator: Operator): boolean {
  skipBlanks(scanner);
  if (peekOperator(scanner) !== operator) return false;
  scanner.at += operator.length;
  return true;
}

/** The unquoted plain word that stands here, such as `then`; null when it is anything else. */
export function peekPlainWord(scanner: Scanner): string | null {
  skipBlanks(scanner);
  let end = scanner.at;
  while (end < scanner.text.length && isPlain(scanner.text[end] as string)) end += 1;
  const next = scanner.text[end] ?? "\n";
  if (end === scanner.at || !isWordEnd(next)) return null;
  return scanner.text.slice(scanner.at, end);
}

export function takePlainWord(scanner: Scanner, word: string): boolean {
  if (peekPlainWord(scanner) !== word) return false;
  scanner.at += word.length;
  return true;
}

/** Characters that end an unquoted word. */
export function isWordEnd(c: string): boolean {
  return c === "" || " \t\r\n;&|<>()".includes(c);
}

function isNameStart(c: string): boolean {
  return /^[A-Za-z_]$/.test(c);
}

/** Length of the variable name at `at`; 0 when none begins there. */
export function nameLength(text: string, at: number): number {
  if (!isNameStart(text[at] ?? "")) return 0;
  let end = at + 1;
  while (/^[A-Za-z0-9_]$/.test(text[end] ?? "")) end += 1;
  return end - at;
}

export function textPart(text: string, quoted: boolean): Word[number] {
  return { kind: "text", text, quoted };
}

function isPlain(c: string): boolean {
  return /^[A-Za-z0-9_{}!.-]$/.test(c);
}

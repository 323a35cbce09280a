/** Turns a line of shell into data. Grammar: POSIX.1-2017 XCU 2.10, less what no one types. */

import { parseRedirects, readHereBodies, takeRedirect } from "./redirections.ts";
import {
  atEnd,
  fail,
  failIncomplete,
  peek,
  placeOf,
  type Scanner,
  skipBlanks,
  skipLines,
} from "./scanner.ts";
import type { AndOr, Assign, Command, Pipeline, Redirect, Script, Simple, Word } from "./syntax.ts";
import { nameLength, peekOperator, peekPlainWord, takeOperator, takePlainWord } from "./tokens.ts";
import { scanArithmetic, scanWord } from "./words.ts";

/** Parses a line or a whole file. Throws ShellSyntaxError, which says where. */
export function parseScript(text: string): Script {
  const scanner: Scanner = { text, at: 0, pending: [], nested: parseList };
  const script = parseList(scanner);
  if (!atEnd(scanner)) fail(scanner, `unexpected '${nextToken(scanner)}'`);
  return script;
}

/** Reads commands up to what cannot begin one; the caller says what that must be. */
function parseList(scanner: Scanner): Script {
  const list: AndOr[] = [];
  for (;;) {
    skipLines(scanner, readHereBodies);
    if (!beginsCommand(scanner)) break;
    list.push(parseAndOr(scanner));
    skipBlanks(scanner);
    if (atEnd(scanner) || !"\n;&".includes(peek(scanner))) break;
    if (peekOperator(scanner) === ";;") break;
    if (peek(scanner) !== "\n") scanner.at += 1;
  }
  if (atEnd(scanner)) readHereBodies(scanner);
  return list;
}

const closers = new Set(["then", "elif", "else", "fi", "do", "done", "esac", "}"]);

function beginsCommand(scanner: Scanner): boolean {
  if (atEnd(scanner)) return false;
  const operator = peekOperator(scanner);
  if (operator !== null && !"(<>&>".includes(operator[0] as string)) return false;
  if (operator === "&" || operator === "&&") return false;
  return !closers.has(peekPlainWord(scanner) ?? "");
}

function parseAndOr(scanner: Scanner): AndOr {
  const start = scanner.at;
  const first = parsePipeline(scanner);
  const rest: { op: "&&" | "||"; pipeline: Pipeline }[] = [];
  for (;;) {
    const op = takeOperator(scanner, "&&") ? "&&" : takeOperator(scanner, "||") ? "||" : null;
    if (op === null) break;
    skipLines(scanner, readHereBodies);
    rest.push({ op, pipeline: parsePipeline(scanner) });
  }
  const text = scanner.text.slice(start, scanner.at).trim();
  skipBlanks(scanner);
  return { first, rest, background: peekOperator(scanner) === "&", text };
}

function parsePipeline(scanner: Scanner): Pipeline {
  let negated = false;
  while (takePlainWord(scanner, "!")) negated = !negated;
  const commands: Command[] = [parseCommand(scanner)];
  for (;;) {
    const withErrors = takeOperator(scanner, "|&");
    if (!withErrors && !takeOperator(scanner, "|")) return { negated, commands };
    if (withErrors) commands.push(addErrorRedirect(commands.pop() as Command));
    skipLines(scanner, readHereBodies);
    commands.push(parseCommand(scanner));
  }
}

function addErrorRedirect(command: Command): Command {
  const target: Word = [{ kind: "text", text: "1", quoted: false }];
  return { ...command, redirects: [...command.redirects, { fd: 2, op: "dup", target }] };
}

function parseCommand(scanner: Scanner): Command {
  skipBlanks(scanner);
  if (atEnd(scanner)) failIncomplete(scanner, "a command is missing at the end");
  if (scanner.text.startsWith("((", scanner.at)) {
    scanner.at += 2;
    const expression = scanArithmetic(scanner);
    return { kind: "arithmetic", expression, redirects: parseRedirects(scanner) };
  }
  if (peekOperator(scanner) === "(") return parseSubshell(scanner);
  const word = peekPlainWord(scanner);
  switch (word) {
    case "{":
      return parseGroup(scanner);
    case "if":
      return parseIf(scanner);
    case "while":
    case "until":
      return parseLoop(scanner, word);
    case "for":
      return parseFor(scanner);
    case "case":
      return parseCase(scanner);
    case "function":
      scanner.at += word.length;
      return parseFunction(scanner);
    default:
      return isFunctionHead(scanner) ? parseFunction(scanner) : parseSimple(scanner);
  }
}

function parseSubshell(scanner: Scanner): Command {
  const start = scanner.at;
  scanner.at += 1;
  const body = parseBody(scanner, "(");
  if (peek(scanner) !== ")") missing(scanner, ")", "(", start);
  scanner.at += 1;
  return { kind: "subshell", body, redirects: parseRedirects(scanner) };
}

function parseGroup(scanner: Scanner): Command {
  const start = scanner.at;
  scanner.at += 1;
  const body = parseBody(scanner, "{");
  close(scanner, "}", "{", start);
  return { kind: "group", body, redirects: parseRedirects(scanner) };
}

function parseIf(scanner: Scanner): Command {
  const start = scanner.at;
  const branches: { test: Script; body: Script }[] = [];
  let otherwise: Script | null = null;
  takePlainWord(scanner, "if");
  do {
    const test = parseBody(scanner, branches.length === 0 ? "if" : "elif");
    close(scanner, "then", "if", start);
    branches.push({ test, body: parseBody(scanner, "then") });
  } while (takePlainWord(scanner, "elif"));
  if (takePlainWord(scanner, "else")) otherwise = parseBody(scanner, "else");
  close(scanner, "fi", "if", start);
  return { kind: "if", branches, otherwise, redirects: parseRedirects(scanner) };
}

function parseLoop(scanner: Scanner, word: "while" | "until"): Command {
  const start = scanner.at;
  scanner.at += word.length;
  const test = parseBody(scanner, word);
  const body = parseDo(scanner, word, start);
  const until = word === "until";
  return { kind: "loop", until, test, body, redirects: parseRedirects(scanner) };
}

function parseDo(scanner: Scanner, opener: string, start: number): Script {
  close(scanner, "do", opener, start);
  const body = parseBody(scanner, "do");
  close(scanner, "done", opener, start);
  return body;
}

function parseFor(scanner: Scanner): Command {
  const start = scanner.at;
  takePlainWord(scanner, "for");
  skipBlanks(scanner);
  const length = nameLength(scanner.text, scanner.at);
  if (length === 0) fail(scanner, "'for' needs the name of a variable");
  const name = scanner.text.slice(scanner.at, scanner.at + length);
  scanner.at += length;
  skipLines(scanner, readHereBodies);
  let words: Word[] | null = null;
  if (takePlainWord(scanner, "in")) {
    words = parseWords(scanner);
  }
  takeOperator(scanner, ";");
  skipLines(scanner, readHereBodies);
  const body = parseDo(scanner, "for", start);
  return { kind: "for", name, words, body, redirects: parseRedirects(scanner) };
}

function parseWords(scanner: Scanner): Word[] {
  const words: Word[] = [];
  for (;;) {
    skipBlanks(scanner);
    const start = scanner.at;
    const word = scanWord(scanner);
    if (scanner.at === start) return words;
    words.push(word);
  }
}

function parseCase(scanner: Scanner): Command {
  const start = scanner.at;
  takePlainWord(scanner, "case");
  skipBlanks(scanner);
  const subject = scanWord(scanner);
  skipLines(scanner, readHereBodies);
  close(scanner, "in", "case", start);
  const arms: { patterns: Word[]; body: Script }[] = [];
  for (;;) {
    skipLines(scanner, readHereBodies);
    if (takePlainWord(scanner, "esac")) break;
    if (atEnd(scanner)) failIncomplete(scanner, "'case' without 'esac'", start);
    arms.push(parseArm(scanner));
  }
  return { kind: "case", subject, arms, redirects: parseRedirects(scanner) };
}

function parseArm(scanner: Scanner): { patterns: Word[]; body: Script } {
  takeOperator(scanner, "(");
  const patterns: Word[] = [];
  do {
    skipBlanks(scanner);
    const start = scanner.at;
    patterns.push(scanWord(scanner));
    if (scanner.at === start) fail(scanner, `a pattern is missing before '${nextToken(scanner)}'`);
  } while (takeOperator(scanner, "|"));
  if (!takeOperator(scanner, ")")) fail(scanner, "')' expected after a pattern of 'case'");
  const body = parseList(scanner);
  takeOperator(scanner, ";;");
  return { patterns, body };
}

function isFunctionHead(scanner: Scanner): boolean {
  const rest = scanner.text.slice(scanner.at, scanner.at + 80);
  return /^[A-Za-z_][A-Za-z0-9_-]*[ \t]*\([ \t]*\)/.test(rest);
}

function parseFunction(scanner: Scanner): Command {
  skipBlanks(scanner);
  const head = /^([A-Za-z_][A-Za-z0-9_-]*)[ \t]*(\([ \t]*\))?/.exec(scanner.text.slice(scanner.at));
  if (head === null) fail(scanner, "'function' needs a name");
  scanner.at += head[0].length;
  skipLines(scanner, readHereBodies);
  const body = parseCommand(scanner);
  if (body.kind === "simple") fail(scanner, "a function's body must stand in '{ }' or '( )'");
  return { kind: "function", name: head[1] as string, body, redirects: [] };
}

function parseSimple(scanner: Scanner): Simple {
  const start = scanner.at;
  const { line } = placeOf(scanner.text, start);
  const assigns: Assign[] = [];
  const words: Word[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(scanner);
    if (takeRedirect(scanner, redirects)) continue;
    const assign = words.length === 0 ? takeAssign(scanner) : null;
    if (assign !== null) {
      assigns.push(assign);
      continue;
    }
    const before = scanner.at;
    const word = scanWord(scanner);
    if (scanner.at === before) break;
    if (word.length > 0) words.push(word);
  }
  if (scanner.at === start) fail(scanner, `unexpected '${nextToken(scanner)}'`);
  if (peekOperator(scanner) === "(") fail(scanner, "unexpected '('; quote it, or begin a command");
  return { kind: "simple", assigns, words, redirects, line };
}

function takeAssign(scanner: Scanner): Assign | null {
  const length = nameLength(scanner.text, scanner.at);
  const append = length > 0 && scanner.text.startsWith("+=", scanner.at + length);
  if (length === 0 || (!append && scanner.text[scanner.at + length] !== "=")) return null;
  const name = scanner.text.slice(scanner.at, scanner.at + length);
  scanner.at += length + (append ? 2 : 1);
  return { name, value: scanWord(scanner), append };
}

function parseBody(scanner: Scanner, opener: string): Script {
  const start = scanner.at;
  const body = parseList(scanner);
  if (body.length === 0) {
    if (atEnd(scanner)) failIncomplete(scanner, `a command is missing after '${opener}'`);
    fail(scanner, `a command is missing after '${opener}', before '${nextToken(scanner)}'`, start);
  }
  return body;
}

function close(scanner: Scanner, closer: string, opener: string, start: number): void {
  if (!takePlainWord(scanner, closer)) missing(scanner, closer, opener, start);
}

function missing(scanner: Scanner, closer: string, opener: string, start: number): never {
  const { line, column } = placeOf(scanner.text, start);
  const whose = `for the '${opener}' of line ${line}, column ${column}`;
  if (atEnd(scanner)) failIncomplete(scanner, `'${closer}' is missing ${whose}`);
  fail(scanner, `'${closer}' expected ${whose}, not '${nextToken(scanner)}'`);
}

/** What stands here, for a message. */
function nextToken(scanner: Scanner): string {
  if (atEnd(scanner)) return "end of line";
  if (peek(scanner) === "\n") return "newline";
  const operator = peekOperator(scanner);
  if (operator !== null) return operator;
  return /^\S+?(?=[\s;&|<>()]|$)/.exec(scanner.text.slice(scanner.at))?.[0] ?? peek(scanner);
}

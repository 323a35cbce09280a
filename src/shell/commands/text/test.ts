/** `test EXPRESSION`, `[ EXPRESSION ]`. Grammar: POSIX.1-2017 XCU test, with `-a -o ( )`. */
import type { FileEntry } from "../../../world/index.ts";
import { resolvePath } from "../../files/paths.ts";
import { defineTool, ToolError } from "./tool.ts";

/** What an expression may ask about. */
export interface TestScope {
  stat(path: string): Promise<FileEntry | null>;
  isTerminal(fd: number): boolean;
  isSet(name: string): boolean;
}

/** An expression that is none. Exit status 2. */
export class TestError extends Error {
  override readonly name = "TestError";
}

interface State {
  readonly words: readonly string[];
  at: number;
  readonly scope: TestScope;
}

/** Whether the expression holds. Throws TestError. */
export async function evaluateTest(words: readonly string[], scope: TestScope): Promise<boolean> {
  if (words.length === 0) return false;
  if (words.length === 1) return words[0] !== "";
  const state: State = { words, at: 0, scope };
  const holds = await either(state);
  if (state.at < words.length) throw new TestError(`${here(state)}: unexpected argument`);
  return holds;
}

async function either(state: State): Promise<boolean> {
  let holds = await both(state);
  while (take(state, "-o") || take(state, "||")) {
    const right = await both(state);
    holds ||= right;
  }
  return holds;
}

async function both(state: State): Promise<boolean> {
  let holds = await negated(state);
  while (take(state, "-a") || take(state, "&&")) {
    const right = await negated(state);
    holds &&= right;
  }
  return holds;
}

async function negated(state: State): Promise<boolean> {
  const isBinary = binaryTests.has(state.words[state.at + 1] ?? "");
  if (!isBinary && take(state, "!")) return !(await negated(state));
  return primary(state);
}

async function primary(state: State): Promise<boolean> {
  const left = state.words[state.at];
  if (left === undefined) throw new TestError("an argument is missing");
  const operator = state.words[state.at + 1];
  const right = state.words[state.at + 2];
  if (operator !== undefined && right !== undefined && binaryTests.has(operator)) {
    state.at += 3;
    return compare(state, left, operator, right);
  }
  if (left === "(") {
    state.at += 1;
    const holds = await either(state);
    if (!take(state, ")")) throw new TestError("')' expected");
    return holds;
  }
  if (/^-[a-zA-Z]$/.test(left) && operator !== undefined) {
    state.at += 2;
    return unary(state, left, operator);
  }
  state.at += 1;
  return left !== "";
}

const binaryTests = new Set([
  "=",
  "==",
  "!=",
  "<",
  ">",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "=~",
]);

async function compare(
  state: State,
  left: string,
  operator: string,
  right: string,
): Promise<boolean> {
  switch (operator) {
    case "=":
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "=~":
      return expression(right).test(left);
    case "-nt":
    case "-ot":
      return newer(state, operator === "-nt" ? [left, right] : [right, left]);
    default:
      return compareNumbers(operator, integer(left), integer(right));
  }
}

function compareNumbers(operator: string, a: bigint, b: bigint): boolean {
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
}

async function unary(state: State, operator: string, operand: string): Promise<boolean> {
  switch (operator) {
    case "-z":
      return operand === "";
    case "-n":
      return operand !== "";
    case "-t":
      return state.scope.isTerminal(Number(integer(operand)));
    case "-v":
      return state.scope.isSet(operand);
    default:
      return fileTest(operator, await state.scope.stat(operand));
  }
}

function fileTest(operator: string, entry: FileEntry | null): boolean {
  switch (operator) {
    case "-e":
    case "-a":
    case "-r":
    case "-w":
      return entry !== null;
    case "-f":
      return entry !== null && !entry.folder;
    case "-d":
    case "-x":
      return entry?.folder === true;
    case "-s":
      return entry !== null && entry.size > 0;
    case "-L":
    case "-h":
    case "-p":
    case "-S":
      return false;
    default:
      throw new TestError(`${operator}: unary operator expected`);
  }
}

async function newer(state: State, [a, b]: readonly [string, string]): Promise<boolean> {
  const first = await state.scope.stat(a);
  const second = await state.scope.stat(b);
  return first !== null && (second === null || first.modified > second.modified);
}

function expression(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch {
    throw new TestError(`${text}: not a regular expression`);
  }
}

function integer(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ""));
}

function here(state: State): string {
  return state.words[state.at] ?? "";
}

function take(state: State, word: string): boolean {
  if (here(state) !== word) return false;
  state.at += 1;
  return true;
}

function testTool(name: string, closer: string | null): ReturnType<typeof defineTool> {
  return defineTool(name, async (tool) => {
    const { context, args } = tool;
    if (closer !== null && args.at(-1) !== closer) throw new ToolError(`missing '${closer}'`, 2);
    try {
      const holds = await evaluateTest(closer === null ? args : args.slice(0, -1), {
        stat: (path) => context.stat(resolvePath(context.cwd, path)),
        isTerminal: (fd) => [context.tty.in, context.tty.out, context.tty.err][fd] ?? false,
        isSet: (variable) => context.env.has(variable),
      });
      return holds ? 0 : 1;
    } catch (error) {
      if (error instanceof TestError) throw new ToolError(error.message, 2);
      throw error;
    }
  });
}

export const test = testTool("test", null);
export const bracket = testTool("[", "]");

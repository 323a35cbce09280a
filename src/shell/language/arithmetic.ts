/** `$((...))`: C's integer operators on 64 bits that wrap round, with assignment to variables. */

/** How an expression reads and writes variables. An unset or empty one counts as 0. */
export interface ArithmeticScope {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** A mistake in an expression, such as a division by zero. The command's exit status is 1. */
export class ArithmeticError extends Error {
  override readonly name = "ArithmeticError";
}

/** Evaluates an expression whose `$` parts are already replaced. Throws ArithmeticError. */
export function evaluateArithmetic(text: string, scope: ArithmeticScope): bigint {
  return evaluateNested(text, scope, 0);
}

/** As `evaluateArithmetic`; `depth` counts variables that hold expressions that name variables. */
function evaluateNested(text: string, scope: ArithmeticScope, depth: number): bigint {
  const state: State = { text, tokens: tokenise(text), at: 0, scope, live: true, depth };
  if (state.tokens.length === 0) return 0n;
  const value = comma(state);
  if (state.at < state.tokens.length) throw problem(state, `unexpected '${here(state)}'`);
  return value;
}

interface State {
  readonly text: string;
  readonly tokens: readonly string[];
  at: number;
  readonly scope: ArithmeticScope;
  /** False in the branch of `&&`, `||` and `?:` that is not taken. */
  live: boolean;
  readonly depth: number;
}

const token = new RegExp(
  String.raw`\s*(0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z]+|\d+|[A-Za-z_]\w*|` +
    String.raw`<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|` +
    "[-+*/%<>=!~&^|?:,()])",
  "y",
);

const binary: readonly (readonly string[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "<<=", ">>="]);

function tokenise(text: string): string[] {
  const tokens: string[] = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null)
      throw new ArithmeticError(`${text.trim()}: unexpected '${text.slice(at).trim()}'`);
    tokens.push(match[1] as string);
  }
  return tokens;
}

function comma(state: State): bigint {
  let value = assignment(state);
  while (take(state, ",")) value = assignment(state);
  return value;
}

function assignment(state: State): bigint {
  const name = here(state);
  const operator = state.tokens[state.at + 1] ?? "";
  if (!isName(name) || !assignments.has(operator)) return conditional(state);
  state.at += 2;
  const right = assignment(state);
  if (operator === "=") return write(state, name, right);
  return write(state, name, apply(state, operator.slice(0, -1), read(state, name), right));
}

function conditional(state: State): bigint {
  const test = logicalOr(state);
  if (!take(state, "?")) return test;
  const yes = branch(state, test !== 0n, assignment);
  if (!take(state, ":")) throw problem(state, "':' expected");
  const no = branch(state, test === 0n, assignment);
  return test !== 0n ? yes : no;
}

function logicalOr(state: State): bigint {
  let value = logicalAnd(state);
  while (take(state, "||")) {
    const right = branch(state, value === 0n, logicalAnd);
    value = value !== 0n || right !== 0n ? 1n : 0n;
  }
  return value;
}

function logicalAnd(state: State): bigint {
  let value = level(state, 0);
  while (take(state, "&&")) {
    const right = branch(state, value !== 0n, (inner) => level(inner, 0));
    value = value !== 0n && right !== 0n ? 1n : 0n;
  }
  return value;
}

/** Parses what may not be evaluated: its assignments and divisions are left out. */
function branch(state: State, taken: boolean, parse: (state: State) => bigint): bigint {
  const before = state.live;
  state.live = before && taken;
  const value = parse(state);
  state.live = before;
  return value;
}

function level(state: State, rank: number): bigint {
  const operators = binary[rank];
  if (operators === undefined) return power(state);
  let value = level(state, rank + 1);
  while (operators.includes(here(state))) {
    const operator = here(state);
    state.at += 1;
    value = apply(state, operator, value, level(state, rank + 1));
  }
  return value;
}

function power(state: State): bigint {
  const base = unary(state);
  return take(state, "**") ? apply(state, "**", base, power(state)) : base;
}

function unary(state: State): bigint {
  const operator = here(state);
  if (operator === "++" || operator === "--") {
    state.at += 1;
    const name = here(state);
    if (!isName(name)) throw problem(state, `'${operator}' needs a variable`);
    state.at += 1;
    return write(state, name, read(state, name) + (operator === "++" ? 1n : -1n));
  }
  if (take(state, "-")) return wrap(-unary(state));
  if (take(state, "+")) return unary(state);
  if (take(state, "!")) return unary(state) === 0n ? 1n : 0n;
  if (take(state, "~")) return wrap(~unary(state));
  return primary(state);
}

function primary(state: State): bigint {
  const text = here(state);
  if (take(state, "(")) {
    const value = comma(state);
    if (!take(state, ")")) throw problem(state, "')' expected");
    return value;
  }
  if (/^\d/.test(text)) {
    state.at += 1;
    return number(state, text);
  }
  if (!isName(text)) throw problem(state, "a number or a variable is missing");
  state.at += 1;
  const value = read(state, text);
  if (take(state, "++")) write(state, text, value + 1n);
  else if (take(state, "--")) write(state, text, value - 1n);
  return value;
}

function number(state: State, text: string): bigint {
  const [base, digits] = text.split("#");
  if (digits !== undefined) return inBase(state, Number(base), digits);
  if (/^0[xX]/.test(text)) return wrap(BigInt(text));
  if (!/^0\d/.test(text)) return wrap(BigInt(text));
  if (/[89]/.test(text)) throw problem(state, `${text} is not octal`);
  return wrap(BigInt(`0o${text.slice(1)}`));
}

function inBase(state: State, base: number, digits: string): bigint {
  let value = 0n;
  for (const c of digits.toLowerCase()) {
    const digit = Number.parseInt(c, 36);
    if (base < 2 || base > 36 || digit >= base) throw problem(state, `bad number ${digits}`);
    value = value * BigInt(base) + BigInt(digit);
  }
  return wrap(value);
}

function apply(state: State, operator: string, a: bigint, b: bigint): bigint {
  if ((operator === "/" || operator === "%") && b === 0n) {
    if (state.live) throw problem(state, "division by zero");
    return 0n;
  }
  if (operator === "**" && b < 0n) throw problem(state, "negative exponent");
  return wrap(operate(operator, a, b));
}

function operate(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    case "**":
      return raise(a, b);
    case "<<":
      return a << (b & 63n);
    case ">>":
      return a >> (b & 63n);
    case "&":
      return a & b;
    case "^":
      return a ^ b;
    case "|":
      return a | b;
    case "==":
      return a === b ? 1n : 0n;
    case "!=":
      return a !== b ? 1n : 0n;
    case "<":
      return a < b ? 1n : 0n;
    case "<=":
      return a <= b ? 1n : 0n;
    case ">":
      return a > b ? 1n : 0n;
    default:
      return a >= b ? 1n : 0n;
  }
}

/** By squaring, wrapping at each step: `2 ** 1000000` must not take memory. */
function raise(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let left = exponent, square = base; left > 0n; left >>= 1n, square = wrap(square * square)) {
    if (left & 1n) result = wrap(result * square);
  }
  return result;
}

function read(state: State, name: string): bigint {
  const text = state.scope.get(name).trim();
  if (text === "") return 0n;
  if (/^[-+]?\d+$/.test(text) && !/^[-+]?0\d/.test(text)) return wrap(BigInt(text));
  // A variable may hold another expression; bash's own limit on such a chain is 1024.
  if (state.depth >= 64) throw problem(state, `${name} refers to itself`);
  return evaluateNested(text, state.scope, state.depth + 1);
}

function write(state: State, name: string, value: bigint): bigint {
  const wrapped = wrap(value);
  if (state.live) state.scope.set(name, String(wrapped));
  return wrapped;
}

function wrap(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

function here(state: State): string {
  return state.tokens[state.at] ?? "";
}

function take(state: State, text: string): boolean {
  if (here(state) !== text) return false;
  state.at += 1;
  return true;
}

function isName(text: string): boolean {
  return /^[A-Za-z_]/.test(text);
}

function problem(state: State, what: string): ArithmeticError {
  return new ArithmeticError(`${state.text.trim()}: ${what}`);
}

/** Parses a jq filter. Precedence as in jq 1.7's manual: `|` binds least, then `,`, `//`, ... */
import { type Filter, JqError } from "./syntax.ts";

interface State {
  readonly text: string;
  at: number;
}

const identity: Filter = { kind: "identity" };

/** Throws JqError with the column of what is wrong. */
export function parseFilter(text: string): Filter {
  const state: State = { text, at: 0 };
  const filter = peek(state) === "" ? identity : parsePipe(state);
  if (peek(state) !== "") throw unexpected(state);
  return filter;
}

const tokenPattern = new RegExp(
  String.raw`\s*(?:#[^\n]*\s*)*(` +
    String.raw`\.\.|\?//|//=?|[=!<>]=|\|=|` +
    String.raw`\.[A-Za-z_]\w*|\$[A-Za-z_]\w*|@[a-z0-9]+|[A-Za-z_]\w*(?:::\w+)*|` +
    String.raw`\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|"|[-+*/%=<>|,.()[\]{}:;?])`,
  "y",
);

function token(state: State): { text: string; end: number } {
  tokenPattern.lastIndex = state.at;
  const match = tokenPattern.exec(state.text);
  if (match !== null) return { text: match[1] as string, end: tokenPattern.lastIndex };
  return { text: state.text.slice(state.at).trim().slice(0, 1), end: state.text.length };
}

function peek(state: State): string {
  return token(state).text;
}

function next(state: State): string {
  const { text, end } = token(state);
  state.at = end;
  return text;
}

function take(state: State, text: string): boolean {
  if (peek(state) !== text) return false;
  next(state);
  return true;
}

function expect(state: State, text: string): void {
  if (!take(state, text)) throw unexpected(state, `'${text}' expected`);
}

function unexpected(state: State, wanted = ""): JqError {
  const found = peek(state) === "" ? "end of the filter" : `'${peek(state)}'`;
  const column = state.at + 1 + (/^\s*/.exec(state.text.slice(state.at))?.[0].length ?? 0);
  const detail = wanted === "" ? "" : `; ${wanted}`;
  return new JqError(`column ${column}: unexpected ${found}${detail}`, 3);
}

function parsePipe(state: State): Filter {
  const left = parseComma(state);
  if (take(state, "as")) {
    const name = variableName(state);
    expect(state, "|");
    return { kind: "bind", of: left, name, body: parsePipe(state) };
  }
  return take(state, "|") ? { kind: "pipe", left, right: parsePipe(state) } : left;
}

function variableName(state: State): string {
  const name = next(state);
  if (!name.startsWith("$")) throw new JqError(`a variable is needed, not '${name}'`, 3);
  return name.slice(1);
}

function parseComma(state: State): Filter {
  let left = parseBinary(state, 0);
  while (take(state, ",")) left = { kind: "comma", left, right: parseBinary(state, 0) };
  return left;
}

/** From the loosest: `//` groups to the right, the others to the left. */
const levels: readonly (readonly string[])[] = [
  ["//"],
  ["or"],
  ["and"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

function parseBinary(state: State, level: number): Filter {
  const operators = levels[level];
  if (operators === undefined) return parsePostfix(state);
  let left = parseBinary(state, level + 1);
  while (operators.includes(peek(state))) {
    const op = next(state);
    const right = parseBinary(state, op === "//" ? level : level + 1);
    left = { kind: "binary", op, left, right };
  }
  return left;
}

function parsePostfix(state: State): Filter {
  if (take(state, "-")) return { kind: "negate", of: parsePostfix(state) };
  let filter = parseTerm(state);
  for (;;) {
    const ahead = peek(state);
    if (ahead === "?") {
      next(state);
      filter = { kind: "try", body: filter };
    } else if (ahead === "[") {
      next(state);
      filter = parseBracket(state, filter);
    } else if (/^\.[A-Za-z_]/.test(ahead)) {
      filter = indexBy(filter, next(state).slice(1));
    } else if (ahead === ".") {
      next(state);
      filter = parseDotted(state, filter);
    } else return filter;
  }
}

/** After a dot that a name does not follow at once: `."a b"` or `.[0]`. */
function parseDotted(state: State, of: Filter): Filter {
  if (take(state, '"')) return { kind: "index", of, by: parseText(state) };
  if (take(state, "[")) return parseBracket(state, of);
  throw unexpected(state);
}

function indexBy(of: Filter, key: string): Filter {
  return { kind: "index", of, by: { kind: "literal", value: key } };
}

function parseBracket(state: State, of: Filter): Filter {
  if (take(state, "]")) return { kind: "iterate", of };
  const from = peek(state) === ":" ? null : parsePipe(state);
  if (from !== null && take(state, "]")) return { kind: "index", of, by: from };
  expect(state, ":");
  const to = peek(state) === "]" ? null : parsePipe(state);
  expect(state, "]");
  return { kind: "slice", of, from, to };
}

function parseTerm(state: State): Filter {
  const ahead = peek(state);
  if (/^\.[A-Za-z_]/.test(ahead)) return indexBy(identity, next(state).slice(1));
  if (/^\d/.test(ahead)) return { kind: "literal", value: Number(next(state)) };
  if (/^\$/.test(ahead)) return { kind: "variable", name: next(state).slice(1) };
  if (/^@/.test(ahead)) return { kind: "call", name: next(state), args: [] };
  if (/^[A-Za-z_]/.test(ahead)) return parseWord(state);
  switch (next(state)) {
    case ".":
      return parseDot(state);
    case "..":
      return { kind: "recurse" };
    case '"':
      return parseText(state);
    case "(": {
      const inside = parsePipe(state);
      expect(state, ")");
      return inside;
    }
    case "[": {
      const body = peek(state) === "]" ? null : parsePipe(state);
      expect(state, "]");
      return { kind: "array", body };
    }
    case "{":
      return parseObject(state);
    default:
      state.at -= ahead.length;
      throw unexpected(state);
  }
}

function parseDot(state: State): Filter {
  if (peek(state) === '"' && state.text[state.at] === '"') {
    next(state);
    return { kind: "index", of: identity, by: parseText(state) };
  }
  return identity;
}

function parseWord(state: State): Filter {
  const name = next(state);
  switch (name) {
    case "null":
      return { kind: "literal", value: null };
    case "true":
    case "false":
      return { kind: "literal", value: name === "true" };
    case "if":
      return parseIf(state);
    case "reduce":
      return parseReduce(state);
    case "try":
      return { kind: "try", body: parsePostfix(state) };
    default: {
      const args: Filter[] = [];
      if (take(state, "(")) {
        do args.push(parsePipe(state));
        while (take(state, ";"));
        expect(state, ")");
      }
      return { kind: "call", name, args };
    }
  }
}

function parseIf(state: State): Filter {
  const test = parsePipe(state);
  expect(state, "then");
  const yes = parsePipe(state);
  if (take(state, "elif")) return { kind: "if", test, yes, no: parseIf(state) };
  const no = take(state, "else") ? parsePipe(state) : identity;
  expect(state, "end");
  return { kind: "if", test, yes, no };
}

function parseReduce(state: State): Filter {
  const of = parsePostfix(state);
  expect(state, "as");
  const name = variableName(state);
  expect(state, "(");
  const start = parsePipe(state);
  expect(state, ";");
  const step = parsePipe(state);
  expect(state, ")");
  return { kind: "reduce", of, name, start, step };
}

function parseObject(state: State): Filter {
  const entries: (readonly [Filter, Filter])[] = [];
  while (!take(state, "}")) {
    if (entries.length > 0) expect(state, ",");
    entries.push(parseEntry(state));
  }
  return { kind: "object", entries };
}

function parseEntry(state: State): readonly [Filter, Filter] {
  const ahead = peek(state);
  if (ahead.startsWith("$")) {
    const name = next(state).slice(1);
    return [
      { kind: "literal", value: name },
      { kind: "variable", name },
    ];
  }
  const key = parseKey(state, ahead);
  if (!take(state, ":")) return [key, { kind: "index", of: identity, by: key }];
  // A value takes no comma: that begins the next entry.
  let value = parseBinary(state, 0);
  while (take(state, "|")) value = { kind: "pipe", left: value, right: parseBinary(state, 0) };
  return [key, value];
}

function parseKey(state: State, ahead: string): Filter {
  if (take(state, '"')) return parseText(state);
  if (take(state, "(")) {
    const key = parsePipe(state);
    expect(state, ")");
    return key;
  }
  if (!/^[A-Za-z_]/.test(ahead)) throw unexpected(state, "a key expected");
  return { kind: "literal", value: next(state) };
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** Reads the rest of a text after its opening quote; `\( )` holds a filter. */
function parseText(state: State): Filter {
  const pieces: (string | Filter)[] = [];
  let plain = "";
  for (;;) {
    const c = state.text[state.at];
    if (c === undefined) throw unexpected(state, 'a text without its closing "');
    state.at += 1;
    if (c === '"') break;
    if (c !== "\\") {
      plain += c;
      continue;
    }
    const escaped = state.text[state.at] ?? "";
    state.at += 1;
    if (escaped === "(") {
      pieces.push(plain, parsePipe(state));
      expect(state, ")");
      plain = "";
    } else if (escaped === "u") {
      plain += String.fromCharCode(Number.parseInt(state.text.slice(state.at, state.at + 4), 16));
      state.at += 4;
    } else plain += escapes[escaped] ?? escaped;
  }
  if (pieces.length === 0) return { kind: "literal", value: plain };
  return { kind: "text", pieces: [...pieces, plain] };
}

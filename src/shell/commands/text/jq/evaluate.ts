/** Applies a filter to a value: every output in turn. */
import { callFunction } from "./functions.ts";
import { type Filter, JqError, type Json, type JsonObject } from "./syntax.ts";
import { arithmetic, compareJson, isArray, isObject, isTrue, shown, typeName } from "./values.ts";

/** What `$name` stands for. */
export type Bindings = ReadonlyMap<string, Json>;

export function* evaluate(filter: Filter, input: Json, bindings: Bindings): Generator<Json> {
  switch (filter.kind) {
    case "identity":
      yield input;
      return;
    case "literal":
      yield filter.value;
      return;
    case "recurse":
      yield* recurse(input);
      return;
    case "variable":
      yield variable(filter.name, bindings);
      return;
    case "text":
      yield* interpolate(filter.pieces, input, bindings);
      return;
    case "pipe":
      for (const value of evaluate(filter.left, input, bindings)) {
        yield* evaluate(filter.right, value, bindings);
      }
      return;
    case "comma":
      yield* evaluate(filter.left, input, bindings);
      yield* evaluate(filter.right, input, bindings);
      return;
    case "array":
      yield filter.body === null ? [] : [...evaluate(filter.body, input, bindings)];
      return;
    case "object":
      yield* construct(filter.entries, input, bindings);
      return;
    case "call":
      yield* callFunction(filter, input, (inner, value) => evaluate(inner, value, bindings));
      return;
    default:
      yield* evaluateRest(filter, input, bindings);
  }
}

type Rest = Extract<
  Filter,
  { kind: "index" | "slice" | "iterate" | "try" | "binary" | "negate" | "if" | "bind" | "reduce" }
>;

function* evaluateRest(filter: Rest, input: Json, bindings: Bindings): Generator<Json> {
  switch (filter.kind) {
    case "index":
      for (const value of evaluate(filter.of, input, bindings)) {
        for (const key of evaluate(filter.by, input, bindings)) yield indexed(value, key);
      }
      return;
    case "slice":
      yield* slices(filter, input, bindings);
      return;
    case "iterate":
      for (const value of evaluate(filter.of, input, bindings)) yield* items(value);
      return;
    case "try":
      yield* attempt(filter.body, input, bindings);
      return;
    case "negate":
      for (const value of evaluate(filter.of, input, bindings)) yield arithmetic("-", 0, value);
      return;
    case "if":
      for (const test of evaluate(filter.test, input, bindings)) {
        yield* evaluate(isTrue(test) ? filter.yes : filter.no, input, bindings);
      }
      return;
    case "bind":
      for (const value of evaluate(filter.of, input, bindings)) {
        yield* evaluate(filter.body, input, new Map([...bindings, [filter.name, value]]));
      }
      return;
    case "reduce":
      yield reduce(filter, input, bindings);
      return;
    default:
      yield* operate(filter, input, bindings);
  }
}

function reduce(filter: Filter & { kind: "reduce" }, input: Json, bindings: Bindings): Json {
  const [start = null] = evaluate(filter.start, input, bindings);
  let sofar: Json = start;
  for (const value of evaluate(filter.of, input, bindings)) {
    const inner = new Map([...bindings, [filter.name, value] as const]);
    for (const stepped of evaluate(filter.step, sofar, inner)) sofar = stepped;
  }
  return sofar;
}

function* attempt(body: Filter, input: Json, bindings: Bindings): Generator<Json> {
  try {
    yield* evaluate(body, input, bindings);
  } catch (error) {
    if (!(error instanceof JqError) || error.exit === 3) throw error;
  }
}

function variable(name: string, bindings: Bindings): Json {
  const value = bindings.get(name);
  if (value === undefined) throw new JqError(`$${name} is not defined`, 3);
  return value;
}

function* interpolate(
  pieces: readonly (string | Filter)[],
  input: Json,
  bindings: Bindings,
): Generator<Json> {
  let text = "";
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else {
      for (const value of evaluate(piece, input, bindings)) {
        text += typeof value === "string" ? value : JSON.stringify(value);
      }
    }
  }
  yield text;
}

function* construct(
  entries: readonly (readonly [Filter, Filter])[],
  input: Json,
  bindings: Bindings,
): Generator<Json> {
  const [first, ...others] = entries;
  if (first === undefined) {
    yield {};
    return;
  }
  for (const key of evaluate(first[0], input, bindings)) {
    if (typeof key !== "string")
      throw new JqError(`Object keys must be strings, not ${shown(key)}`);
    for (const value of evaluate(first[1], input, bindings)) {
      for (const rest of construct(others, input, bindings)) {
        yield { [key]: value, ...(rest as JsonObject) };
      }
    }
  }
}

function indexed(value: Json, key: Json): Json {
  if (value === null && (typeof key === "string" || typeof key === "number")) return null;
  if (isObject(value) && typeof key === "string") {
    return Object.hasOwn(value, key) ? (value[key] as Json) : null;
  }
  if (isArray(value) && typeof key === "number") return value.at(Math.floor(key)) ?? null;
  const what = typeof key === "string" ? `"${key}"` : typeName(key);
  throw new JqError(`Cannot index ${typeName(value)} with ${what}`);
}

function* slices(
  filter: Filter & { kind: "slice" },
  input: Json,
  bindings: Bindings,
): Generator<Json> {
  const bound = (part: Filter | null): number | undefined => {
    if (part === null) return undefined;
    const [value] = evaluate(part, input, bindings);
    return typeof value === "number" ? value : undefined;
  };
  for (const value of evaluate(filter.of, input, bindings)) {
    if (value === null) yield null;
    else if (isArray(value) || typeof value === "string") {
      yield value.slice(bound(filter.from), bound(filter.to));
    } else throw new JqError(`Cannot index ${typeName(value)} with object`);
  }
}

function* items(value: Json): Generator<Json> {
  if (isArray(value)) yield* value;
  else if (isObject(value)) yield* Object.values(value);
  else throw new JqError(`Cannot iterate over ${value === null ? "null" : shown(value)}`);
}

function* recurse(value: Json): Generator<Json> {
  yield value;
  if (!isArray(value) && !isObject(value)) return;
  for (const item of items(value)) yield* recurse(item);
}

function* operate(
  filter: Filter & { kind: "binary" },
  input: Json,
  bindings: Bindings,
): Generator<Json> {
  if (filter.op === "//") {
    yield* alternative(filter, input, bindings);
    return;
  }
  for (const left of evaluate(filter.left, input, bindings)) {
    const decided = filter.op === "and" ? !isTrue(left) : filter.op === "or" && isTrue(left);
    if (decided) yield filter.op === "or";
    else {
      for (const right of evaluate(filter.right, input, bindings)) {
        yield combine(filter.op, left, right);
      }
    }
  }
}

function* alternative(
  filter: Filter & { kind: "binary" },
  input: Json,
  bindings: Bindings,
): Generator<Json> {
  let any = false;
  for (const value of attempt(filter.left, input, bindings)) {
    if (!isTrue(value)) continue;
    any = true;
    yield value;
  }
  if (!any) yield* evaluate(filter.right, input, bindings);
}

function combine(op: string, a: Json, b: Json): Json {
  switch (op) {
    case "and":
    case "or":
      return isTrue(b);
    case "==":
      return compareJson(a, b) === 0;
    case "!=":
      return compareJson(a, b) !== 0;
    case "<":
      return compareJson(a, b) < 0;
    case "<=":
      return compareJson(a, b) <= 0;
    case ">":
      return compareJson(a, b) > 0;
    case ">=":
      return compareJson(a, b) >= 0;
    default:
      return arithmetic(op, a, b);
  }
}

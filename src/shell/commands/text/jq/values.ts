/** JSON values as jq treats them: their order, their truth, their arithmetic. */
import { JqError, type Json, type JsonObject } from "./syntax.ts";

export function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

export function typeName(value: Json): string {
  if (value === null) return "null";
  return isArray(value) ? "array" : typeof value;
}

/** Everything but `false` and `null`. */
export function isTrue(value: Json): boolean {
  return value !== false && value !== null;
}

const ranks = ["null", "false", "true", "number", "string", "array", "object"];

function rank(value: Json): number {
  return ranks.indexOf(typeof value === "boolean" ? String(value) : typeName(value));
}

/** jq's order: null, false, true, numbers, texts, arrays, objects. */
export function compareJson(a: Json, b: Json): number {
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return byKind;
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (isArray(a) && isArray(b)) return compareLists(a, b);
  if (isObject(a) && isObject(b)) return compareObjects(a, b);
  return 0;
}

function compareLists(a: readonly Json[], b: readonly Json[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const order = compareJson(a[i] as Json, b[i] as Json);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  const keys = compareLists(sortedKeys(a), sortedKeys(b));
  if (keys !== 0) return keys;
  const inOrder = sortedKeys(a);
  return compareLists(
    inOrder.map((key) => a[key] as Json),
    inOrder.map((key) => b[key] as Json),
  );
}

export function sortedKeys(value: JsonObject): string[] {
  return Object.keys(value).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

export function arithmetic(op: string, a: Json, b: Json): Json {
  if (typeof a === "number" && typeof b === "number") return calculate(op, a, b);
  if (op === "+") {
    if (a === null) return b;
    if (b === null) return a;
    if (typeof a === "string" && typeof b === "string") return a + b;
    if (isArray(a) && isArray(b)) return [...a, ...b];
    if (isObject(a) && isObject(b)) return { ...a, ...b };
  }
  if (op === "-" && isArray(a) && isArray(b)) {
    return a.filter((item) => !b.some((other) => compareJson(item, other) === 0));
  }
  if (op === "*" && typeof a === "string" && typeof b === "number") {
    return b > 0 ? a.repeat(Math.max(1, Math.floor(b))) : null;
  }
  if (op === "*" && isObject(a) && isObject(b)) return merge(a, b);
  if (op === "/" && typeof a === "string" && typeof b === "string") return a.split(b);
  const what = {
    "+": "added",
    "-": "subtracted",
    "*": "multiplied",
    "/": "divided",
    "%": "divided",
  };
  throw new JqError(`${shown(a)} and ${shown(b)} cannot be ${what[op as "+"]}`);
}

function calculate(op: string, a: number, b: number): number {
  if ((op === "/" || op === "%") && b === 0) {
    throw new JqError(`${shown(a)} and ${shown(b)} cannot be divided because the divisor is zero`);
  }
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    default:
      return Math.trunc(a) % Math.trunc(b);
  }
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const out: Record<string, Json> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const mine = out[key];
    out[key] = mine !== undefined && isObject(mine) && isObject(value) ? merge(mine, value) : value;
  }
  return out;
}

/** A value as a message names it: `number (3)`. */
export function shown(value: Json): string {
  const text = JSON.stringify(value);
  return `${typeName(value)} (${text.length > 30 ? `${text.slice(0, 27)}...` : text})`;
}

export function containsJson(a: Json, b: Json): boolean {
  if (typeof a === "string" && typeof b === "string") return a.includes(b);
  if (isArray(a) && isArray(b))
    return b.every((item) => a.some((mine) => containsJson(mine, item)));
  if (!isObject(a) || !isObject(b)) return compareJson(a, b) === 0;
  return Object.entries(b).every(([key, value]) => {
    return Object.hasOwn(a, key) && containsJson(a[key] as Json, value);
  });
}

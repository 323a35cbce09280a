/** jq's functions, as far as they are here: one line of meaning each. */
import { type Filter, JqError, type Json, type JsonObject } from "./syntax.ts";
import {
  arithmetic,
  compareJson,
  containsJson,
  isArray,
  isObject,
  isTrue,
  shown,
  sortedKeys,
  typeName,
} from "./values.ts";

type Apply = (filter: Filter, value: Json) => Iterable<Json>;
type Call = Filter & { readonly kind: "call" };

/** Calls `name(args)`; throws JqError for a name that is none. */
export function* callFunction(call: Call, input: Json, apply: Apply): Generator<Json> {
  const key = `${call.name}/${call.args.length}`;
  const simple = Object.hasOwn(simpleFunctions, key) ? simpleFunctions[key] : undefined;
  if (simple !== undefined) {
    const [first] = call.args;
    if (first === undefined) yield simple(input, null);
    else for (const argument of apply(first, input)) yield simple(input, argument);
    return;
  }
  const special = Object.hasOwn(filterFunctions, key) ? filterFunctions[key] : undefined;
  if (special === undefined) throw new JqError(`${key} is not defined`, 3);
  yield* special(input, call.args, apply);
}

function wrong(value: Json, need: string): JqError {
  return new JqError(`${shown(value)} ${need}`);
}

function listOf(value: Json): readonly Json[] {
  if (!isArray(value)) throw new JqError(`Cannot iterate over ${shown(value)}`);
  return value;
}

function textOf(value: Json): string {
  if (typeof value !== "string") throw wrong(value, "is not a string");
  return value;
}

function numberOf(value: Json): number {
  if (typeof value !== "number") throw wrong(value, "number required");
  return value;
}

/** Functions of their input and at most one value. */
const simpleFunctions: Readonly<Record<string, (input: Json, argument: Json) => Json>> = {
  "length/0": lengthOf,
  "keys/0": keysOf,
  "keys_unsorted/0": (input) => (isObject(input) ? Object.keys(input) : keysOf(input)),
  "not/0": (input) => !isTrue(input),
  "type/0": typeName,
  "add/0": (input) => listOf(input).reduce((sum, item) => arithmetic("+", sum, item), null as Json),
  "any/0": (input) => listOf(input).some(isTrue),
  "all/0": (input) => listOf(input).every(isTrue),
  "first/0": (input) => listOf(input)[0] ?? null,
  "last/0": (input) => listOf(input).at(-1) ?? null,
  "reverse/0": (input) =>
    typeof input === "string" ? [...input].reverse().join("") : [...listOf(input)].reverse(),
  "sort/0": (input) => [...listOf(input)].sort(compareJson),
  "unique/0": (input) => withoutRepeats([...listOf(input)].sort(compareJson)),
  "min/0": (input) => [...listOf(input)].sort(compareJson)[0] ?? null,
  "max/0": (input) => [...listOf(input)].sort(compareJson).at(-1) ?? null,
  "flatten/0": (input) => flatten(listOf(input), Number.POSITIVE_INFINITY),
  "flatten/1": (input, depth) => flatten(listOf(input), numberOf(depth)),
  "to_entries/0": toEntries,
  "from_entries/0": fromEntries,
  "tostring/0": (input) => (typeof input === "string" ? input : JSON.stringify(input)),
  "tonumber/0": toNumber,
  "tojson/0": (input) => JSON.stringify(input),
  "fromjson/0": (input) => parseJson(textOf(input)),
  "ascii_downcase/0": (input) => textOf(input).toLowerCase(),
  "ascii_upcase/0": (input) => textOf(input).toUpperCase(),
  "floor/0": (input) => Math.floor(numberOf(input)),
  "ceil/0": (input) => Math.ceil(numberOf(input)),
  "round/0": (input) => Math.round(numberOf(input)),
  "abs/0": (input) => Math.abs(numberOf(input)),
  "@base64/0": (input) => toBase64(new TextEncoder().encode(plainText(input))),
  "@base64d/0": (input) => new TextDecoder().decode(fromBase64(textOf(input))),
  "@csv/0": (input) => listOf(input).map(csvCell).join(","),
  "@tsv/0": (input) => listOf(input).map(plainText).join("\t"),
  "@json/0": (input) => JSON.stringify(input),
  "@text/0": plainText,
  "has/1": (input, key) => {
    if (isObject(input) && typeof key === "string") return Object.hasOwn(input, key);
    return isArray(input) && typeof key === "number" && key >= 0 && key < input.length;
  },
  "contains/1": containsJson,
  "inside/1": (input, whole) => containsJson(whole, input),
  "startswith/1": (input, start) => textOf(input).startsWith(textOf(start)),
  "endswith/1": (input, end) => textOf(input).endsWith(textOf(end)),
  "ltrimstr/1": (input, start) => trimText(input, start, "front"),
  "rtrimstr/1": (input, end) => trimText(input, end, "back"),
  "split/1": (input, separator) => textOf(input).split(textOf(separator)),
  "join/1": (input, separator) => listOf(input).map(plainText).join(textOf(separator)),
  "test/1": (input, pattern) => expression(pattern).test(textOf(input)),
  "index/1": (input, part) => {
    const at = textOf(input).indexOf(textOf(part));
    return at === -1 ? null : at;
  },
  "error/0": (input) => {
    throw new JqError(plainText(input));
  },
  "error/1": (_input, message) => {
    throw new JqError(plainText(message));
  },
};

type FilterFunction = (input: Json, args: readonly Filter[], apply: Apply) => Iterable<Json>;

/** Functions that decide themselves when and to what their arguments are applied. */
const filterFunctions: Readonly<Record<string, FilterFunction>> = {
  *"empty/0"() {},
  *"select/1"(input, [test], apply) {
    for (const holds of apply(test as Filter, input)) if (isTrue(holds)) yield input;
  },
  *"map/1"(input, [body], apply) {
    yield listOf(input).flatMap((item) => [...apply(body as Filter, item)]);
  },
  *"map_values/1"(input, [body], apply) {
    if (!isObject(input)) throw wrong(input, "is not an object");
    const out: Record<string, Json> = {};
    for (const [key, value] of Object.entries(input)) {
      const [first] = apply(body as Filter, value);
      if (first !== undefined) out[key] = first;
    }
    yield out;
  },
  *"with_entries/1"(input, [body], apply) {
    const entries = listOf(toEntries(input)).flatMap((entry) => [...apply(body as Filter, entry)]);
    yield fromEntries(entries);
  },
  *"recurse/0"(input, _args, apply) {
    yield* apply({ kind: "recurse" }, input);
  },
  *"sort_by/1"(input, [key], apply) {
    yield sortedBy(listOf(input), key as Filter, apply).map(({ item }) => item);
  },
  *"group_by/1"(input, [key], apply) {
    yield groups(listOf(input), key as Filter, apply);
  },
  *"unique_by/1"(input, [key], apply) {
    yield groups(listOf(input), key as Filter, apply).map((group) => group[0] as Json);
  },
  *"min_by/1"(input, [key], apply) {
    yield sortedBy(listOf(input), key as Filter, apply)[0]?.item ?? null;
  },
  *"max_by/1"(input, [key], apply) {
    yield sortedBy(listOf(input), key as Filter, apply).at(-1)?.item ?? null;
  },
  *"any/1"(input, [test], apply) {
    yield listOf(input).some((item) => [...apply(test as Filter, item)].some(isTrue));
  },
  *"all/1"(input, [test], apply) {
    yield listOf(input).every((item) => [...apply(test as Filter, item)].every(isTrue));
  },
  *"first/1"(input, [body], apply) {
    for (const value of apply(body as Filter, input)) {
      yield value;
      return;
    }
  },
  *"limit/2"(input, [count, body], apply) {
    const [most = 0] = apply(count as Filter, input);
    let left = numberOf(most);
    if (left <= 0) return;
    for (const value of apply(body as Filter, input)) {
      yield value;
      left -= 1;
      if (left <= 0) return;
    }
  },
  *"range/1"(input, [end], apply) {
    for (const last of apply(end as Filter, input)) {
      for (let i = 0; i < numberOf(last); i += 1) yield i;
    }
  },
  *"range/2"(input, [start, end], apply) {
    const [first = 0] = apply(start as Filter, input);
    for (const last of apply(end as Filter, input)) {
      for (let i = numberOf(first); i < numberOf(last); i += 1) yield i;
    }
  },
  *"sub/2"(input, [pattern, by], apply) {
    const [source = ""] = apply(pattern as Filter, input);
    const [text = ""] = apply(by as Filter, input);
    yield textOf(input).replace(expression(source), () => textOf(text));
  },
  *"gsub/2"(input, [pattern, by], apply) {
    const [source = ""] = apply(pattern as Filter, input);
    const [text = ""] = apply(by as Filter, input);
    yield textOf(input).replace(expression(source, "g"), () => textOf(text));
  },
  *"del/1"(input, [path], apply) {
    if (path?.kind !== "index" || path.of.kind !== "identity") {
      throw new JqError("del: only one key can be deleted here", 3);
    }
    for (const key of apply(path.by, input)) yield withoutKey(input, key);
  },
};

function withoutKey(input: Json, key: Json): Json {
  if (isObject(input)) return Object.fromEntries(Object.entries(input).filter(([k]) => k !== key));
  return isArray(input) ? input.filter((_, i) => i !== key) : input;
}

function lengthOf(input: Json): Json {
  if (input === null) return 0;
  if (typeof input === "number") return Math.abs(input);
  if (typeof input === "string") return [...input].length;
  if (isArray(input)) return input.length;
  if (isObject(input)) return Object.keys(input).length;
  throw wrong(input, "has no length");
}

function keysOf(input: Json): Json {
  if (isObject(input)) return sortedKeys(input);
  if (isArray(input)) return input.map((_, i) => i);
  throw wrong(input, "has no keys");
}

function toEntries(input: Json): Json {
  if (!isObject(input)) throw wrong(input, "has no keys");
  return Object.entries(input).map(([key, value]) => ({ key, value }));
}

function fromEntries(input: Json): Json {
  const out: Record<string, Json> = {};
  for (const entry of listOf(input)) {
    if (!isObject(entry)) throw wrong(entry, "is not an entry");
    const key = entry.key ?? entry.name ?? entry.k ?? null;
    out[plainText(key)] = entry.value ?? entry.v ?? null;
  }
  return out as JsonObject;
}

function toNumber(input: Json): Json {
  if (typeof input === "number") return input;
  const number = typeof input === "string" && input.trim() !== "" ? Number(input) : Number.NaN;
  if (Number.isNaN(number)) throw wrong(input, "cannot be parsed as a number");
  return number;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new JqError(`${shown(text)} is not JSON`);
  }
}

/** A text as it is, anything else as JSON. */
export function plainText(value: Json): string {
  if (value === null) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function csvCell(value: Json): string {
  return typeof value === "string"
    ? `"${value.replaceAll('"', '""')}"`
    : value === null
      ? ""
      : String(value);
}

function trimText(input: Json, part: Json, end: "front" | "back"): Json {
  if (typeof input !== "string" || typeof part !== "string" || part === "") return input;
  if (end === "front") return input.startsWith(part) ? input.slice(part.length) : input;
  return input.endsWith(part) ? input.slice(0, -part.length) : input;
}

function expression(pattern: Json, flags = ""): RegExp {
  try {
    return new RegExp(textOf(pattern), `u${flags}`);
  } catch {
    throw new JqError(`${shown(pattern)} is not a regular expression`);
  }
}

function flatten(list: readonly Json[], depth: number): Json[] {
  return list.flatMap((item) => (isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function withoutRepeats(sorted: readonly Json[]): Json[] {
  return sorted.filter((item, i) => i === 0 || compareJson(sorted[i - 1] as Json, item) !== 0);
}

function sortedBy(
  list: readonly Json[],
  key: Filter,
  apply: Apply,
): { readonly item: Json; readonly key: Json[] }[] {
  const keyed = list.map((item) => ({ item, key: [...apply(key, item)] }));
  return keyed.sort((a, b) => compareJson(a.key, b.key));
}

function groups(list: readonly Json[], key: Filter, apply: Apply): Json[][] {
  const out: { key: Json[]; items: Json[] }[] = [];
  for (const { item, key: itemKey } of sortedBy(list, key, apply)) {
    const last = out.at(-1);
    if (last !== undefined && compareJson(last.key, itemKey) === 0) last.items.push(item);
    else out.push({ key: itemKey, items: [item] });
  }
  return out.map(({ items }) => items);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

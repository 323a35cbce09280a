/**
 * Reads a request's JSON into a described shape as strictly as nats-server, and complains in the
 * words of Go's `encoding/json`.
 * Source: nats-server `unmarshalRequest` with `jetstream { strict: true }`, Go `decode.go`.
 */

import {
  encodeJson,
  isBig,
  isJsonObject,
  type Json,
  JsonError,
  parseJson,
  parseJsonValues,
} from "../protocol/index.ts";
import { encodeGoQuote } from "./go-quote.ts";
import { GoTimeError, readGoTime } from "./go-time.ts";
import type { GoStruct, GoType } from "./go-types.ts";
import { type Int64, int64ToNumber } from "./int64.ts";
import { utf8Length } from "./stream/store/utf8-length.ts";

/** JSON that does not fit; the message is Go's. */
export class GoDecodeError extends Error {
  override readonly name = "GoDecodeError";
}

/** A decoded struct: only the fields that were given and not null, under their JSON names. */
export interface Decoded {
  readonly [field: string]: Json;
}

/**
 * Decodes the body of a request. An empty body is an empty struct; of several values one behind
 * the other the fields add up. Throws `GoDecodeError`.
 */
export function decodeRequest(text: string, shape: GoStruct): Decoded {
  let values: Json[];
  try {
    values = parseJsonValues(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    if (error.offset === 0) throw new GoDecodeError("unexpected EOF");
    // Go counts bytes.
    const offset = utf8Length(text.slice(0, error.offset - 1)) + 1;
    throw new GoDecodeError(`${error.message} at offset ${offset}`);
  }
  const into: { [field: string]: Json } = {};
  for (const value of values) {
    const state: State = { firstError: null, path: [], struct: shape.name, strict: true };
    if (value !== null) decodeStruct(state, value, shape, into);
    if (state.firstError !== null) throw new GoDecodeError(state.firstError);
  }
  return into;
}

/**
 * Decodes one value as `json.Unmarshal` does, which lets unknown fields pass. Throws
 * `GoDecodeError`.
 */
export function decodeLoosely(text: string, shape: GoStruct): Decoded {
  let value: Json;
  try {
    value = parseJson(text, true);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new GoDecodeError(error.message);
  }
  const into: { [field: string]: Json } = {};
  const state: State = { firstError: null, path: [], struct: shape.name, strict: false };
  if (value !== null) decodeStruct(state, value, shape, into);
  if (state.firstError !== null) throw new GoDecodeError(state.firstError);
  return into;
}

/** An integer of what was decoded, 0 when it was not given; beyond 2^53 the nearest number. */
export function wholeNumber(decoded: Decoded, field: string): number {
  return int64ToNumber((decoded[field] ?? 0) as Int64);
}

interface State {
  /** Whether an unknown field is an error. */
  readonly strict: boolean;
  /** Go goes on after a mismatch and reports the first one at the end. */
  firstError: string | null;
  readonly path: string[];
  struct: string;
}

function decodeStruct(
  state: State,
  value: Json,
  shape: GoStruct,
  into: { [field: string]: Json },
): void {
  if (!isJsonObject(value)) {
    mismatch(state, value, `server.${shape.name}`);
    return;
  }
  const outer = state.struct;
  state.struct = shape.name;
  for (const [key, member] of Object.entries(value)) {
    const field = findField(shape, key);
    if (field === null) {
      if (state.strict) state.firstError ??= `json: unknown field ${encodeGoQuote(key)}`;
      continue;
    }
    state.path.push(...field.path);
    const decoded = decodeValue(state, member, field.type, into[field.name]);
    state.path.length -= field.path.length;
    if (decoded !== undefined) into[field.name] = decoded;
  }
  state.struct = outer;
}

interface Field {
  readonly name: string;
  readonly type: GoType;
  readonly path: readonly string[];
}

/** Go takes the exact name first, then any that differs only in case. */
function findField(shape: GoStruct, key: string): Field | null {
  const exact = shape.fields[key];
  if (exact !== undefined && Object.hasOwn(shape.fields, key)) {
    return { name: key, type: exact, path: [key] };
  }
  const lower = key.toLowerCase();
  for (const [name, type] of Object.entries(shape.fields)) {
    if (name.toLowerCase() === lower) return { name, type, path: [name] };
  }
  if (shape.embedded === undefined) return null;
  const inner = findField(shape.embedded, key);
  return inner && { ...inner, path: [shape.embedded.name, ...inner.path] };
}

/** Undefined when nothing is to be set: null leaves a Go field as it was. */
function decodeValue(
  state: State,
  value: Json,
  type: GoType,
  before: Json | undefined,
): Json | undefined {
  if (type.go === "enum") return decodeEnum(value, type);
  if (type.go === "text") return decodeText(state, value, type);
  if (value === null) return undefined;
  switch (type.go) {
    case "string":
      return typeof value === "string" ? value : mismatch(state, value, "string");
    case "bool":
      return typeof value === "boolean" ? value : mismatch(state, value, "bool");
    case "int":
      return decodeInt(state, value, type);
    case "time":
      return decodeTime(value);
    case "slice":
      return decodeSlice(state, value, type.of);
    case "map":
      return decodeMap(state, value, type.of, before);
    default:
      return decodeNested(state, value, type, before);
  }
}

function decodeNested(
  state: State,
  value: Json,
  type: GoStruct,
  before: Json | undefined,
): Json | undefined {
  const into: { [field: string]: Json } = isJsonObject(before) ? { ...before } : {};
  decodeStruct(state, value, type, into);
  return isJsonObject(value) ? into : undefined;
}

function decodeInt(state: State, value: Json, type: GoType & { go: "int" }): Json | undefined {
  if (typeof value !== "number" && !isBig(value)) return mismatch(state, value, type.name);
  const text = isBig(value) ? value.bigint : String(value);
  if (!isWritten(text, type) || BigInt(text) < type.low || BigInt(text) > type.high) {
    return mismatch(state, value, type.name, ` ${text}`);
  }
  return text === "-0" ? 0 : value;
}

/** Source: Go `strconv.ParseInt`, and `ParseUint`, which takes no sign at all. */
function isWritten(text: string, type: GoType & { go: "int" }): boolean {
  return (type.low < 0n ? /^-?\d+$/ : /^\d+$/).test(text);
}

/** Enumerations read themselves in Go, and their error ends the decoding at once. */
function decodeEnum(value: Json, type: GoType & { go: "enum" }): Json {
  const name = typeof value === "string" && type.anyCase === true ? value.toLowerCase() : value;
  const known = typeof name === "string" ? type.values[name] : undefined;
  if (known !== undefined) return known;
  const data = encodeJson(value);
  const error = type.error ?? `can not unmarshal ${encodeGoQuote(data)}`;
  throw new GoDecodeError(error.replace("%s", () => data));
}

/** An enumeration that reads a string first, as any string is read. */
function decodeText(state: State, value: Json, type: GoType & { go: "text" }): Json | undefined {
  // Null leaves the string empty.
  const text = value ?? "";
  if (typeof text !== "string") return mismatch(state, value, "string");
  const known = type.values[text];
  if (known === undefined) throw new GoDecodeError(type.error);
  return known;
}

function decodeTime(value: Json): Json {
  if (typeof value !== "string") {
    throw new GoDecodeError("Time.UnmarshalJSON: input is not a JSON string");
  }
  try {
    return readGoTime(value);
  } catch (error) {
    if (error instanceof GoTimeError) throw new GoDecodeError(error.message);
    throw error;
  }
}

function decodeSlice(state: State, value: Json, of: GoType): Json | undefined {
  if (!Array.isArray(value)) return mismatch(state, value, `[]${typeName(of)}`);
  const made: Json[] = [];
  for (const item of value as readonly Json[]) {
    const zero: Json = of.go === "struct" ? null : of.go === "string" ? "" : 0;
    made.push(decodeValue(state, item, of, undefined) ?? zero);
  }
  return made;
}

function decodeMap(
  state: State,
  value: Json,
  of: GoType,
  before: Json | undefined,
): Json | undefined {
  if (!isJsonObject(value)) return mismatch(state, value, `map[string]${typeName(of)}`);
  const made: { [key: string]: Json } = isJsonObject(before) ? { ...before } : {};
  for (const [key, member] of Object.entries(value)) {
    made[key] = decodeValue(state, member, of, undefined) ?? "";
  }
  return made;
}

function typeName(type: GoType): string {
  switch (type.go) {
    case "int":
      return type.name;
    case "struct":
      return `*server.${type.name}`;
    case "slice":
      return `[]${typeName(type.of)}`;
    case "map":
      return `map[string]${typeName(type.of)}`;
    case "time":
      return "time.Time";
    default:
      return type.go;
  }
}

function mismatch(state: State, value: Json, type: string, literal = ""): undefined {
  const what = `${jsonKind(value)}${literal}`;
  const where =
    state.path.length === 0
      ? `Go value of type ${type}`
      : `Go struct field ${state.struct}.${state.path.join(".")} of type ${type}`;
  state.firstError ??= `json: cannot unmarshal ${what} into ${where}`;
  return undefined;
}

function jsonKind(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "number" || isBig(value)) return "number";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return Array.isArray(value) ? "array" : "object";
}

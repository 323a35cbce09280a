/** Members of an object as Go's `encoding/json` takes them for the fields of a struct. */
import { isBig, isJsonObject, type Json, JsonError, parseJson } from "../../protocol/index.ts";

/** `permission` is a `*SubjectPermission`. */
export type GoType =
  | "bool"
  | "string"
  | "int"
  | "int32"
  | "uint64"
  | "uint8"
  | "strings"
  | "permission";

/** Where a value stands: what complaints about it say. */
interface Place {
  readonly struct: string;
  readonly field: string;
}

const bounds = {
  int: [-(2n ** 63n), 2n ** 63n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  uint8: [0n, 255n],
} as const;

/**
 * The members that the struct has, names in lower case; null and members without a field are left
 * out. Throws {@link JsonError} in Go's words for the first of the wrong type.
 */
export function readMembers(
  text: string,
  struct: string,
  types: ReadonlyMap<string, GoType>,
): ReadonlyMap<string, Json> {
  const members = new Map<string, Json>();
  const json = parseJson(text, true);
  if (json === null) return members;
  if (!isJsonObject(json)) {
    throw new JsonError(
      `json: cannot unmarshal ${kindOf(json)} into Go value of type server.${struct}`,
    );
  }
  for (const [key, value] of Object.entries(json)) {
    const field = key.toLowerCase();
    const type = types.get(field);
    if (type === undefined || value === null) continue;
    members.set(field, readValue(value, type, { struct, field }));
  }
  return members;
}

function readValue(value: Json, type: GoType, place: Place): Json {
  switch (type) {
    case "bool":
      if (typeof value !== "boolean") throw mismatch(value, place, "bool");
      return value;
    case "string":
      if (typeof value !== "string") throw mismatch(value, place, "string");
      return value;
    case "strings":
      checkStrings(value, place);
      return value;
    case "permission":
      if (!isJsonObject(value)) throw mismatch(value, place, "server.SubjectPermission");
      for (const [key, list] of Object.entries(value)) {
        const name = key.toLowerCase();
        const field = `${place.field}.${name}`;
        const isField = name === "allow" || name === "deny";
        if (isField) checkStrings(list, { struct: place.struct, field });
      }
      return value;
    default:
      return readInteger(value, type, place);
  }
}

function readInteger(value: Json, type: keyof typeof bounds, place: Place): number {
  const text = numberText(value);
  if (text === null) throw mismatch(value, place, type);
  const [low, high] = bounds[type];
  const isInteger = /^-?\d+$/.test(text);
  if (!isInteger || BigInt(text) < low || BigInt(text) > high) {
    throw mismatch(value, place, type, ` ${text}`);
  }
  return Number(text);
}

/** A number as it was written. */
function numberText(value: Json): string | null {
  if (isBig(value)) return value.bigint;
  return typeof value === "number" ? String(value) : null;
}

function checkStrings(value: Json, place: Place): void {
  if (value === null) return;
  if (!Array.isArray(value)) throw mismatch(value, place, "[]string");
  for (const one of value as readonly Json[]) {
    if (one !== null && typeof one !== "string") throw mismatch(one, place, "string");
  }
}

function mismatch(value: Json, { struct, field }: Place, type: string, number = ""): JsonError {
  const what = `${kindOf(value)}${number}`;
  return new JsonError(
    `json: cannot unmarshal ${what} into Go struct field ${struct}.${field} of type ${type}`,
  );
}

function kindOf(value: Json): string {
  if (isBig(value)) return "number";
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value;
}

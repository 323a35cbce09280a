/** Typed values of a configuration file, and complaints about those of the wrong type. */
import { sortedKeys } from "../../kernel/index.ts";
import type { ConfMap, ConfValue } from "../../protocol/index.ts";

/** A value that cannot be used; the reader of its map notes it and goes on. */
export class WrongValue extends Error {
  override readonly name: string = "WrongValue";
}

/** A value of another type than Go code took for granted; what it says names no place yet. */
export class WrongType extends WrongValue {
  override readonly name = "WrongType";
  readonly value: ConfValue;
  constructor(value: ConfValue, wanted: string) {
    // nats-server turns Go's panic about a type into an entry of its list.
    super(`interface conversion: interface {} is ${goType(value)}, not ${wanted}`);
    this.value = value;
  }
}

export function wrong(value: ConfValue, text: string): WrongValue {
  return new WrongValue(`${placeOf(value)}: ${text}`);
}

/** A complaint that nats-server makes without saying where. */
export function wrongSomewhere(text: string): WrongValue {
  return new WrongValue(text);
}

/** Go's `%v` of a value. */
export function goValue(value: ConfValue): string {
  if (value.kind === "array") return `[${value.value.map(goValue).join(" ")}]`;
  if (value.kind !== "map") return String(value.value);
  const members = sortedKeys(value.value).map((key) => {
    const member = value.value.get(key);
    return `${key}:${member === undefined ? "" : goValue(member)}`;
  });
  return `map[${members.join(" ")}]`;
}

export function asString(value: ConfValue): string {
  if (value.kind !== "string") throw new WrongType(value, "string");
  return value.value;
}

export function asBool(value: ConfValue): boolean {
  if (value.kind !== "bool") throw new WrongType(value, "bool");
  return value.value;
}

export function asInteger(value: ConfValue): number {
  if (value.kind !== "integer") throw new WrongType(value, "int64");
  return value.value;
}

export function asMap(value: ConfValue): ConfMap {
  if (value.kind !== "map") throw new WrongType(value, "map[string]interface {}");
  return value.value;
}

export function asArray(value: ConfValue): readonly ConfValue[] {
  if (value.kind !== "array") throw new WrongType(value, "[]interface {}");
  return value.value;
}

/** How Go names the type of a value. */
export function goType(value: ConfValue): string {
  const names = {
    string: "string",
    integer: "int64",
    float: "float64",
    bool: "bool",
    date: "time.Time",
    array: "[]interface {}",
    map: "map[string]interface {}",
  } as const;
  return names[value.kind];
}

export function placeOf(value: ConfValue): string {
  return `${value.file}:${value.line}:${value.column}`;
}

/** Typed values of a configuration file, and complaints about those of the wrong type. */
import { sortedKeys } from "../../kernel/index.ts";
import type { ConfMap, ConfValue } from "../../protocol/index.ts";

/** A value that cannot be used; the reader of its map notes it and goes on. */
export class WrongValue extends Error {
  override readonly name = "WrongValue";
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
  if (value.kind !== "string") throw wrongType(value, "string");
  return value.value;
}

export function asBool(value: ConfValue): boolean {
  if (value.kind !== "bool") throw wrongType(value, "bool");
  return value.value;
}

export function asInteger(value: ConfValue): number {
  if (value.kind !== "integer") throw wrongType(value, "int64");
  return value.value;
}

export function asMap(value: ConfValue): ConfMap {
  if (value.kind !== "map") throw wrongType(value, "map[string]interface {}");
  return value.value;
}

/** One string, or an array of them. */
export function asStrings(value: ConfValue): string[] {
  return value.kind === "array" ? value.value.map(asString) : [asString(value)];
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

function wrongType(value: ConfValue, wanted: string): WrongValue {
  // nats-server turns Go's panic about a type into an entry of its list.
  const text = `interface conversion: interface {} is ${goType(value)}, not ${wanted}`;
  return wrong(value, text);
}

export function placeOf(value: ConfValue): string {
  return `${value.file}:${value.line}:${value.column}`;
}

/** Reading typed values from a configuration file, with nats-server's complaints. */

import { parseGoDuration } from "../../jetstream/index.ts";
import { type DurationNanos, nanos, seconds, sortedKeys } from "../../kernel/index.ts";
import type { ConfMap, ConfValue } from "../../protocol/index.ts";
import type { ListenConfig } from "./server-config.ts";

/** Everything that is wrong with a file, one problem a line, as nats-server prints it. */
export class ConfigProblems extends Error {
  override readonly name = "ConfigProblems";
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** What was found while reading on: problems, and known keys that have no effect here. */
export interface ConfNotes {
  readonly problems: string[];
  readonly ignored: string[];
}

/** Reads one key's value into a draft. */
export type FieldReader<Draft> = (draft: Draft, value: ConfValue, notes: ConfNotes) => void;

/** A value that cannot be used; the reader of its map notes it and goes on. */
class WrongValue extends Error {
  override readonly name = "WrongValue";
}

/** Applies a reader to each key; keys are compared without case, as nats-server does. */
export function readFields<Draft>(
  draft: Draft,
  map: ConfMap,
  readers: Readonly<Record<string, FieldReader<Draft>>>,
  notes: ConfNotes,
): void {
  for (const [key, value] of map) {
    const name = key.toLowerCase();
    const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (reader !== undefined) attempt(notes, () => reader(draft, value, notes));
    else if (!value.usedAsVariable) {
      notes.problems.push(`${placeOf(value)}: unknown field ${JSON.stringify(key)}`);
    }
  }
}

/** Runs `read`; a value that it cannot use becomes a problem. */
export function attempt(notes: ConfNotes, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    notes.problems.push(error.message);
  }
}

/** Makes readers that keep what `read` makes of the value as a member of the draft. */
export function setterOf<Draft>(): <K extends keyof Draft>(
  key: K,
  read: (value: ConfValue, notes: ConfNotes) => Draft[K],
) => FieldReader<Draft> {
  return (key, read) => (draft, value, notes) => {
    draft[key] = read(value, notes);
  };
}

/** A known key without effect: it is said once, when the server starts. */
export function ignore(name: string): FieldReader<unknown> {
  return (_draft, _value, notes) => void notes.ignored.push(name);
}

/** Readers for keys that nats-server knows and that change nothing here yet. */
export function ignoreAll(
  names: readonly string[],
  prefix = "",
): Readonly<Record<string, FieldReader<unknown>>> {
  return Object.fromEntries(names.map((name) => [name, ignore(prefix + name)]));
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

export function asArray(value: ConfValue): readonly ConfValue[] {
  if (value.kind !== "array") throw wrongType(value, "[]interface {}");
  return value.value;
}

/** One string, or an array of them. */
export function asStrings(value: ConfValue): string[] {
  return value.kind === "array" ? value.value.map(asString) : [asString(value)];
}

/** `"1m30s"`; a bare number counts seconds. Source: nats-server `parseDuration`. */
export function asDuration(value: ConfValue, field: string): DurationNanos {
  if (value.kind === "integer") return seconds(value.value);
  return durationText(asString(value), (why) => wrong(value, `error parsing ${field}: ${why}`));
}

export function durationText(text: string, refuse: (why: string) => Error): DurationNanos {
  const parsed = parseGoDuration(text);
  if (parsed !== null) return nanos(Number(parsed));
  throw refuse(`time: ${durationComplaint(text)}`);
}

/** Source: Go `time.ParseDuration`. */
function durationComplaint(text: string): string {
  const quoted = JSON.stringify(text);
  const [, unit] = /^[+-]?(?:\d+\.?\d*|\.\d+)(\D*)/.exec(text) ?? [];
  if (unit === undefined) return `invalid duration ${quoted}`;
  if (unit === "") return `missing unit in duration ${quoted}`;
  return `unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
}

/** Bytes: an integer, or text like `"2G"`. Source: nats-server `getStorageSize`. */
export function asSize(value: ConfValue, field: string): number {
  if (value.kind === "integer") return value.value;
  if (value.kind !== "string") throw wrong(value, `${field} must be int64 or string`);
  if (value.value === "") return 0;
  const [, digits, suffix = ""] = /^(-?\d+)(.)$/.exec(value.value) ?? [];
  const power = "KMGT".indexOf(suffix);
  if (digits === undefined) {
    const parsing = JSON.stringify(value.value.slice(0, -1));
    throw wrong(value, `${field} strconv.ParseInt: parsing ${parsing}: invalid syntax`);
  }
  if (power < 0) {
    throw wrong(value, `${field} sizes defined as strings must end in K, M, G, T`);
  }
  let size = Number(digits);
  for (let i = 0; i <= power; i++) size *= 1024;
  return size;
}

/** A port, or `host:port`. Source: nats-server `parseListen`. */
export function asListen(value: ConfValue, host: string): ListenConfig {
  if (value.kind === "integer") return { host, port: value.value };
  if (value.kind !== "string") {
    throw wrong(value, `expected port or host:port, got ${goType(value)}`);
  }
  const match = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(value.value);
  if (match === null) {
    throw wrong(value, `could not parse address string ${JSON.stringify(value.value)}`);
  }
  const [, address = "", port = ""] = match;
  if (!/^[+-]?\d+$/.test(port)) throw wrong(value, `could not parse port ${JSON.stringify(port)}`);
  return { host: address.replace(/^\[|\]$/g, ""), port: Number(port) };
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

function placeOf(value: ConfValue): string {
  return `${value.file}:${value.line}:${value.column}`;
}

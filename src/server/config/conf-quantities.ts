/** Durations, sizes and addresses of a configuration file. */
import { parseGoDuration } from "../../jetstream/index.ts";
import { type DurationNanos, nanos, seconds } from "../../kernel/index.ts";
import type { ConfValue } from "../../protocol/index.ts";
import { type ConfNotes, warn } from "./conf-reader.ts";
import { asInteger, asString, goType, wrong } from "./conf-values.ts";
import type { ListenConfig } from "./server-config.ts";

/** `"1m30s"`; a bare number counts seconds. Source: nats-server `parseDuration`. */
export function asDuration(value: ConfValue, field: string, notes: ConfNotes): DurationNanos {
  if (value.kind === "string") return textDuration(value, field);
  warn(notes, value, field, `${field} should be converted to a duration`);
  return seconds(asInteger(value));
}

/** The same where a bare number is no duration. */
export function textDuration(value: ConfValue, field: string): DurationNanos {
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

// Durations as people type them on a `nats` command line, in nanoseconds.

import { CommandError } from "./errors.ts";

const nanosPerUnit: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Calendar-like units are whole hours only: half a day is 12 h, a third of an hour is lost. */
const hoursPerUnit: Readonly<Record<string, number>> = {
  w: 7 * 24,
  W: 7 * 24,
  d: 24,
  D: 24,
  M: 30 * 24,
  y: 365 * 24,
  Y: 365 * 24,
};

/**
 * Nanoseconds of a text such as `1y2d3h4m5.5s` or `-1s`.
 * Throws CommandError with the texts of the recorded command line.
 * Source: fisk v0.8.1 `ParseDuration`; transcripts/errors.jsonl steps 23 to 26.
 */
export function parseDuration(text: string): number {
  if (text === "0") return 0;
  const trimmed = text.trim();
  const parts = [...trimmed.matchAll(/([-+]?)([\d.]+)([a-zA-Zµ]+)/g)];
  if (trimmed === "" || parts.length === 0) throw new CommandError("invalid duration");
  let sum = 0;
  for (const [, , digits = "", unit = ""] of parts) sum += termNanos(digits, unit);
  return parts[0]?.[1] === "-" ? -sum : sum;
}

function termNanos(digits: string, unit: string): number {
  const hours = hoursPerUnit[unit];
  const nanos = nanosPerUnit[unit];
  if (hours === undefined && nanos === undefined) {
    throw new CommandError(`invalid duration: invalid unit ${unit}`);
  }
  const amount = Number(digits);
  if (Number.isNaN(amount)) {
    const what =
      hours === undefined ? `time: invalid duration "${digits}${unit}"` : parseFault(digits);
    throw new CommandError(`invalid duration: ${what}`);
  }
  if (hours !== undefined) return Math.trunc(amount * hours) * 3600e9;
  return Math.trunc(amount * (nanos ?? 0));
}

function parseFault(digits: string): string {
  return `strconv.ParseFloat: parsing ${JSON.stringify(digits)}: invalid syntax`;
}

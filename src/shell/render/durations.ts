// Durations, in nanoseconds, as Go and natscli write them.

import { fixed } from "./numbers.ts";

/** Go's largest duration; natscli writes it as "never". JSON makes it this number. */
export const longestDuration = Number(1n << 63n);

/** Go's `Duration.String()`: `0s`, `1.5ms`, `2m0s`, `1h0m0.25s`. */
export function goDuration(nanos: number): string {
  if (nanos === 0) return "0s";
  const sign = nanos < 0 ? "-" : "";
  const size = Math.abs(nanos);
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const wholeSeconds = Math.floor(size / 1e9);
  const rest = size % 1e9;
  const fraction = rest === 0 ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
  const seconds = `${wholeSeconds % 60}${fraction}s`;
  const minutes = Math.floor(wholeSeconds / 60);
  if (minutes === 0) return sign + seconds;
  const hours = Math.floor(minutes / 60);
  return `${sign}${hours > 0 ? `${hours}h` : ""}${minutes % 60}m${seconds}`;
}

/** Go's `Duration.Round`: half away from zero. */
export function roundDuration(nanos: number, unit: number): number {
  const whole = Math.floor(Math.abs(nanos) / unit + 0.5) * unit;
  return nanos < 0 ? -whole : whole;
}

/** `412µs`, `70ms`, `5.18s`, `2m0s`, `1d2h3m4s`. Source: natscli v0.4.0 `HumanizeDuration`. */
export function humanDuration(nanos: number): string {
  if (nanos >= longestDuration) return "never";
  if (nanos < 1e6) return goDuration(roundDuration(nanos, 1e3));
  if (nanos < 1e9) return goDuration(roundDuration(nanos, 1e6));
  const seconds = Math.floor(nanos / 1e9);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const years = Math.floor(days / 365);
  const clock = `${hours % 24}h${minutes % 60}m${seconds % 60}s`;
  if (years > 0) return `${years}y${days % 365}d${clock}`;
  if (days > 0) return `${days}d${clock}`;
  if (hours > 0) return clock;
  if (minutes > 0) return `${minutes}m${seconds % 60}s`;
  return `${fixed(nanos / 1e9, 2)}s`;
}

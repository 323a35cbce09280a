/** Moments and lengths of virtual time in words. */
import type { VirtualNanos } from "../kernel/index.ts";

/** `00:06.402` */
export function formatClock(at: VirtualNanos): string {
  const millis = Math.floor(at / 1e6);
  const two = (n: number): string => String(n).padStart(2, "0");
  const seconds = Math.floor(millis / 1000);
  const rest = String(millis % 1000).padStart(3, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}.${rest}`;
}

const units = [
  ["h", 3_600e9],
  ["min", 60e9],
  ["s", 1e9],
  ["ms", 1e6],
] as const;

/** `2 s`, `1.5 min`; null for a number that is no length of at least a millisecond. */
export function formatLength(nanos: number): string | null {
  const unit = units.find(([, size]) => nanos >= size);
  if (unit === undefined || nanos % 1e6 !== 0) return null;
  return `${Math.round((nanos / unit[1]) * 1000) / 1000} ${unit[0]}`;
}

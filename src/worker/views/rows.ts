/** Rows of the inspector: our word, the server's name, the value, and the default it is not. */
import type { RowView } from "../frames.ts";

export function row(
  label: string,
  name: string,
  value: string | number,
  usual?: string | number,
): RowView {
  const text = typeof value === "number" ? value.toLocaleString("en") : value;
  const other = typeof usual === "number" ? usual.toLocaleString("en") : (usual ?? null);
  return { label, name, value: text, usual: other === text ? null : other };
}

/** A duration as people write it: `30s`, `2m0s` would be Go's. */
export function durationText(nanos: number): string {
  if (nanos === 0) return "none";
  if (nanos < 1e6) return `${nanos / 1e3} µs`;
  if (nanos < 1e9) return `${nanos / 1e6} ms`;
  if (nanos < 120e9) return `${nanos / 1e9} s`;
  return `${nanos / 60e9} min`;
}

/** A limit of the server: -1 is none. */
export function limitText(value: number): string {
  return value < 0 ? "unlimited" : value.toLocaleString("en");
}

/** The journal: every input as a line of text with the instant at which it was applied. */
import { type VirtualNanos, virtualNanos } from "./units.ts";

/**
 * `line` typed at a terminal, raw `key`s while a program holds the tty, a `signal`, a `resize` of
 * the terminal (`80x24`), or what came from `outside`.
 */
export type JournalKind = "line" | "key" | "signal" | "resize" | "outside";

/**
 * One input. `k` events of instant `at` had already run when it was applied; null means after all
 * events of that instant.
 */
export interface JournalEntry {
  readonly at: VirtualNanos;
  readonly k: number | null;
  readonly tty: string;
  readonly kind: JournalKind;
  readonly text: string;
}

/** An instant with the order in it: `12.48s` or `12.48s#3`. */
export interface Stamp {
  readonly at: VirtualNanos;
  readonly k: number | null;
}

export function formatStamp(stamp: Stamp): string {
  const at = formatSeconds(stamp.at);
  return stamp.k === null ? at : `${at}#${stamp.k}`;
}

/** Null when the text is no stamp. */
export function parseStamp(text: string): Stamp | null {
  const m = /^([^#]+)(?:#(\d{1,9}))?$/.exec(text);
  if (m === null) return null;
  const at = parseNanos(m[1] as string);
  if (at === null) return null;
  return { at: virtualNanos(at), k: m[2] === undefined ? null : Number(m[2]) };
}

/** Earlier first; at one instant by k, with "after all events" last. */
export function compareStamps(a: Stamp, b: Stamp): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.k === b.k) return 0;
  if (a.k === null) return 1;
  return b.k === null ? -1 : a.k - b.k;
}

/** Nanoseconds as decimal seconds, exactly and without trailing zeros: `0s`, `0.25s`, `90s`. */
export function formatSeconds(nanos: number): string {
  const sign = nanos < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(nanos) / 1e9);
  const rest = Math.abs(nanos) - whole * 1e9;
  const fraction = rest === 0 ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
  return `${sign}${whole}${fraction}s`;
}

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};

/**
 * A length of time as people and Go write it (`250ms`, `1m30s`, `1.5h`) in whole nanoseconds.
 * Null when it is none, has a part smaller than a nanosecond, or passes 2^53.
 */
export function parseNanos(text: string): number | null {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h|d))+$/.test(text)) return null;
  let total = 0n;
  for (const m of text.matchAll(/(\d+)(?:\.(\d+))?(ns|us|µs|ms|s|m|h|d)/g)) {
    const fraction = m[2] ?? "";
    const scale = BigInt(`1${"0".repeat(fraction.length)}`);
    const scaled = BigInt(`${m[1]}${fraction}`) * (unitNanos[m[3] as string] as bigint);
    if (scaled % scale !== 0n) return null;
    total += scaled / scale;
  }
  return total <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(total) : null;
}

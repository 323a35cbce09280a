/** Values as people write them: durations, sizes, rates, chances, counts. */
import { type DurationNanos, nanos } from "../../kernel/index.ts";
import { UsageError } from "./usage-error.ts";

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1_000,
  µs: 1_000,
  ms: 1_000_000,
  s: 1_000_000_000,
  m: 60_000_000_000,
  h: 3_600_000_000_000,
  d: 86_400_000_000_000,
};

const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1_024,
  kib: 1_024,
  k: 1_024,
  mb: 1_048_576,
  mib: 1_048_576,
  m: 1_048_576,
  gb: 1_073_741_824,
  gib: 1_073_741_824,
  g: 1_073_741_824,
};

/** `50ms`, `1m30s`, `0`. */
export function parseDuration(text: string): DurationNanos {
  if (text === "0") return nanos(0);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h|d)/g)];
  const read = parts.map((part) => part[0]).join("");
  if (parts.length === 0 || read !== text) {
    throw new UsageError(`"${text}" is not a duration: write 250ms, 2s, 1m30s`);
  }
  let total = 0;
  for (const [, amount = "0", unit = "s"] of parts) {
    total += Math.round(Number(amount) * (durationUnits[unit] ?? 0));
  }
  return nanos(total);
}

/** `128B`, `4KiB`, `1MB`: multiples of 1024, as in nats-server's configuration. */
export function parseSize(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = sizeUnits[unit.toLowerCase()];
  if (amount === undefined || factor === undefined) {
    throw new UsageError(`"${text}" is not a size: write 128B, 4KB, 1MB`);
  }
  return Math.floor(Number(amount) * factor);
}

/** `50/s`, `10/m`: the time between two of them. */
export function parsePeriod(text: string): DurationNanos {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\/(ms|s|m|h)$/.exec(text) ?? [];
  const length = durationUnits[unit];
  if (amount === undefined || length === undefined || Number(amount) === 0) {
    throw new UsageError(`"${text}" is not a rate: write 50/s or 10/m`);
  }
  return nanos(Math.max(1, Math.floor(length / Number(amount))));
}

/** `1MB/s`: bytes a second. */
export function parseBandwidth(text: string): number {
  const [, size] = /^(.*)\/s$/.exec(text) ?? [];
  if (size === undefined) throw new UsageError(`"${text}" is not a bandwidth: write 1MB/s`);
  const bytes = parseSize(size);
  if (bytes === 0) throw new UsageError("a bandwidth of 0 is a cut: use `fault cut`");
  return bytes;
}

/** `5%`: a chance out of 2^32. */
export function parseChance(text: string): number {
  const [, amount] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? [];
  if (amount === undefined || Number(amount) > 100) {
    throw new UsageError(`"${text}" is not a percentage: write 5%`);
  }
  return Math.floor((Number(amount) * 0x1_0000_0000) / 100);
}

/** A whole number from `least` on. */
export function parseCount(text: string, least = 1): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < least) {
    throw new UsageError(`"${text}" is not a whole number from ${least} on`);
  }
  return count;
}

/** A duration as people write it, exact: `1m30s`, `250ms`, `1.5s`. */
export function formatDuration(duration: number): string {
  if (duration < 0) return `-${formatDuration(-duration)}`;
  if (duration === 0) return "0s";
  for (const unit of ["ns", "us", "ms"] as const) {
    const length = durationUnits[unit] ?? 1;
    if (duration < length * 1000) return `${duration / length}${unit}`;
  }
  const hours = Math.floor(duration / 3_600_000_000_000);
  const minutes = Math.floor((duration % 3_600_000_000_000) / 60_000_000_000);
  const rest = (duration % 60_000_000_000) / 1_000_000_000;
  const text = `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}`;
  return rest > 0 || text === "" ? `${text}${rest}s` : text;
}

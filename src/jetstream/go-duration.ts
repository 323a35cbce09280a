/** Durations as Go prints and reads them. */

const units: readonly (readonly [string, bigint])[] = [
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
];

/** `1m30s`, `1.5ms`, `0s`. Source: Go `time.Duration.String`. */
export function formatGoDuration(nanos: number): string {
  if (nanos === 0) return "0s";
  const sign = nanos < 0 ? "-" : "";
  const size = Math.abs(nanos);
  if (size < 1_000) return `${sign}${size}ns`;
  if (size < 1_000_000) return `${sign}${trimmed(size, 1_000)}µs`;
  if (size < 1_000_000_000) return `${sign}${trimmed(size, 1_000_000)}ms`;
  const seconds = Math.floor(size / 1_000_000_000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = size - (hours * 3600 + minutes * 60) * 1_000_000_000;
  const tail = `${trimmed(rest, 1_000_000_000)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${sign}${minutes}m${tail}` : `${sign}${tail}`;
}

/** Nanoseconds, or null when it is no duration. Source: Go `time.ParseDuration`. */
export function parseGoDuration(text: string): bigint | null {
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  if (body === "0") return 0n;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return null;
  let total = 0n;
  for (const [, number = "", unit = ""] of body.matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    const size = units.find(([name]) => name === unit)?.[1] ?? 0n;
    const [whole = "", fraction = ""] = number.split(".");
    total += BigInt(whole === "" ? "0" : whole) * size;
    if (fraction !== "")
      total += (BigInt(fraction) * size) / BigInt(`1${"0".repeat(fraction.length)}`);
  }
  if (total >= 2n ** 63n) return null;
  return text.startsWith("-") ? -total : total;
}

/** A fraction in units of `unit`, without trailing zeros. */
function trimmed(size: number, unit: number): string {
  const whole = Math.floor(size / unit);
  const rest = size - whole * unit;
  if (rest === 0) return String(whole);
  const digits = String(rest).padStart(String(unit).length - 1, "0");
  return `${whole}.${digits.replace(/0+$/, "")}`;
}

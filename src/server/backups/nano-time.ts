/** Times as backups have them: nanoseconds since 1970, which no number holds. */
import type { StoredTime } from "../../kernel/index.ts";

const nanosPerSecond = 1_000_000_000n;

export function nanosOf({ s, n }: StoredTime): bigint {
  return BigInt(s) * nanosPerSecond + BigInt(n);
}

export function timeOf(nanos: bigint): StoredTime {
  const rest = ((nanos % nanosPerSecond) + nanosPerSecond) % nanosPerSecond;
  return { s: Number((nanos - rest) / nanosPerSecond), n: Number(rest) };
}

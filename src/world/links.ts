/** Links between hosts: how long bytes take, how many fit, and whether they get through. */
import type { DurationNanos } from "../kernel/index.ts";

/** `to`: what flows to the first host of the pair is lost; `from`: what flows from it. */
export type Cut = "no" | "both" | "to" | "from";

export interface Link {
  readonly first: string;
  readonly second: string;
  cut: Cut;
  latency: DurationNanos;
  jitter: DurationNanos;
  /** Chance of a segment to be sent twice, out of 2^32. */
  lossChance: number;
  /** Bytes a second; null is unlimited. */
  bandwidth: number | null;
}

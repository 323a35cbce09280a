/** Expectations: predicates that must hold at a time, within a time or all the while. */
import type { VirtualNanos } from "../../kernel/index.ts";

export interface Expectation {
  readonly id: number;
  /** The line as it was typed. */
  readonly line: string;
  readonly predicate: string;
  readonly mode: "now" | "within" | "always";
  readonly since: VirtualNanos;
  readonly until: VirtualNanos;
  /** Values of `was(EXPRESSION)` when the line ran, by expression. */
  readonly was: readonly (readonly [string, string])[];
  status: "pending" | "held" | "failed";
}

export interface ExpectationFailure {
  readonly at: VirtualNanos;
  readonly line: string;
  readonly text: string;
  /** What the predicate gave: `false`, or why it had no value. */
  readonly value: string;
}

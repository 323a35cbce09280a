/** Numbers that carry their unit in the type; the brand costs nothing at run time. */
declare const unit: unique symbol;
export type Branded<Base, Unit extends string> = Base & { readonly [unit]: Unit };

/** Nanoseconds since the world began. Exact to 2^53 ns = 104 virtual days. */
export type VirtualNanos = Branded<number, "VirtualNanos">;
/** A length of time in nanoseconds; beyond 104 days it is kept as text elsewhere. */
export type DurationNanos = Branded<number, "DurationNanos">;
export type StreamSeq = Branded<number, "StreamSeq">;
export type ConsumerSeq = Branded<number, "ConsumerSeq">;
/** Raft's: terms count elections, an index is a place in a group's log, the first is 1. */
export type Term = Branded<number, "Term">;
export type Index = Branded<number, "Index">;

/** The instant at which every world begins. */
export const worldStart = 0 as VirtualNanos;

export const virtualNanos = (n: number): VirtualNanos => n as VirtualNanos;
export const nanos = (n: number): DurationNanos => n as DurationNanos;
export const micros = (n: number): DurationNanos => (n * 1_000) as DurationNanos;
export const millis = (n: number): DurationNanos => (n * 1_000_000) as DurationNanos;
export const seconds = (n: number): DurationNanos => (n * 1_000_000_000) as DurationNanos;
export const minutes = (n: number): DurationNanos => (n * 60_000_000_000) as DurationNanos;
export const streamSeq = (n: number): StreamSeq => n as StreamSeq;
export const term = (n: number): Term => n as Term;
export const index = (n: number): Index => n as Index;

export const plus = (t: VirtualNanos, d: DurationNanos): VirtualNanos => (t + d) as VirtualNanos;
export const minus = (a: VirtualNanos, b: VirtualNanos): DurationNanos => (a - b) as DurationNanos;

/** Connections between hosts as the world keeps them: two directions of bytes, as TCP has them. */
import type { DurationNanos, Log, VirtualNanos } from "../kernel/index.ts";
import type { Mark } from "./taps/marks.ts";
import type { TapState } from "./taps/tap.ts";

/** Who reads and writes at an end of a connection. */
export type Owner =
  | { readonly kind: "server" }
  | { readonly kind: "process"; readonly pid: number; readonly local: number }
  | { readonly kind: "actor"; readonly name: string }
  /** A real client of the headless server; its bytes are not journaled. */
  | { readonly kind: "outside"; readonly id: number };

export interface Endpoint {
  readonly host: string;
  readonly owner: Owner;
}

/** A write on its way: bytes, or the end of the stream. A value, never changed. */
export interface Segment {
  readonly departed: VirtualNanos;
  readonly arrives: VirtualNanos;
  /** Chunks of one instant; null is the end of the stream. */
  readonly chunks: readonly Uint8Array[] | null;
  /** Why the stream ends; empty for bytes. */
  readonly reason: string;
  /** What the taps read in the bytes, in order. */
  readonly marks: readonly Mark[];
}

/** One direction of a connection. */
export interface Pipe {
  /** Sent and not yet arrived, in order. */
  readonly flying: Log<Segment>;
  /** When the wire is free for the next byte (bandwidth). */
  freeAt: VirtualNanos;
  /** Nothing may arrive before this: TCP keeps order. */
  arrivesAt: VirtualNanos;
  /** Since when a silent cut holds the bytes back; null when they flow. */
  stalledAt: VirtualNanos | null;
  /** How many stalls there were: dates a give-up event. */
  stalls: number;
  /** No more bytes may be sent: the end is on its way. */
  ended: boolean;
  bytes: number;
  readonly tap: TapState | null;
}

export interface Conn {
  readonly id: number;
  /** The end that dialled. */
  readonly a: Endpoint;
  /** The end that accepted. */
  readonly b: Endpoint;
  readonly transport: "tcp" | "ws";
  readonly port: number;
  status: "dialling" | "open" | "closed";
  /** Extra one-way delay, both ways; from `load --latency`. */
  readonly extraLatency: DurationNanos;
  /** From CONNECT's `name`; empty until then. */
  name: string;
  readonly openedAt: VirtualNanos;
  readonly ab: Pipe;
  readonly ba: Pipe;
}

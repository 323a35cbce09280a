/**
 * The trace: a bounded ring of typed records, linked by cause. It is not state: nothing in the
 * world reads it, it is not hashed, and what has left the ring is had again by replaying.
 */
import type { VirtualNanos } from "../kernel/index.ts";
import type { TraceRecord } from "../server/index.ts";
import type { Direction } from "./events.ts";

/** A message on a wire, as the canvas draws it. */
export interface Flight {
  readonly id: number;
  readonly cause: number | null;
  readonly conn: number;
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly what: FlightKind;
  readonly subject: string;
  readonly stream: string;
  readonly consumer: string;
  /** Stream sequence; 0 when there is none. */
  readonly seq: number;
  /** Delivery count of a JetStream delivery; 0 otherwise. */
  readonly deliveries: number;
  readonly size: number;
  readonly departs: VirtualNanos;
  readonly arrives: VirtualNanos;
  readonly fate: "arriving" | "lost";
}

export type FlightKind =
  | "publish"
  | "puback"
  | "refused"
  | "delivery"
  | "ack"
  | "nak"
  | "term"
  | "progress"
  | "next"
  | "pull"
  | "status"
  | "request"
  | "api"
  | "reply"
  | "message";

/** What the world itself notes, beside the records of the servers. */
export interface WorldRecord {
  readonly id: number;
  readonly cause: number | null;
  readonly at: VirtualNanos;
  readonly host: string;
  readonly kind: "fault" | "input" | "spawn" | "exit" | "dropped" | "arrived" | "broken" | "expect";
  readonly subject: string;
  readonly detail: string;
}

export type TraceEntry =
  | { readonly from: "server"; readonly record: TraceRecord }
  | { readonly from: "world"; readonly record: WorldRecord }
  | { readonly from: "wire"; readonly record: Flight };

/** The ring and its reader's cursor. Owned by the driver, never by the world. */
export interface Trace {
  readonly capacity: number;
  readonly entries: (TraceEntry | undefined)[];
  /** How many were ever recorded: entry i sits at i % capacity. */
  recorded: number;
  /** The record that what happens now follows from. */
  cause: number | null;
}

export function createTrace(capacity = 65_536): Trace {
  return {
    capacity,
    entries: new Array<TraceEntry | undefined>(capacity),
    recorded: 0,
    cause: null,
  };
}

export function recordTrace(trace: Trace, entry: TraceEntry): void {
  trace.entries[trace.recorded % trace.capacity] = entry;
  trace.recorded++;
}

/** Entries from number `from` on that are still held, oldest first, with the next number to ask. */
export function readTrace(trace: Trace, from: number): { entries: TraceEntry[]; next: number } {
  const first = Math.max(from, trace.recorded - trace.capacity, 0);
  const entries: TraceEntry[] = [];
  for (let i = first; i < trace.recorded; i++) {
    const entry = trace.entries[i % trace.capacity];
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, next: trace.recorded };
}

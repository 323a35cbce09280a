/**
 * The trace: a bounded ring of typed records, linked by cause. It is not state: nothing in the
 * world reads it, it is not hashed, and what has left the ring is had again by replaying.
 *
 * Causes are numbers: a record of a server or of the world has its own (1, 2, 3 ...), a flight has
 * the negative of its number, which counts up in the world whether or not anything is recorded.
 */
import type { VirtualNanos } from "../kernel/index.ts";
import type { TraceRecord } from "../server/index.ts";
import type { Direction } from "./events.ts";
import type { Mark } from "./taps/marks.ts";

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
  | "message"
  // Between servers; what does not concern Raft or subscribers is a "link".
  | "append"
  | "append-reply"
  | "heartbeat"
  | "vote-request"
  | "vote"
  | "route"
  | "link";

/** A message on a wire, as the canvas draws it. */
export interface Flight extends Mark {
  /** Its number in causes: the negative of `flight`. */
  readonly id: number;
  readonly cause: number | null;
  readonly conn: number;
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly departs: VirtualNanos;
  /** When it arrives unless a cut holds it back; for a lost one, when it would have. */
  readonly arrives: VirtualNanos;
  readonly fate: "arriving" | "lost";
}

export type WorldRecordKind =
  | "fault"
  | "input"
  | "spawn"
  | "exit"
  | "dropped"
  | "broken"
  | "expect"
  | "note";

/** What the world itself notes, beside the records of the servers. */
export interface WorldRecord {
  readonly id: number;
  readonly cause: number | null;
  readonly at: VirtualNanos;
  readonly host: string;
  readonly kind: WorldRecordKind;
  readonly subject: string;
  readonly detail: string;
}

/** A server's record with its number and what it follows from. */
export interface NumberedRecord extends TraceRecord {
  readonly id: number;
  readonly cause: number | null;
}

/** `step`: that of the trace when it was recorded. */
export type TraceEntry =
  | { readonly from: "server"; readonly step: number; readonly record: NumberedRecord }
  | { readonly from: "world"; readonly step: number; readonly record: WorldRecord }
  | { readonly from: "wire"; readonly step: number; readonly record: Flight };

/** The ring. Owned by the driver, never by the world. */
export interface Trace {
  readonly capacity: number;
  readonly entries: (TraceEntry | undefined)[];
  /** How many were ever recorded: entry i sits at i % capacity. */
  recorded: number;
  /** Which event or input of the world's life runs now, counted by the driver. */
  step: number;
  /** Number of the next record. */
  nextId: number;
  /** What the server that runs now was told in this event, in order. */
  told: readonly Mark[];
  /** The record or flight that what happens now follows from. */
  cause: number | null;
  /**
   * The latest record or flight of each kind about a message, in two generations of a bounded
   * size: the older one is forgotten as a whole.
   */
  latest: Map<string, number>;
  latestBefore: ReadonlyMap<string, number>;
}

export function createTrace(capacity = 65_536): Trace {
  return {
    capacity,
    entries: new Array<TraceEntry | undefined>(capacity),
    recorded: 0,
    step: 0,
    nextId: 1,
    told: [],
    cause: null,
    latest: new Map(),
    latestBefore: new Map(),
  };
}

/** Entries from number `from` on that are still held, oldest first, and the number to go on with. */
export function readTrace(trace: Trace, from: number): { entries: TraceEntry[]; next: number } {
  const first = Math.max(from, trace.recorded - trace.capacity, 0);
  const entries: TraceEntry[] = [];
  for (let i = first; i < trace.recorded; i++) {
    const entry = trace.entries[i % trace.capacity];
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, next: trace.recorded };
}

/**
 * Lets go of the entries from number `from` up to `until`, whose only reader has had them. Some
 * ten thousand a second that die young are free; as many that stay are copied and marked by every
 * collection, on threads that the page draws with.
 */
export function releaseTrace(trace: Trace, from: number, until: number): void {
  const first = Math.max(from, trace.recorded - trace.capacity, 0);
  for (let i = first; i < until; i++) trace.entries[i % trace.capacity] = undefined;
}

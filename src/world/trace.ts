/**
 * The trace: a bounded ring of typed records, linked by cause. It is not state: nothing in the
 * world reads it, it is not hashed, and what has left the ring is had again by replaying.
 *
 * Causes are numbers: a record of a server or of the world has its own (1, 2, 3 ...), a flight has
 * the negative of its number, which counts up in the world whether or not anything is recorded.
 */
import type { VirtualNanos } from "../kernel/index.ts";
import type { TraceRecord } from "../server/index.ts";
import type { Conn } from "./conns.ts";
import type { Direction } from "./events.ts";
import type { Mark } from "./taps/marks.ts";
import type { Tapped } from "./taps/tap.ts";
import type { World } from "./world.ts";

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

export type TraceEntry =
  | { readonly from: "server"; readonly record: TraceRecord }
  | { readonly from: "world"; readonly record: WorldRecord }
  | { readonly from: "wire"; readonly record: Flight };

/** The ring. Owned by the driver, never by the world. */
export interface Trace {
  readonly capacity: number;
  readonly entries: (TraceEntry | undefined)[];
  /** How many were ever recorded: entry i sits at i % capacity. */
  recorded: number;
  /** Number of the next record. */
  nextId: number;
  /** What the server that runs now was told in this event, in order. */
  told: readonly Mark[];
  /** The record or flight that what happens now follows from. */
  cause: number | null;
  /** Records of this event that a flight may follow from, by what they are about. */
  readonly reasons: Map<string, number>;
}

export function createTrace(capacity = 65_536): Trace {
  return {
    capacity,
    entries: new Array<TraceEntry | undefined>(capacity),
    recorded: 0,
    nextId: 1,
    told: [],
    cause: null,
    reasons: new Map(),
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

/** What the next server records follow from: the messages that it is handed in this event. */
export function setCause(trace: Trace, told: readonly Mark[]): void {
  trace.told = told;
  trace.cause = told[0] === undefined ? null : -told[0].flight;
  trace.reasons.clear();
}

/** Notes what a server reports; the flights it sends for it will name this record. */
export function recordServer(trace: Trace, record: TraceRecord): void {
  const { cause } = trace;
  const numbered = { ...record, id: trace.nextId++, cause: causeOf(trace, record) ?? cause };
  push(trace, { from: "server", record: numbered });
  trace.reasons.set(reasonKey(record.kind, record), numbered.id);
}

/** Notes something of the world's own. */
export function recordWorld(
  world: World,
  trace: Trace | null,
  record: { host: string; kind: WorldRecordKind; subject: string; detail: string },
): void {
  if (trace === null) return;
  const { now: at } = world.kernel;
  push(trace, {
    from: "world",
    record: { id: trace.nextId++, cause: trace.cause, at, ...record },
  });
}

/** Notes the messages of one write, sent on or taken away by a drop rule. */
export function recordFlights(
  world: World,
  trace: Trace,
  write: {
    readonly conn: Conn;
    readonly direction: Direction;
    readonly tapped: Tapped;
    readonly arrives: VirtualNanos | null;
  },
): void {
  const { conn, direction, tapped } = write;
  const { now: departs } = world.kernel;
  const arrives = write.arrives ?? departs;
  const [from, to] =
    direction === "a-to-b" ? [conn.a.host, conn.b.host] : [conn.b.host, conn.a.host];
  const path = { conn: conn.id, direction, from, to, departs, arrives };
  for (const mark of tapped.marks) {
    const record = { ...mark, ...path, id: -mark.flight, cause: flightCause(trace, mark) };
    push(trace, { from: "wire", record: { ...record, fate: "arriving" } });
  }
  for (const mark of tapped.lost) {
    const record = { ...mark, ...path, id: -mark.flight, cause: flightCause(trace, mark) };
    push(trace, { from: "wire", record: { ...record, fate: "lost" } });
    const detail = `${mark.what} ${mark.stream}${mark.seq > 0 ? ` ${mark.seq}` : ""}`.trim();
    recordWorld(world, trace, { host: from, kind: "dropped", subject: mark.subject, detail });
  }
}

const notableKinds: ReadonlySet<FlightKind> = new Set([
  "puback",
  "refused",
  "delivery",
  "ack",
  "nak",
  "term",
]);

/** Counts the messages at which a driver that steps from event to event stops. */
export function noteNotable(world: World, sent: readonly Mark[], lost: readonly Mark[]): void {
  for (const mark of sent) if (notableKinds.has(mark.what)) world.notable++;
  world.notable += lost.length;
}

function push(trace: Trace, entry: TraceEntry): void {
  trace.entries[trace.recorded % trace.capacity] = entry;
  trace.recorded++;
}

/** The message that a record is about, among those of this event. */
function causeOf(trace: Trace, record: TraceRecord): number | null {
  const subject = record.subject;
  if (subject === undefined || trace.told.length < 2) return null;
  const mark = trace.told.find((one) => one.subject === subject && isAnswered(record, one));
  if (mark === undefined) return null;
  trace.cause = -mark.flight;
  return trace.cause;
}

function isAnswered(record: TraceRecord, mark: Mark): boolean {
  return record.seq === undefined || mark.seq === 0 || mark.seq === record.seq;
}

/** The record of this event that a flight follows from, else what the event itself follows from. */
function flightCause(trace: Trace, mark: Mark): number | null {
  const kind =
    mark.what === "delivery" ? (mark.deliveries > 1 ? "redeliver" : "deliver") : mark.what;
  return trace.reasons.get(reasonKey(kind, mark)) ?? trace.cause;
}

function reasonKey(
  kind: string,
  about: { stream?: string; consumer?: string; seq?: number },
): string {
  return `${kind} ${about.stream ?? ""} ${about.consumer ?? ""} ${about.seq ?? 0}`;
}

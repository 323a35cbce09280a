/** Writes the trace: what servers, wires and the world report, with what it follows from. */
import type { VirtualNanos } from "../kernel/index.ts";
import type { TraceKind, TraceRecord } from "../server/index.ts";
import type { Conn } from "./conns.ts";
import type { Direction } from "./events.ts";
import type { Mark } from "./taps/marks.ts";
import type { Tapped } from "./taps/tap.ts";
import type { Flight, FlightKind, Trace, TraceEntry, WorldRecordKind } from "./trace.ts";
import type { World } from "./world.ts";

/** What the next server records follow from: the messages that it is handed in this event. */
export function setCause(trace: Trace, told: readonly Mark[]): void {
  trace.told = told;
  trace.cause = told[0] === undefined ? null : -told[0].flight;
}

/** Notes what a server reports. */
export function recordServer(trace: Trace, record: TraceRecord): void {
  const cause = recordCause(trace, record);
  // Field by field: copying by spread costs several times as much, and all get one shape.
  const numbered = {
    id: trace.nextId++,
    cause,
    at: record.at,
    host: record.host,
    kind: record.kind,
    conn: record.conn,
    account: record.account,
    subject: record.subject,
    stream: record.stream,
    consumer: record.consumer,
    seq: record.seq,
    consumerSeq: record.consumerSeq,
    count: record.count,
    size: record.size,
    detail: record.detail,
  };
  push(trace, { from: "server", step: trace.step, record: numbered });
  if (record.kind === "stored") remember(trace, messageKey("stored", record), numbered.id);
  if (record.kind === "deliver" || record.kind === "redeliver") {
    remember(trace, deliveryKey("deliver", record), numbered.id);
  }
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
    step: trace.step,
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
    readonly tapped: Pick<Tapped, "marks" | "lost">;
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
    push(trace, {
      from: "wire",
      step: trace.step,
      record: flightOf(trace, mark, path, "arriving"),
    });
    if (mark.what === "delivery") remember(trace, deliveryKey("delivery", mark), -mark.flight);
  }
  for (const mark of tapped.lost) {
    push(trace, {
      from: "wire",
      step: trace.step,
      record: flightOf(trace, mark, path, "lost"),
    });
    const detail = `${mark.what} ${mark.stream}${mark.seq > 0 ? ` ${mark.seq}` : ""}`.trim();
    recordWorld(world, trace, { host: from, kind: "dropped", subject: mark.subject, detail });
  }
}

type Path = Pick<Flight, "conn" | "direction" | "from" | "to" | "departs" | "arrives">;

function flightOf(trace: Trace, mark: Mark, path: Path, fate: Flight["fate"]): Flight {
  return {
    what: mark.what,
    subject: mark.subject,
    reply: mark.reply,
    stream: mark.stream,
    consumer: mark.consumer,
    seq: mark.seq,
    consumerSeq: mark.consumerSeq,
    deliveries: mark.deliveries,
    size: mark.size,
    duplicate: mark.duplicate,
    code: mark.code,
    inner: mark.inner,
    term: mark.term,
    flight: mark.flight,
    id: -mark.flight,
    cause: flightCause(trace, mark),
    conn: path.conn,
    direction: path.direction,
    from: path.from,
    to: path.to,
    departs: path.departs,
    arrives: path.arrives,
    fate,
  };
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

/**
 * What servers report that steps stop at. Terms, leaders and broken promises are counted by their
 * auditors, which know more of them.
 */
const notableRecords: ReadonlySet<TraceKind> = new Set([
  "stored",
  "refused",
  "deliver",
  "redeliver",
  "ack",
  "nak",
  "term",
  "max-deliver",
]);

/** Counts a report of a server; only with the ledger, or watching a world would change it. */
export function noteRecord(world: World, { kind, detail }: TraceRecord): void {
  if (!world.options.ledger) return;
  if (notableRecords.has(kind)) world.notable++;
  // No answer tells of it: the server's -ERR comes beside everything that the client waits for.
  if (kind === "forbidden" && detail.startsWith(forbiddenPublish)) world.ledger.refused++;
}

/** Source: nats-server `pubPermissionViolation`, `replySubjectViolation`. */
const forbiddenPublish = "Permissions Violation for Publish";

/** What changes a server's streams and consumers when it gets there, not when it is sent. */
const takenKinds: ReadonlySet<FlightKind> = new Set(["publish", "ack", "nak", "term"]);

/** Counts the messages whose arrival is worth a look: stored, acknowledged, refused. */
export function noteTaken(world: World, arrived: readonly Mark[]): void {
  for (const mark of arrived) if (takenKinds.has(mark.inner ?? mark.what)) world.notable++;
}

function push(trace: Trace, entry: TraceEntry): void {
  trace.entries[trace.recorded % trace.capacity] = entry;
  trace.recorded++;
}

const latestMax = 8_192;

function remember(trace: Trace, key: string, id: number): void {
  trace.latest.set(key, id);
  if (trace.latest.size < latestMax) return;
  // Taking out the oldest one by one would walk over all that were taken out before.
  trace.latestBefore = trace.latest;
  trace.latest = new Map();
}

function recall(trace: Trace, key: string): number | undefined {
  return trace.latest.get(key) ?? trace.latestBefore.get(key);
}

/**
 * What a server's record follows from: a redelivery from the delivery before, a delivery from its
 * message being stored, and everything else from what the server was told in this event.
 */
function recordCause(trace: Trace, record: TraceRecord): number | null {
  const told = toldAbout(trace, record);
  if (told !== null) trace.cause = told;
  const { cause } = trace;
  if (record.kind === "redeliver") return recall(trace, deliveryKey("deliver", record)) ?? cause;
  if (record.kind === "deliver") return recall(trace, messageKey("stored", record)) ?? cause;
  return cause;
}

/** The message that a record answers, when the server was told several at once. */
function toldAbout(trace: Trace, { subject }: TraceRecord): number | null {
  if (subject === "" || trace.told.length < 2) return null;
  const mark = trace.told.find((one) => one.subject === subject || one.reply === subject);
  return mark === undefined ? null : -mark.flight;
}

/** What a flight follows from: how its message came to be sent, or what it is an answer to. */
function flightCause(trace: Trace, mark: Mark): number | null {
  const { cause } = trace;
  switch (mark.what) {
    case "delivery":
      return recall(trace, deliveryKey("deliver", mark)) ?? cause;
    case "puback":
      return mark.duplicate ? cause : (recall(trace, messageKey("stored", mark)) ?? cause);
    case "ack":
    case "nak":
    case "term":
    case "progress":
    case "next":
      return recall(trace, deliveryKey("delivery", mark)) ?? cause;
    default:
      return cause;
  }
}

interface About {
  readonly stream: string;
  readonly consumer: string;
  readonly seq: number;
}

function messageKey(kind: "stored", { stream, seq }: About): string {
  return `${kind} ${stream} ${seq}`;
}

function deliveryKey(kind: "deliver" | "delivery", { stream, consumer, seq }: About): string {
  return `${kind} ${stream} ${consumer} ${seq}`;
}

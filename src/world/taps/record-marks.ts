/** What links between servers carry, as marks: votes, appended entries, messages that go on. */
import { concatBytes, type Message } from "../../protocol/index.ts";
import type { RaftMessage } from "../../raft/index.ts";
import type { LinkRecord, SentRecord, ServerState } from "../../server/index.ts";
import type { FlightKind } from "../trace.ts";
import type { World } from "../world.ts";
import { takeDrop } from "./drop.ts";
import { createFrame } from "./frames.ts";
import { type Mark, markMessage } from "./marks.ts";

/** What comes out for one write. */
export interface TappedRecords {
  readonly records: readonly SentRecord[];
  readonly marks: readonly Mark[];
  readonly lost: readonly Mark[];
}

// One message is read at a time; its strings are copied into marks.
const frame = createFrame();

/** Marks each record, and takes away those that a `fault drop` rule matches. */
export function tapRecords(
  world: World,
  server: ServerState,
  sent: readonly SentRecord[],
): TappedRecords {
  const records: SentRecord[] = [];
  const marks: Mark[] = [];
  const lost: Mark[] = [];
  for (const one of sent) {
    const mark = markRecord(server, one, world.flightNext++);
    if (world.drops.length > 0 && takeDrop(world, mark)) lost.push(mark);
    else {
      records.push(one);
      marks.push(mark);
    }
  }
  return { records, marks, lost };
}

function markRecord(server: ServerState, { record, bytes }: SentRecord, flight: number): Mark {
  if (record.kind === "msg") return routeMark(record.message, bytes, flight);
  if (record.kind === "peer" && record.message.kind === "raft") {
    const { group, message } = record.message;
    const of = server.groups?.get(group);
    return raftMark(message, { group, of, bytes, flight });
  }
  return linkMark(subjectOf(record), bytes, flight);
}

/** A message between servers says by its subjects what it is, as it would on its last stretch. */
function routeMark(message: Message, bytes: number, flight: number): Mark {
  const { subject, reply, headers, payload } = message;
  const head = headers === null ? 0 : headers.length;
  frame.verb = headers === null ? "MSG" : "HMSG";
  frame.bodyStart = 0;
  frame.payloadStart = head;
  frame.payloadEnd = head + payload.length;
  frame.end = frame.payloadEnd;
  const whole = headers === null ? payload : concatBytes([headers, payload]);
  const inner = markMessage(whole, frame, { subject, reply: reply ?? "", flight });
  return {
    what: "route",
    subject,
    reply: inner.reply,
    stream: inner.stream,
    consumer: inner.consumer,
    seq: inner.seq,
    consumerSeq: inner.consumerSeq,
    deliveries: inner.deliveries,
    size: bytes,
    duplicate: inner.duplicate,
    code: inner.code,
    inner: inner.what,
    term: undefined,
    flight,
  };
}

interface RaftFlight {
  readonly group: string;
  readonly of: { readonly stream: string; readonly consumer: string } | undefined;
  readonly bytes: number;
  readonly flight: number;
}

// Most of what flies in a busy cluster: field by field, as copying costs several times as much.
function raftMark(message: RaftMessage, { group, of, bytes, flight }: RaftFlight): Mark {
  return {
    what: raftKind(message),
    subject: group,
    reply: "",
    stream: of?.stream ?? "",
    consumer: of?.consumer ?? "",
    seq: raftIndex(message),
    consumerSeq: 0,
    deliveries: 0,
    size: bytes,
    duplicate: false,
    // Given or not is all that a vote says: what was refused has a code.
    code: message.kind === "vote-response" && !message.granted ? 1 : 0,
    inner: undefined,
    term: message.term,
    flight,
  };
}

function linkMark(subject: string, bytes: number, flight: number): Mark {
  return {
    what: "link",
    subject,
    reply: "",
    stream: "",
    consumer: "",
    seq: 0,
    consumerSeq: 0,
    deliveries: 0,
    size: bytes,
    duplicate: false,
    code: 0,
    inner: undefined,
    term: undefined,
    flight,
  };
}

function raftKind(message: RaftMessage): FlightKind {
  switch (message.kind) {
    case "vote-request":
      return "vote-request";
    case "vote-response":
      return "vote";
    case "append-response":
      return "append-reply";
    default:
      return message.entry === null && message.snapshot === null ? "heartbeat" : "append";
  }
}

/** The index that the sender has reached, or that the receiver has when it took this up. */
function raftIndex(message: RaftMessage): number {
  switch (message.kind) {
    case "vote-request":
      return message.lastIndex;
    case "vote-response":
      return 0;
    case "append-response":
      return message.index;
    default:
      if (message.snapshot !== null) return message.snapshot.lastIndex;
      return message.entry === null ? message.commit : message.prevIndex + 1;
  }
}

function subjectOf(record: LinkRecord): string {
  switch (record.kind) {
    case "sub":
      return record.subject;
    case "peer":
      return record.message.kind;
    default:
      return record.kind;
  }
}

/** What links between servers carry, as marks: who votes, what is appended, which message goes on. */
import { concatBytes, emptyBytes, type Message } from "../../protocol/index.ts";
import type { RaftMessage } from "../../raft/index.ts";
import type { LinkRecord, SentRecord, ServerState } from "../../server/index.ts";
import type { FlightKind } from "../trace.ts";
import type { World } from "../world.ts";
import { takeDrop } from "./drop.ts";
import { createFrame } from "./frames.ts";
import { type Mark, markMessage, noMark } from "./marks.ts";

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
  if (record.kind === "msg") {
    const inner = readMessage(record.message, flight);
    return { ...inner, what: "route", inner: inner.what, size: bytes };
  }
  if (record.kind === "peer" && record.message.kind === "raft") {
    const { group, message } = record.message;
    return { ...raftMark(server, group, message), size: bytes, flight };
  }
  return { ...noMark, what: "link", subject: subjectOf(record), size: bytes, flight };
}

/** A message between servers says by its subjects what it is, as it would on its last stretch. */
function readMessage(message: Message, flight: number): Mark {
  const { subject, reply, headers, payload } = message;
  const head = headers ?? emptyBytes;
  frame.verb = headers === null ? "MSG" : "HMSG";
  frame.bodyStart = 0;
  frame.payloadStart = head.length;
  frame.payloadEnd = head.length + payload.length;
  frame.end = frame.payloadEnd;
  const bytes = headers === null ? payload : concatBytes([head, payload]);
  return markMessage(bytes, frame, { subject, reply: reply ?? "", flight });
}

function raftMark(server: ServerState, group: string, message: RaftMessage): Mark {
  const of = server.groups?.get(group);
  const about = { subject: group, stream: of?.stream ?? "", consumer: of?.consumer ?? "" };
  const base = { ...noMark, ...about, term: message.term as number };
  switch (message.kind) {
    case "vote-request":
      return { ...base, what: "vote-request", seq: message.lastIndex };
    case "vote-response":
      // Given or not is all that a vote says: what was refused has a code.
      return { ...base, what: "vote", code: message.granted ? 0 : 1 };
    case "append-response":
      return { ...base, what: "append-reply", seq: message.index };
    default:
      return { ...base, ...appended(message) };
  }
}

/** The index that a member has reached when it has taken this up. */
function appended({
  entry,
  snapshot,
  prevIndex,
  commit,
}: Extract<RaftMessage, { kind: "append-entry" }>): { what: FlightKind; seq: number } {
  if (snapshot !== null) return { what: "append", seq: snapshot.lastIndex };
  if (entry !== null) return { what: "append", seq: prevIndex + 1 };
  return { what: "heartbeat", seq: commit };
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

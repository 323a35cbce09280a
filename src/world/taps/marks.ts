/** What the taps read in the bytes of a connection: one mark a message, plain data. */
import { decodeText } from "../../protocol/index.ts";
import type { Direction } from "../events.ts";
import type { FlightKind } from "../trace.ts";
import type { Frame } from "./frames.ts";

/** One message on a wire, as far as anybody here wants to know it. */
export interface Mark {
  readonly what: FlightKind;
  readonly subject: string;
  /** Reply subject of a publish, a request or a delivery; empty when there is none. */
  readonly reply: string;
  readonly stream: string;
  readonly consumer: string;
  /** Stream sequence; 0 when there is none. */
  readonly seq: number;
  /** Consumer sequence of a delivery; 0 otherwise. */
  readonly consumerSeq: number;
  /** How often this message was delivered, this time included; 0 for what is no delivery. */
  readonly deliveries: number;
  /** Headers and payload. */
  readonly size: number;
  /** A PubAck that says duplicate. */
  readonly duplicate: boolean;
  /** Error code (`err_code`) or status; 0 when there is none. */
  readonly code: number;
  /** What a routed message is beside that; undefined, which no hash counts, on all other ways. */
  readonly inner: FlightKind | undefined;
  /** Of a Raft message, whose group is in `subject` and whose index is in `seq`; as above. */
  readonly term: number | undefined;
  /** Number of its flight; counts up in each world, whether or not anything is recorded. */
  readonly flight: number;
}

/** A mark while it is read. */
type Draft = { -readonly [Field in keyof Mark]: Mark[Field] };

const ackPrefix = "$JS.ACK.";
const nextPrefix = "$JS.API.CONSUMER.MSG.NEXT.";
const apiPrefix = "$JS.API.";

// As nats-server marshals them: JSPubAckResponse and ApiResponse (jetstream_api.go).
const pubAckShape = /^\{"stream":\s*"([^"]*)",(?:\s*"domain":\s*"[^"]*",)?\s*"seq":\s*(\d+)/;
const refusalShape = /^\{"error":\{"code":(\d+),"err_code":(\d+)/;
const apiShape = /^\{"type":\s*"io\.nats\.jetstream\.api/;
const sniffedBytes = 400;

/** Reads one message; null for what carries none (PING, SUB, INFO ...). */
export function markFrame(
  bytes: Uint8Array,
  frame: Frame,
  direction: Direction,
  flight: number,
): Mark | null {
  if (frame.verb === "other") return null;
  // Clients dial and servers accept: what goes from a to b was published.
  return direction === "a-to-b"
    ? markPublished(bytes, frame, flight)
    : markSent(bytes, frame, flight);
}

/** A message that is on its way between servers, by its subjects. */
export function markMessage(bytes: Uint8Array, frame: Frame, named: Named): Mark {
  const { subject, reply } = named;
  const isSent = reply.startsWith(ackPrefix) || subject.startsWith("_INBOX.");
  return isSent ? sentMark(bytes, frame, named) : publishedMark(bytes, frame, named);
}

interface Named {
  readonly subject: string;
  readonly reply: string;
  readonly flight: number;
}

function markPublished(bytes: Uint8Array, frame: Frame, flight: number): Mark {
  const subject = frame.args[0] ?? "";
  const plain = frame.verb === "PUB" ? 2 : 3;
  const reply = frame.args.length > plain ? (frame.args[1] ?? "") : "";
  return publishedMark(bytes, frame, { subject, reply, flight });
}

function publishedMark(bytes: Uint8Array, frame: Frame, named: Named): Mark {
  const { subject } = named;
  const mark = draftOf(frame, named);
  if (subject.startsWith(ackPrefix)) {
    readAckTokens(mark, subject);
    mark.what = ackKind(bytes, frame);
    mark.deliveries = 0;
  } else if (subject.startsWith(nextPrefix)) {
    const tokens = subject.slice(nextPrefix.length).split(".");
    mark.what = "pull";
    mark.stream = tokens[0] ?? "";
    mark.consumer = tokens[1] ?? "";
  } else mark.what = subject.startsWith(apiPrefix) ? "request" : "publish";
  return mark;
}

function markSent(bytes: Uint8Array, frame: Frame, flight: number): Mark {
  const subject = frame.args[0] ?? "";
  const plain = frame.verb === "MSG" ? 3 : 4;
  const reply = frame.args.length > plain ? (frame.args[2] ?? "") : "";
  return sentMark(bytes, frame, { subject, reply, flight });
}

function sentMark(bytes: Uint8Array, frame: Frame, named: Named): Mark {
  const { subject, reply } = named;
  const mark = draftOf(frame, named);
  if (reply.startsWith(ackPrefix)) {
    readAckTokens(mark, reply);
    mark.what = "delivery";
    return mark;
  }
  mark.code = statusOf(bytes, frame);
  if (mark.code > 0) mark.what = "status";
  else if (subject.startsWith("_INBOX.")) {
    mark.what = "reply";
    readAnswer(bytes, frame, mark);
  } else if (frame.verb === "HMSG") readEcho(bytes, frame, mark);
  // Inboxes can have any prefix; what JetStream answers says what it is.
  else readAnswer(bytes, frame, mark);
  return mark;
}

/** An answer of JetStream: a PubAck, a refusal, an API reply. Others leave the mark as it is. */
function readAnswer(bytes: Uint8Array, frame: Frame, mark: Draft): void {
  if (!mayAnswer(bytes, frame.payloadStart)) return;
  const end = Math.min(frame.payloadEnd, frame.payloadStart + sniffedBytes);
  const text = decodeText(bytes, frame.payloadStart, end);
  const acked = pubAckShape.exec(text);
  if (acked !== null) {
    mark.what = "puback";
    mark.stream = acked[1] ?? "";
    mark.seq = Number(acked[2] ?? 0);
    mark.duplicate = text.includes('"duplicate":true') || text.includes('"duplicate": true');
    return;
  }
  const refused = refusalShape.exec(text);
  if (refused !== null) {
    mark.what = "refused";
    mark.code = Number(refused[2]);
  } else if (apiShape.test(text)) mark.what = "api";
}

/** The shapes below begin with `{"s`, `{"e` or `{"t`: most of what passes is told by a glance. */
function mayAnswer(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x7b /* { */ || bytes[at + 1] !== 0x22 /* " */) return false;
  const third = bytes[at + 2];
  return third === 0x73 || third === 0x65 || third === 0x74;
}

/** A republished message names its stream and sequence. Source: stream.go, RePublish headers. */
function readEcho(bytes: Uint8Array, frame: Frame, mark: Draft): void {
  const text = decodeText(bytes, frame.bodyStart, frame.payloadStart);
  const stream = /\r\nNats-Stream: ([^\r]+)/.exec(text);
  const seq = /\r\nNats-Sequence: (\d+)/.exec(text);
  if (stream === null || seq === null) return;
  mark.stream = stream[1] ?? "";
  mark.seq = Number(seq[1]);
}

/** Stream, consumer, sequence and count from an ack subject, in either of its two forms. */
function readAckTokens(mark: Draft, subject: string): void {
  const tokens = subject.split(".");
  // ADR-15: nine tokens, or from eleven on with domain and account hash behind the prefix.
  const at = tokens.length >= 11 ? 4 : 2;
  mark.stream = tokens[at] ?? "";
  mark.consumer = tokens[at + 1] ?? "";
  mark.deliveries = Number(tokens[at + 2] ?? 0);
  mark.seq = Number(tokens[at + 3] ?? 0);
  mark.consumerSeq = Number(tokens[at + 4] ?? 0);
}

/** The kind of an ack, from the first bytes of its payload. Source: consumer.go processAck. */
function ackKind(bytes: Uint8Array, frame: Frame): FlightKind {
  const end = Math.min(frame.payloadEnd, frame.payloadStart + 5);
  const text = decodeText(bytes, frame.payloadStart, end);
  if (text.startsWith("-NAK")) return "nak";
  if (text.startsWith("+TERM")) return "term";
  if (text.startsWith("+WPI")) return "progress";
  return text.startsWith("+NXT") ? "next" : "ack";
}

/** The status of a message that is only a status line (`NATS/1.0 503`); 0 when it has none. */
function statusOf(bytes: Uint8Array, frame: Frame): number {
  if (frame.verb !== "HMSG") return 0;
  const line = decodeText(bytes, frame.bodyStart, Math.min(frame.bodyStart + 12, bytes.length));
  return line.startsWith("NATS/1.0 ") ? Number(line.slice(9, 12)) || 0 : 0;
}

function draftOf(frame: Frame, named: Named): Draft {
  return {
    what: "message",
    subject: named.subject,
    reply: named.reply,
    stream: "",
    consumer: "",
    seq: 0,
    consumerSeq: 0,
    deliveries: 0,
    size: frame.payloadEnd - frame.bodyStart,
    duplicate: false,
    code: 0,
    inner: undefined,
    term: undefined,
    flight: named.flight,
  };
}

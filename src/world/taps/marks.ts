/** What the taps read in the bytes of a connection: one mark a message, plain data. */
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
  /** Number of its flight; counts up in each world, whether or not anything is recorded. */
  readonly flight: number;
}

const decoder = new TextDecoder();
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

function markPublished(bytes: Uint8Array, frame: Frame, flight: number): Mark {
  const subject = frame.args[0] ?? "";
  const plain = frame.verb === "PUB" ? 2 : 3;
  const reply = frame.args.length > plain ? (frame.args[1] ?? "") : "";
  const size = frame.payloadEnd - frame.bodyStart;
  if (subject.startsWith(ackPrefix)) {
    const what = ackKind(bytes, frame);
    return { ...deliveryMark(subject, what, flight), subject, reply, size, deliveries: 0 };
  }
  const base = { ...blankMark(flight), subject, reply, size };
  if (subject.startsWith(nextPrefix)) {
    const [stream = "", consumer = ""] = subject.slice(nextPrefix.length).split(".");
    return { ...base, what: "pull", stream, consumer };
  }
  return { ...base, what: subject.startsWith(apiPrefix) ? "request" : "publish" };
}

function markSent(bytes: Uint8Array, frame: Frame, flight: number): Mark {
  const subject = frame.args[0] ?? "";
  const plain = frame.verb === "MSG" ? 3 : 4;
  const reply = frame.args.length > plain ? (frame.args[2] ?? "") : "";
  const size = frame.payloadEnd - frame.bodyStart;
  if (reply.startsWith(ackPrefix)) {
    return { ...deliveryMark(reply, "delivery", flight), subject, reply, size };
  }
  const base = { ...blankMark(flight), subject, reply, size };
  const status = statusOf(bytes, frame);
  if (status > 0) return { ...base, what: "status", code: status };
  if (!subject.startsWith("_INBOX.")) return { ...base, what: "message" };
  return markAnswer(bytes, frame, base);
}

/** An answer to an inbox: a PubAck, a refusal, an API reply or somebody's reply. */
function markAnswer(bytes: Uint8Array, frame: Frame, base: Mark): Mark {
  if (bytes[frame.payloadStart] !== 0x7b /* { */) return { ...base, what: "reply" };
  const end = Math.min(frame.payloadEnd, frame.payloadStart + sniffedBytes);
  const text = decoder.decode(bytes.subarray(frame.payloadStart, end));
  const acked = pubAckShape.exec(text);
  if (acked !== null) {
    const duplicate = text.includes('"duplicate":true') || text.includes('"duplicate": true');
    const [, stream = "", seq = "0"] = acked;
    return { ...base, what: "puback", stream, seq: Number(seq), duplicate };
  }
  const refused = refusalShape.exec(text);
  if (refused !== null) return { ...base, what: "refused", code: Number(refused[2]) };
  return { ...base, what: apiShape.test(text) ? "api" : "reply" };
}

/** Stream, consumer, sequence and count from an ack subject, in either of its two forms. */
function deliveryMark(subject: string, what: FlightKind, flight: number): Mark {
  const tokens = subject.split(".");
  // ADR-15: nine tokens, or from eleven on with domain and account hash behind the prefix.
  const at = tokens.length >= 11 ? 4 : 2;
  return {
    ...blankMark(flight),
    what,
    stream: tokens[at] ?? "",
    consumer: tokens[at + 1] ?? "",
    deliveries: Number(tokens[at + 2] ?? 0),
    seq: Number(tokens[at + 3] ?? 0),
    consumerSeq: Number(tokens[at + 4] ?? 0),
  };
}

/** The kind of an ack, from the first bytes of its payload. Source: consumer.go processAck. */
function ackKind(bytes: Uint8Array, frame: Frame): FlightKind {
  const head = decoder.decode(bytes.subarray(frame.payloadStart, frame.payloadStart + 5));
  const text = head.slice(0, Math.min(5, frame.payloadEnd - frame.payloadStart));
  if (text.startsWith("-NAK")) return "nak";
  if (text.startsWith("+TERM")) return "term";
  if (text.startsWith("+WPI")) return "progress";
  return text.startsWith("+NXT") ? "next" : "ack";
}

/** The status of a message that is only a status line (`NATS/1.0 503`); 0 when it has none. */
function statusOf(bytes: Uint8Array, frame: Frame): number {
  if (frame.verb !== "HMSG") return 0;
  const line = decoder.decode(bytes.subarray(frame.bodyStart, frame.bodyStart + 12));
  return line.startsWith("NATS/1.0 ") ? Number(line.slice(9, 12)) || 0 : 0;
}

function blankMark(flight: number): Mark {
  return {
    what: "message",
    subject: "",
    reply: "",
    stream: "",
    consumer: "",
    seq: 0,
    consumerSeq: 0,
    deliveries: 0,
    size: 0,
    duplicate: false,
    code: 0,
    flight,
  };
}

/** The streaming parser of the client protocol: bytes in any split, calls on a sink out. */
import { ProtocolError } from "./errors.ts";
import { createMessage } from "./message.ts";
import {
  argument,
  argumentCount,
  argumentSize,
  type Span,
  splitArguments,
} from "./parser-arguments.ts";
import { badLine, lineTooLong, wrongByte } from "./parser-errors.ts";
import type { ClientSink, ServerSink } from "./parser-sinks.ts";
import {
  gapOf,
  nextState,
  numberAfter,
  numberOf,
  opOf,
  payloadEndNumbers,
  type Role,
  startOf,
  verbs,
} from "./parser-verbs.ts";
import { concatBytes, decodeText, emptyBytes } from "./text.ts";

export type { ClientSink, ServerSink } from "./parser-sinks.ts";
export type { Role } from "./parser-verbs.ts";

export interface ParserLimits {
  /** Bytes of a line after its verb. */
  maxControlLine: number;
  /** Bytes of headers and payload; -1 for no limit. */
  maxPayload: number;
  /** Whether HPUB is understood; a server learns it from CONNECT. */
  headers: boolean;
}

/**
 * Where the parser is in a frame. Plain data.
 *
 *     verb ──► gap ──► blank ──► line ──► (payload) ──► verb
 *       └────► tail (PING, PONG, +OK: anything up to the line end)
 */
export interface ParserState {
  readonly role: Role;
  readonly limits: ParserLimits;
  /** A server's parser that waits for CONNECT asks the sink before it takes anything else. */
  connectFirst: boolean;
  phase: "verb" | "gap" | "blank" | "tail" | "line" | "payload";
  /** In the middle of a verb: the state of the automaton in parser-verbs. */
  verb: number;
  op: string;
  /** Bytes of an unfinished line or payload; each chunk is a value. */
  chunks: Uint8Array[];
  held: number;
  sawCr: boolean;
  subject: string;
  sid: string;
  reply: string | null;
  headerSize: number;
  size: number;
}

/** nats-server's defaults (`MAX_CONTROL_LINE_SIZE`, `MAX_PAYLOAD_SIZE`). */
export const defaultParserLimits: Readonly<ParserLimits> = {
  maxControlLine: 4096,
  maxPayload: 1024 * 1024,
  headers: false,
};

/** `role` is whose side reads: a "server" reads PUB and SUB, a "client" reads MSG and INFO. */
export function createParser(role: Role, limits: ParserLimits): ParserState {
  return {
    role,
    limits,
    connectFirst: false,
    phase: "verb",
    verb: startOf(role),
    op: "",
    chunks: [],
    held: 0,
    sawCr: false,
    subject: "",
    sid: "",
    reply: null,
    headerSize: -1,
    size: 0,
  };
}

/**
 * Reads all of `bytes`; calls the sink for each frame that is complete, and keeps the rest.
 * Throws {@link ProtocolError} at the first byte that nats-server would not accept; the parser is
 * of no use afterwards. Source: nats-server `parser.go` `parse`.
 */
export function parse(parser: ParserState, bytes: Uint8Array, sink: ClientSink | ServerSink): void {
  let at = 0;
  let readsLine = false;
  while (at < bytes.length) {
    switch (parser.phase) {
      case "verb":
        at = readVerb(parser, bytes, at, sink);
        break;
      case "gap":
        if (!isBlank(bytes[at++])) throw wrongByte(numberAfter(parser.op), bytes, at - 1);
        parser.phase = "blank";
        break;
      case "blank":
        if (isBlank(bytes[at])) at++;
        else parser.phase = "line";
        break;
      case "tail":
        at = readTail(parser, bytes, at, sink);
        break;
      case "line":
        at = readLine(parser, bytes, at, sink);
        readsLine = true;
        break;
      case "payload":
        at = readPayload(parser, bytes, at, sink);
        break;
    }
  }
  if (readsLine && parser.phase === "payload") onPayloadCut(parser, sink);
}

/** When the payload is still to come, nats-server reads its line once more: `clonePubArg`. */
function onPayloadCut({ op, role, subject }: ParserState, sink: ClientSink | ServerSink): void {
  const isPub = op === verbs.pub || op === verbs.hpub;
  if (role === "server" && isPub) (sink as ClientSink).onPubLine(subject);
}

function readVerb(
  parser: ParserState,
  bytes: Uint8Array,
  from: number,
  sink: ClientSink | ServerSink,
): number {
  let at = from;
  if (parser.connectFirst && parser.verb === startOf(parser.role) && !isLetterC(bytes[at])) {
    (sink as ClientSink).onUnauthenticated();
  }
  let state = parser.verb;
  while (at < bytes.length) {
    const next = nextState(state, bytes[at++] ?? 0);
    if (next < 0) throw wrongByte(numberOf(state), bytes, at - 1);
    state = next;
    const op = opOf(state);
    if (op === "") continue;
    parser.op = op;
    parser.verb = startOf(parser.role);
    parser.phase = gapOf(op);
    return at;
  }
  parser.verb = state;
  return at;
}

/** PING, PONG and +OK end with their line; what stands before its end is not looked at. */
function readTail(
  parser: ParserState,
  bytes: Uint8Array,
  from: number,
  sink: ClientSink | ServerSink,
): number {
  const end = bytes.indexOf(0x0a, from);
  if (end < 0) return bytes.length;
  parser.phase = "verb";
  if (parser.op === verbs.ping) sink.onPing();
  else if (parser.op === verbs.pong) sink.onPong();
  else sink.onOk();
  return end + 1;
}

/**
 * The first byte of a line belongs to it whatever it is; a CR anywhere after it takes the last
 * byte before the LF off (`drop` in nats-server's parser).
 */
function readLine(
  parser: ParserState,
  bytes: Uint8Array,
  from: number,
  sink: ClientSink | ServerSink,
): number {
  let sawCr = parser.sawCr;
  let at = parser.held === 0 ? from + 1 : from;
  let byte = 0;
  for (; at < bytes.length; at++) {
    byte = bytes[at] ?? 0;
    if (byte === 0x0a) break;
    if (byte === 0x0d) sawCr = true;
  }
  if (at >= bytes.length) {
    parser.sawCr = sawCr;
    hold(parser, bytes.slice(from));
    // A CR at the end may be the line's own and is not counted yet.
    if (parser.held - (sawCr ? 1 : 0) > parser.limits.maxControlLine) throw lineTooLong();
    return at;
  }
  let line = bytes;
  let start = from;
  let end = at;
  if (parser.held > 0) {
    line = release(parser, bytes.subarray(from, at));
    start = 0;
    end = line.length;
  }
  if (sawCr) end--;
  parser.sawCr = false;
  if (end - start > parser.limits.maxControlLine) throw lineTooLong();
  parser.phase = "verb";
  if (takesText(parser.op)) onText(parser.op, decodeText(line, start, end), sink);
  else onArguments(parser, line, { start, end }, sink);
  return at + 1;
}

function takesText(op: string): boolean {
  return op === verbs.connect || op === verbs.info || op === verbs.err;
}

function onText(op: string, text: string, sink: ClientSink | ServerSink): void {
  if (op === verbs.connect) (sink as ClientSink).onConnect(text);
  else if (op === verbs.info) sink.onInfo(text);
  else sink.onErr(text);
}

function onArguments(
  parser: ParserState,
  line: Uint8Array,
  span: Span,
  sink: ClientSink | ServerSink,
): void {
  const { op } = parser;
  const isSub = op === verbs.sub || op === verbs.unsub;
  splitArguments(line, span, isSub ? 0x0d : 0x20);
  if (op === verbs.pub || op === verbs.hpub) onPubLine(parser, line, span, sink as ClientSink);
  else if (op === verbs.msg || op === verbs.hmsg) onMsgLine(parser, line, span);
  else if (op === verbs.sub) onSubLine(line, span, sink as ClientSink);
  else onUnsubLine(line, span, sink as ClientSink);
}

/** `PUB subject [reply] size`, `HPUB subject [reply] headers total`. */
function onPubLine(parser: ParserState, line: Uint8Array, span: Span, sink: ClientSink): void {
  const withHeaders = parser.op === verbs.hpub;
  if (withHeaders && !parser.limits.headers) {
    throw new ProtocolError(null, "message headers not supported");
  }
  const least = withHeaders ? 3 : 2;
  const reader = withHeaders ? "processHeaderPub" : "processPub";
  if (argumentCount !== least && argumentCount !== least + 1) {
    throw badLine(`${reader} Parse Error`, line, span);
  }
  parser.subject = argument(line, 0);
  parser.reply = argumentCount > least ? argument(line, 1) : null;
  takeSizes(parser, line, span, reader);
  const { maxPayload } = parser.limits;
  if (maxPayload >= 0 && parser.size > maxPayload) {
    const sizes = `${parser.size} vs ${maxPayload}`;
    throw new ProtocolError("Maximum Payload Violation", `maximum payload exceeded: ${sizes}`);
  }
  sink.onPubLine(parser.subject);
}

/** `MSG subject sid [reply] size`, `HMSG subject sid [reply] headers total`. */
function onMsgLine(parser: ParserState, line: Uint8Array, span: Span): void {
  const withHeaders = parser.op === verbs.hmsg;
  if (parser.role === "server") {
    // nats-server reads a client's HMSG as an empty message to nowhere: `processInboundMsg`.
    parser.subject = "";
    parser.reply = null;
    parser.headerSize = -1;
    parser.size = 0;
    parser.phase = "payload";
    return;
  }
  const least = withHeaders ? 4 : 3;
  if (argumentCount !== least && argumentCount !== least + 1) {
    throw badLine(`${parser.op} with ${argumentCount} arguments`, line, span);
  }
  parser.subject = argument(line, 0);
  parser.sid = argument(line, 1);
  parser.reply = argumentCount > least ? argument(line, 2) : null;
  takeSizes(parser, line, span, parser.op);
}

function takeSizes(parser: ParserState, line: Uint8Array, span: Span, reader: string): void {
  const withHeaders = parser.op === verbs.hpub || parser.op === verbs.hmsg;
  const total = withHeaders ? "Total " : "";
  parser.size = argumentSize(line, argumentCount - 1);
  parser.headerSize = withHeaders ? argumentSize(line, argumentCount - 2) : -1;
  if (withHeaders && parser.headerSize < 0) {
    throw badLine(`${reader} Bad or Missing Header Size`, line, span);
  }
  if (parser.size < 0) throw badLine(`${reader} Bad or Missing ${total}Size`, line, span);
  if (parser.headerSize > parser.size) {
    throw badLine(`${reader} Header Size larger then TotalSize`, line, span);
  }
  parser.phase = "payload";
}

function onSubLine(line: Uint8Array, span: Span, sink: ClientSink): void {
  if (argumentCount === 2) sink.onSub(argument(line, 0), null, argument(line, 1));
  else if (argumentCount === 3) {
    sink.onSub(argument(line, 0), argument(line, 1), argument(line, 2));
  } else throw badLine("processSub Parse Error", line, span);
}

function onUnsubLine(line: Uint8Array, span: Span, sink: ClientSink): void {
  if (argumentCount === 1) sink.onUnsub(argument(line, 0), null);
  else if (argumentCount === 2) sink.onUnsub(argument(line, 0), argumentSize(line, 1));
  else throw badLine("processUnsub Parse Error", line, span);
}

/** The payload and its CR LF; a wrong end is refused at the first byte that shows it. */
function readPayload(
  parser: ParserState,
  bytes: Uint8Array,
  from: number,
  sink: ClientSink | ServerSink,
): number {
  const { size, held } = parser;
  const missing = size + 2 - held;
  const taken = Math.min(missing, bytes.length - from);
  const crAt = from + size - held;
  if (crAt >= from && crAt < bytes.length && bytes[crAt] !== 0x0d) {
    throw wrongByte(payloadEndNumbers.cr, bytes, crAt);
  }
  const lfAt = crAt + 1;
  if (lfAt < bytes.length && bytes[lfAt] !== 0x0a) {
    throw wrongByte(payloadEndNumbers.lf, bytes, lfAt);
  }
  if (taken < missing) {
    hold(parser, bytes.slice(from, from + taken));
    return from + taken;
  }
  let content = bytes;
  let start = from;
  if (held > 0) {
    content = release(parser, bytes.subarray(from, from + taken));
    start = 0;
  }
  parser.phase = "verb";
  onContent(parser, content, start, sink);
  return from + taken;
}

function onContent(
  parser: ParserState,
  content: Uint8Array,
  start: number,
  sink: ClientSink | ServerSink,
): void {
  const { subject, reply, headerSize, size } = parser;
  // A header block of no bytes is none: nats-server delivers such a message as a plain MSG.
  const split = start + Math.max(headerSize, 0);
  const headers = headerSize > 0 ? content.subarray(start, split) : null;
  const payload = size + start > split ? content.subarray(split, start + size) : emptyBytes;
  if (parser.role === "server") (sink as ClientSink).onPub(subject, reply, headers, payload);
  else (sink as ServerSink).onMsg(parser.sid, createMessage(subject, reply, headers, payload));
}

function hold(parser: ParserState, chunk: Uint8Array): void {
  parser.chunks.push(chunk);
  parser.held += chunk.length;
}

/** What was held, and `rest` after it. */
function release(parser: ParserState, rest: Uint8Array): Uint8Array {
  parser.chunks.push(rest);
  const joined = concatBytes(parser.chunks);
  parser.chunks = [];
  parser.held = 0;
  return joined;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

function isLetterC(byte: number | undefined): boolean {
  return byte === 0x43 || byte === 0x63;
}

/**
 * Finds whole messages in the bytes of a connection, either direction: where they begin and end,
 * and the arguments of those that carry a payload. Both parsers of the protocol room act on a
 * message; a tap only needs its span, so that a fault can take exactly those bytes away.
 */

import { decodeText } from "../../protocol/index.ts";

/** One message. Reused from call to call: copy what you keep. */
export interface Frame {
  verb: "PUB" | "HPUB" | "MSG" | "HMSG" | "other";
  /** The words of the control line behind the verb; empty for `other`. */
  args: readonly string[];
  start: number;
  /** Where headers begin (for HPUB and HMSG), else where the payload begins. */
  bodyStart: number;
  payloadStart: number;
  payloadEnd: number;
  /** Behind the message's last line end. */
  end: number;
}

export function createFrame(): Frame {
  return {
    verb: "other",
    args: [],
    start: 0,
    bodyStart: 0,
    payloadStart: 0,
    payloadEnd: 0,
    end: 0,
  };
}

/** What `readFrame` answers when the message is not there whole, or is no message at all. */
export const incomplete = -1;
export const malformed = -2;

const lineEnd = 10;
// nats-server's MAX_CONTROL_LINE_SIZE is 4 KiB; INFO and CONNECT lines may be longer.
const lineMax = 1_048_576;

/**
 * Reads the message that begins at `at` into `frame`; answers its end, `incomplete` (then
 * `frame.end` is the least end it can have) or `malformed`.
 */
export function readFrame(bytes: Uint8Array, at: number, frame: Frame): number {
  const newline = bytes.indexOf(lineEnd, at);
  if (newline < 0) {
    frame.end = bytes.length + 1;
    return bytes.length - at > lineMax ? malformed : incomplete;
  }
  frame.start = at;
  frame.verb = verbAt(bytes, at);
  if (frame.verb === "other") {
    frame.args = [];
    frame.end = newline + 1;
    return frame.end;
  }
  const verbLength = frame.verb === "HPUB" || frame.verb === "HMSG" ? 4 : 3;
  const args = readWords(bytes, at + verbLength, newline);
  frame.args = args;
  const total = Number(args.at(-1) ?? frame.verb);
  const header = verbLength === 4 ? Number(args.at(-2) ?? frame.verb) : 0;
  if (!Number.isInteger(total) || !Number.isInteger(header) || header > total || header < 0) {
    return malformed;
  }
  frame.bodyStart = newline + 1;
  frame.payloadStart = frame.bodyStart + header;
  frame.payloadEnd = frame.bodyStart + total;
  frame.end = frame.payloadEnd + 2;
  return frame.end <= bytes.length ? frame.end : incomplete;
}

/** The words between blanks; a carriage return ends the last one. */
function readWords(bytes: Uint8Array, from: number, to: number): string[] {
  const words: string[] = [];
  let start = -1;
  for (let i = from; i <= to; i++) {
    const byte = i < to ? bytes[i] : lineEnd;
    const isBlank = byte === 32 || byte === 9 || byte === 13 || byte === lineEnd;
    if (!isBlank && start < 0) start = i;
    if (!isBlank || start < 0) continue;
    words.push(decodeText(bytes, start, i));
    start = -1;
  }
  return words;
}

/** The verb at `at`, in any case, when it is one that carries a payload. */
function verbAt(bytes: Uint8Array, at: number): Frame["verb"] {
  const first = upper(bytes[at]);
  if (first === 0x48 /* H */) {
    const second = upper(bytes[at + 1]);
    if (second === 0x50 && isWord(bytes, at + 1, "PUB")) return "HPUB";
    return second === 0x4d && isWord(bytes, at + 1, "MSG") ? "HMSG" : "other";
  }
  if (first === 0x50 /* P */) return isWord(bytes, at, "PUB") ? "PUB" : "other";
  if (first === 0x4d /* M */) return isWord(bytes, at, "MSG") ? "MSG" : "other";
  return "other";
}

function isWord(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    if (upper(bytes[at + i]) !== word.charCodeAt(i)) return false;
  }
  const after = bytes[at + word.length];
  return after === 32 || after === 9;
}

function upper(byte: number | undefined): number {
  if (byte === undefined) return 0;
  return byte >= 97 && byte <= 122 ? byte - 32 : byte;
}

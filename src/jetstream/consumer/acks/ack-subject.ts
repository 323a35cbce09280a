/** `$JS.ACK.<stream>.<consumer>.<deliveries>.<sseq>.<cseq>.<time>.<pending>`: made and read. */
import type { StoredTime } from "../../../kernel/index.ts";

/** What an ack subject says; all zero when it is none. */
export interface AckSubject {
  readonly streamSeq: number;
  readonly consumerSeq: number;
  readonly deliveries: number;
}

const tokensV1 = 9;
/** With domain and account hash before the stream, and room for more at the end. */
const tokensV2 = 11;
const none: AckSubject = Object.freeze({ streamSeq: 0, consumerSeq: 0, deliveries: 0 });

/** Nanoseconds since 1970 in decimal, which a number could not hold. */
export function unixNanosText(time: StoredTime): string {
  if (time.s > 0) return `${time.s}${String(1_000_000_000 + time.n).slice(1)}`;
  return (BigInt(time.s) * 1_000_000_000n + BigInt(time.n)).toString();
}

/**
 * Reads an ack subject; `prefix` is what those of this consumer begin with, which are read in place.
 * Source: nats-server `server/consumer.go` `ackReplyInfo`.
 */
export function readAckSubject(subject: string, prefix: string): AckSubject {
  return (subject.startsWith(prefix) ? readOwn(subject, prefix.length) : null) ?? readAny(subject);
}

const dot = 0x2e;
const zero = 0x30;
/** Deliveries, stream and consumer sequence, time, pending. */
const numbersInSubject = 5;

/** The usual form without splitting; null when it is not quite that. */
function readOwn(subject: string, from: number): AckSubject | null {
  let deliveries = 0;
  let streamSeq = 0;
  let consumerSeq = 0;
  let value = 0;
  let digits = 0;
  let numbers = 1;
  for (let i = from; i < subject.length; i++) {
    const code = subject.charCodeAt(i);
    if (code !== dot) {
      const digit = code - zero;
      if (digit < 0 || digit > 9) return null;
      value = value * 10 + digit;
      digits += 1;
      continue;
    }
    if (digits === 0) return null;
    if (numbers === 1) deliveries = value;
    else if (numbers === 2) streamSeq = value;
    else if (numbers === 3) consumerSeq = value;
    numbers += 1;
    value = 0;
    digits = 0;
  }
  if (numbers !== numbersInSubject || digits === 0) return null;
  return { deliveries, streamSeq, consumerSeq };
}

function readAny(subject: string): AckSubject {
  const tokens = subject.split(".");
  const fits = tokens.length === tokensV1 || tokens.length >= tokensV2;
  if (!fits || tokens[0] !== "$JS" || tokens[1] !== "ACK") return none;
  const offset = tokens.length >= tokensV2 ? 4 : 2;
  return {
    deliveries: readNumber(tokens[offset + 2]),
    streamSeq: readNumber(tokens[offset + 3]),
    consumerSeq: readNumber(tokens[offset + 4]),
  };
}

/** What is no number becomes the largest there is, as -1 does when Go makes it unsigned. */
function readNumber(token: string | undefined): number {
  if (token === undefined || token === "") return Number.MAX_SAFE_INTEGER;
  let value = 0;
  for (let i = 0; i < token.length; i++) {
    const digit = token.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.MAX_SAFE_INTEGER;
    value = value * 10 + digit;
  }
  return value;
}

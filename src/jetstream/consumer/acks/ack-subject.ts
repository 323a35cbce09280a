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
  if (time.s > 0) return `${time.s}${String(time.n).padStart(9, "0")}`;
  return (BigInt(time.s) * 1_000_000_000n + BigInt(time.n)).toString();
}

/** Source: nats-server `server/consumer.go` `ackReplyInfo`. */
export function readAckSubject(subject: string): AckSubject {
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

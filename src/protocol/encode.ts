/** Frames of the client protocol, both directions, written into an {@link OutBuffer}. */
import type { Message } from "./message.ts";
import { type OutBuffer, outByte, outBytes, outCrLf, outNumber, outText } from "./out-buffer.ts";

const space = 0x20;

/** `MSG` or `HMSG`, as a server delivers `message` to the subscription `sid`. */
export function encodeMsg(out: OutBuffer, sid: string, message: Message): void {
  outText(out, message.headers === null ? "MSG " : "HMSG ");
  outText(out, message.subject);
  outByte(out, space);
  outText(out, sid);
  encodeTail(out, message);
}

/** `PUB` or `HPUB`, as a client publishes `message`. */
export function encodePub(out: OutBuffer, message: Message): void {
  outText(out, message.headers === null ? "PUB " : "HPUB ");
  outText(out, message.subject);
  encodeTail(out, message);
}

export function encodeSub(
  out: OutBuffer,
  subject: string,
  queue: string | null,
  sid: string,
): void {
  outText(out, queue === null ? `SUB ${subject} ${sid}\r\n` : `SUB ${subject} ${queue} ${sid}\r\n`);
}

export function encodeUnsub(out: OutBuffer, sid: string, max: number | null): void {
  outText(out, max === null ? `UNSUB ${sid}\r\n` : `UNSUB ${sid} ${max}\r\n`);
}

export function encodeConnect(out: OutBuffer, json: string): void {
  outText(out, `CONNECT ${json}\r\n`);
}

/** The blank before the line end is nats-server's (`generateInfoJSON`). */
export function encodeInfo(out: OutBuffer, json: string): void {
  outText(out, `INFO ${json} \r\n`);
}

export function encodeErr(out: OutBuffer, text: string): void {
  outText(out, `-ERR '${text}'\r\n`);
}

export function encodeOk(out: OutBuffer): void {
  outText(out, "+OK\r\n");
}

export function encodePing(out: OutBuffer): void {
  outText(out, "PING\r\n");
}

export function encodePong(out: OutBuffer): void {
  outText(out, "PONG\r\n");
}

/** What follows subject and sid: reply, sizes, headers, payload. */
function encodeTail(out: OutBuffer, { reply, headers, payload }: Message): void {
  outByte(out, space);
  if (reply !== null) {
    outText(out, reply);
    outByte(out, space);
  }
  if (headers !== null) {
    outNumber(out, headers.length);
    outByte(out, space);
    outNumber(out, headers.length + payload.length);
    outCrLf(out);
    outBytes(out, headers);
  } else {
    outNumber(out, payload.length);
    outCrLf(out);
  }
  outBytes(out, payload);
  outCrLf(out);
}

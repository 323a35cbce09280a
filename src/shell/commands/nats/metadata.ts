// What a delivered message says of itself, in its reply subject or in direct-get headers.

import type { MsgHdrs } from "@nats-io/nats-core";
import { parseStoredTime, type StoredTime } from "../../../kernel/index.ts";

export interface Delivery {
  readonly stream: string;
  readonly consumer: string;
  readonly delivered: number;
  readonly streamSeq: number;
  readonly consumerSeq: number;
  readonly pending: number;
  readonly time: StoredTime;
}

/**
 * Reads `$JS.ACK.[domain.account.]stream.consumer.delivered.streamSeq.consumerSeq.time.pending`;
 * null when the subject is something else. Source: jsm.go v0.4.1 `ParseJSMsgMetadataReply`.
 */
export function parseAckSubject(reply: string | undefined): Delivery | null {
  const tokens = (reply ?? "").split(".");
  const isAck = tokens[0] === "$JS" && tokens[1] === "ACK";
  if (!isAck || tokens.length < 9 || tokens.length === 10) return null;
  const fields = tokens.slice(tokens.length >= 11 ? 4 : 2);
  const [stream = "", consumer = "", delivered, streamSeq, consumerSeq, nanos = "", pending] =
    fields;
  return {
    stream,
    consumer,
    delivered: Number(delivered),
    streamSeq: Number(streamSeq),
    consumerSeq: Number(consumerSeq),
    pending: Number(pending),
    time: { s: Number(nanos.slice(0, -9)), n: Number(nanos.slice(-9)) },
  };
}

/** Reads the headers of a direct get; null when they are not there. */
export function parseDirectHeaders(headers: MsgHdrs | undefined): Delivery | null {
  const time = parseStoredTime(headers?.get("Nats-Time-Stamp") ?? "");
  const sequence = headers?.get("Nats-Sequence") ?? "";
  if (!headers || time === null || sequence === "") return null;
  return {
    stream: headers.get("Nats-Stream"),
    consumer: "",
    delivered: 0,
    streamSeq: Number(sequence),
    consumerSeq: 0,
    pending: Number(headers.get("Nats-Num-Pending") || 0),
    time,
  };
}

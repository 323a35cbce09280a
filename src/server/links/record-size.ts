/** How long records would be on the wire, in the route protocol of nats-server. */
import { encodeJson, messageBytes } from "../../protocol/index.ts";
import type { RecordOf } from "./records.ts";

/** `PING` and `PONG` with their line ends. */
export const pingBytes = 6;

/** Members that {@link RecordOf} info does not carry: nonce, versions, flags. */
const infoRest = 420;

export function infoBytes(info: RecordOf<"info">): number {
  return infoRest + encodeJson(info.clientUrls).length + info.name.length + info.cluster.length;
}

/** Source: nats-server `addRouteSubOrUnsubProtoToBuf`. */
export function subBytes({ account, subject, queue, weight }: RecordOf<"sub">): number {
  const named = 4 + account.length + 1 + subject.length + 2;
  if (queue === null) return named;
  return named + 1 + queue.length + (weight > 0 ? 1 + digits(weight) : 0);
}

/** Source: nats-server `msgHeaderForRouteOrLeaf`; a delivery's own subject follows an `@`. */
export function msgBytes(record: RecordOf<"msg">): number {
  const { message, queues, isPlain, account, subject } = record;
  const { reply, headers } = message;
  const size = messageBytes(message);
  let line = 5 + account.length + 1 + subject.length + 1 + digits(size) + 2;
  if (reply !== null) line += reply.length + 1;
  if (message.subject !== subject) line += message.subject.length + 1;
  if (headers !== null) line += 1 + digits(headers.length) + 1;
  if (!isPlain || queues.length > 0) line += 2;
  for (const queue of queues) line += queue.length + 1;
  return line + size + 2;
}

/** What a message from server to server takes beside its data: an `RMSG` in the system account. */
export const peerLineBytes = 48;

function digits(count: number): number {
  let many = 1;
  for (let rest = count; rest >= 10; rest = Math.floor(rest / 10)) many++;
  return many;
}

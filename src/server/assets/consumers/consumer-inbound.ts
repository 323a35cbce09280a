/** What reaches a consumer: acks, pulls, answers, resets, interest and timers. */
import {
  ApiError,
  type ConsumerInput,
  type ConsumerTimer,
  checkReset,
  consumerInfo,
  decodeLoosely,
  GoDecodeError,
  type GoStruct,
  goUint64,
  int64ToNumber,
  streamIdentity,
} from "../../../jetstream/index.ts";
import {
  createMessage,
  decodeText,
  emptyBytes,
  encodeHeaders,
  encodeJson,
  encodeText,
  hasHeader,
  type JsonLike,
  type Message,
} from "../../../protocol/index.ts";
import { needsHigherLevel } from "../../api/api-level.ts";
import { publishInternal } from "../../interest/route.ts";
import type { InternalEvent, MessageArrived } from "../../internal.ts";
import type { ServerIo } from "../../io.ts";
import type { AssetTimer } from "../../server-timer.ts";
import type { ServerState } from "../../state.ts";
import { trace } from "../../trace-record.ts";
import { tellNews } from "../replicas/news.ts";
import { findStream } from "../stream-lookup.ts";
import { dropConsumer, removeUnneeded } from "./consumer-drop.ts";
import type { Aftermath, ConsumerPlace } from "./consumer-effects.ts";
import { consumerScene } from "./consumer-scene.ts";
import { runConsumer, withConsumer } from "./consumer-step.ts";

/** Performs an input with everything that follows, removals from the stream included. */
export function driveConsumer(place: ConsumerPlace, input: ConsumerInput): void {
  finishConsumer(place, runConsumer(place, input));
}

/** What an input left to do beyond the consumer itself. */
export function finishConsumer(place: ConsumerPlace, aftermath: Aftermath): void {
  const { server, io, asset, consumer } = place;
  const { unneeded, isInactive, resets } = aftermath;
  removeUnneeded(server, io, asset, unneeded);
  for (const { reply, seq } of resets) answerReset(place, reply, seq);
  if (!isInactive) return;
  if (server.assetNews === undefined) {
    dropConsumer(place);
    return;
  }
  // In a cluster it is the meta group that lets go of consumers.
  const { account, name: stream } = asset;
  tellNews(server, { kind: "inactive", account, stream, consumer: consumer.name });
}

/** The stream under a leading consumer was replaced as a whole. */
export function resumeConsumer(place: ConsumerPlace): void {
  finishConsumer(place, runConsumer(place, { kind: "removed-many" }));
  const seq = place.asset.state.store.seqLast;
  finishConsumer(place, runConsumer(place, { kind: "stored", seq }));
}

/** Something on `$JS.ACK.…`. */
export function onAck(server: ServerState, io: ServerIo, event: InternalEvent): void {
  const place = placeOf(server, io, event);
  if (place === null || event.kind !== "message") return;
  const { reply, payload } = event.message;
  if (io.tracing) traceAck(place, event.subject, payload);
  driveConsumer(place, { kind: "ack", subject: event.subject, reply, payload });
}

/**
 * A pull request. Those that came in with one read wait together before any is served: there they
 * are queued by the reader of the connection, and deliveries are another goroutine's.
 * Source: nats-server `processNextMsgReq`, `processInboundNextMsgReqs`.
 */
export function onPull(server: ServerState, io: ServerIo, event: InternalEvent, at: number): void {
  const place = placeOf(server, io, event);
  if (place === null || event.kind !== "message") return;
  const { reply, headers, payload } = event.message;
  if (reply === null) return;
  const isPull = place.consumer.config.deliver_subject === "";
  if (isPull && needsHigherLevel(headers)) {
    const refusal = encodeHeaders([], 412, "Required Api Level");
    send(place, createMessage(reply, null, refusal, emptyBytes));
    return;
  }
  const follows = isSamePull(event, server.inbox[at - 1]);
  const goesOn = isSamePull(event, server.inbox[at + 1]);
  const run = goesOn ? "more" : follows ? "last" : "alone";
  driveConsumer(place, { kind: "pull", reply, payload, run });
}

/** Whether `other` is one more pull on the same consumer. */
function isSamePull(one: MessageArrived, other: InternalEvent | undefined): boolean {
  if (other?.kind !== "message" || other.target.kind !== "next") return false;
  const { reply, headers } = other.message;
  // Subjects of pulls name stream and consumer.
  const isSame = other.subject === one.subject && other.account === one.account;
  return isSame && reply !== null && headers === null;
}

/** A client's answer to a flow control request. */
export function onFlowAnswer(server: ServerState, io: ServerIo, event: InternalEvent): void {
  const place = placeOf(server, io, event);
  if (place === null || event.kind !== "message") return;
  const { headers } = event.message;
  driveConsumer(place, { kind: "flow", subject: event.subject, headers });
}

/** Somebody began or ceased to listen on a deliver subject. */
export function onDeliveryInterest(server: ServerState, io: ServerIo, event: InternalEvent): void {
  const place = placeOf(server, io, event);
  if (place !== null) driveConsumer(place, { kind: "interest" });
}

export function onConsumerTimer(server: ServerState, io: ServerIo, timer: AssetTimer): void {
  const asset = findStream(server, timer.account, timer.stream);
  const consumer = asset?.consumers.get(timer.consumer ?? "");
  if (asset === null || consumer === undefined) return;
  const name = timer.name as ConsumerTimer;
  driveConsumer({ server, io, asset, consumer }, { kind: "timer", name });
}

const resetRequest: GoStruct = {
  go: "struct",
  name: "JSApiConsumerResetRequest",
  fields: { seq: goUint64 },
};

/** A request to begin anew. Source: nats-server `processResetReq`. */
export function onReset(server: ServerState, io: ServerIo, event: InternalEvent): void {
  const place = placeOf(server, io, event);
  if (place === null || event.kind !== "message" || event.message.reply === null) return;
  const { reply } = event.message;
  try {
    const seq = checkedReset(place, event.message);
    driveConsumer(place, { kind: "reset", seq, reply });
    // In a group it is answered when the group has agreed.
    if (place.consumer.replicated !== null) return;
    const wantsIdentity = hasHeader(event.message.headers, identityHeader);
    answerReset(place, reply, seq, wantsIdentity);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    sendReset(place, reply, { error: { ...error.body }, reset_seq: 0 });
  }
}

/** Which stream it is, is told to whoever sends the header, whatever it says. */
const identityHeader = "Nats-Stream-Identity";

function answerReset(
  place: ConsumerPlace,
  reply: string,
  seq: number,
  wantsIdentity = false,
): void {
  const identity = streamIdentity(place.asset.state);
  const headers = wantsIdentity ? encodeHeaders([[identityHeader, identity]]) : null;
  withConsumer(place, (scene, out) => {
    const info = consumerInfo(place.consumer, scene, "single", out);
    sendReset(place, reply, { ...info, reset_seq: seq }, headers);
  });
}

function sendReset(
  place: ConsumerPlace,
  reply: string,
  fields: { readonly [field: string]: JsonLike },
  headers: Uint8Array | null = null,
): void {
  const type = "io.nats.jetstream.api.v1.consumer_reset_response";
  const body = encodeText(encodeJson({ type, ...fields }));
  send(place, createMessage(reply, null, headers, body));
}

function checkedReset(place: ConsumerPlace, message: Message) {
  const { server, io, asset, consumer } = place;
  if (needsHigherLevel(message.headers)) throw new ApiError("JSRequiredApiLevelErr");
  const text = decodeText(message.payload);
  const asked = text === "" ? 0 : int64ToNumber(resetSeq(text));
  return checkReset(consumer, consumerScene(server, io, asset), asked);
}

function resetSeq(text: string) {
  try {
    return (decodeLoosely(text, resetRequest).seq ?? 0) as number;
  } catch (error) {
    if (!(error instanceof GoDecodeError)) throw error;
    throw new ApiError("JSInvalidJSONErr", { err: error.message });
  }
}

function placeOf(server: ServerState, io: ServerIo, event: InternalEvent): ConsumerPlace | null {
  const { target } = event;
  if (event.kind === "trace" || !("consumer" in target)) return null;
  const { account } = event;
  const asset = findStream(server, account, target.stream);
  const consumer = asset?.consumers.get(target.consumer);
  if (asset === null || consumer === undefined) return null;
  return { server, io, asset, consumer };
}

function send({ server, io, asset }: ConsumerPlace, message: Message): void {
  publishInternal(server, io, { account: asset.account, message });
}

/** Notes what a client said about a message. */
function traceAck(place: ConsumerPlace, subject: string, payload: Uint8Array): void {
  const { server, io, asset, consumer } = place;
  const word = decodeText(payload);
  const kind = word.startsWith("-NAK")
    ? "nak"
    : word.startsWith("+TERM")
      ? "term"
      : word === "+WPI"
        ? "progress"
        : "ack";
  const tokens = subject.split(".");
  trace(server, io, kind, {
    account: asset.account,
    stream: asset.name,
    consumer: consumer.name,
    subject,
    seq: Number(tokens.at(-4) ?? "0"),
    consumerSeq: Number(tokens.at(-3) ?? "0"),
    count: Number(tokens.at(-5) ?? "0"),
    detail: word,
  });
}

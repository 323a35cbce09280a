/** What comes from an origin: answers, messages, heartbeats, flow control. */

import {
  type ApiErrorBody,
  apiErrorBody,
  originHeader,
  type StreamEntry,
} from "../../../jetstream/index.ts";
import type { StreamSeq } from "../../../kernel/index.ts";
import {
  appendHeader,
  applyTransform,
  createMessage,
  decodeHeaders,
  decodeText,
  emptyBytes,
  encodeHeaders,
  getHeader,
  isJsonObject,
  type Json,
  type JsonObject,
  type Message,
  parseJson,
  removeHeader,
  removeHeaderPrefix,
} from "../../../protocol/index.ts";
import { clusterParts } from "../../cluster-door.ts";
import { publishInternal } from "../../interest/route.ts";
import { subscribeInternal, unsubscribeInternal } from "../../interest/subscribe.ts";
import type { InternalEvent } from "../../internal.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamPlace } from "../stream-answer.ts";
import { applyToStream } from "../stream-apply.ts";
import { acceptMessage } from "../stream-inbound.ts";
import { findStream } from "../stream-lookup.ts";
import { type AckReply, parseAckReply } from "./ack-reply.ts";
import { followMirrorDirect } from "./stream-mirror-direct.ts";
import { healthInterval, scheduleRequest, setLinkTimer } from "./stream-origin-request.ts";
import type { OriginLink } from "./stream-origins.ts";

// Source: nats-server `sourceFCStalledThreshold`, `dgetCaughtUpThresh`.
const stalledMax = 3;
const caughtUpBelow = 10;

/** Mail for a link. */
export function onOriginMessage(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.target.kind !== "origin") return;
  const { stream, origin, isAnswer } = event.target;
  const asset = findStream(server, event.account, stream);
  const link = asset?.origins.get(origin);
  if (asset === null || link === undefined) return;
  const place = { server, io, asset };
  if (isAnswer) onAnswer(place, link, event.message);
  else onDelivery(place, link, event.message);
}

/** A failed attempt: the next one comes later, the more the oftener it failed. */
function retryLater(place: StreamPlace, link: OriginLink, error: ApiErrorBody | null): void {
  link.fails += 1;
  link.error = error;
  scheduleRequest(place, link);
}

/** Nobody answered. A consumer that should be there may show itself before the next request. */
export function onSilence(place: StreamPlace, link: OriginLink): void {
  retryLater(place, link, null);
  const { consumer } = link.source;
  if (consumer !== undefined) listenTo(place, link, consumer.deliver_subject ?? "");
}

function onAnswer(place: StreamPlace, link: OriginLink, message: Message): void {
  const { server, io, asset } = place;
  const answer = parseJson(decodeText(message.payload));
  const body: JsonObject = isJsonObject(answer) ? answer : {};
  const config = memberOf(body, "config");
  if (body.error !== undefined || config === null) {
    const error = (body.error as ApiErrorBody | undefined) ?? setupFailed(link);
    if (error.err_code === identityMismatch.err_code) beginAnew(place, link);
    else retryLater(place, link, error);
    return;
  }
  if (link.source.consumer !== undefined && config.ack_policy !== "flow_control") {
    const isMirror = link.kind === "mirror";
    const constant = isMirror
      ? "JSMirrorConsumerRequiresAckFCErr"
      : "JSSourceConsumerRequiresAckFCErr";
    retryLater(place, link, apiErrorBody(constant));
    return;
  }
  if (link.answerSub !== null) unsubscribeInternal(server, asset.account, link.answerSub);
  link.answerSub = null;
  io.clearTimer(`stream/${asset.account}/${asset.name}/origin-silence:${link.name}`);
  const delivered = Number(memberOf(body, "delivered")?.stream_seq ?? 0);
  if (link.kind === "mirror") {
    if (asset.replica === undefined) skipTo(place, delivered);
    else if (delivered > asset.state.store.seqLast)
      clusterParts().proposeSkip(server, asset, delivered);
  }
  if (link.kind === "source") takeIdentity(link, message);
  link.seq = Math.max(link.seq, delivered);
  link.consumer = String(body.name ?? "");
  link.delivered = 0;
  link.fails = 0;
  link.phase = "following";
  link.heardAt = io.now;
  listenTo(place, link, link.deliver);
  setLinkTimer(place, link, "health", healthInterval);
}

function listenTo({ server, asset }: StreamPlace, link: OriginLink, subject: string): void {
  const { account, name: stream } = asset;
  const target = { kind: "origin", stream, origin: link.name, isAnswer: false } as const;
  link.deliverSub = subscribeInternal(server, account, { subject, target });
}

const identityMismatch = apiErrorBody("JSConsumerStreamIdentityMismatchF");

/** The origin is another stream of the same name: it is asked for all that it has. */
function beginAnew(place: StreamPlace, link: OriginLink): void {
  link.seq = 0;
  link.delivered = 0;
  link.identity = "";
  link.isRecreated = true;
  scheduleRequest(place, link);
}

/** Source: nats-server `trySetupSourceConsumer`, "Capture identity to detect stream recreation". */
function takeIdentity(link: OriginLink, answer: Message): void {
  const identity = getHeader(answer.headers, "Nats-Stream-Identity") ?? "";
  const isOther = identity !== "" && link.identity !== "" && identity !== link.identity;
  if (link.isRecreated || isOther) link.seq = 0;
  link.identity = identity;
  link.isRecreated = false;
}

/** A mirror uses up the numbers that its consumer starts behind. */
export function skipTo({ server, io, asset }: StreamPlace, delivered: number): void {
  const { store } = asset.state;
  const missing = delivered - store.seqLast;
  if (missing <= 0) return;
  const seq = (delivered + 1) as StreamSeq;
  const entry: StreamEntry =
    store.messages === 0
      ? { kind: "purge", filter: "", seq, keep: 0 }
      : { kind: "skip", seqs: missing };
  applyToStream(server, io, asset, entry);
}

function memberOf(object: JsonObject, name: string): JsonObject | null {
  const member: Json | undefined = object[name];
  return isJsonObject(member) ? member : null;
}

function setupFailed(link: OriginLink): ApiErrorBody {
  const err = "invalid consumer create response";
  return link.kind === "mirror"
    ? apiErrorBody("JSMirrorConsumerSetupFailedErrF", { err })
    : apiErrorBody("JSSourceConsumerSetupFailedErrF", { err });
}

/**
 * A consumer that did not answer is heard: it is asked again at once. What came is delivered anew
 * then. Source: nats-server `startProbeSubscription`.
 */
function onProbe(place: StreamPlace, link: OriginLink): void {
  if (link.phase !== "waiting" || link.fails === 0) return;
  link.fails = 0;
  scheduleRequest(place, link);
}

function onDelivery(place: StreamPlace, link: OriginLink, message: Message): void {
  if (link.phase !== "following") {
    onProbe(place, link);
    return;
  }
  link.heardAt = place.io.now;
  const status = message.payload.length === 0 ? decodeHeaders(message.headers).status : null;
  if (status === 100) {
    onControl(place, link, message);
    return;
  }
  const info = parseAckReply(message.reply);
  if (info === null || info.consumer !== link.consumer || info.deliveries > 1) return;
  if (info.streamSeq <= link.seq) {
    if (info.consumerSeq === link.delivered + 1) link.delivered += 1;
    return;
  }
  // A gap in the consumer's count means that something was lost on the way.
  if (info.consumerSeq !== link.delivered + 1) {
    if (info.consumerSeq > link.delivered) scheduleRequest(place, link);
    return;
  }
  const before = link.seq;
  link.delivered += 1;
  link.seq = info.streamSeq;
  link.lag = Math.max(info.pending - 1, 0);
  clearStall(link);
  if (take(place, link, { message, info })) return;
  // It could not be stored: it is asked for again.
  link.seq = before;
  link.delivered -= 1;
  scheduleRequest(place, link);
}

/** Heartbeats tell what the origin has sent; flow control wants an answer to go on. */
function onControl(place: StreamPlace, link: OriginLink, message: Message): void {
  const { server, io, asset } = place;
  const { account } = asset;
  if (message.reply !== null) {
    const headers = encodeHeaders([
      ["Nats-Last-Consumer", String(link.delivered)],
      ["Nats-Last-Stream", String(link.seq)],
    ]);
    const answer = createMessage(message.reply, null, headers, emptyBytes);
    publishInternal(server, io, { account, message: answer });
    return;
  }
  const last = Number(getHeader(message.headers, "Nats-Last-Consumer") ?? "0");
  if (last > 0 && last !== link.delivered) {
    scheduleRequest(place, link);
    return;
  }
  const stalledOn = getHeader(message.headers, "Nats-Consumer-Stalled") ?? "";
  if (stalledOn === "") {
    clearStall(link);
    return;
  }
  link.stalledCount = stalledOn === link.stalledOn ? link.stalledCount + 1 : 1;
  link.stalledOn = stalledOn;
  if (link.stalledCount === stalledMax) {
    link.error = apiErrorBody("JSSourceConsumerFlowControlStalledErr");
  }
  const answer = createMessage(stalledOn, null, null, emptyBytes);
  publishInternal(server, io, { account, message: answer });
}

function clearStall(link: OriginLink): void {
  if (link.stalledOn === "") return;
  link.stalledOn = "";
  link.stalledCount = 0;
  link.error = null;
}

interface Delivery {
  readonly message: Message;
  readonly info: AckReply;
}

/** Stores a message of an origin; false when it must come again. */
function take(place: StreamPlace, link: OriginLink, { message, info }: Delivery): boolean {
  const subject = mapped(place, link, message.subject);
  const plain = removeHeaderPrefix(
    removeHeaderPrefix(message.headers, "Nats-Expected-"),
    "Nats-Batch-",
  );
  if (link.kind === "mirror") {
    const { payload } = message;
    const entry = {
      kind: "copy",
      seq: info.streamSeq as StreamSeq,
      subject,
      headers: plain,
      payload,
      time: info.time,
    } as const;
    if (info.streamSeq <= place.asset.state.store.seqLast) return true;
    if (place.asset.replica === undefined) {
      applyToStream(place.server, place.io, place.asset, entry);
    } else if (!clusterParts().proposeChange(place.server, place.asset, entry)) return false;
    if (info.pending < caughtUpBelow) followMirrorDirect(place.server, place.asset, true);
    return true;
  }
  const { identity } = link;
  const header = originHeader(link.name, {
    seq: info.streamSeq,
    subject: message.subject,
    identity,
  });
  const headers = appendHeader(
    removeHeader(plain, "Nats-Stream-Source"),
    "Nats-Stream-Source",
    header,
  );
  const copy = createMessage(subject, null, headers, message.payload);
  return acceptMessage(place, copy, true) !== "refuse";
}

/** The first transform whose source matches gives the subject. */
function mapped({ io }: StreamPlace, link: OriginLink, subject: string): string {
  const drawn = (below: number): number => io.draw("transforms") % below;
  for (const transform of link.transforms) {
    if (transform === null) continue;
    const made = applyTransform(transform, subject, drawn);
    if (made !== null) return made;
  }
  return subject;
}

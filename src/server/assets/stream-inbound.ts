/** A published message reaches a stream: proposed, applied, acknowledged. */

import {
  type ApiErrorBody,
  apiErrorBody,
  checkedEntry,
  type InboundMessage,
  type Proposal,
  proposeMessage,
  stageMessage,
  withoutStatus,
} from "../../jetstream/index.ts";
import {
  getHeader,
  hasHeader,
  type Message,
  messageBytes,
  quoteJson,
} from "../../protocol/index.ts";
import { clusterParts } from "../cluster-door.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { leadsStream, stagedOf } from "./replicas/stream-replica.ts";
import { ackText, answerPublisher, refusePublisher, type StreamPlace } from "./stream-answer.ts";
import { tellConsumers } from "./stream-apply.ts";
import { acceptAtomic, batchIdHeader } from "./stream-atomic.ts";
import { acceptFast, fastReplyOf } from "./stream-fast.ts";
import { findStream } from "./stream-lookup.ts";
import { checkPublishLimits } from "./stream-reservations.ts";
import { publishContext, storedSubject, storeEntry } from "./stream-store.ts";

/** Something was published on one of the stream's subjects. */
export function onStreamMessage(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.target.kind !== "stream") return;
  const asset = findStream(server, event.account, event.target.stream);
  if (asset === null || !leadsStream(asset)) return;
  const { message } = event;
  const place = { server, io, asset };
  const fast = fastReplyOf(place, message);
  if (fast !== null) acceptFast(place, message, fast);
  else if (hasHeader(message.headers, batchIdHeader)) acceptAtomic(place, message);
  else noteStored(event, acceptMessage(place, message, false));
}

/** Completes the step of a traced message. Source: nats-server `updateJetStreamEvent`. */
function noteStored({ step, message }: MessageArrived, became: Proposal["kind"]): void {
  if (step === null) return;
  if (became === "refuse") step.error = "message refused";
  else step.subject = message.subject;
}

/**
 * A message for a replicated stream: checked by its leader against what is stored and what is on
 * its way, then proposed; it is answered when it is applied.
 * Source: nats-server `processClusteredInboundMsg`.
 */
function proposePublished(
  place: StreamPlace,
  message: Message,
  raw: InboundMessage,
  isOwn: boolean,
): Proposal["kind"] {
  const { server, asset } = place;
  const { state } = asset;
  if (!leadsStream(asset)) return "refuse";
  const early = checkEarly(place, message);
  if (early !== null) {
    refusePublisher(place, message, early);
    return "refuse";
  }
  const inbound = { ...raw, headers: withoutStatus(raw.headers) };
  const staged = stagedOf(asset);
  const context = publishContext(place, isOwn);
  const verdict = stageMessage(state, staged, inbound, context);
  if (verdict.kind === "duplicate" && verdict.seq > 0) {
    answerDuplicate(place, message, raw.subject, verdict.seq);
    return "duplicate";
  }
  if (verdict.kind !== "pass") {
    refusePublisher(place, message, verdict.error);
    return "refuse";
  }
  const counter = staged.counters.get(raw.subject)?.value.toString() ?? null;
  const expectedId = getHeader(verdict.message.headers, "Nats-Expected-Last-Msg-Id") ?? "";
  const entry = checkedEntry(state, verdict.message, context);
  const { reply } = message;
  const checked = { staged, entry, reply, counter, expectedId, isFast: false };
  return clusterParts().proposeStore(server, asset, checked) ? "store" : "refuse";
}

/** What is refused whatever the message says. */
function checkEarly({ server, asset }: StreamPlace, message: Message): ApiErrorBody | null {
  const { sealed, max_msg_size: most } = asset.state.config;
  if (sealed) return apiErrorBody("JSStreamSealedErr");
  const size = messageBytes(message);
  const exceeded = checkPublishLimits(server, asset, size, true);
  if (exceeded !== null) return exceeded;
  return most >= 0 && size > most ? apiErrorBody("JSStreamMessageExceedsMaximumErr") : null;
}

function answerDuplicate(place: StreamPlace, message: Message, subject: string, seq: number): void {
  const { server, io, asset } = place;
  if (io.tracing) {
    const fields = { account: asset.account, stream: asset.name, subject };
    trace(server, io, "duplicate", { ...fields, seq });
  }
  answerPublisher(place, message.reply, ackText(place, seq, ',"duplicate": true'));
}

/**
 * A message by itself; `isOwn` when the server made it. Answers what became of it.
 * Source: nats-server `processJetStreamMsg`, on a single server.
 */
export function acceptMessage(
  place: StreamPlace,
  message: Message,
  isOwn: boolean,
): Proposal["kind"] {
  const { server, io, asset } = place;
  const subject = storedSubject(place, message.subject);
  const inbound = { subject, headers: message.headers, payload: message.payload };
  if (asset.replica !== undefined) return proposePublished(place, message, inbound, isOwn);
  const proposal = proposeMessage(asset.state, inbound, publishContext(place, isOwn));
  switch (proposal.kind) {
    case "duplicate":
      answerDuplicate(place, message, subject, proposal.seq);
      break;
    case "refuse":
      refusePublisher(place, message, proposal.error);
      break;
    default: {
      const { seq, effects } = storeEntry(place, proposal.entry);
      const value = proposal.counter === null ? "" : `,"val":${quoteJson(proposal.counter)}`;
      answerPublisher(place, message.reply, ackText(place, seq, value));
      // The publisher hears of it before consumers do.
      tellConsumers(server, io, asset, effects);
    }
  }
  return proposal.kind;
}

/** A published message reaches a stream: proposed, applied, acknowledged. */
import { type Proposal, proposeMessage } from "../../jetstream/index.ts";
import { hasHeader, type Message, quoteJson } from "../../protocol/index.ts";
import type { InternalEvent, MessageArrived } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { ackText, answerPublisher, refusePublisher, type StreamPlace } from "./stream-answer.ts";
import { tellConsumers } from "./stream-apply.ts";
import { acceptAtomic, batchIdHeader } from "./stream-atomic.ts";
import { acceptFast, isFastReply } from "./stream-fast.ts";
import { findStream } from "./stream-lookup.ts";
import { publishContext, storedSubject, storeEntry } from "./stream-store.ts";

/** Something was published on one of the stream's subjects. */
export function onStreamMessage(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.target.kind !== "stream") return;
  const asset = findStream(server, event.account, event.target.stream);
  if (asset === null) return;
  const { message } = event;
  const place = { server, io, asset };
  if (message.reply !== null && isFastReply(message.reply)) acceptFast(place, message);
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
  const proposal = proposeMessage(asset.state, inbound, publishContext(place, isOwn));
  switch (proposal.kind) {
    case "duplicate": {
      const { seq } = proposal;
      if (io.tracing) {
        const fields = { account: asset.account, stream: asset.name, subject };
        trace(server, io, "duplicate", { ...fields, seq });
      }
      answerPublisher(place, message.reply, ackText(place, seq, ',"duplicate": true'));
      break;
    }
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

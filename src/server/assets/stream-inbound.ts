/** A published message reaches a stream: proposed, applied, acknowledged. */
import {
  type ApiErrorBody,
  lastMatch,
  loadMessage,
  proposeMessage,
  type StreamEffect,
} from "../../jetstream/index.ts";
import { formatStoredTime, type StreamSeq } from "../../kernel/index.ts";
import {
  appendHeader,
  applyTransform,
  createMessage,
  emptyBytes,
  encodeJson,
  encodeText,
  isValidPublishSubject,
  type Message,
  quoteJson,
} from "../../protocol/index.ts";
import { publishInternal } from "../interest/route.ts";
import type { InternalEvent } from "../internal.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import { trace } from "../trace-record.ts";
import { anyConsumerWants } from "./consumer-side.ts";
import type { StreamAsset } from "./jetstream-state.ts";
import { applyEntry, tellConsumers } from "./stream-apply.ts";
import { findStream } from "./stream-lookup.ts";
import { checkPublishLimits } from "./stream-reservations.ts";

/** Something was published on one of the stream's subjects. */
export function onStreamMessage(server: ServerState, io: ServerIo, event: InternalEvent): void {
  if (event.kind !== "message" || event.target.kind !== "stream") return;
  const asset = findStream(server, event.account, event.target.stream);
  if (asset === null) return;
  acceptMessage(server, io, { asset, message: event.message, isOwn: false });
}

/** A message on its way into a stream. */
export interface Arrival {
  readonly asset: StreamAsset;
  readonly message: Message;
  /** Made by the server itself. */
  readonly isOwn: boolean;
}

/** Source: nats-server `processJetStreamMsg`, on a single server. */
export function acceptMessage(server: ServerState, io: ServerIo, arrival: Arrival): void {
  const { asset, message, isOwn } = arrival;
  const { state } = asset;
  const subject = transformed(asset, message.subject, io);
  const inbound = { subject, headers: message.headers, payload: message.payload };
  const proposal = proposeMessage(state, inbound, {
    now: io.wall,
    maxPayload: server.config.limits.maxPayload,
    isOwn,
    hasInterest: (wanted) => anyConsumerWants(asset, wanted),
    checkLimits: (bytes, isKept) => checkPublishLimits(server, asset, bytes, isKept),
  });
  switch (proposal.kind) {
    case "duplicate":
      note(server, io, asset, { kind: "duplicate", seq: proposal.seq, subject, detail: "" });
      answer(
        server,
        io,
        asset,
        message,
        ackText(server, asset, proposal.seq, ',"duplicate": true'),
      );
      return;
    case "refuse":
      note(server, io, asset, {
        kind: "refused",
        seq: 0,
        subject,
        detail: proposal.error.description,
      });
      answer(server, io, asset, message, refusalText(asset, proposal.error));
      return;
    default: {
      const previous = asset.republish === null ? null : lastMatch(state.store, subject);
      const effects = applyEntry(server, io, asset, proposal.entry);
      const seq = sequenceOf(effects);
      republish(server, io, asset, { seq, previous: previous ?? 0 });
      const extra = proposal.counter === null ? "" : `,"val":${quoteJson(proposal.counter)}`;
      answer(server, io, asset, message, ackText(server, asset, seq, extra));
      // The publisher hears of it before consumers do.
      tellConsumers(server, io, asset, effects);
    }
  }
}

function transformed(asset: StreamAsset, subject: string, io: ServerIo): string {
  if (asset.transform === null) return subject;
  const drawn = (below: number): number => io.draw("transforms") % below;
  return applyTransform(asset.transform, subject, drawn) ?? subject;
}

/** The sequence that an entry of kind `store` took; what else happened follows it. */
function sequenceOf(effects: readonly StreamEffect[]): StreamSeq {
  const first = effects[0];
  return first?.kind === "stored" || first?.kind === "skipped" ? first.seq : (0 as StreamSeq);
}

interface Noted {
  readonly kind: "duplicate" | "refused";
  readonly seq: number;
  readonly subject: string;
  readonly detail: string;
}

function note(server: ServerState, io: ServerIo, asset: StreamAsset, noted: Noted): void {
  if (!io.tracing) return;
  const { kind, ...fields } = noted;
  trace(server, io, kind, { account: asset.account, stream: asset.name, ...fields });
}

/** The bytes of an ack are the server's own, blanks included. */
function ackText(server: ServerState, asset: StreamAsset, seq: number, extra: string): string {
  const domain = server.jetstream?.domain ?? "";
  const where = domain === "" ? "" : `,"domain":${quoteJson(domain)}`;
  return `{"stream":${quoteJson(asset.name)}${where},"seq":${seq}${extra}}`;
}

function refusalText(asset: StreamAsset, error: ApiErrorBody): string {
  return encodeJson({ error: { ...error }, stream: asset.name, seq: 0 });
}

function answer(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  message: Message,
  text: string,
): void {
  const { reply } = message;
  if (reply === null || asset.state.config.no_ack) return;
  if (io.tracing) {
    const fields = { account: asset.account, stream: asset.name, subject: reply };
    trace(server, io, "puback", { ...fields, size: text.length, detail: text });
  }
  const ack = createMessage(reply, null, null, encodeText(text));
  publishInternal(server, io, { account: asset.account, message: ack });
}

/**
 * Sends a stored message on under another subject, with what lets a light client notice gaps.
 * Source: nats-server `processJetStreamMsgWithBatch`, "Check for republish".
 */
function republish(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  { seq, previous }: { readonly seq: StreamSeq; readonly previous: number },
): void {
  if (asset.republish === null) return;
  const { config, store } = asset.state;
  const stored = loadMessage(store, seq);
  if (stored === null) return;
  const drawn = (below: number): number => io.draw("transforms") % below;
  const to = applyTransform(asset.republish, stored.subject, drawn);
  if (to === null || !isValidPublishSubject(to)) return;
  const headersOnly = config.republish?.headers_only === true;
  let headers = appendHeader(stored.headers, "Nats-Stream", asset.name);
  headers = appendHeader(headers, "Nats-Subject", stored.subject);
  headers = appendHeader(headers, "Nats-Sequence", String(seq));
  headers = appendHeader(headers, "Nats-Time-Stamp", formatStoredTime(stored.time));
  headers = appendHeader(headers, "Nats-Last-Sequence", String(previous));
  if (headersOnly) headers = appendHeader(headers, "Nats-Msg-Size", String(stored.payload.length));
  const payload = headersOnly ? emptyBytes : stored.payload;
  const message = createMessage(to, null, headers, payload);
  publishInternal(server, io, { account: asset.account, message });
}

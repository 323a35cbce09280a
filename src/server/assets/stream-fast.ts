/**
 * Fast batches: messages are stored as they come, and the publisher is told now and then how far
 * the stream has got. The batch is steered by the reply subject:
 *
 *     <prefix>.<batch id>.<acks wanted every>.<gap: ok | fail>.<batch sequence>.<operation>.$FI
 *
 * Source: nats-server `server/stream.go` `processJetStreamFastBatchMsg`, `getFastBatch`.
 */

import {
  type ApiErrorBody,
  type ApiErrorName,
  apiErrorBody,
  checkedEntry,
  stageMessage,
  withoutStatus,
} from "../../jetstream/index.ts";
import {
  createMessage,
  emptyBytes,
  encodeJson,
  getHeader,
  type Message,
  removeHeader,
} from "../../protocol/index.ts";
import { repliedTo } from "../accounts/service-imports.ts";
import { needsHigherLevel } from "../api/api-level.ts";
import { clusterParts } from "../cluster-door.ts";
import { stagedOf } from "./replicas/stream-replica.ts";
import {
  ackText,
  answerPublisher,
  batchAckText,
  refusePublisher,
  type StreamPlace,
} from "./stream-answer.ts";
import { tellConsumers } from "./stream-apply.ts";
import {
  checkBatched,
  dropBatch,
  type FastBatch,
  isFullOfBatches,
  keepBatch,
  restBatch,
} from "./stream-batches.ts";
import { publishContext, storedSubject, storeEntry } from "./stream-store.ts";

const suffix = ".$FI";
const idLengthMax = 64;
const everyMax = 500;
const everyDefault = 10;

/** One message of a batch, as its reply subject tells. */
interface Part {
  readonly id: string;
  readonly seq: number;
  readonly every: number;
  readonly gapOk: boolean;
  readonly operation: "add" | "commit" | "eob" | "ping";
  readonly message: Message;
}

/**
 * The subject that steers a batch: the message's reply, or what stood there before it came from
 * another account. Null for any other message.
 */
export function fastReplyOf({ asset }: StreamPlace, message: Message): string | null {
  const { reply } = message;
  if (reply === null) return null;
  if (reply.length > suffix.length && reply.endsWith(suffix)) return reply;
  // What a group agrees upon names the reply alone.
  return (asset.replica === undefined && repliedTo(message)) || null;
}

export function acceptFast(place: StreamPlace, message: Message, reply: string): void {
  const { io, asset } = place;
  const refusal = checkBatched(place, message) ?? checkAllowed(place);
  if (refusal !== null) {
    refusePublisher(place, message, refusal);
    return;
  }
  const part = readPart(message, reply);
  if (typeof part === "string") {
    refusePublisher(place, message, apiErrorBody(part));
    return;
  }
  const known = asset.batches.fast.get(part.id);
  const batch = known ?? openBatch(place, part);
  if ("code" in batch) {
    refusePublisher(place, message, batch);
    return;
  }
  if (needsHigherLevel(message.headers)) {
    dropBatch(io, asset, "fast", part.id);
    refusePublisher(place, message, apiErrorBody("JSRequiredApiLevelErr"));
    return;
  }
  if (!batch.ending) keepBatch(place, "fast", part.id);
  if (part.operation === "ping") onPing(place, batch, part);
  else onPart(place, batch, part);
}

function checkAllowed({ asset }: StreamPlace): ApiErrorBody | null {
  return asset.state.config.allow_batched ? null : apiErrorBody("JSBatchPublishDisabledErr");
}

const operations = ["add", "add", "commit", "eob", "ping"] as const;

function readPart(message: Message, reply: string): Part | ApiErrorName {
  const tokens = reply.slice(0, -suffix.length).split(".");
  const [id, every, gap, seqText, operationText] = tokens.slice(-5);
  const invalid = "JSBatchPublishInvalidPatternErr";
  if (id === undefined || tokens.length < 6) return invalid;
  const code = /^[0-4]$/.test(operationText ?? "") ? Number(operationText) : -1;
  const operation = operations[code];
  const seq = /^\d{1,15}$/.test(seqText ?? "") ? Number(seqText) : 0;
  if (operation === undefined || seq === 0 || (gap !== "ok" && gap !== "fail")) return invalid;
  // Starting is for the first message, appending for the others, and nothing is no batch.
  if ((code === 0 && seq !== 1) || (code === 1 && seq === 1) || (code === 3 && seq === 1)) {
    return invalid;
  }
  if (id.length > idLengthMax) return "JSBatchPublishInvalidBatchIDErr";
  const wanted = /^\d{1,15}$/.test(every ?? "") ? Number(every) : 0;
  const limited = wanted <= 0 ? everyDefault : Math.min(wanted, 65_535);
  return { id, seq, every: limited, gapOk: gap === "ok", operation, message };
}

function openBatch(place: StreamPlace, part: Part): FastBatch | ApiErrorBody {
  const { fast } = place.asset.batches;
  if (part.seq !== 1 || part.operation === "ping") {
    return apiErrorBody("JSBatchPublishUnknownBatchIDErr");
  }
  if (isFullOfBatches(place, "fast")) return apiErrorBody("JSBatchPublishTooManyInflight");
  // A publisher that is alone gets what it asks for; others begin slowly.
  const every = fast.size > 0 ? 1 : Math.min(everyMax, part.every);
  const batch: FastBatch = {
    last: 0,
    stored: 0,
    pending: 0,
    ending: false,
    streamLast: 0,
    told: 0,
    every,
    everyMax: part.every,
    gapOk: part.gapOk,
  };
  fast.set(part.id, batch);
  return batch;
}

/** Tells again how far the stream is; what was sent and did not come is a gap. */
function onPing(place: StreamPlace, batch: FastBatch, part: Part): void {
  if (part.seq > batch.last) {
    tellGap(place, part, { expected: batch.last + 1, got: part.seq + 1 });
    if (batch.gapOk) {
      batch.last = part.seq;
      if (batch.pending === 0) batch.stored = part.seq;
      if (tellProgress(place, batch, part)) return;
    } else {
      finish(place, batch, part);
      if (!batch.ending) return;
    }
  }
  tellFlow(place, batch, part, batch.told);
}

function onPart(place: StreamPlace, batch: FastBatch, part: Part): void {
  if (batch.ending) return;
  const expected = batch.last + 1;
  if (part.seq !== expected) {
    tellGap(place, part, { expected, got: part.seq });
    if (!batch.gapOk || part.seq < expected) {
      finish(place, batch, part);
      return;
    }
  }
  if (part.operation === "eob") {
    if (part.seq !== expected) batch.last = part.seq - 1;
    if (batch.pending === 0) batch.stored = batch.last;
    return finish(place, batch, part);
  }
  batch.last = part.seq;
  const isCommit = part.operation === "commit";
  if (part.seq === 1 && !isCommit) tellFlow(place, batch, part, 0);
  store(place, batch, part);
}

function store(place: StreamPlace, batch: FastBatch, part: Part): void {
  const { server, io, asset } = place;
  const { message } = part;
  const headers = removeHeader(withoutStatus(message.headers), "Nats-Required-Api-Level");
  const inbound = {
    subject: storedSubject(place, message.subject),
    headers,
    payload: message.payload,
  };
  const context = publishContext(place, false);
  const staged = stagedOf(asset);
  const verdict = stageMessage(asset.state, staged, inbound, context);
  if (verdict.kind !== "pass") {
    onRefused(place, batch, part, verdict);
    return;
  }
  const entry = checkedEntry(asset.state, verdict.message, context);
  batch.pending += 1;
  if (asset.replica !== undefined) {
    const { reply } = message;
    const expectedId = getHeader(headers, "Nats-Expected-Last-Msg-Id") ?? "";
    const checked = { staged, entry, reply, counter: null, expectedId, isFast: true };
    clusterParts().proposeStore(server, asset, checked);
    return;
  }
  const stored = storeEntry(place, entry);
  noteStored(place, batch, part, stored.seq);
  tellConsumers(server, io, asset, stored.effects);
}

/** A message of a batch that was proposed is stored; its reply says which one it is. */
export function onFastStored(place: StreamPlace, reply: string | null, seq: number): void {
  const part = readPart(createMessage("", reply, null, emptyBytes), reply ?? "");
  if (typeof part === "string") return;
  const batch = place.asset.batches.fast.get(part.id);
  if (batch !== undefined) noteStored(place, batch, part, seq);
}

function noteStored(place: StreamPlace, batch: FastBatch, part: Part, seq: number): void {
  batch.pending = Math.max(batch.pending - 1, 0);
  batch.streamLast = seq;
  batch.stored = batch.pending === 0 ? batch.last : part.seq;
  if (part.operation === "commit" || batch.ending) finish(place, batch, part);
  else tellProgress(place, batch, part);
}

interface Refusal {
  readonly kind: "duplicate" | "refuse";
  readonly error: ApiErrorBody;
  readonly seq?: number;
}

function onRefused(place: StreamPlace, batch: FastBatch, part: Part, refusal: Refusal): void {
  const { io, asset } = place;
  const isDuplicate = refusal.kind === "duplicate";
  const isCommit = part.operation === "commit";
  if (isDuplicate) {
    if (batch.pending === 0) {
      batch.stored = part.seq;
      tellProgress(place, batch, part);
    }
    if (!isCommit) return;
  }
  // A batch that fails at once is answered like a message by itself.
  if (!part.gapOk && batch.last === 1) {
    dropBatch(io, asset, "fast", part.id);
    if (!isDuplicate) {
      refusePublisher(place, part.message, refusal.error);
      return;
    }
    const extra = `,"duplicate": true,"batch":${encodeJson(part.id)},"count":${part.seq}`;
    answerPublisher(place, part.message.reply, ackText(place, refusal.seq ?? 0, extra));
    return;
  }
  if (!isDuplicate) {
    const error = { ...refusal.error };
    send(place, part, encodeJson({ type: "err", seq: part.seq, error }));
  }
  if (part.gapOk && !isCommit) return;
  if (!isDuplicate) {
    batch.last -= 1;
    if (batch.pending === 0) batch.stored = batch.last;
  }
  finish(place, batch, part);
}

/**
 * The batch ends, and its one ack says how far it got: as soon as all that came is stored. When
 * the last that came was refused that is never, and nobody hears of it. Source: `fastBatchCommit`.
 */
function finish(place: StreamPlace, batch: FastBatch, part: Part): void {
  if (batch.last !== batch.stored) {
    batch.ending = true;
    restBatch(place.io, place.asset, "fast", part.id);
    return;
  }
  dropBatch(place.io, place.asset, "fast", part.id);
  send(place, part, batchAckText(place, batch.streamLast, part.id, batch.last));
}

/**
 * Tells the publisher how far the stream is when it is time to, and adapts the pace: all batches
 * of a stream together are told about every 500 messages. Source: `checkFlowControl`.
 */
function tellProgress(place: StreamPlace, batch: FastBatch, part: Part): boolean {
  if (batch.stored < batch.told + batch.every) return false;
  batch.told += Math.floor((batch.stored - batch.told) / batch.every) * batch.every;
  const share = Math.max(Math.floor(everyMax / place.asset.batches.fast.size), 1);
  const most = Math.min(share, batch.everyMax);
  if (batch.every < most) batch.every = Math.min(batch.every * 2, most);
  else if (batch.every > most) batch.every = Math.max(Math.floor(batch.every / 2), most);
  tellFlow(place, batch, part, batch.told);
  return true;
}

function tellFlow(place: StreamPlace, batch: FastBatch, part: Part, seq: number): void {
  send(place, part, encodeJson({ type: "ack", seq, msgs: batch.every }));
}

function tellGap(
  place: StreamPlace,
  part: Part,
  { expected, got }: { readonly expected: number; readonly got: number },
): void {
  send(place, part, encodeJson({ type: "gap", last_seq: expected, seq: got }));
}

function send(place: StreamPlace, part: Part, text: string): void {
  answerPublisher(place, part.message.reply, text);
}

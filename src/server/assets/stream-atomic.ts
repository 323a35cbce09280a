/**
 * Atomic batches: staged message by message, checked and stored whole when they commit.
 * Source: nats-server `server/stream.go` `processJetStreamAtomicBatchMsg`; ADR-50.
 */

import {
  type ApiErrorBody,
  type ApiErrorName,
  apiErrorBody,
  checkedEntry,
  type InboundMessage,
  stageMessage,
  withoutStatus,
} from "../../jetstream/index.ts";
import { createLog, logEnd, logGet, logPush } from "../../kernel/index.ts";
import { appendHeader, getHeader, type Message, removeHeader } from "../../protocol/index.ts";
import { needsHigherLevel } from "../api/api-level.ts";
import { clusterParts } from "../cluster-door.ts";
import { stagedOf } from "./replicas/stream-replica.ts";
import { publishAdvisory } from "./stream-advisories.ts";
import {
  answerPublisher,
  batchAckText,
  refusePublisher,
  type StreamPlace,
} from "./stream-answer.ts";
import { tellConsumers } from "./stream-apply.ts";
import {
  type AtomicBatch,
  atomicSizeMax,
  checkBatched,
  dropBatch,
  isFullOfBatches,
  keepBatch,
} from "./stream-batches.ts";
import { publishContext, storedSubject, storeWritten } from "./stream-store.ts";
import { writeAhead } from "./write-ahead.ts";

export const batchIdHeader = "Nats-Batch-Id";
const sequenceHeader = "Nats-Batch-Sequence";
const commitHeader = "Nats-Batch-Commit";
const levelHeader = "Nats-Required-Api-Level";
const lastIdHeader = "Nats-Expected-Last-Msg-Id";

// Source: nats-server `streamDefaultMaxAtomicBatch…`.
const idLengthMax = 64;

type AbandonReason = "timeout" | "large" | "incomplete" | "unsupported";

/** One message of a batch, as its headers tell. */
interface Part {
  readonly id: string;
  readonly seq: number;
  readonly commit: "no" | "yes" | "eob" | "invalid";
  readonly message: Message;
}

export function acceptAtomic(place: StreamPlace, message: Message): void {
  const refusal = checkBatched(place, message) ?? checkAllowed(place);
  if (refusal !== null) {
    refuse(place, message, refusal);
    return;
  }
  const part = readPart(message);
  if (typeof part === "string") {
    refuse(place, message, apiErrorBody(part));
    return;
  }
  const known = place.asset.batches.atomic.get(part.id);
  const batch = known ?? openBatch(place, part);
  if ("code" in batch) {
    refuse(place, message, batch);
    return;
  }
  addPart(place, batch, part);
}

/** A batch of which nothing was heard for too long. */
export function abandonAtomic(place: StreamPlace, id: string, reason: AbandonReason): void {
  const { server, io, asset } = place;
  dropBatch(io, asset, "atomic", id);
  publishAdvisory(server, io, {
    account: asset.account,
    subject: `$JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.${asset.name}`,
    type: "io.nats.jetstream.advisory.v1.stream_batch_abandoned",
    // The domain stands before the batch here; its value is filled in later.
    fields: { stream: asset.name, domain: undefined, batch: id, reason },
  });
}

function checkAllowed({ asset }: StreamPlace): ApiErrorBody | null {
  return asset.state.config.allow_atomic ? null : apiErrorBody("JSAtomicPublishDisabledErr");
}

function readPart(message: Message): Part | ApiErrorName {
  const id = getHeader(message.headers, batchIdHeader) ?? "";
  if (id.length > idLengthMax) return "JSAtomicPublishInvalidBatchIDErr";
  const seq = getHeader(message.headers, sequenceHeader) ?? "";
  if (!/^\d+$/.test(seq) || BigInt(seq) >> 64n !== 0n) return "JSAtomicPublishMissingSeqErr";
  const commit = getHeader(message.headers, commitHeader);
  return { id, seq: Number(seq), commit: commitOf(commit), message };
}

function commitOf(text: string | null): Part["commit"] {
  if (text === null) return "no";
  if (text === "1") return "yes";
  return text === "eob" ? "eob" : "invalid";
}

function openBatch(place: StreamPlace, part: Part): AtomicBatch | ApiErrorBody {
  const { asset } = place;
  if (part.seq !== 1) {
    return tooLarge(place, part) ?? apiErrorBody("JSAtomicPublishIncompleteBatchErr");
  }
  if (isFullOfBatches(place, "atomic")) return apiErrorBody("JSAtomicPublishTooManyInflight");
  const batch: AtomicBatch = { last: 0, messages: createLog(1) };
  asset.batches.atomic.set(part.id, batch);
  return batch;
}

function addPart(place: StreamPlace, batch: AtomicBatch, part: Part): void {
  const { io, asset } = place;
  const { id, message } = part;
  const end = (error: ApiErrorBody, reason: AbandonReason | null): void => {
    dropBatch(io, asset, "atomic", id);
    if (reason !== null) abandonAtomic(place, id, reason);
    refuse(place, message, error);
  };
  if (part.commit === "invalid") {
    end(apiErrorBody("JSAtomicPublishInvalidBatchCommitErr"), null);
    return;
  }
  if (needsHigherLevel(message.headers)) {
    end(apiErrorBody("JSRequiredApiLevelErr"), "unsupported");
    return;
  }
  keepBatch(place, "atomic", id);
  batch.last += 1;
  if (batch.last !== part.seq || (part.seq === 1 && part.commit === "eob")) {
    end(apiErrorBody("JSAtomicPublishIncompleteBatchErr"), "incomplete");
    return;
  }
  const excess = tooLarge(place, part);
  if (excess !== null) {
    end(excess, "large");
    return;
  }
  if (part.commit !== "eob") logPush(batch.messages, copied(message));
  if (part.commit === "no") {
    answerPublisher(place, message.reply, "");
    return;
  }
  commit(place, batch, part);
}

/** The bytes of what came in are valid only now. */
function copied({ subject, headers, payload }: Message): InboundMessage {
  const kept = removeHeader(withoutStatus(headers), levelHeader);
  return {
    subject,
    headers: kept === null ? null : kept.slice(),
    payload: payload.slice(),
  };
}

function commit(place: StreamPlace, batch: AtomicBatch, part: Part): void {
  const { server, io, asset } = place;
  const checked = checkAll(place, batch);
  dropBatch(io, asset, "atomic", part.id);
  if ("code" in checked) {
    refuse(place, part.message, checked);
    return;
  }
  const { messages, staged } = checked;
  const entries = messages.map((message, i) => {
    const isLast = i === messages.length - 1;
    // A batch that was ended by a message of its own looks like any other.
    const headers =
      isLast && part.commit === "eob"
        ? appendHeader(message.headers, commitHeader, "1")
        : message.headers;
    return checkedEntry(asset.state, { ...message, headers }, publishContext(place, false));
  });
  if (asset.replica !== undefined) {
    clusterParts().proposeBatch(server, asset, {
      entries,
      id: part.id,
      reply: part.message.reply,
      staged,
    });
    return;
  }
  // All of it is on the disk, or nothing.
  writeAhead(io, asset, entries);
  let seq = 0;
  const told = [];
  for (const entry of entries) {
    const stored = storeWritten(place, entry);
    seq = stored.seq;
    told.push(stored.effects);
  }
  answerPublisher(place, part.message.reply, batchAckText(place, seq, part.id, entries.length));
  for (const effects of told) tellConsumers(server, io, asset, effects);
}

interface CheckedBatch {
  readonly messages: readonly InboundMessage[];
  readonly staged: ReturnType<typeof stagedOf>;
}

function checkAll(place: StreamPlace, batch: AtomicBatch): CheckedBatch | ApiErrorBody {
  const { state } = place.asset;
  const staged = stagedOf(place.asset);
  const checked: InboundMessage[] = [];
  for (let i = 1; i < logEnd(batch.messages); i++) {
    const raw = logGet(batch.messages, i);
    const message = { ...raw, subject: storedSubject(place, raw.subject) };
    if ((getHeader(message.headers, lastIdHeader) ?? "") !== "") {
      return apiErrorBody("JSAtomicPublishUnsupportedHeaderBatchErr", { header: lastIdHeader });
    }
    const verdict = stageMessage(state, staged, message, publishContext(place, false));
    if (verdict.kind !== "pass") return verdict.error;
    checked.push(verdict.message);
  }
  return { messages: checked, staged };
}

/** Messages in the batch with this part; an end-of-batch marker does not count. */
function sizeOf(part: Part): number {
  // Unsigned there: what ends before it began is the largest of all.
  if (part.commit === "eob" && part.seq === 0) return Number.POSITIVE_INFINITY;
  return part.commit === "eob" ? part.seq - 1 : part.seq;
}

function tooLarge({ server }: StreamPlace, part: Part): ApiErrorBody | null {
  const size = atomicSizeMax(server);
  if (sizeOf(part) <= size) return null;
  return apiErrorBody("JSAtomicPublishTooLargeBatchErrF", { size: String(size) });
}

function refuse(place: StreamPlace, message: Message, error: ApiErrorBody): void {
  refusePublisher(place, message, error);
}

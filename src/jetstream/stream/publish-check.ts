/**
 * What becomes of a published message: stored, known already, or refused. The checks stand in the
 * order in which a single server makes them.
 * Source: nats-server `server/stream.go` `processJetStreamMsgWithBatch`; a group checks in another
 * order (`processClusteredInboundMsg`), which will stand beside this one.
 */
import type { StreamSeq } from "../../kernel/index.ts";
import { concatBytes, removeHeader } from "../../protocol/index.ts";
import { type ApiErrorBody, type ApiErrorName, apiErrorBody } from "../errors.ts";
import { encodeGoQuote } from "../go-quote.ts";
import { int64ToNumber } from "../int64.ts";
import { addToCounter, checkIncrease, storedCounter } from "./counter.ts";
import { findDuplicate } from "./dedupe.ts";
import * as names from "./publish-headers.ts";
import { checkSchedule } from "./schedule-check.ts";
import { firstOfSubject, sizeToStore, storedSize, subjectCount } from "./store/message-read.ts";
import { lastMatch } from "./store/message-search.ts";
import type {
  InboundMessage,
  Proposal,
  PublishContext,
  StoreEntry,
  StreamState,
} from "./stream-shape.ts";
import { storedTtl } from "./ttl-floor.ts";

/** A record of the file store beyond this cannot be read back: `rlBadThresh`. */
export const recordMax = 32 * 1024 * 1024;
export const headersMax = 65_535;

/** Null lets the message go on to the next check. */
type Verdict = Proposal | null;

/**
 * Decides about one message. Reads the stream, changes nothing: what it answers is applied, at
 * once or by a group, through `applyStreamEntry`. `message.subject` is already transformed.
 */
export function proposeMessage(
  stream: StreamState,
  message: InboundMessage,
  context: PublishContext,
): Proposal {
  const early = checkSize(stream, message);
  if (early !== null) return early;
  const headers = removeHeader(withoutStatus(message.headers), names.header.requestInfo);
  const raw: InboundMessage = { ...message, headers };
  const verdict = checkLengths(stream, raw) ?? checkExpectations(stream, raw, context);
  if (verdict !== null) return verdict;
  const arrived = withSchedule(stream, raw, context);
  if (typeof arrived === "string") return refuse(arrived);
  const known = checkIdentity(stream, arrived, context);
  if (known !== null) return known;
  const increase = headers === null ? null : names.headerOf(headers, names.header.increase);
  if (!stream.config.allow_msg_counter) return admit(stream, arrived, context, null);
  if (increase === null || increase === "") return refuse("JSMessageIncrMissingErr");
  const before = storedCounter(stream, arrived.subject);
  const counted = before === null ? null : addToCounter(before, arrived, increase);
  if (counted === null) return refuse("JSMessageCounterBrokenErr");
  const size = lengthOf(counted.message);
  if (size > context.maxPayload) return refuse("JSStreamMessageExceedsMaximumErr");
  const value = counted.base.value.toString();
  return checkLengths(stream, counted.message) ?? admit(stream, counted.message, context, value);
}

/**
 * A header block without status and description; null when nothing else is in it. A block without
 * a status stays, even an empty one. Source: nats-server `removeHeaderStatusIfPresent`.
 */
export function withoutStatus(headers: Uint8Array | null): Uint8Array | null {
  if (headers === null) return null;
  const lineEnd = headers.indexOf(0x0d);
  // "NATS/1.0" has eight letters.
  if (lineEnd <= 8) return headers;
  const block = concatBytes([headers.subarray(0, 8), headers.subarray(lineEnd)]);
  return block.length <= 12 ? null : block;
}

function checkSize(stream: StreamState, { subject, headers, payload }: InboundMessage): Verdict {
  const { storage, sealed } = stream.config;
  if (storage === "file" && sizeToStore(storage, subject, headers, payload) > recordMax) {
    return storeFailed("message too large");
  }
  return sealed ? refuse("JSStreamSealedErr") : null;
}

function checkLengths(stream: StreamState, message: InboundMessage): Verdict {
  const { max_msg_size: most } = stream.config;
  if (most >= 0 && lengthOf(message) > most) return refuse("JSStreamMessageExceedsMaximumErr");
  const tooLong = (message.headers?.length ?? 0) > headersMax;
  return tooLong ? refuse("JSStreamHeaderExceedsMaximumErr") : null;
}

function checkExpectations(
  stream: StreamState,
  message: InboundMessage,
  context: PublishContext,
): Verdict {
  const { headers, payload } = message;
  if (headers === null) return null;
  const { config } = stream;
  const increase = context.isOwn ? null : checkIncrease(config, headers, payload);
  if (increase !== null) return refuse(increase);
  const wanted = names.headerOf(headers, names.header.expectedStream);
  if (wanted !== "" && wanted !== config.name) return refuse("JSStreamNotMatchErr");
  if (!context.isOwn && !config.allow_msg_ttl && (names.messageTtl(headers) ?? 0) !== 0) {
    return refuse("JSMessageTTLDisabledErr");
  }
  return checkExpectedSequences(stream, message);
}

/** The message with what the server adds to a schedule, or why it is refused. */
function withSchedule(
  stream: StreamState,
  message: InboundMessage,
  context: PublishContext,
): InboundMessage | ApiErrorName {
  const { headers, subject } = message;
  if (headers === null || context.isOwn) return message;
  const scene = { stream, subject, now: context.now, stagedSchedule: () => null };
  const verdict = checkSchedule(headers, scene);
  return typeof verdict === "string" ? verdict : { ...message, headers: verdict.headers };
}

function checkIdentity(
  stream: StreamState,
  { headers }: InboundMessage,
  context: PublishContext,
): Verdict {
  if (headers === null) return null;
  return (
    checkServerHeaders(headers, context) ??
    checkIds(stream, headers, context) ??
    checkRollup(stream, headers, context)
  );
}

function checkExpectedSequences(
  stream: StreamState,
  { subject, headers }: InboundMessage,
): Verdict {
  const bySubject = names.expectedSeq(headers, names.header.expectedSubjectSeq);
  const otherSubject = names.headerOf(headers, names.header.expectedSubject);
  if (bySubject === null && otherSubject !== "") {
    return refuse("JSStreamExpectedLastSeqPerSubjectInvalid");
  }
  if (bySubject !== null) {
    const last = lastMatch(stream.store, otherSubject === "" ? subject : otherSubject) ?? 0;
    if (last !== bySubject) return wrongSequence(last);
  }
  const expected = names.expectedSeq(headers, names.header.expectedSeq);
  const { seqLast } = stream.store;
  return expected !== null && expected !== seqLast ? wrongSequence(seqLast) : null;
}

/** Headers by which the server itself says where a message came from. */
function checkServerHeaders(headers: Uint8Array, context: PublishContext): Verdict {
  if (context.isOwn) return null;
  const source = names.headerOf(headers, names.header.streamSource);
  return source === "" ? null : refuse("JSMessageSourceHdrNotAllowedErr");
}

function checkIds(stream: StreamState, headers: Uint8Array, context: PublishContext): Verdict {
  const { config, dedupe } = stream;
  const id = names.headerOf(headers, names.header.msgId);
  if (id !== "" && config.mirror === null) {
    const known = findDuplicate(dedupe, id, context.now, config.duplicate_window);
    if (known !== null) return { kind: "duplicate", seq: known };
  }
  const expected = names.headerOf(headers, names.header.expectedId);
  if (expected === "" || expected === stream.lastMsgId) return null;
  return refuse("JSStreamWrongLastMsgIDErrF", { id: stream.lastMsgId });
}

function checkRollup(stream: StreamState, headers: Uint8Array, context: PublishContext): Verdict {
  const rollup = names.rollupOf(headers);
  if (rollup === "") return null;
  const { allow_rollup_hdrs, deny_purge } = stream.config;
  if (!context.isOwn && (!allow_rollup_hdrs || deny_purge)) {
    return refuse("JSStreamRollupFailedF", { err: "rollup not permitted" });
  }
  if (rollup === "sub" || rollup === "all") return null;
  return refuse("JSStreamRollupFailedF", { err: `rollup value invalid: ${encodeGoQuote(rollup)}` });
}

/** Nothing is wrong with the message itself: is there room, and does anyone want it? */
function admit(
  stream: StreamState,
  message: InboundMessage,
  context: PublishContext,
  counter: string | null,
): Proposal {
  const { config } = stream;
  const { subject, payload } = message;
  const entry = bareEntry(stream, message, context);
  const size = sizeToStore(config.storage, subject, message.headers, payload);
  const exceeded = context.checkLimits(entry.keep ? size : 0, entry.keep);
  if (exceeded !== null) return { kind: "refuse", error: exceeded };
  if (!entry.keep) return { kind: "store", entry, counter };
  const ttl = names.messageTtl(message.headers);
  if (ttl === null) return refuse("JSMessageTTLInvalidErr");
  const full = checkDiscardNew(stream, message, size);
  if (full !== null) return storeFailed(full);
  return { kind: "store", entry: storedTtl(config, entry, ttl), counter };
}

/** The entry of a message that passed its checks as part of a batch. */
export function checkedEntry(
  stream: StreamState,
  message: InboundMessage,
  context: PublishContext,
): StoreEntry {
  const entry = bareEntry(stream, message, context);
  return storedTtl(stream.config, entry, names.messageTtl(message.headers) ?? 0);
}

function bareEntry(
  { config }: StreamState,
  { subject, headers, payload }: InboundMessage,
  context: PublishContext,
): StoreEntry {
  return {
    kind: "store",
    subject,
    headers,
    payload,
    time: context.now,
    msgId: names.headerOf(headers, names.header.msgId),
    rollup: names.rollupOf(headers) as StoreEntry["rollup"],
    ttlSeconds: 0,
    keep: config.retention !== "interest" || context.hasInterest(subject),
  };
}

/**
 * With discard new a full stream refuses, unless the message takes the place of an older one of
 * its subject. Source: nats-server `server/memstore.go` `storeRawMsg`.
 */
function checkDiscardNew(
  stream: StreamState,
  { subject, headers }: InboundMessage,
  size: number,
): string | null {
  const { config, store } = stream;
  if (config.discard !== "new") return null;
  const perSubject = int64ToNumber(config.max_msgs_per_subject);
  const replaces = perSubject > 0 && subjectCount(store, subject) >= perSubject;
  if (replaces && config.discard_new_per_subject && names.rollupOf(headers) === "") {
    return "maximum messages per subject exceeded";
  }
  const messages = int64ToNumber(config.max_msgs);
  if (messages > 0 && store.messages >= messages && !replaces) return "maximum messages exceeded";
  const bytes = int64ToNumber(config.max_bytes);
  if (bytes <= 0 || store.bytes + size <= bytes) return null;
  const oldest = replaces ? firstOfSubject(store, subject) : null;
  const fits = oldest !== null && storedSize(store, oldest) >= size;
  return fits ? null : "maximum bytes exceeded";
}

function lengthOf({ headers, payload }: InboundMessage): number {
  return (headers?.length ?? 0) + payload.length;
}

function wrongSequence(seq: StreamSeq | 0): Proposal {
  return refuse("JSStreamWrongLastSequenceErrF", { seq: String(seq) });
}

function storeFailed(text: string): Proposal {
  return refuse("JSStreamStoreFailedF", { err: text });
}

function refuse(constant: ApiErrorName, values?: Readonly<Record<string, string>>): Proposal {
  const error: ApiErrorBody = apiErrorBody(constant, values);
  return { kind: "refuse", error };
}

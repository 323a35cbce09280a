/**
 * The checks of messages that are stored together, or not at once: each sees what those before it
 * would have done. A group checks its proposals in this order too.
 * Source: nats-server `server/jetstream_batching.go` `checkMsgHeadersPreClusteredProposal`.
 */
import { removeHeader } from "../../protocol/index.ts";
import { type ApiErrorBody, type ApiErrorName, apiErrorBody } from "../errors.ts";
import { encodeGoQuote } from "../go-quote.ts";
import { int64ToNumber } from "../int64.ts";
import { addToCounter, type CounterBase, checkIncrease, storedCounter } from "./counter.ts";
import { findDuplicate } from "./dedupe.ts";
import type { Inflight } from "./inflight.ts";
import { headersMax, recordMax } from "./publish-check.ts";
import * as names from "./publish-headers.ts";
import { checkSchedule } from "./schedule-check.ts";
import { scheduleHeader } from "./schedule-pattern.ts";
import { sizeToStore, subjectCount } from "./store/message-read.ts";
import { lastMatch } from "./store/message-search.ts";
import type { InboundMessage, PublishContext, StreamState } from "./stream-shape.ts";

/** What the messages so far would have done. */
export interface Staged {
  readonly ids: Set<string>;
  readonly counters: Map<string, CounterBase>;
  readonly subjects: Map<string, StagedSubject>;
  /** Last sequence of subjects as it was expected and found. */
  readonly expected: Map<string, number>;
  /** The last sequence when all of them are stored. */
  seqLast: number;
  /** What a group's leader has proposed before; null without a group. */
  readonly inflight: Inflight | null;
}

export interface StagedSubject {
  readonly count: number;
  readonly bytes: number;
  readonly isSchedule: boolean;
}

export type StagedVerdict =
  | { readonly kind: "pass"; readonly message: InboundMessage }
  /** `seq` is the one it was stored under, 0 when it is only staged. */
  | { readonly kind: "duplicate"; readonly seq: number; readonly error: ApiErrorBody }
  | { readonly kind: "refuse"; readonly error: ApiErrorBody };

export function createStaged(stream: StreamState, inflight: Inflight | null = null): Staged {
  return {
    ids: new Set(),
    counters: new Map(),
    subjects: new Map(),
    expected: new Map(),
    seqLast: inflight?.seqLast ?? stream.store.seqLast,
    inflight,
  };
}

interface Scene {
  readonly stream: StreamState;
  readonly staged: Staged;
  readonly context: PublishContext;
}

/** Checks one message and stages what it would do. Its subject is already transformed. */
export function stageMessage(
  stream: StreamState,
  staged: Staged,
  message: InboundMessage,
  context: PublishContext,
): StagedVerdict {
  const scene: Scene = { stream, staged, context };
  const headers = removeHeader(message.headers, names.header.requestInfo);
  const raw = { ...message, headers };
  const early = checkContent(scene, raw) ?? checkId(scene, raw);
  if (early !== null) return early;
  const counted = count(scene, raw);
  if ("kind" in counted) return counted;
  const late = checkExpected(scene, counted);
  if (late !== null) return late;
  const scheduled = context.isOwn ? counted : schedule(scene, counted);
  if ("kind" in scheduled) return scheduled;
  const full = checkRollup(scene, scheduled) ?? stage(scene, scheduled);
  if (full !== null) return full;
  staged.seqLast += 1;
  return { kind: "pass", message: scheduled };
}

type Verdict = StagedVerdict | null;

function checkContent({ stream, context }: Scene, message: InboundMessage): Verdict {
  const { config } = stream;
  const { subject, headers, payload } = message;
  if (config.storage === "file") {
    const size = sizeToStore(config.storage, subject, headers, payload);
    if (size > recordMax) return refuse("JSStreamStoreFailedF", { err: "message too large" });
  }
  if (headers === null) return null;
  if (headers.length > headersMax) return refuse("JSStreamHeaderExceedsMaximumErr");
  const increase = context.isOwn ? null : checkIncrease(config, headers, payload);
  if (increase !== null) return refuse(increase);
  const wanted = names.headerOf(headers, names.header.expectedStream);
  if (wanted !== "" && wanted !== config.name) return refuse("JSStreamNotMatchErr");
  const ttl = context.isOwn ? 0 : names.messageTtl(headers);
  if (ttl !== 0 && !config.allow_msg_ttl) return refuse("JSMessageTTLDisabledErr");
  return ttl === null ? refuse("JSMessageTTLInvalidErr") : null;
}

function checkId({ stream, staged, context }: Scene, { headers }: InboundMessage): Verdict {
  if (headers === null) return null;
  const id = names.headerOf(headers, names.header.msgId);
  if (id !== "") {
    const { dedupe, config } = stream;
    const known = findDuplicate(dedupe, id, context.now, config.duplicate_window);
    if (staged.ids.has(id) || known !== null) {
      const error = apiErrorBody("JSAtomicPublishContainsDuplicateMessageErr");
      return { kind: "duplicate", seq: known ?? 0, error };
    }
    if (staged.inflight?.ids.has(id) === true) {
      return refuse("JSStreamDuplicateMessageConflict");
    }
    staged.ids.add(id);
  }
  if (context.isOwn) return null;
  const source = names.headerOf(headers, names.header.streamSource);
  return source === "" ? null : refuse("JSMessageSourceHdrNotAllowedErr");
}

function count(scene: Scene, message: InboundMessage): InboundMessage | StagedVerdict {
  const { stream, staged, context } = scene;
  if (!stream.config.allow_msg_counter) return message;
  const increase = names.headerOf(message.headers, names.header.increase);
  if (increase === "") return refuse("JSMessageIncrMissingErr");
  const { subject } = message;
  const before =
    staged.counters.get(subject) ??
    staged.inflight?.counters.get(subject) ??
    storedCounter(stream, subject);
  const counted = before === null ? null : addToCounter(before, message, increase);
  if (counted === null) return refuse("JSMessageCounterBrokenErr");
  const { max_msg_size: most } = stream.config;
  const limit = most >= 0 ? Math.min(most, context.maxPayload) : context.maxPayload;
  const size = (counted.message.headers?.length ?? 0) + counted.message.payload.length;
  if (size > limit) return refuse("JSStreamMessageExceedsMaximumErr");
  staged.counters.set(subject, counted.base);
  return counted.message;
}

function checkExpected(scene: Scene, { subject, headers }: InboundMessage): Verdict {
  const { stream, staged } = scene;
  if (headers === null) return null;
  const expected = names.expectedSeq(headers, names.header.expectedSeq);
  if (expected !== null && expected !== staged.seqLast) return wrongSequence(staged.seqLast);
  if (expected !== null && staged.subjects.size > 0) {
    return refuse("JSStreamWrongLastSequenceConstantErr");
  }
  const bySubject = names.expectedSeq(headers, names.header.expectedSubjectSeq);
  const other = names.headerOf(headers, names.header.expectedSubject);
  if (bySubject === null) {
    return other === "" ? null : refuse("JSStreamExpectedLastSeqPerSubjectInvalid");
  }
  const checked = other === "" ? subject : other;
  const { inflight } = staged;
  const isInflight =
    inflight !== null && (inflight.subjects.has(checked) || inflight.expected.has(checked));
  if (staged.subjects.has(checked) || isInflight) {
    return refuse("JSStreamWrongLastSequenceConstantErr");
  }
  const last = staged.expected.get(checked) ?? lastMatch(stream.store, checked) ?? 0;
  if (last !== bySubject) return wrongSequence(last);
  staged.expected.set(checked, last);
  return null;
}

function schedule(scene: Scene, message: InboundMessage): InboundMessage | StagedVerdict {
  const { stream, staged, context } = scene;
  const { headers, subject } = message;
  if (headers === null) return message;
  const stagedSchedule = (other: string): boolean | null =>
    staged.subjects.get(other)?.isSchedule ??
    staged.inflight?.subjects.get(other)?.isSchedule ??
    null;
  const verdict = checkSchedule(headers, { stream, subject, now: context.now, stagedSchedule });
  return typeof verdict === "string" ? refuse(verdict) : { ...message, headers: verdict.headers };
}

/** A rollup may not take away what the same batch stored before it. */
function checkRollup(scene: Scene, { subject, headers }: InboundMessage): Verdict {
  const { stream, staged, context } = scene;
  const rollup = names.rollupOf(headers);
  if (rollup === "") return null;
  const failed = (err: string): StagedVerdict => refuse("JSStreamRollupFailedF", { err });
  const { allow_rollup_hdrs, deny_purge } = stream.config;
  if ((!allow_rollup_hdrs || deny_purge) && !context.isOwn) return failed("rollup not permitted");
  if (rollup === "sub") {
    return staged.subjects.has(subject) ? failed("batch rollup sub invalid") : null;
  }
  if (rollup !== "all") return failed(`rollup value invalid: ${encodeGoQuote(rollup)}`);
  return staged.subjects.size > 0 ? failed("batch rollup all invalid") : null;
}

/** Counts the message in; with discard new what does not fit is refused, without exceptions. */
function stage(scene: Scene, message: InboundMessage): Verdict {
  const { stream, staged } = scene;
  const { config, store } = stream;
  const { subject, headers, payload } = message;
  const before = staged.subjects.get(subject);
  const own = {
    count: (before?.count ?? 0) + 1,
    bytes: (before?.bytes ?? 0) + sizeToStore(config.storage, subject, headers, payload),
    isSchedule: names.headerOf(headers, scheduleHeader) !== "",
  };
  staged.subjects.set(subject, own);
  if (config.discard !== "new") return null;
  let messages = store.messages;
  let bytes = store.bytes;
  for (const list of [staged.subjects, staged.inflight?.subjects]) {
    for (const one of list?.values() ?? []) {
      messages += one.count;
      bytes += one.bytes;
    }
  }
  const isOver = (value: number, limit: number): boolean => limit > 0 && value > limit;
  const failed = (err: string): StagedVerdict => refuse("JSStreamStoreFailedF", { err });
  if (isOver(messages, int64ToNumber(config.max_msgs))) return failed("maximum messages exceeded");
  if (isOver(bytes, int64ToNumber(config.max_bytes))) return failed("maximum bytes exceeded");
  if (!config.discard_new_per_subject || names.rollupOf(headers) !== "") return null;
  const proposed = staged.inflight?.subjects.get(subject)?.count ?? 0;
  const ofSubject = subjectCount(store, subject) + proposed + own.count;
  return isOver(ofSubject, int64ToNumber(config.max_msgs_per_subject))
    ? failed("maximum messages per subject exceeded")
    : null;
}

function wrongSequence(seq: number): StagedVerdict {
  return refuse("JSStreamWrongLastSequenceErrF", { seq: String(seq) });
}

function refuse(
  constant: ApiErrorName,
  values?: Readonly<Record<string, string>>,
): StagedVerdict & { kind: "refuse" } {
  return { kind: "refuse", error: apiErrorBody(constant, values) };
}

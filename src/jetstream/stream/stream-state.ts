/** One stream: how it comes into being, and how committed entries change it. */
import { createTable, type StoredTime, type StreamSeq, unreachable } from "../../kernel/index.ts";
import { int64ToNumber } from "../int64.ts";
import type { StreamConfig } from "./config/config-shape.ts";
import { createDedupeWindow, rememberId } from "./dedupe.ts";
import { trackOrigin } from "./origin-header.ts";
import { headerOf, messageTtl } from "./publish-headers.ts";
import { scheduleNextHeader, schedulerHeader } from "./schedule-check.ts";
import { dueMessages, trackSchedule } from "./schedules.ts";
import {
  compactBelow,
  createMessageStore,
  skipMessage,
  skipSequences,
  storeMessage,
} from "./store/message-store.ts";
import { expireMessages, trackAllExpiries, trackExpiry } from "./stream-expiry.ts";
import { enforceAfterStore, enforceAfterUpdate, removeWithEffect } from "./stream-limits.ts";
import { purgeStream } from "./stream-purge.ts";
import type {
  CopyEntry,
  StoreEntry,
  StreamEffect,
  StreamEntry,
  StreamState,
} from "./stream-shape.ts";

/** An empty stream. `config` has passed `checkStreamConfig`. */
export function createStream(config: StreamConfig, created: StoredTime): StreamState {
  return {
    config,
    created,
    store: createMessageStore(config.storage, int64ToNumber(config.first_seq)),
    dedupe: createDedupeWindow(),
    lastMsgId: "",
    expiries: createTable(),
    schedules: { bySubject: createTable(), byTime: createTable() },
    origins: createTable(),
  };
}

/**
 * Applies what was agreed. Deterministic: every replica that applies the same entries holds the
 * same messages. What happened is pushed onto `out` in order.
 * Source: nats-server `server/stream.go` `processJetStreamMsg` from the store on.
 */
export function applyStreamEntry(
  stream: StreamState,
  entry: StreamEntry,
  out: StreamEffect[],
): void {
  switch (entry.kind) {
    case "store":
      if (entry.keep) applyStore(stream, entry, out);
      else applySkipped(stream, entry, out);
      break;
    case "skip":
      skipSequences(stream.store, entry.seqs);
      break;
    case "copy":
      applyCopy(stream, entry, out);
      break;
    case "remove":
      removeWithEffect(stream, entry.seq, entry.reason, out);
      break;
    case "purge":
      purgeStream(stream, entry, out);
      break;
    case "expire":
      expireMessages(stream, entry.now, out);
      break;
    case "fire":
      for (const message of dueMessages(stream, entry.now)) out.push({ kind: "due", message });
      break;
    case "update":
      applyUpdate(stream, entry.config, out);
      break;
    default:
      unreachable(entry);
  }
}

function applyStore(stream: StreamState, entry: StoreEntry, out: StreamEffect[]): void {
  const seq = storeMessage(stream.store, entry);
  out.push({ kind: "stored", seq, subject: entry.subject });
  enforceAfterStore(stream, entry.subject, out);
  trackExpiry(stream, seq, entry.time, entry.ttlSeconds);
  trackSchedule(stream, entry, seq);
  trackOrigin(stream, entry.headers);
  noteId(stream, entry, seq);
  rollUp(stream, entry, 1, out);
}

/** Source: nats-server `processInboundMirrorMsg`, `skipMsgs`. */
function applyCopy(stream: StreamState, entry: CopyEntry, out: StreamEffect[]): void {
  const { store } = stream;
  const { subject, headers, time } = entry;
  const isNew = store.seqFirst === 0;
  if (isNew) compactBelow(store, entry.seq);
  else if (entry.seq > store.seqLast + 1) skipSequences(store, entry.seq - store.seqLast - 1);
  const seq = storeMessage(store, entry);
  out.push({ kind: "stored", seq, subject });
  enforceAfterStore(stream, subject, out);
  trackExpiry(stream, seq, time, messageTtl(headers) ?? 0);
}

/** Nobody is interested: a number is used up, and what a rollup asks for still happens. */
function applySkipped(stream: StreamState, entry: StoreEntry, out: StreamEffect[]): void {
  const seq = skipMessage(stream.store, entry.time);
  out.push({ kind: "skipped", seq, subject: entry.subject });
  noteId(stream, entry, seq);
  rollUp(stream, entry, 0, out);
}

function noteId(stream: StreamState, entry: StoreEntry, seq: StreamSeq): void {
  stream.lastMsgId = entry.msgId;
  if (entry.msgId === "") return;
  const row = { id: entry.msgId, seq, time: entry.time };
  rememberId(stream.dedupe, row, stream.config.duplicate_window);
}

function rollUp(stream: StreamState, entry: StoreEntry, keep: number, out: StreamEffect[]): void {
  if (!stream.config.allow_rollup_hdrs || stream.config.deny_purge) return;
  const seq = 0 as StreamSeq;
  if (entry.rollup !== "") {
    purgeStream(stream, { filter: entry.rollup === "sub" ? entry.subject : "", seq, keep }, out);
  }
  // A message that a schedule produced for the last time takes the schedule with it.
  if (headerOf(entry.headers, scheduleNextHeader) !== "purge") return;
  const scheduler = headerOf(entry.headers, schedulerHeader);
  if (scheduler !== "") purgeStream(stream, { filter: scheduler, seq, keep: 0 }, out);
}

function applyUpdate(stream: StreamState, config: StreamConfig, out: StreamEffect[]): void {
  const before = stream.config;
  stream.config = config;
  out.push({ kind: "updated", before });
  if (config.allow_msg_ttl && !before.allow_msg_ttl) trackAllExpiries(stream);
  enforceAfterUpdate(stream, out);
}

/** Messages that leave because of their age or their own TTL. */
import {
  addToStoredTime,
  compareStoredTime,
  type StoredTime,
  type StreamSeq,
  tableDelete,
  tableFirst,
  tableSet,
} from "../../kernel/index.ts";
import { int64ToNumber } from "../int64.ts";
import { isDeleteMarker, messageTtl } from "./publish-headers.ts";
import { nextScheduleTime } from "./schedules.ts";
import { loadMessage, messageTime, subjectCount } from "./store/message-read.ts";
import { nextMatch } from "./store/message-search.ts";
import { removeWithEffect } from "./stream-limits.ts";
import type { RemoveReason, StreamEffect, StreamState } from "./stream-shape.ts";
import { timeKey, timeOfKey } from "./time-key.ts";

/** Beyond this a number no longer counts nanoseconds exactly, and nobody waits that long. */
const agesMax = Number.MAX_SAFE_INTEGER;

/** Remembers when a message with a TTL expires. */
export function trackExpiry(
  stream: StreamState,
  seq: StreamSeq,
  time: StoredTime,
  ttlSeconds: number,
): void {
  if (ttlSeconds <= 0 || !stream.config.allow_msg_ttl) return;
  tableSet(stream.expiries, timeKey({ s: time.s + ttlSeconds, n: time.n }, seq), seq);
}

/**
 * Messages that came by a mirror or a source have TTLs that nobody looked at until they were
 * allowed. Source: nats-server `recoverTTLState`.
 */
export function trackAllExpiries(stream: StreamState): void {
  const { store } = stream;
  let seq = nextMatch(store, [], store.seqFirst);
  while (seq !== null) {
    const message = loadMessage(store, seq);
    if (message !== null && message.headers !== null) {
      trackExpiry(stream, seq, message.time, messageTtl(message.headers) ?? 0);
    }
    seq = nextMatch(store, [], (seq + 1) as StreamSeq);
  }
}

/**
 * Removes what has expired at `now`. Where markers are wanted, the last message of a subject stays
 * until the marker's rollup takes it away.
 * Source: nats-server `server/filestore.go` `expireMsgs`.
 */
export function expireMessages(stream: StreamState, now: StoredTime, out: StreamEffect[]): void {
  expireByAge(stream, now, out);
  for (let due = tableFirst(stream.expiries); due !== null; due = tableFirst(stream.expiries)) {
    if (compareStoredTime(timeOfKey(due.key).time, now) > 0) return;
    tableDelete(stream.expiries, due.key);
    expireOne(stream, due.value, out);
  }
}

/** When something is due next, an expiry or a schedule; null when nothing is in 104 days. */
export function nextDue(stream: StreamState): StoredTime | null {
  const expiry = nextExpiry(stream);
  const schedule = nextScheduleTime(stream);
  if (expiry === null || schedule === null) return expiry ?? schedule;
  return compareStoredTime(expiry, schedule) < 0 ? expiry : schedule;
}

/** When the next message will expire, or null when none will within 104 days of virtual time. */
export function nextExpiry(stream: StreamState): StoredTime | null {
  const byTtl = tableFirst(stream.expiries);
  const byAge = nextExpiryByAge(stream);
  if (byTtl === null) return byAge;
  const ttl = timeOfKey(byTtl.key).time;
  return byAge !== null && compareStoredTime(byAge, ttl) < 0 ? byAge : ttl;
}

function expireByAge(stream: StreamState, now: StoredTime, out: StreamEffect[]): void {
  const age = maxAge(stream);
  if (age === null) return;
  const oldest = addToStoredTime(now, -age);
  const { store } = stream;
  let seq = nextMatch(store, [], store.seqFirst);
  while (seq !== null) {
    const time = messageTime(store, seq);
    if (time === null || compareStoredTime(time, oldest) > 0) return;
    if (!neverExpires(stream, seq)) expireOne(stream, seq, out);
    seq = nextMatch(store, [], (seq + 1) as StreamSeq);
  }
}

function expireOne(stream: StreamState, seq: StreamSeq, out: StreamEffect[]): void {
  const message = loadMessage(stream.store, seq);
  if (message === null) return;
  const reason: RemoveReason = "age";
  const wantsMarker =
    int64ToNumber(stream.config.subject_delete_marker_ttl) > 0 &&
    subjectCount(stream.store, message.subject) === 1 &&
    !isDeleteMarker(message.headers);
  if (wantsMarker) out.push({ kind: "marker", subject: message.subject });
  else removeWithEffect(stream, seq, reason, out);
}

function nextExpiryByAge(stream: StreamState): StoredTime | null {
  const age = maxAge(stream);
  if (age === null) return null;
  const { store } = stream;
  let seq = nextMatch(store, [], store.seqFirst);
  while (seq !== null && neverExpires(stream, seq)) {
    seq = nextMatch(store, [], (seq + 1) as StreamSeq);
  }
  const time = seq === null ? null : messageTime(store, seq);
  return time === null ? null : addToStoredTime(time, age);
}

function maxAge(stream: StreamState): number | null {
  const age = int64ToNumber(stream.config.max_age);
  return age > 0 && age <= agesMax ? age : null;
}

function neverExpires(stream: StreamState, seq: StreamSeq): boolean {
  const headers = loadMessage(stream.store, seq)?.headers ?? null;
  return headers !== null && messageTtl(headers) === -1;
}

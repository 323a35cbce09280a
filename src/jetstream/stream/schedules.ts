/** Messages that publish others when their time comes. Source: nats-server `scheduler.go`. */
import {
  compareStoredTime,
  formatStoredTime,
  parseStoredTime,
  type StoredTime,
  type StreamSeq,
  tableDelete,
  tableFirst,
  tableGet,
  tableSet,
} from "../../kernel/index.ts";
import { appendHeader, removeHeader, removeHeaderPrefix } from "../../protocol/index.ts";
import { header, headerOf } from "./publish-headers.ts";
import * as names from "./schedule-check.ts";
import { scheduleOf } from "./schedule-pattern.ts";
import { loadMessage } from "./store/message-read.ts";
import { lastMatch } from "./store/message-search.ts";
import type { StoredMessage } from "./store/store-shape.ts";
import type { InboundMessage, StoreEntry, StreamState } from "./stream-shape.ts";
import { timeKey, timeOfKey } from "./time-key.ts";

/** Follows a message that was stored: it may begin, move or end a schedule. */
export function trackSchedule(stream: StreamState, entry: StoreEntry, seq: StreamSeq): void {
  if (!stream.config.allow_msg_schedules) return;
  const { subject, headers, time } = entry;
  const schedule = scheduleOf(headers, time, time);
  const scheduler = headerOf(headers, names.schedulerHeader);
  if (schedule !== null && typeof schedule !== "string") {
    setSchedule(stream, subject, schedule.at, seq);
  } else if (scheduler === "") {
    dropSchedule(stream, subject);
  }
  const next = parseStoredTime(headerOf(headers, names.scheduleNextHeader));
  const known = next === null ? undefined : tableGet(stream.schedules.bySubject, scheduler);
  if (next !== null && known !== undefined) {
    setSchedule(stream, scheduler, next, timeOfKey(known).seq);
  }
}

/** When the next schedule is due, or null. */
export function nextScheduleTime(stream: StreamState): StoredTime | null {
  const first = tableFirst(stream.schedules.byTime);
  return first === null ? null : timeOfKey(first.key).time;
}

/**
 * The messages whose time has come, in the order of their schedules' sequences. A schedule whose
 * message is gone, or is none any more, is forgotten.
 */
export function dueMessages(stream: StreamState, now: StoredTime): InboundMessage[] {
  const due: { seq: StreamSeq; message: InboundMessage }[] = [];
  for (;;) {
    const first = tableFirst(stream.schedules.byTime);
    if (first === null) break;
    const { time, seq } = timeOfKey(first.key);
    if (compareStoredTime(time, now) > 0) break;
    const stored = loadMessage(stream.store, seq);
    const made = stored === null ? null : produce(stream, stored, { due: time, now });
    // What it produces sets it again; until then it must not be found twice.
    dropSchedule(stream, first.value);
    if (made === null) continue;
    due.push({ seq, message: made.message });
    if (made.next !== null) setSchedule(stream, first.value, made.next, seq);
  }
  due.sort((a, b) => a.seq - b.seq);
  return due.map(({ message }) => message);
}

/** Forgets a subject's schedule. */
export function dropSchedule(stream: StreamState, subject: string): void {
  const key = tableGet(stream.schedules.bySubject, subject);
  if (key === undefined) return;
  tableDelete(stream.schedules.bySubject, subject);
  tableDelete(stream.schedules.byTime, key);
}

function setSchedule(stream: StreamState, subject: string, at: StoredTime, seq: StreamSeq): void {
  dropSchedule(stream, subject);
  const key = timeKey(at, seq);
  tableSet(stream.schedules.bySubject, subject, key);
  tableSet(stream.schedules.byTime, key, subject);
}

interface Produced {
  readonly message: InboundMessage;
  readonly next: StoredTime | null;
}

/** Source: nats-server `getScheduledMessages`. */
function produce(
  stream: StreamState,
  schedule: StoredMessage,
  { due, now }: { readonly due: StoredTime; readonly now: StoredTime },
): Produced | null {
  const { headers: own } = schedule;
  const next = scheduleOf(own, due, now);
  const target = headerOf(own, names.scheduleTargetHeader);
  if (next === null || typeof next === "string" || target === "") return null;
  const content = contentOf(stream, schedule);
  let headers = removeHeaderPrefix(content.headers, "Nats-Schedule");
  headers = removeHeaderPrefix(headers, "Nats-Expected-");
  headers = removeHeader(headers, header.msgId);
  headers = removeHeader(headers, header.ttl);
  headers = removeHeader(headers, header.rollup);
  headers = appendHeader(headers, names.schedulerHeader, schedule.subject);
  const then = next.repeats ? formatStoredTime(next.at) : "purge";
  headers = appendHeader(headers, names.scheduleNextHeader, then);
  const ttl = headerOf(own, names.scheduleTtlHeader);
  if (ttl !== "") headers = appendHeader(headers, header.ttl, ttl);
  const rollup = headerOf(own, names.scheduleRollupHeader);
  if (rollup !== "") headers = appendHeader(headers, header.rollup, rollup);
  const message = { subject: target, headers, payload: content.payload };
  return { message, next: next.repeats ? next.at : null };
}

/** The last message of the source subject when there is one, else the schedule's own. */
function contentOf(stream: StreamState, schedule: StoredMessage): StoredMessage {
  const source = headerOf(schedule.headers, names.scheduleSourceHeader);
  const seq = source === "" ? null : lastMatch(stream.store, source);
  return (seq === null ? null : loadMessage(stream.store, seq)) ?? schedule;
}

/**
 * The checks of messages that are schedules, or that end one.
 * Source: nats-server `processJetStreamMsgWithBatch`, "Message scheduling".
 */
import type { StoredTime } from "../../kernel/index.ts";
import {
  appendHeader,
  getHeader,
  isValidPublishSubject,
  subjectsCollide,
} from "../../protocol/index.ts";
import type { ApiErrorName } from "../errors.ts";
import type { StreamConfig } from "./config/config-shape.ts";
import { header, headerOf, parseTtl, rollupOf } from "./publish-headers.ts";
import { scheduleHeader, scheduleOf } from "./schedule-pattern.ts";
import { loadMessage } from "./store/message-read.ts";
import { lastMatch } from "./store/message-search.ts";
import type { StreamState } from "./stream-shape.ts";

export const scheduleTargetHeader = "Nats-Schedule-Target";
export const scheduleSourceHeader = "Nats-Schedule-Source";
export const scheduleTtlHeader = "Nats-Schedule-TTL";
export const scheduleRollupHeader = "Nats-Schedule-Rollup";
export const scheduleNextHeader = "Nats-Schedule-Next";
export const schedulerHeader = "Nats-Scheduler";

/** The headers to store, with what the server adds, or why the message is refused. */
export type ScheduleVerdict = { readonly headers: Uint8Array } | ApiErrorName;

/** `isSchedule` tells for a subject what its last message, stored or staged, is. */
export interface ScheduleScene {
  readonly stream: StreamState;
  readonly subject: string;
  readonly now: StoredTime;
  /** Null when nothing was staged for the subject. */
  readonly stagedSchedule: (subject: string) => boolean | null;
}

export function checkSchedule(headers: Uint8Array, scene: ScheduleScene): ScheduleVerdict {
  const { config } = scene.stream;
  const schedule = scheduleOf(headers, scene.now, scene.now);
  if (typeof schedule === "string") {
    return config.allow_msg_schedules ? schedule : "JSMessageSchedulesDisabledErr";
  }
  let kept = headers;
  if (schedule !== null) {
    const refusal = checkFields(headers, scene);
    if (refusal !== null) return refusal;
    const rollup = rollupOf(headers);
    if (rollup === "") kept = appendHeader(headers, header.rollup, "sub");
    else if (rollup !== "sub") return "JSMessageSchedulesRollupInvalidErr";
  }
  return checkScheduler(headers, scene) ?? { headers: kept };
}

function checkFields(headers: Uint8Array, { stream, subject }: ScheduleScene): ApiErrorName | null {
  const { config } = stream;
  if (!config.allow_msg_schedules) return "JSMessageSchedulesDisabledErr";
  const ttl = headerOf(headers, scheduleTtlHeader);
  if (ttl !== "" && parseTtl(ttl) === null) return "JSMessageSchedulesTTLInvalidErr";
  const rollup = headerOf(headers, scheduleRollupHeader);
  if (rollup !== "" && rollup !== "sub") return "JSMessageSchedulesRollupInvalidErr";
  if (ttl !== "" && !config.allow_msg_ttl) return "JSMessageTTLDisabledErr";
  const target = headerOf(headers, scheduleTargetHeader);
  if (!isValidPublishSubject(target) || target === subject) {
    return "JSMessageSchedulesTargetInvalidErr";
  }
  const source = headerOf(headers, scheduleSourceHeader);
  const isBadSource = source === target || source === subject || !isValidPublishSubject(source);
  if (source !== "" && isBadSource) return "JSMessageSchedulesSourceInvalidErr";
  if (!hears(config, target)) return "JSMessageSchedulesTargetInvalidErr";
  return source === "" || hears(config, source) ? null : "JSMessageSchedulesSourceInvalidErr";
}

/** A client may only end a schedule, naming it; the rest of these headers are the server's. */
function checkScheduler(headers: Uint8Array, scene: ScheduleScene): ApiErrorName | null {
  const next = getHeader(headers, scheduleNextHeader) ?? "";
  const scheduler = getHeader(headers, schedulerHeader) ?? "";
  const refusal = "JSMessageSchedulesSchedulerInvalidErr";
  if (next === "") return scheduler === "" ? null : refusal;
  if (next !== "purge") return refusal;
  if (scheduler === scene.subject || !isValidPublishSubject(scheduler)) return refusal;
  if (!scene.stream.config.allow_msg_schedules) return "JSMessageSchedulesDisabledErr";
  const staged = scene.stagedSchedule(scheduler);
  return (staged ?? isStoredSchedule(scene.stream, scheduler)) ? null : refusal;
}

/** A subject without messages passes too. */
function isStoredSchedule(stream: StreamState, subject: string): boolean {
  const seq = lastMatch(stream.store, subject);
  const message = seq === null ? null : loadMessage(stream.store, seq);
  return message === null || headerOf(message.headers, scheduleHeader) !== "";
}

function hears(config: StreamConfig, subject: string): boolean {
  return config.subjects.some((own) => subjectsCollide(own, subject));
}

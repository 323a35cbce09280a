// Points in time as text. Times are UTC: the world has no other zone, and transcripts have TZ=UTC.

import {
  formatStoredTime,
  parseStoredTime,
  type StoredTime,
  zeroStoredTime,
} from "../../kernel/index.ts";

import { longestDuration } from "./durations.ts";

const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** The text of a whole second: `2026-11-21T03:25:55Z`. */
export function rfc3339(time: StoredTime): string {
  return formatStoredTime({ s: time.s, n: 0 });
}

/** `03:25:55`. */
export function clockText(time: StoredTime): string {
  return rfc3339(time).slice(-9, -1);
}

/** `2026-11-21 03:25:55`. */
export function dateTimeText(time: StoredTime): string {
  return rfc3339(time).slice(0, -1).replace("T", " ");
}

/** Go's `Time.String()`: `2026-11-21 03:27:00.561829889 +0000 UTC`. */
export function goTimeText(time: StoredTime): string {
  return `${formatStoredTime(time).slice(0, -1).replace("T", " ")} +0000 UTC`;
}

/** Go's `time.StampMicro`: `Nov 21 03:26:04.604137`. */
export function stampMicroText(time: StoredTime): string {
  const [, month = 1, day = 1] = rfc3339(time).slice(0, -10).split("-").map(Number);
  const name = monthNames.slice((month - 1) * 3, month * 3);
  const micros = String(Math.floor(time.n / 1e3)).padStart(6, "0");
  return `${name} ${String(day).padStart(2)} ${clockText(time)}.${micros}`;
}

/** Go's `time.Kitchen`: `3:04PM`. */
export function kitchenText(time: StoredTime): string {
  const [hour = 0, minute = 0] = clockText(time).split(":").map(Number);
  const half = hour < 12 ? "AM" : "PM";
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minute).padStart(2, "0")}${half}`;
}

/** Reads `2026-11-21 03:25:55` as UTC, null when it is something else. */
export function parseDateTime(text: string): StoredTime | null {
  const isDateTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text);
  return isDateTime ? parseStoredTime(`${text.replace(" ", "T")}Z`) : null;
}

/** The time of a field of an API reply; an absent one is Go's zero time. */
export function timeOf(text: string | undefined): StoredTime {
  return (text === undefined ? null : parseStoredTime(text)) ?? zeroStoredTime;
}

/** Go's `IsZero`, or the beginning of 1970, which old servers send. */
export function isUnsetTime(time: StoredTime): boolean {
  return (time.s === zeroStoredTime.s || time.s === 0) && time.n === 0;
}

/** Nanoseconds from `from` to `to`; saturates as Go's `Time.Sub` does. */
export function nanosBetween(from: StoredTime, to: StoredTime): number {
  const nanos = (to.s - from.s) * 1e9 + (to.n - from.n);
  return Math.max(-longestDuration, Math.min(longestDuration, nanos));
}

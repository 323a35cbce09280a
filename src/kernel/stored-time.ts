import { assert } from "./assert.ts";
import type { VirtualNanos } from "./units.ts";

/**
 * A time that is persisted or sent, in two columns because nanoseconds since 1970 do not fit a
 * number: seconds since 1970 (may be negative) and nanoseconds 0..999_999_999.
 */
export interface StoredTime {
  readonly s: number;
  readonly n: number;
}

/** Every world begins at 2026-01-01T00:00:00Z. */
export const epochSeconds = 1_767_225_600;

/** Go's zero time, 0001-01-01T00:00:00Z, which servers send for "never". */
export const zeroStoredTime: StoredTime = Object.freeze({ s: -62_135_596_800, n: 0 });

const nanosPerSecond = 1_000_000_000;
const secondsPerDay = 86_400;

/** The stored time of a virtual instant (which may lie before the world began). */
export function storedTimeAt(now: VirtualNanos): StoredTime {
  const s = Math.floor(now / nanosPerSecond);
  return { s: epochSeconds + s, n: now - s * nanosPerSecond };
}

/** The inverse of `storedTimeAt`; negative before the world began, inexact beyond 2^53 ns. */
export function virtualAt(time: StoredTime): VirtualNanos {
  return ((time.s - epochSeconds) * nanosPerSecond + time.n) as VirtualNanos;
}

/** Negative when `a` is earlier. */
export function compareStoredTime(a: StoredTime, b: StoredTime): number {
  return a.s === b.s ? a.n - b.n : a.s - b.s;
}

/** A stored time moved by whole nanoseconds (either sign); exact as long as `by` is. */
export function addToStoredTime(time: StoredTime, by: number): StoredTime {
  const carry = Math.floor(by / nanosPerSecond);
  const n = time.n + (by - carry * nanosPerSecond);
  const over = n >= nanosPerSecond ? 1 : 0;
  return { s: time.s + carry + over, n: n - over * nanosPerSecond };
}

/** RFC 3339 with nanoseconds in UTC, trailing zeros trimmed, as Go's `time.RFC3339Nano` prints. */
export function formatStoredTime(time: StoredTime): string {
  assert(time.n >= 0 && time.n < nanosPerSecond, `nanoseconds out of range: ${time.n}`);
  const days = Math.floor(time.s / secondsPerDay);
  const rest = time.s - days * secondsPerDay;
  const { year, month, day } = civilFromDays(days);
  const hour = Math.floor(rest / 3600);
  const minute = Math.floor(rest / 60) % 60;
  const fraction = time.n === 0 ? "" : `.${pad(time.n, 9).replace(/0+$/, "")}`;
  const date = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return `${date}T${pad(hour, 2)}:${pad(minute, 2)}:${pad(rest % 60, 2)}${fraction}Z`;
}

const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads RFC 3339 as strictly as Go's `Time.UnmarshalJSON`; digits past the ninth are dropped.
 * Null when the text is no such time.
 */
export function parseStoredTime(text: string): StoredTime | null {
  const m = rfc3339.exec(text);
  if (m === null) return null;
  const field = (i: number): number => Number(m[i] ?? "0");
  const [year, month, day] = [field(1), field(2), field(3)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (field(4) > 23 || field(5) > 59 || field(6) > 59 || field(9) > 23 || field(10) > 59) {
    return null;
  }
  const offset = (field(9) * 60 + field(10)) * 60 * (m[8] === "-" ? -1 : 1);
  const clock = field(4) * 3600 + field(5) * 60 + field(6);
  const n = Number((m[7] ?? "").padEnd(9, "0").slice(0, 9));
  return { s: daysFromCivil(year, month, day) * secondsPerDay + clock - offset, n };
}

function pad(value: number, width: number): string {
  return value < 0 ? `-${pad(-value, width)}` : String(value).padStart(width, "0");
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

// Proleptic Gregorian calendar with years that begin in March, so the leap day comes last; eras
// of 400 years (146,097 days). Day 0 is 1970-01-01, 719,468 days after 0000-03-01.

/** Days since 1970-01-01 of a date; the month is 1 to 12, the day may lie outside of it. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leaps = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leaps + dayOfYear - 719_468;
}

/** The date that many days after 1970-01-01. */
export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const leaps =
    Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - (365 * yearOfEra + leapDays);
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  const month = m < 10 ? m + 3 : m - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

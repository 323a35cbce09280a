// Points in time as text. Times are UTC: the world has no other zone, and transcripts have TZ=UTC.

import type { StoredTime } from "../../kernel/index.ts";

const monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec";

interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** Days since 1970 to a date, after Howard Hinnant's `civil_from_days`. */
function civil(time: StoredTime): Civil {
  const days = Math.floor(time.s / 86400);
  const secondOfDay = time.s - days * 86400;
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor(secondOfDay / 60) % 60,
    second: secondOfDay % 60,
  };
}

function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146097 + yearOfEra * 365 + leapDays + dayOfYear - 719468;
}

const two = (n: number): string => String(n).padStart(2, "0");

/** `03:25:55`. */
export function clockText(time: StoredTime): string {
  const c = civil(time);
  return `${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
}

function dateText(time: StoredTime): string {
  const c = civil(time);
  return `${String(c.year).padStart(4, "0")}-${two(c.month)}-${two(c.day)}`;
}

/** `2026-11-21 03:25:55`. */
export function dateTimeText(time: StoredTime): string {
  return `${dateText(time)} ${clockText(time)}`;
}

/** `2026-11-21T03:25:55Z`. */
export function rfc3339(time: StoredTime): string {
  return `${dateText(time)}T${clockText(time)}Z`;
}

/** `2026-11-21T03:25:55.123456789Z`, trailing zeros trimmed. */
export function rfc3339Nano(time: StoredTime): string {
  return `${dateText(time)}T${clockText(time)}${fraction(time)}Z`;
}

function fraction(time: StoredTime): string {
  return time.n === 0 ? "" : `.${String(time.n).padStart(9, "0").replace(/0+$/, "")}`;
}

/** Go's `Time.String()`: `2026-11-21 03:27:00.561829889 +0000 UTC`. */
export function goTimeText(time: StoredTime): string {
  return `${dateTimeText(time)}${fraction(time)} +0000 UTC`;
}

/** Go's `time.StampMicro`: `Nov 21 03:26:04.604137`. */
export function stampMicroText(time: StoredTime): string {
  const c = civil(time);
  const month = monthNames.slice((c.month - 1) * 3, c.month * 3);
  const micros = String(Math.floor(time.n / 1e3)).padStart(6, "0");
  return `${month} ${String(c.day).padStart(2)} ${clockText(time)}.${micros}`;
}

/** Go's `time.Kitchen`: `3:04PM`. */
export function kitchenText(time: StoredTime): string {
  const c = civil(time);
  return `${c.hour % 12 === 0 ? 12 : c.hour % 12}:${two(c.minute)}${c.hour < 12 ? "AM" : "PM"}`;
}

/** Reads RFC 3339 with any fraction and zone, null when it is none. */
export function parseRfc3339(text: string): StoredTime | null {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) {
    return null;
  }
  const zone =
    (Number(match[9] ?? 0) * 3600 + Number(match[10] ?? 0) * 60) * (match[8] === "-" ? -1 : 1);
  const n = Number((match[7] ?? "").slice(0, 9).padEnd(9, "0"));
  const s = daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - zone;
  return { s, n };
}

/** Reads `2026-11-21 03:25:55` as UTC, null when it is something else. */
export function parseDateTime(text: string): StoredTime | null {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  return match ? parseRfc3339(`${match[1]}T${match[2]}Z`) : null;
}

/** The time of a field of an API reply; an absent one is Go's zero time. */
export function timeOf(text: string | undefined): StoredTime {
  return (text === undefined ? null : parseRfc3339(text)) ?? zeroTime;
}

/** Go's zero time, 0001-01-01T00:00:00Z. */
export const zeroTime: StoredTime = { s: -62135596800, n: 0 };

/** Go's `IsZero`, or the beginning of 1970, which old servers send. */
export function isUnsetTime(time: StoredTime): boolean {
  return (time.s === zeroTime.s || time.s === 0) && time.n === 0;
}

/** Nanoseconds from `from` to `to`; saturates as Go's `Time.Sub` does. */
export function nanosBetween(from: StoredTime, to: StoredTime): number {
  const nanos = (to.s - from.s) * 1e9 + (to.n - from.n);
  return Math.max(-(2 ** 63), Math.min(2 ** 63, nanos));
}

/** The time `nanos` after `time`. */
export function addNanos(time: StoredTime, nanos: number): StoredTime {
  const whole = Math.floor(nanos / 1e9);
  const n = time.n + (nanos - whole * 1e9);
  return n >= 1e9 ? { s: time.s + whole + 1, n: n - 1e9 } : { s: time.s + whole, n };
}

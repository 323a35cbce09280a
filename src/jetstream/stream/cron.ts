/** Six-field cron patterns in UTC. Source: nats-server `server/cron.go` `parseCron`. */
import type { StoredTime } from "../../kernel/index.ts";

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly names: readonly string[];
}

/** The values that a field allows; `isStar` when it said `*` or `?`. */
interface Field {
  readonly values: ReadonlySet<number>;
  readonly isStar: boolean;
}

const sixty: Bounds = { low: 0, high: 59, names: [] };
const hours: Bounds = { low: 0, high: 23, names: [] };
const days: Bounds = { low: 1, high: 31, names: [] };
const months: Bounds = {
  low: 1,
  high: 12,
  names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const weekdays: Bounds = {
  low: 0,
  high: 6,
  names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};
const fieldBounds = [sixty, sixty, hours, days, months, weekdays] as const;

const yearsMax = 5;
const daySeconds = 86_400;

/** The first second after `after` that the pattern matches, or null: wrong, or not in 5 years. */
export function nextCronTime(pattern: string, after: StoredTime): StoredTime | null {
  const texts = pattern.split(/\s+/).filter((text) => text !== "");
  if (texts.length !== fieldBounds.length) return null;
  const fields: Field[] = [];
  for (const [i, bounds] of fieldBounds.entries()) {
    const field = readField(texts[i] ?? "", bounds);
    if (field === null) return null;
    fields.push(field);
  }
  const [second, minute, hour, day, month, weekday] = fields;
  if (!second || !minute || !hour || !day || !month || !weekday) return null;
  const start = after.s + 1;
  const today = Math.floor(start / daySeconds);
  for (let at = today; at < today + yearsMax * 366; at++) {
    const date = civilDate(at);
    if (!month.values.has(date.month) || !dayMatches(day, weekday, date)) continue;
    const from = at === today ? start - today * daySeconds : 0;
    const found = timeOfDay([hour, minute, second], from);
    if (found !== null) return { s: at * daySeconds + found, n: 0 };
  }
  return null;
}

/** With a star in either field both must match; without, either does. */
function dayMatches(day: Field, weekday: Field, date: { day: number; weekday: number }): boolean {
  const inMonth = day.values.has(date.day);
  const inWeek = weekday.values.has(date.weekday);
  return day.isStar || weekday.isStar ? inMonth && inWeek : inMonth || inWeek;
}

/** Seconds since midnight of the first match at or after `from`, or null. */
function timeOfDay(
  [hour, minute, second]: readonly [Field, Field, Field],
  from: number,
): number | null {
  for (let at = from; at < daySeconds; ) {
    const h = Math.floor(at / 3600);
    if (!hour.values.has(h)) {
      at = (h + 1) * 3600;
      continue;
    }
    const m = Math.floor(at / 60) % 60;
    if (!minute.values.has(m)) {
      at = (Math.floor(at / 60) + 1) * 60;
      continue;
    }
    if (second.values.has(at % 60)) return at;
    at += 1;
  }
  return null;
}

function readField(text: string, bounds: Bounds): Field | null {
  const values = new Set<number>();
  let isStar = false;
  for (const part of text.split(",").filter((piece) => piece !== "")) {
    const range = readRange(part, bounds);
    if (range === null) return null;
    isStar ||= range.isStar;
    for (let value = range.low; value <= range.high; value += range.step) values.add(value);
  }
  return { values, isStar };
}

interface Range {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly isStar: boolean;
}

/** `*`, `5`, `5-9`, `*` + `/2`, `5/2` (to the end), `5-9/2`; names where there are any. */
function readRange(text: string, bounds: Bounds): Range | null {
  const [span = "", stepText, ...more] = text.split("/");
  const [lowText = "", highText, ...others] = span.split("-");
  if (more.length > 0 || others.length > 0) return null;
  const isStar = lowText === "*" || lowText === "?";
  const low = isStar ? bounds.low : readNumber(lowText, bounds);
  const step = stepText === undefined ? 1 : readNumber(stepText, { ...bounds, names: [] });
  let high = isStar ? bounds.high : low;
  if (!isStar && highText !== undefined) high = readNumber(highText, bounds);
  else if (!isStar && stepText !== undefined) high = bounds.high;
  if (low === null || high === null || step === null || step === 0) return null;
  if (low < bounds.low || high > bounds.high || low > high) return null;
  return { low, high, step, isStar: isStar && step === 1 };
}

function readNumber(text: string, bounds: Bounds): number | null {
  const name = bounds.names.indexOf(text.toLowerCase());
  if (name >= 0) return name + bounds.low;
  return /^\+?\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Month, day and weekday (0 is Sunday) of a day since 1970; years begin in March, eras of 400. */
function civilDate(daysSince1970: number): { month: number; day: number; weekday: number } {
  const shifted = daysSince1970 + 719_468;
  const dayOfEra = shifted - Math.floor(shifted / 146_097) * 146_097;
  const leaps =
    Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const beforeYear = 365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const dayOfYear = dayOfEra - beforeYear;
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const weekday = (((daysSince1970 + 4) % 7) + 7) % 7;
  return { month: march < 10 ? march + 3 : march - 9, day, weekday };
}

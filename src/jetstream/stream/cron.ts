/** Six-field cron patterns in a time zone. Source: nats-server `server/cron.go` `parseCron`. */
import type { StoredTime } from "../../kernel/index.ts";
import { unixTime, type WallTime, wallTime, type Zone } from "../zones/zone.ts";

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

/** One part of a clock, from the coarsest to the finest. */
interface Step {
  readonly matches: (wall: WallTime) => boolean;
  /** The moment when what is finer than this part begins. */
  readonly floor: (at: number, wall: WallTime) => number;
  readonly next: (at: number, wall: WallTime) => number;
  /** What is coarser has moved on, so it must be looked at again. */
  readonly hasWrapped: (wall: WallTime) => boolean;
}

/**
 * The first second after `after` that the pattern matches, or null: wrong, or not in 5 years.
 * Clocks that are put forward and back make the same of a pattern as in nats-server: hours are
 * added as hours pass, days and months as the calendar has them.
 */
export function nextCronTime(pattern: string, after: StoredTime, zone: Zone): StoredTime | null {
  const steps = readSteps(pattern, zone);
  if (steps === null) return null;
  let at = after.s + 1;
  let wall = wallTime(zone, at);
  const lastYear = wall.year + yearsMax;
  let isFloored = false;
  again: while (wall.year <= lastYear) {
    for (const step of steps) {
      while (!step.matches(wall)) {
        if (!isFloored) at = step.floor(at, wall);
        isFloored = true;
        at = step.next(at, wallTime(zone, at));
        wall = wallTime(zone, at);
        if (step.hasWrapped(wall)) continue again;
      }
    }
    return { s: at, n: 0 };
  }
  return null;
}

function readSteps(pattern: string, zone: Zone): readonly Step[] | null {
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
  const calendar = calendarSteps({ day, month, weekday }, zone);
  const clock: readonly Step[] = [
    {
      matches: (wall) => hour.values.has(wall.hour),
      floor: (_, wall) => unixTime(zone, { ...wall, minute: 0, second: 0 }),
      next: (at) => at + 3600,
      hasWrapped: (wall) => wall.hour === 0,
    },
    {
      matches: (wall) => minute.values.has(wall.minute),
      floor: (at) => Math.floor(at / 60) * 60,
      next: (at) => at + 60,
      hasWrapped: (wall) => wall.minute === 0,
    },
    {
      matches: (wall) => second.values.has(wall.second),
      floor: (at) => at,
      next: (at) => at + 1,
      hasWrapped: (wall) => wall.second === 0,
    },
  ];
  return [...calendar, ...clock];
}

interface CalendarFields {
  readonly day: Field;
  readonly month: Field;
  readonly weekday: Field;
}

function calendarSteps({ day, month, weekday }: CalendarFields, zone: Zone): readonly Step[] {
  const midnight = { hour: 0, minute: 0, second: 0 };
  return [
    {
      matches: (wall) => month.values.has(wall.month),
      floor: (_, wall) => unixTime(zone, { ...wall, ...midnight, day: 1 }),
      next: (_, wall) => unixTime(zone, { ...wall, month: wall.month + 1 }),
      hasWrapped: (wall) => wall.month === 1,
    },
    {
      matches: (wall) => dayMatches(day, weekday, wall),
      floor: (_, wall) => unixTime(zone, { ...wall, ...midnight }),
      next: (_, wall) => unixTime(zone, { ...wall, day: wall.day + 1 }),
      hasWrapped: (wall) => wall.day === 1,
    },
  ];
}

/** With a star in either field both must match; without, either does. */
function dayMatches(day: Field, weekday: Field, wall: WallTime): boolean {
  const inMonth = day.values.has(wall.day);
  const inWeek = weekday.values.has(wall.weekday);
  return day.isStar || weekday.isStar ? inMonth && inWeek : inMonth || inWeek;
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
  const isStar = lowText === "*" || lowText === "?";
  // What follows a star and a hyphen is never read.
  if (more.length > 0 || (others.length > 0 && !isStar)) return null;
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
  return /^\+?\d+$/.test(text) ? Number(text) : null;
}

/**
 * Times of day in a time zone. Every world has the same table of zones: those of browsers and
 * machines differ from each other and change.
 * Source: Go `time.Location.lookup`, `time.tzset`, `time.Date`.
 */
import { civilFromDays, daysFromCivil } from "../../kernel/index.ts";

/** The last Friday in October is month 10, week 5, weekday 5; `time` is seconds since midnight. */
export interface YearlyChange {
  readonly month: number;
  readonly week: number;
  readonly weekday: number;
  readonly time: number;
}

/** A zone from its last change on; offsets are seconds east of Greenwich. */
export interface ZoneRule {
  readonly standard: number;
  readonly summer: {
    readonly offset: number;
    readonly begin: YearlyChange;
    readonly end: YearlyChange;
  } | null;
}

/** Changes that follow no rule, oldest first; the rule holds from the last one on. */
export interface Zone {
  /** The offset before the first change; of no use where there is none. */
  readonly before: number;
  readonly changes: readonly { readonly at: number; readonly offset: number }[];
  readonly rule: ZoneRule;
}

export const utc: Zone = { before: 0, changes: [], rule: { standard: 0, summer: null } };

/** A time as clocks in the zone show it; Sunday is 0. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What may lie beyond its bounds: the 32nd of a month, its 13th month. */
export type WallFields = Omit<WallTime, "weekday">;

/** An offset, and from when until when it certainly holds. */
interface Period {
  readonly offset: number;
  readonly from: number;
  readonly until: number;
}

const daySeconds = 86_400;

/** What clocks show `unix` seconds after 1970 began in Greenwich. */
export function wallTime(zone: Zone, unix: number): WallTime {
  const local = unix + periodAt(zone, unix).offset;
  const days = Math.floor(local / daySeconds);
  const rest = local - days * daySeconds;
  const weekday = weekdayOf(days);
  const hour = Math.floor(rest / 3600);
  const minute = Math.floor(rest / 60) % 60;
  return { ...civilFromDays(days), weekday, hour, minute, second: rest % 60 };
}

/**
 * The seconds since 1970 when clocks show this. What they show twice, and what they skip, is read
 * with one of the two offsets, the same one that Go takes.
 */
export function unixTime(zone: Zone, wall: WallFields): number {
  const months = wall.year * 12 + wall.month - 1;
  const year = Math.floor(months / 12);
  const days = daysFromCivil(year, months - year * 12 + 1, wall.day);
  const local = days * daySeconds + wall.hour * 3600 + wall.minute * 60 + wall.second;
  const near = periodAt(zone, local);
  const unix = local - near.offset;
  if (unix >= near.from && unix < near.until) return unix;
  return local - periodAt(zone, unix).offset;
}

function periodAt(zone: Zone, unix: number): Period {
  const { changes, rule, before } = zone;
  const first = changes[0];
  if (first !== undefined && unix < first.at) {
    return { offset: before, from: Number.NEGATIVE_INFINITY, until: first.at };
  }
  let low = 0;
  for (let high = changes.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (unix < (changes[middle]?.at ?? 0)) high = middle;
    else low = middle;
  }
  const [found, next] = [changes[low], changes[low + 1]];
  if (found === undefined || next === undefined) {
    return rulePeriod(rule, found?.at ?? Number.NEGATIVE_INFINITY, unix);
  }
  return { offset: found.offset, from: found.at, until: next.at };
}

/** Bounds are exact near a change, and else the year's, as far as Go knows them. */
function rulePeriod({ standard, summer }: ZoneRule, since: number, unix: number): Period {
  if (summer === null) return { offset: standard, from: since, until: Number.POSITIVE_INFINITY };
  const { year } = civilFromDays(Math.floor(unix / daySeconds));
  const yearStart = daysFromCivil(year, 1, 1) * daySeconds;
  const begin = changeTime(year, summer.begin) - standard;
  const end = changeTime(year, summer.end) - summer.offset;
  // In the south the year begins and ends in summer.
  const isNorth = begin <= end;
  const [outer, inner] = isNorth ? [standard, summer.offset] : [summer.offset, standard];
  const [first, second] = isNorth ? [begin, end] : [end, begin];
  if (unix < first) return { offset: outer, from: yearStart, until: first };
  if (unix < second) return { offset: inner, from: first, until: second };
  return { offset: outer, from: second, until: yearStart + 365 * daySeconds };
}

/** When the change is in that year, in seconds since 1970 as if the zone were Greenwich. */
function changeTime(year: number, { month, week, weekday, time }: YearlyChange): number {
  const first = daysFromCivil(year, month, 1);
  const after = daysFromCivil(month === 12 ? year + 1 : year, (month % 12) + 1, 1);
  let day = first + ((weekday - weekdayOf(first) + 7) % 7) + (week - 1) * 7;
  // The fifth week is the last one, which may be the fourth.
  if (day >= after) day -= 7;
  return day * daySeconds + time;
}

function weekdayOf(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}

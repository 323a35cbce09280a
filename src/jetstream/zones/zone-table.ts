/** The table of time zones, read. Brought with the first need (zone-door.ts). */
import { assert } from "../../kernel/index.ts";
import type { YearlyChange, Zone, ZoneRule } from "./zone.ts";
import { zoneLines } from "./zones.gen.ts";

const lineOf = new Map<string, string>();
for (const line of zoneLines.split("\n")) {
  for (const name of line.slice(line.indexOf("|") + 1).split(" ")) lineOf.set(name, line);
}

const read = new Map<string, Zone>();

/** A zone by its name, letter by letter as in the IANA data, or null. */
export function findZone(name: string): Zone | null {
  const line = name === "" ? undefined : lineOf.get(name);
  if (line === undefined) return null;
  const known = read.get(line);
  if (known !== undefined) return known;
  const [rule = "", before = "0", ...changes] = line.slice(0, line.indexOf("|")).split(" ");
  const zone = {
    before: Number(before) * 60,
    changes: changes.map(readChange),
    rule: readRule(rule),
  };
  read.set(line, zone);
  return zone;
}

function readChange(text: string): Zone["changes"][number] {
  const [, at = "", offset = ""] = /^([0-9a-z]+)([+-]\d+)$/.exec(text) ?? [];
  return { at: Number.parseInt(at, 36) * 60, offset: Number(offset) * 60 };
}

const zoneName = "(?:<[^>]+>|[A-Za-z]+)";
const clockTime = "[+-]?[\\d:]+";
const posix = new RegExp(`^${zoneName}(${clockTime})(?:${zoneName}(${clockTime})?,(.+),(.+))?$`);

/** Reads the `TZ` of POSIX: `CET-1CEST,M3.5.0,M10.5.0/3`. West is positive there. */
function readRule(text: string): ZoneRule {
  const found = posix.exec(text);
  assert(found !== null, `no rule of a time zone: ${text}`);
  const [, offset = "", summerOffset, begin, end] = found;
  const standard = -readClock(offset);
  if (begin === undefined || end === undefined) return { standard, summer: null };
  const summer = summerOffset === undefined ? standard + 3600 : -readClock(summerOffset);
  return {
    standard,
    summer: { offset: summer, begin: readYearly(begin), end: readYearly(end) },
  };
}

function readYearly(text: string): YearlyChange {
  const found = /^M(\d+)\.(\d)\.(\d)(?:\/(.+))?$/.exec(text);
  assert(found !== null, `no yearly change of a time zone: ${text}`);
  const [, month, week, weekday, time = "2"] = found;
  return {
    month: Number(month),
    week: Number(week),
    weekday: Number(weekday),
    time: readClock(time),
  };
}

/** `[-]hours[:minutes]`, in seconds. */
function readClock(text: string): number {
  const [hours = "", minutes = "0"] = text.replace(/^[+-]/, "").split(":");
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return text.startsWith("-") ? -seconds : seconds;
}

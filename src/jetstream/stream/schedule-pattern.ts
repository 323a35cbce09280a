/** When a `Nats-Schedule` is due. Source: nats-server `server/scheduler.go` `parseMsgSchedule`. */
import {
  addToStoredTime,
  compareStoredTime,
  parseStoredTime,
  type StoredTime,
} from "../../kernel/index.ts";
import { getHeader } from "../../protocol/index.ts";
import type { ApiErrorName } from "../errors.ts";
import { parseGoDuration } from "../go-duration.ts";
import { utc, type Zone } from "../zones/zone.ts";
import { zoneCalled } from "../zones/zone-door.ts";
import { nextCronTime } from "./cron.ts";
import { headerOf } from "./publish-headers.ts";

export const scheduleHeader = "Nats-Schedule";
export const scheduleZoneHeader = "Nats-Schedule-Time-Zone";

export interface ScheduleTime {
  readonly at: StoredTime;
  readonly repeats: boolean;
}

const second = 1_000_000_000n;

const named: Readonly<Record<string, string>> = {
  "@yearly": "0 0 0 1 1 *",
  "@annually": "0 0 0 1 1 *",
  "@monthly": "0 0 0 1 * *",
  "@weekly": "0 0 0 * * 0",
  "@daily": "0 0 0 * * *",
  "@midnight": "0 0 0 * * *",
  "@hourly": "0 0 * * * *",
};

/** Zones that need no table; a machine's own zone is UTC in every world. */
const plainZones: readonly string[] = ["UTC", "Local"];

/**
 * What the schedule header of a message says: when it is due next after `after`, null when the
 * message is no schedule, or why it is refused.
 */
export function scheduleOf(
  headers: Uint8Array | null,
  after: StoredTime,
  now: StoredTime,
): ScheduleTime | null | ApiErrorName {
  if (headers === null) return null;
  const zoneName = getHeader(headers, scheduleZoneHeader);
  const zone = zoneName === null ? utc : namedZone(zoneName);
  if (zone === null) return "JSMessageSchedulesTimeZoneInvalidErr";
  const pattern = headerOf(headers, scheduleHeader);
  if (pattern === "") return null;
  const clock = { after, now, zone, hasZone: zoneName !== null };
  return readPattern(pattern, clock) ?? "JSMessageSchedulesPatternInvalidErr";
}

/** Source: nats-server `loadMessageScheduleLocation`. */
function namedZone(name: string): Zone | null {
  if (plainZones.includes(name)) return utc;
  return name === "" ? null : zoneCalled(name);
}

interface Clock {
  readonly after: StoredTime;
  readonly now: StoredTime;
  readonly zone: Zone;
  /** Only patterns of a calendar may name a zone. */
  readonly hasZone: boolean;
}

function readPattern(pattern: string, clock: Clock): ScheduleTime | null {
  const { hasZone, zone } = clock;
  if (pattern.startsWith("@at ")) {
    const at = hasZone ? null : parseStoredTime(pattern.slice("@at ".length));
    return at && { at, repeats: false };
  }
  if (pattern.startsWith("@every ")) {
    const every = hasZone ? null : parseGoDuration(pattern.slice("@every ".length));
    if (every === null || every < second) return null;
    return { at: nextInterval(Number(every), clock), repeats: true };
  }
  const cron = named[pattern] ?? pattern;
  const at = nextCronTime(cron, clock.after, zone);
  // What was missed, by a server that was down for instance, happens once.
  const isLate = at !== null && compareStoredTime(at, clock.now) < 0;
  const due = isLate ? nextCronTime(cron, rounded(clock.now), zone) : at;
  return due && { at: due, repeats: true };
}

function nextInterval(every: number, { after, now }: Clock): StoredTime {
  const next = addToStoredTime(rounded(after), every);
  return compareStoredTime(next, now) < 0 ? addToStoredTime(rounded(now), every) : next;
}

/** To the nearest second, halves up. */
function rounded(time: StoredTime): StoredTime {
  return { s: time.s + (time.n >= 500_000_000 ? 1 : 0), n: 0 };
}

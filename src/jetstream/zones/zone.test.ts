/** Patterns of schedules where clocks change. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatStoredTime, parseStoredTime, zeroStoredTime } from "../../kernel/index.ts";
import { nextCronTime } from "../stream/cron.ts";
import { utc } from "./zone.ts";
import { findZone } from "./zone-table.ts";

function next(zone: string, pattern: string, after: string): string {
  const from = parseStoredTime(after) ?? zeroStoredTime;
  const found = nextCronTime(pattern, from, findZone(zone) ?? utc);
  return found === null ? "never" : formatStoredTime(found);
}

// Evidence: `parseCron` of nats-server 2.15.2, run with Go 1.26.8 and release 2025c of the zones on
// drawn patterns near changes of clocks: zone, pattern, the time before, the next run.
test("every drawn pattern runs when nats-server runs it", () => {
  const text = readFileSync(new URL("zone-runs.txt", import.meta.url), "utf8");
  const runs = text.trim().split("\n");
  expect(runs.length).toBeGreaterThan(250);
  const ours = runs.map((run) => {
    const [zone = "", pattern = "", after = ""] = run.split("|");
    return [zone, pattern, after, next(zone, pattern, after)].join("|");
  });
  expect(ours).toEqual(runs);
});

// Evidence: the same program.
test.each([
  ["skips the day when there is no half past two", "0 30 2 * * *", "03-28T12:00", "03-30T00:30"],
  ["goes on from two to three at once", "0 */30 * * * *", "03-29T00:45", "03-29T01:00"],
  ["keeps nine o'clock when clocks were put forward", "0 0 9 * * *", "03-28T12:00", "03-29T07:00"],
  ["runs at the first half past two of two", "0 30 2 * * *", "10-24T12:00", "10-25T00:30"],
  ["runs at the second half past two as well", "0 30 2 * * *", "10-25T00:30", "10-25T01:30"],
])("in Berlin a pattern %s", (_, pattern, after, run) => {
  expect(next("Europe/Berlin", pattern, `2026-${after}:00Z`)).toBe(`2026-${run}:00Z`);
});

// Evidence: the same program. Where midnight is skipped, a day begins at one o'clock.
test("where midnight is skipped, a pattern for that day comes a month later", () => {
  const found = next("America/Havana", "0 0 5 8 * *", "2026-03-07T12:00:00Z");
  expect(found).toBe("2026-04-08T09:00:00Z");
});

// Evidence: `time.LoadLocation`, which opens a file of that very name.
test.each([
  ["US/Pacific", true],
  ["Etc/GMT+5", true],
  ["europe/berlin", false],
  ["Europe", false],
  ["", false],
  ["|", false],
])("there is a zone called '%s': %s", (name, isThere) => {
  expect(findZone(name) !== null).toBe(isThere);
});

import { describe, expect, test } from "vitest";
import { GoTimeError, readGoTime } from "./go-time.ts";

// Evidence: opt_start_time in requests to nats-server 2.15.2, and what it printed or refused.
describe("times as Go reads them", () => {
  test.each([
    ["2020-01-01T00:00:00.120Z", "2020-01-01T00:00:00.12Z"],
    ["2020-01-01T00:00:00.1234567891Z", "2020-01-01T00:00:00.123456789Z"],
    ["2020-02-29T12:00:00+02:00", "2020-02-29T12:00:00+02:00"],
    ["2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00Z"],
    ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"],
  ])("%s comes back as %s", (given, printed) => {
    expect(readGoTime(given)).toBe(printed);
  });

  const layout = '2006-01-02T15:04:05Z07:00"';
  test.each([
    ["tomorrow", `parsing time "tomorrow" as "${layout}: cannot parse "tomorrow" as "2006"`],
    ["2020-01-01", `parsing time "2020-01-01" as "${layout}: cannot parse "" as "T"`],
    ["2021-02-29T12:00:00Z", 'parsing time "2021-02-29T12:00:00Z": day out of range'],
    ["2020-01-01T24:00:00Z", 'parsing time "2020-01-01T24:00:00Z": hour out of range'],
    [
      "2020-01-01T00:00:00",
      `parsing time "2020-01-01T00:00:00" as "${layout}: cannot parse "" as "Z07:00"`,
    ],
  ])("%s is refused in its words", (given, words) => {
    expect(() => readGoTime(given)).toThrow(new GoTimeError(words));
  });
});

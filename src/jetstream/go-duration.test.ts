/** Evidence: Go's documentation of `time.Duration.String` and `time.ParseDuration`. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatGoDuration, parseGoDuration } from "./go-duration.ts";

test.each([
  [0, "0s"],
  [1, "1ns"],
  [1_500, "1.5µs"],
  [2_000_000, "2ms"],
  [1_500_000_000, "1.5s"],
  [60_000_000_000, "1m0s"],
  [5_400_000_000_000, "1h30m0s"],
  [-90_000_000_000, "-1m30s"],
])("%d nanoseconds are %s", (nanos, text) => {
  expect(formatGoDuration(nanos)).toBe(text);
});

test("what is printed reads back", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (nanos) => {
      expect(parseGoDuration(formatGoDuration(nanos))).toBe(BigInt(nanos));
    }),
  );
});

test.each(["", "5", "1", "s", "1x", "1s 2s", ".s", "--1s", "9999999999h"])("%j is none", (text) => {
  expect(parseGoDuration(text)).toBeNull();
});

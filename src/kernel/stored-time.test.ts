import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addToStoredTime,
  compareStoredTime,
  formatStoredTime,
  parseStoredTime,
  storedTimeAt,
  virtualAt,
  zeroStoredTime,
} from "./stored-time.ts";
import { virtualNanos } from "./units.ts";

const seed = 99;

// Expected texts: Go 1.26 `time.Time.Format(time.RFC3339Nano)` of the same instants.
test("prints as Go's RFC3339Nano does", () => {
  expect(formatStoredTime(storedTimeAt(virtualNanos(0)))).toBe("2026-01-01T00:00:00Z");
  expect(formatStoredTime(storedTimeAt(virtualNanos(15_000_000)))).toBe("2026-01-01T00:00:00.015Z");
  expect(formatStoredTime(storedTimeAt(virtualNanos(-1)))).toBe("2025-12-31T23:59:59.999999999Z");
  expect(formatStoredTime(zeroStoredTime)).toBe("0001-01-01T00:00:00Z");
  expect(formatStoredTime({ s: 0, n: 100_000_000 })).toBe("1970-01-01T00:00:00.1Z");
  expect(formatStoredTime({ s: 951_782_400, n: 0 })).toBe("2000-02-29T00:00:00Z");
  expect(formatStoredTime({ s: -1, n: 1 })).toBe("1969-12-31T23:59:59.000000001Z");
});

test("a year away is exact, also past 2^53 nanoseconds from the epoch", () => {
  const year = 365 * 86_400;
  const later = addToStoredTime(storedTimeAt(virtualNanos(123)), year * 1e9);
  expect(formatStoredTime(later)).toBe("2027-01-01T00:00:00.000000123Z");
  const edge = storedTimeAt(virtualNanos(2 ** 53 - 1));
  expect(formatStoredTime(edge)).toBe("2026-04-15T05:59:59.254740991Z");
  expect(virtualAt(edge)).toBe(2 ** 53 - 1);
  // One past the clock's range: the columns stay exact where the single number would not.
  expect(formatStoredTime(addToStoredTime(edge, 2))).toBe("2026-04-15T05:59:59.254740993Z");
});

test(`times round-trip through text and both columns (seed ${seed})`, () => {
  const stored = fc.record({
    s: fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }),
    n: fc.integer({ min: 0, max: 999_999_999 }),
  });
  fc.assert(
    fc.property(stored, stored, (a, b) => {
      expect(parseStoredTime(formatStoredTime(a))).toEqual(a);
      const order = compareStoredTime(a, b);
      const x = BigInt(a.s) * 10n ** 9n + BigInt(a.n);
      const y = BigInt(b.s) * 10n ** 9n + BigInt(b.n);
      expect(Math.sign(order)).toBe(x < y ? -1 : x > y ? 1 : 0);
    }),
    { seed },
  );
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: new Date(-6e13), max: new Date(2e14) }),
      (d) => {
        const text = formatStoredTime({
          s: Math.floor(d.getTime() / 1000),
          n: (((d.getTime() % 1000) + 1000) % 1000) * 1_000_000,
        });
        expect(new Date(text).getTime()).toBe(d.getTime());
      },
    ),
    { seed },
  );
});

test("reads offsets and drops digits past the ninth", () => {
  expect(parseStoredTime("2026-01-01T02:00:00.1234567899+02:00")).toEqual({
    s: 1_767_225_600,
    n: 123_456_789,
  });
  const wrong = [
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01 00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00z",
    "2026-1-1T00:00:00Z",
    "",
  ];
  for (const text of wrong) expect(parseStoredTime(text)).toBeNull();
});

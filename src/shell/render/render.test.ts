import fc from "fast-check";
import { expect, test } from "vitest";
import { addLine, addRow, addSection, columns, renderColumns } from "./columns.ts";
import { goDuration, humanDuration, longestDuration } from "./durations.ts";
import { type DiffField, goDiff } from "./go-diff.ts";
import { goJson, goJsonIndented, goStruct } from "./json.ts";
import { binaryBytes, comma, fixed } from "./numbers.ts";
import { renderTable } from "./table.ts";
import { goTimeText, kitchenText, nanosBetween, stampMicroText, timeOf } from "./times.ts";

// Go's time.Duration.String.
test.each([
  [0, "0s"],
  [1, "1ns"],
  [247_489, "247.489µs"],
  [1_023_125, "1.023125ms"],
  [30e9, "30s"],
  [120e9, "2m0s"],
  [3600e9, "1h0m0s"],
  [1.5e9, "1.5s"],
  [-90e9, "-1m30s"],
  [365 * 86_400e9, "8760h0m0s"],
])("Go writes %d ns as %s", (nanos, text) => {
  expect(goDuration(nanos)).toBe(text);
});

// natscli v0.4.0 HumanizeDuration; the texts occur in transcripts.
test.each([
  [113_499, "113µs"],
  [69_600_000, "70ms"],
  [5.18e9, "5.18s"],
  [30e9, "30.00s"],
  [120e9, "2m0s"],
  [90_061e9, "1d1h1m1s"],
  [366 * 86_400e9, "1y1d0h0m0s"],
  [longestDuration, "never"],
])("natscli writes %d ns as %s", (nanos, text) => {
  expect(humanDuration(nanos)).toBe(text);
});

// go-humanize v1.0.1 IBytes.
test.each([
  [0, "0 B"],
  [9, "9 B"],
  [394, "394 B"],
  [1024, "1.0 KiB"],
  [1536, "1.5 KiB"],
  [10_240, "10 KiB"],
  [12_800, "12 KiB"],
  [1_048_576, "1.0 MiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(binaryBytes(bytes)).toBe(text);
});

test("numbers are grouped by thousands", () => {
  expect([comma(0), comma(1000), comma(-1_234_567), comma(2n ** 64n - 1n)]).toEqual([
    "0",
    "1,000",
    "-1,234,567",
    "18,446,744,073,709,551,615",
  ]);
});

test("exact halves are rounded to even, as Go rounds them", () => {
  expect([fixed(0.125, 2), fixed(0.375, 2), fixed(2.5, 0), fixed(1.005, 2)]).toEqual([
    "0.12",
    "0.38",
    "2",
    "1.00",
  ]);
});

test("times are written in the forms of Go", () => {
  const time = timeOf("2026-11-21T03:26:04.604137Z");
  expect(goTimeText(time)).toBe("2026-11-21 03:26:04.604137 +0000 UTC");
  expect(stampMicroText(time)).toBe("Nov 21 03:26:04.604137");
  expect(kitchenText(time)).toBe("3:26AM");
  expect(nanosBetween(timeOf(undefined), time)).toBe(longestDuration);
});

const report = {
  title: "Streams",
  headers: ["Name", "Count"],
  rows: [["ORDERS", 12], null, ["A", 3]],
  footer: ["2", 15],
} as const;

test("a table has rounded corners, a centred title and numbers to the right", () => {
  expect(renderTable(report, null)).toBe(
    [
      "╭────────────────╮",
      "│     Streams    │",
      "├────────┬───────┤",
      "│ Name   │ Count │",
      "├────────┼───────┤",
      "│ ORDERS │    12 │",
      "├────────┼───────┤",
      "│ A      │     3 │",
      "├────────┼───────┤",
      "│ 2      │    15 │",
      "╰────────┴───────╯",
      "",
    ].join("\n"),
  );
});

test("no line of a table is wider than the terminal, and what is cut says so", () => {
  const width = fc.integer({ min: 8, max: 40 });
  const rows = fc.array(fc.tuple(fc.string({ unit: "grapheme-ascii" }), fc.nat()));
  fc.assert(
    fc.property(width, rows, (widthMax, cells) => {
      const table = renderTable({ ...report, rows: cells }, widthMax);
      for (const line of table.trimEnd().split("\n")) {
        expect([...line].length).toBeLessThanOrEqual(widthMax);
        if (!/^[╭│├╰].*[╮│┤╯]$/u.test(line)) expect(line.endsWith(" ≈")).toBe(true);
      }
    }),
  );
});

test("labels stand to the right of a common margin", () => {
  const to = columns("Information for Stream A");
  addRow(to, "Subjects", "a.>");
  addRow(to, "", "b.>");
  addSection(to, "Limits");
  addRow(to, "Max", "1");
  addLine(to);
  addSection(to, "State");
  expect(renderColumns(to)).toBe(
    "Information for Stream A\n\n  Subjects: a.>\n            b.>\n\nLimits:\n\n" +
      "       Max: 1\n\nState:\n\n",
  );
});

test("JSON is written as Go's encoder writes it", () => {
  const fields = [{ name: "b" }, { name: "a", omitEmpty: true }, { name: "z", zero: false }];
  expect(goJson(goStruct({ a: 0, b: "x.>" }, fields))).toBe('{"b":"x.\\u003e","z":false}');
  expect(goJsonIndented({ a: [], b: {} })).toBe('{\n  "a": [],\n  "b": {}\n}');
});

const fields: readonly DiffField[] = [
  { name: "Name", wire: "name", kind: "text" },
  { name: "Subjects", wire: "subjects", kind: "strings" },
  { name: "A", wire: "a", kind: "number" },
  { name: "B", wire: "b", kind: "number" },
  { name: "C", wire: "c", kind: "number" },
  { name: "MaxAge", wire: "max_age", kind: "duration" },
];

test("a difference shows two fields around it and counts the rest", () => {
  const before = { name: "S", subjects: ["a", "b"], max_age: 0 };
  expect(goDiff("api.S", fields, { before, after: { ...before, subjects: ["b", "a"] } })).toBe("");
  // stream.jsonl stream-lifecycle step 41.
  expect(goDiff("api.S", fields, { before, after: { ...before, max_age: 86_400e9 } })).toBe(
    [
      "  api.S{",
      "  \t... // 3 identical fields",
      "  \tB: 0,",
      "  \tC: 0,",
      '- \tMaxAge: s"0s",',
      '+ \tMaxAge: s"24h0m0s",',
      "  }",
      "",
    ].join("\n"),
  );
});

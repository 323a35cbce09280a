import fc from "fast-check";
import { expect, test } from "vitest";
import { type JournalEntry, virtualNanos } from "../kernel/index.ts";
import {
  formatScenario,
  parseScenario,
  type Scenario,
  ScenarioError,
  tidyScenario,
} from "./index.ts";

const seed = 31;

const flagship = `windtunnel 1
title   A leader dies in the middle of a publish
seed    7
world   cluster east 3
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
1s      load publisher P --subject orders.new --rate 50/s
10s     expect --within 12s 'leader("ORDERS") != "" && leader("ORDERS") != was(leader("ORDERS"))'
10s     fault kill leader:ORDERS
40s     expect 'ledger.broken == 0'
`;

test("the flagship scenario reads as written and is already in its one shape", () => {
  const scenario = parseScenario(flagship);
  expect(scenario.title).toBe("A leader dies in the middle of a publish");
  expect([scenario.seed, scenario.world]).toEqual([7, ["cluster east 3"]]);
  expect(scenario.entries).toHaveLength(5);
  expect(scenario.entries[3]).toEqual({
    at: 10_000_000_000,
    k: null,
    tty: "t1",
    kind: "line",
    text: "fault kill leader:ORDERS",
  });
  expect(formatScenario(scenario)).toBe(flagship);
});

test("every kind of input has its form", () => {
  const text = `# A comment on top.
windtunnel 1
title   Kinds
tags    one, two
difficulty 2
evidence nats-server 2.15.2, run
evidence our model
predict What happens?
option  Nothing
option  Everything
answer  2
file    a.txt <<END
# not a comment
END
file    "b c" "no newline"
# Before the first input.
0s#2    echo hi
0s      @t2 echo "there"
90s     @t2 key "\\r"
90.5s   @t2 signal INT
91s     @t1 resize 120x40
92s     <<END
for i in 1 2; do
  echo $i
done
END
92s     @t2 line "key \\"x\\""
93s     @t1 line ""
# At the end.
`;
  const scenario = parseScenario(text);
  expect(scenario.entries.map(({ k, tty, kind, text: t }) => [k, tty, kind, t])).toEqual([
    [2, "t1", "line", "echo hi"],
    [null, "t2", "line", 'echo "there"'],
    [null, "t2", "key", "\r"],
    [null, "t2", "signal", "INT"],
    [null, "t1", "resize", "120x40"],
    [null, "t1", "line", "for i in 1 2; do\n  echo $i\ndone"],
    [null, "t2", "line", 'key "x"'],
    [null, "t1", "line", ""],
  ]);
  expect(scenario.files).toEqual([
    { path: "a.txt", text: "# not a comment\n" },
    { path: "b c", text: "no newline" },
  ]);
  expect(scenario.predict).toEqual({
    question: "What happens?",
    options: ["Nothing", "Everything"],
    answer: 2,
  });
  expect(formatScenario(scenario)).toContain("# At the end.\n");
  expect(parseScenario(formatScenario(scenario)).entries).toEqual(scenario.entries);
});

test("tidying keeps comments and writes one shape", () => {
  const untidy = `

# first
windtunnel 1
seed 3
title  T   
world server
# setup
0s   nats stream ls
1000ms nats stream ls
# done
`;
  expect(tidyScenario(untidy)).toBe(`# first
windtunnel 1
title   T
seed    3
world   server
# setup
0s      nats stream ls
1s      nats stream ls
# done
`);
});

const wrong: [name: string, text: string, message: string][] = [
  ["nothing", "", 'line 1: the file is empty; begin it with "windtunnel 1"'],
  ["no header", "0s ls", 'line 1: begin the file with "windtunnel 1"'],
  ["another format", "windtunnel 2", "line 1: this is format 2, and only format 1 is known here"],
  [
    "a typo",
    "windtunnel 1\nwrold server",
    'line 2: "wrold" is no header line and no time; did you mean "world"?',
  ],
  ["a bad seed", "windtunnel 1\nseed x", 'line 2: "x" is no seed; write a whole number from 0 on'],
  [
    "two titles",
    "windtunnel 1\ntitle a\ntitle b",
    'line 3: "title" was given on line 2; keep one of the two',
  ],
  ["no value", "windtunnel 1\ntitle", 'line 2: "title" wants a value after it'],
  [
    "a bad time",
    "windtunnel 1\n10 ls",
    'line 2: "10" is no time; write it as 10s, 1.5s, 250ms or 1m30s, with #3 for order within it',
  ],
  [
    "out of order",
    "windtunnel 1\n2s ls\n1s ls",
    "line 3: 1s is earlier than the input above; sort them by time",
  ],
  [
    "order within an instant",
    "windtunnel 1\n2s ls\n2s#1 ls",
    "line 3: 2s#1 is earlier than the input above; sort them by time",
  ],
  ["no line", "windtunnel 1\n2s", "line 2: after the time comes the line that is typed"],
  [
    "a late header",
    "windtunnel 1\n2s ls\nseed 4",
    'line 3: "seed" belongs to the header; move it above the first input',
  ],
  [
    "a missing time",
    "windtunnel 1\n2s ls\nnats pub a b",
    'line 3: "nats" is no time; begin an input with its time, as in "10s nats ..."',
  ],
  [
    "an unquoted key",
    "windtunnel 1\n2s @t2 key x",
    'line 2: "key" wants a quoted text, as in key "\\r"',
  ],
  [
    "a small signal",
    "windtunnel 1\n2s @t2 signal int",
    'line 2: name the signal in capitals, as in "signal INT"',
  ],
  [
    "a bad size",
    "windtunnel 1\n2s @t2 resize big",
    'line 2: give columns and rows, as in "resize 80x24"',
  ],
  ["a bad terminal", "windtunnel 1\n2s @!! ls", 'line 2: "@!!" is no terminal; name it as in @t2'],
  [
    "an open here-document",
    "windtunnel 1\n2s <<X\nls",
    'line 2: the text that begins here has no end; add a line "X"',
  ],
  [
    "a file twice",
    "windtunnel 1\nfile a <<E\nE\nfile a <<E\nE",
    "line 4: the file a is given twice; remove one of them",
  ],
  [
    "a file without text",
    "windtunnel 1\nfile a",
    'line 2: write "file PATH <<END", then the text, then END on a line',
  ],
  [
    "options without a question",
    "windtunnel 1\noption a",
    'line 2: "option" needs a "predict" line with the question',
  ],
  [
    "no right answer",
    "windtunnel 1\npredict q\noption a\noption b",
    'line 2: say which option is right: "answer 1" to "answer 2"',
  ],
];

for (const [name, text, message] of wrong) {
  test(`an error says where and what to do: ${name}`, () => {
    expect(() => parseScenario(text)).toThrow(ScenarioError);
    expect(() => parseScenario(text)).toThrow(message);
  });
}

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const value = fc
  .string({ minLength: 1, maxLength: 30, unit: "grapheme" })
  .map((s) => s.replace(/[\p{Cc}\u2028\u2029]/gu, "").trim())
  .filter((s) => s !== "");
// Anything at all may be typed: blanks, quotes, control characters, several lines.
const typed = fc.oneof(
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.constantFrom("", "@t2 ls", "key x", "<<END", "a\nEND\nb", 'line "x"', "# no comment", " x "),
  fc.array(word, { minLength: 2, maxLength: 4 }).map((lines) => lines.join("\n")),
);

const entry = fc.record({
  kind: fc.constantFrom("line" as const, "key" as const, "signal" as const, "outside" as const),
  tty: fc.oneof(fc.constant("t1"), word),
  text: typed,
  gap: fc.nat(3_000_000_000),
  k: fc.option(fc.nat(50)),
});

/** Stamps that never go back, as a journal's do. */
function inOrder(
  list: { kind: JournalEntry["kind"]; tty: string; text: string; gap: number; k: number | null }[],
) {
  let at = 0;
  return list.map(({ kind, tty, text, gap, k }) => {
    at += gap + 1;
    return { at: virtualNanos(at), k, tty, kind, text: kind === "signal" ? "INT" : text };
  });
}

const scenarios: fc.Arbitrary<Scenario> = fc.record({
  title: fc.oneof(fc.constant(""), value),
  lesson: fc.option(fc.constantFrom("lost-ack", "3")),
  seed: fc.option(fc.nat()),
  world: fc.array(value, { maxLength: 3 }),
  caption: fc.oneof(fc.constant(""), value),
  description: fc.array(value, { maxLength: 2 }),
  tags: fc.array(word, { maxLength: 3 }),
  difficulty: fc.option(fc.integer({ min: 1, max: 5 })),
  evidence: fc.array(value, { maxLength: 2 }),
  predict: fc.option(
    fc.record({ question: value, options: fc.tuple(value, value), answer: fc.constantFrom(1, 2) }),
  ),
  files: fc.uniqueArray(
    fc.record({ path: fc.oneof(word, value), text: fc.string({ unit: "binary" }) }),
    { maxLength: 3, selector: (file) => file.path },
  ),
  entries: fc.array(entry, { maxLength: 8 }).map(inOrder),
  comments: fc.constant([]),
});

test(`what is formatted parses back to the same scenario (seed ${seed})`, () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const text = formatScenario(scenario);
      expect(parseScenario(text)).toEqual(scenario);
      expect(tidyScenario(text)).toBe(text);
    }),
    { seed, numRuns: 2000 },
  );
});

test(`no text makes the parser fail but with a line number (seed ${seed})`, () => {
  const lines = fc.array(
    fc.oneof(value, fc.constantFrom("windtunnel 1", "0s ls", "seed 1", "<<E")),
  );
  fc.assert(
    fc.property(lines, (list) => {
      try {
        parseScenario(["windtunnel 1", ...list].join("\n"));
      } catch (error) {
        expect(error).toBeInstanceOf(ScenarioError);
        expect(String(error)).toMatch(/line \d+: /);
      }
    }),
    { seed, numRuns: 1000 },
  );
});

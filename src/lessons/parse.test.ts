/** A mistake in a lesson is reported with its file, its line and what to do. */
import { expect, test } from "vitest";
import { LessonError } from "./lesson.ts";
import { type LessonFiles, parseLesson } from "./parse.ts";

const good: LessonFiles = {
  lesson: `---
lesson: first
number: 1.1
objective: Say hello.
minutes: 2
opens: 1s
evidence: our model
---

# First

## Scene

One line
and its end.

A second [stream](stream:S).

## Predict

What happens?

- [ ] Nothing
- [x] Something,
  long as it is

> Because.

## Play

- It happens
  - when: \`now > 2000000000\`

## Do: Yours

- Do it
  - when: now > 3000000000
  - look: stream:S
  - say: Like _this_.
  - type: \`nats pub s x\`

## Goal

## Card

- \`nats pub s x\`
`,
  start: "windtunnel 1\nlesson first\nworld server\n",
  goal: "windtunnel 1\n# the hour\n0s expect 'now >= 4000000000'\n",
};

test("a lesson is read as data", () => {
  const lesson = parseLesson(good);
  expect(lesson.beats.map((beat) => beat.kind)).toEqual([
    ...["scene", "predict", "play", "do", "goal", "card"],
  ]);
  expect(lesson.par).toBeNull();
  expect(lesson.opens).toBe(1e9);
  const [scene, predict, , task, goal, card] = lesson.beats;
  expect(scene?.text).toEqual(["One line and its end.", "A second [stream](stream:S)."]);
  expect(predict).toMatchObject({
    options: ["Nothing", "Something, long as it is"],
    answer: 2,
    after: ["Because."],
  });
  expect(task).toMatchObject({
    title: "Yours",
    tasks: [
      {
        key: "4.1",
        text: "Do it",
        when: "now > 3000000000",
        hints: [
          { kind: "look", id: "stream:S" },
          { kind: "say", text: "Like _this_." },
          { kind: "type", line: "nats pub s x" },
        ],
      },
    ],
  });
  expect(goal).toMatchObject({ rows: [{ label: "the hour", predicate: "now >= 4000000000" }] });
  expect(card).toMatchObject({ commands: ["nats pub s x"] });
});

interface Mistake {
  readonly file?: keyof LessonFiles;
  readonly from: string;
  readonly to: string;
  readonly says: string;
}

const mistakes: readonly Mistake[] = [
  { from: "---\nlesson", to: "lesson", says: 'lesson.md, line 1: begin with "---"' },
  { from: "number: 1.1", to: "nubmer: 1.1", says: 'lesson.md, line 3: "nubmer" is not known here' },
  { from: "minutes: 2", to: "number: 2", says: 'line 5: "number" was given on line 3' },
  { from: "minutes: 2\n", to: "", says: 'the front matter lacks "minutes: ..."' },
  { from: "minutes: 2", to: "minutes: two", says: 'line 5: "minutes" is a whole number' },
  { from: "opens: 1s", to: "opens: soon", says: 'line 6: "opens" is a time' },
  { from: "# First\n", to: "", says: "below the front matter comes the title" },
  { from: "## Predict", to: "## Guess", says: 'line 19: "guess" is no part of a lesson' },
  { from: "- [x] Something", to: "- [ ] Something", says: "line 19: give two or more options" },
  { from: "- [ ] Nothing", to: "- Nothing", says: "line 23: write an option as" },
  { from: "## Play", to: "## Do", says: 'line 19: after "## Predict" comes the "## Play"' },
  { from: "  - when: `now > 2000000000`\n", to: "", says: "line 31: add" },
  { from: "  - look: stream:S", to: "  - lok: stream:S", says: 'line 38: "lok" is no hint' },
  { from: "  - look: stream:S", to: "  - look", says: 'line 38: write "key: value"' },
  { from: "- It happens\n  - when: `now > 2000000000`\n", to: "", says: "needs a list" },
  { from: "## Goal\n", to: "", says: 'a lesson has exactly one "## Goal"' },
  { from: "## Goal\n", to: "## Goal\n\n- row\n", says: "a list has no meaning" },
  { file: "goal", from: "expect", to: "echo", says: "goal.wt, line 3: a goal is made of lines" },
  { file: "goal", from: "# the hour\n", to: "", says: "goal.wt, line 2: say above it what it is" },
  { file: "goal", from: "0s expect 'now >= 4000000000'", to: "", says: "at least one expect" },
  { file: "goal", from: "0s", to: "zero", says: 'goal.wt, line 3: "zero" is no header line' },
  { file: "start", from: "lesson first\n", to: "", says: 'say which lesson it is: "lesson first"' },
  { file: "start", from: "world", to: "wrold", says: 'start.wt, line 3: "wrold" is no header' },
];

test.each(mistakes)("$says", ({ file = "lesson", from, to, says }) => {
  expect(good[file]).toContain(from);
  const files = { ...good, [file]: good[file].replace(from, to) };
  expect(() => parseLesson(files)).toThrow(LessonError);
  expect(() => parseLesson(files)).toThrow(says);
});

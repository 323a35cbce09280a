/** The emulator against what a real terminal showed (test/differential/transcripts). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createScreen, feedScreen, type Screen, screenLines } from "./screen.ts";

function shown(text: string, cols = 20, rows = 4): string[] {
  const screen = createScreen(cols, rows);
  feedScreen(screen, text);
  return screenLines(screen);
}

test("wraps at the last column only when another character follows", () => {
  expect(shown("abcde\r\nf", 5)).toEqual(["abcde", "f"]);
  expect(shown("abcdef", 5)).toEqual(["abcde", "f"]);
});

test("keeps what scrolls off, and moves only within the screen", () => {
  expect(shown("1\r\n2\r\n3\r\n4\r\n5\r\n6\u001b[Hx")).toEqual(["1", "2", "x", "4", "5", "6"]);
});

test("erases to the end of line, the whole line and the screen", () => {
  expect(shown("abcdef\u001b[3D\u001b[K")).toEqual(["abc"]);
  expect(shown("abc\u001b[2Kx")).toEqual(["   x"]);
  expect(shown("a\r\nb\u001b[2J\u001b[Hc")).toEqual(["c"]);
});

test("reads a sequence that comes in two pieces", () => {
  const screen = createScreen(20, 4);
  feedScreen(screen, "ab\u001b[1");
  feedScreen(screen, "Dc\u001b");
  feedScreen(screen, "7d");
  expect(screenLines(screen)).toEqual(["acd"]);
});

test("answers where the cursor is", () => {
  const screen: Screen = createScreen(20, 4);
  feedScreen(screen, "ab\r\nc\u001b[6n\u001b7\u001b[999;999f\u001b[6n\u001b8");
  expect(screen.answers).toEqual(["\u001b[2;2R", "\u001b[4;20R"]);
});

interface RecordedStep {
  readonly tty?: boolean;
  readonly cmd?: string;
  readonly cols?: number;
  readonly rows?: number;
  readonly stdout?: string;
  readonly screen?: string;
}

const folder = join(import.meta.dirname, "../../../test/differential/transcripts");
const files = readdirSync(folder).filter((name) => name.endsWith(".tty.jsonl"));

describe.each(files)("%s", (file) => {
  const steps = readFileSync(join(folder, file), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedStep)
    .filter(({ tty, stdout, screen }) => tty && stdout !== undefined && screen !== undefined);

  test("shows what the recorder's terminal showed", () => {
    expect(steps.length).toBeGreaterThan(10);
    for (const { cmd, cols = 100, rows = 30, stdout = "", screen } of steps) {
      if (stdout.includes("<usage text omitted>")) continue; // Cut after it was recorded.
      expect({ cmd, screen: shown(stdout, cols, rows).join("\n") }).toEqual({ cmd, screen });
    }
  });
});

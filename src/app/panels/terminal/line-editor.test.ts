import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLine, historyGhost, type LineState, pressKey, searchHit } from "./line-editor.ts";

function type(line: LineState, ...keys: string[]): LineState {
  let state = line;
  for (const key of keys) [state] = pressKey(state, key);
  return state;
}

describe("the line editor", () => {
  test("types where the cursor is", () => {
    const line = type(createLine(), "n", "s", "\x1b[D", "a", "t");
    expect(line.text).toBe("nats");
    expect(line.cursor).toBe(3);
  });

  test("hands a finished line over and keeps it in history", () => {
    const [next, effect] = pressKey(type(createLine(), "ls"), "\r");
    expect(effect).toEqual({ kind: "submit", line: "ls" });
    expect(next.history).toEqual(["ls"]);
    expect(next.text).toBe("");
  });

  test("does not keep the same line twice in a row", () => {
    const [next] = pressKey(type(createLine(["ls"]), "ls"), "\r");
    expect(next.history).toEqual(["ls"]);
  });

  test("walks history and comes back to what was being written", () => {
    const line = type(createLine(["one", "two"]), "dr", "\x1b[A", "\x1b[A");
    expect(line.text).toBe("one");
    expect(type(line, "\x1b[B", "\x1b[B").text).toBe("dr");
  });

  test("Ctrl R finds older lines and Enter runs the one that is shown", () => {
    const searching = type(createLine(["nats pub a", "date", "nats pub b"]), "\x12", "p", "u", "b");
    expect(searchHit(searching)).toBe("nats pub b");
    const older = type(searching, "\x12");
    expect(searchHit(older)).toBe("nats pub a");
    const [, effect] = pressKey(older, "\r");
    expect(effect).toEqual({ kind: "submit", line: "nats pub a" });
  });

  test("kills a word and yanks it back", () => {
    const line = type(createLine(), "nats stream ls", "\x17", "\x15", "\x19");
    expect(line.text).toBe("nats stream ");
  });

  test("takes the ghost of history with the right arrow at the end of the line", () => {
    const line = type(createLine(["nats stream ls"]), "nats");
    expect(historyGhost(line)).toBe(" stream ls");
    expect(type(line, "\x1b[C").text).toBe("nats stream ls");
  });

  test("Ctrl D deletes forward, and ends only an empty line", () => {
    expect(type(createLine(), "ab", "\x1b[H", "\x04").text).toBe("b");
    expect(pressKey(createLine(), "\x04")[1]).toEqual({ kind: "end" });
  });

  test("keeps its cursor inside the line under any keys", () => {
    const keys = [
      "a",
      " ",
      "\x1b[D",
      "\x1b[C",
      "\x7f",
      "\x17",
      "\x19",
      "\x1b[A",
      "\x1b[B",
      "\x12",
      "\r",
      "\x04",
      "\x03",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 60 }), (typed) => {
        const line = type(createLine(["one two", "three"]), ...typed);
        expect(line.cursor).toBeGreaterThanOrEqual(0);
        expect(line.cursor).toBeLessThanOrEqual(line.text.length);
      }),
    );
  });
});

/** What a command wrote is shown as it was written, also long after. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeText } from "../../protocol/index.ts";
import { createWorld, type Doors } from "../world.ts";
import { type TerminalState, writeTerminal, writtenBy } from "./terminal.ts";

const writes = fc.array(fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.string()));

test("output and complaints are remembered in the order in which they came", () => {
  fc.assert(
    fc.property(writes, (all) => {
      const world = createWorld(1);
      const command = { line: "x", exit: null, stdout: "", stderr: "" };
      world.terminals.set("t1", { commands: [command] } as unknown as TerminalState);
      const shown: string[] = [];
      const doors = { output: () => undefined } as unknown as Doors;
      for (const [stream, text] of all) {
        shown.push(text);
        const write = { command: 0, bytes: encodeText(text) };
        writeTerminal(world, doors, { kind: "tty", tty: "t1", stream }, write);
      }
      expect(writtenBy(command)).toBe(shown.join(""));
    }),
  );
});

test("where all of the output comes first, nothing is added to the state", () => {
  const world = createWorld(1);
  const command = { line: "x", exit: null, stdout: "", stderr: "" };
  world.terminals.set("t1", { commands: [command] } as unknown as TerminalState);
  const doors = { output: () => undefined } as unknown as Doors;
  for (const stream of [1, 1, 2, 2] as const) {
    const write = { command: 0, bytes: encodeText("a") };
    writeTerminal(world, doors, { kind: "tty", tty: "t1", stream }, write);
  }
  expect(command).toEqual({ line: "x", exit: null, stdout: "aa", stderr: "aa" });
});

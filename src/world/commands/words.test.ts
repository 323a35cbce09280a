import { expect, test } from "vitest";
import { createDoors, createWorld } from "../world.ts";
import { parseCall } from "./grammar.ts";
import { isWorldLine, worldCommand } from "./run-line.ts";
import { commandTable } from "./table.ts";
import {
  formatDuration,
  parseBandwidth,
  parseChance,
  parseDuration,
  parsePeriod,
  parseSize,
} from "./values.ts";
import { splitWords } from "./words.ts";

function say(line: string): string {
  const world = createWorld(1);
  const { stdout, stderr } = worldCommand(world, createDoors(), line);
  return stdout + stderr;
}

test("splits as a shell does, and leaves to a shell what only a shell reads", () => {
  expect(splitWords(`expect --within 5s 'a == "b c" && d'`)).toEqual([
    "expect",
    "--within",
    "5s",
    `a == "b c" && d`,
  ]);
  expect(splitWords(`a"b c"'d' # comment`)).toEqual(["ab cd"]);
  for (const line of ["a | b", "a; b", "a > b", 'a "$b"', "a 'b", "a \\b", "a *"]) {
    expect(splitWords(line)).toBeNull();
  }
});

test("only whole lines of the table act without a shell", () => {
  expect(isWorldLine("fault kill n1")).toBe(true);
  expect(isWorldLine("fault kill n1; fault start n1")).toBe(false);
  expect(isWorldLine("nats rtt")).toBe(false);
  expect(isWorldLine("sim wait 5s")).toBe(false);
});

test("reads durations, sizes, rates and chances, and says what it wants instead", () => {
  expect(parseDuration("1m30s")).toBe(90_000_000_000);
  expect(parseDuration("1.5ms")).toBe(1_500_000);
  expect(parseSize("4KB")).toBe(4096);
  expect(parsePeriod("50/s")).toBe(20_000_000);
  expect(parseChance("50%")).toBe(0x8000_0000);
  expect(parseBandwidth("1MB/s")).toBe(1_048_576);
  expect(() => parseDuration("5")).toThrow('"5" is not a duration: write 250ms, 2s, 1m30s');
  expect(() => parsePeriod("0/s")).toThrow("is not a rate");
  expect(() => parseChance("120%")).toThrow("is not a percentage");
});

test("writes durations as they are typed", () => {
  expect([1, 1_500, 250_000_000, 90_000_000_000, 3_600_000_000_000].map(formatDuration)).toEqual([
    "1ns",
    "1.5us",
    "250ms",
    "1m30s",
    "1h",
  ]);
});

test("a mistake says what to do", () => {
  expect(say("fault kill n9")).toBe("fault: no server n9: there is none yet\n");
  expect(say("fault explode n1")).toMatch(/^fault: no "fault explode": kill, start, freeze/);
  expect(say("world preset big")).toBe(
    "world: no preset big: plain, nojs, none, accounts, limits, cluster, cluster3, cluster5\n",
  );
  expect(say("fault drop puback --count none")).toBe(
    'fault: "none" is not a whole number from 1 on\n',
  );
  expect(say("load publisher P --rate 5/s")).toBe("load: --subject is missing\n");
  expect(say("fault kill --hard n1")).toBe(
    "fault: fault kill has no flag --hard; usage: fault kill TARGET...\n",
  );
});

test("every command explains itself with an example that parses", () => {
  expect(say("fault --help")).toContain("fault drop KIND [--stream STREAM]");
  expect(say("load help")).toContain("e.g. load publisher P --subject orders.new --rate 50/s");
  for (const spec of commandTable) {
    const words = splitWords(spec.example) ?? [];
    expect(words.slice(0, spec.path.split(" ").length).join(" ")).toBe(spec.path);
    parseCall(spec, words.slice(spec.path.split(" ").length));
  }
});

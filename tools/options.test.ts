/** What the project's own commands have in common. Evidence: our model. */
import { afterEach, expect, test, vi } from "vitest";
import { OptionError, readOptions, readWords, runCommand, wholeNumber } from "./options.ts";

const told = { out: "", err: "" };
const command = {
  name: "sum",
  usage: "usage: sum [--times N]",
  read: (words: readonly string[]) =>
    wholeNumber("times", readOptions(words, { times: { type: "string", default: "3" } }).times),
  run: (times: number) => times,
};

async function run(...words: string[]): Promise<number> {
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    told.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told.err += String(text);
    return true;
  });
  return await runCommand(command, words);
}

afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(told, { out: "", err: "" });
});

test("runs with what it is told", async () => {
  expect(await run()).toBe(3);
  expect(await run("--times", "7")).toBe(7);
  expect(await run("--times=8")).toBe(8);
});

test("says how it is used, and does nothing, when asked for help", async () => {
  expect(await run("--times", "7", "--help")).toBe(0);
  expect(told).toEqual({ out: "usage: sum [--times N]\n", err: "" });
});

test("says what is wrong and how it is used", async () => {
  expect(await run("--tims", "7")).toBe(2);
  expect(told.err).toMatch(/^sum: .*'--tims'.*\nusage: sum \[--times N\]\n$/s);
  expect(await run("--times", "x")).toBe(2);
  expect(told.err).toContain('--times wants a whole number, not "x"');
  expect(await run("word")).toBe(2);
});

test("takes as many words as there are names", () => {
  expect(readWords(["a", "b"], "FOLDER", "COMMIT")).toEqual(["a", "b"]);
  expect(() => readWords(["a"], "FOLDER", "COMMIT")).toThrow(
    new OptionError("wants FOLDER COMMIT"),
  );
  expect(() => readWords(["a"])).toThrow(new OptionError("takes no arguments"));
  expect(() => readWords(["--a"], "FOLDER")).toThrow(new OptionError("there is no option --a"));
});

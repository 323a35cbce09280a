/** The exit status of `windtunnel run`: 0 held, 1 failed, 2 usage, 3 a bug of ours. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Program } from "../../clients/index.ts";
import { headlessGround } from "../sh/ground.ts";
import { run } from "./run.ts";

let folder = "";
let printed = { out: "", err: "" };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-run-"));
  printed = { out: "", err: "" };
  const keep = (name: "out" | "err") => (text: string | Uint8Array) => {
    printed[name] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(keep("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(keep("err"));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, ...lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ["windtunnel 1", "seed 5", "world server", ...lines, ""].join("\n"));
  return path;
}

test("0 when everything held, 1 when an expectation failed, 2 for a file that is none", async () => {
  expect(await run([fileOf("a.wt", "1s expect 'now > 0'")])).toBe(0);
  expect(await run([fileOf("b.wt", "1s expect 'now < 0'")])).toBe(1);
  expect(await run([fileOf("c.wt", "1s")])).toBe(2);
  expect(await run([join(folder, "nothing.wt")])).toBe(2);
});

test("3 when an assertion of ours fails: it says which, and how to meet it again", async () => {
  // A table of programs that names a shell and has none: the host asserts that there is one.
  const programs = { sh: undefined as unknown as Program };
  const ground = { ...headlessGround(), programs };
  const good = fileOf("good.wt", "1s expect 'now > 0'");
  const bad = fileOf("bad.wt", "1s echo hello", "2s expect 'now < 0'");
  // The other files are played all the same.
  expect(await run([bad, good, "--seed", "7"], ground)).toBe(3);
  expect(printed.err).toMatch(
    /bad\.wt: assertion failed: process \d+ runs sh, which is no program/,
  );
  expect(printed.err).toContain(`replay: bin/windtunnel run ${bad} --seed 7\n`);
  expect(printed.out).toContain(`held   ${good} seed 7`);
});

/**
 * The shell against real bash: the same snippets, the same output and exit status.
 * Evidence: bash itself, run here; skipped visibly where there is none.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createPrograms } from "../programs.ts";
import { snippets } from "./bash-snippets.ts";
import { createDesk } from "./desk-for-tests.ts";

const bashIsHere = spawnSync("bash", ["--version"]).status === 0;

describe.skipIf(!bashIsHere)("agrees with bash", () => {
  test.each(snippets.map((snippet) => [snippet]))("%s", async (snippet) => {
    const desk = createDesk(createPrograms());
    const ours = await desk.run(snippet);
    expect({ stdout: ours.stdout, exit: ours.exit }).toEqual(runBash(snippet));
  });
});

function runBash(snippet: string): { stdout: string; exit: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "bash-"));
  try {
    const { stdout, status } = spawnSync("bash", ["--norc", "-c", snippet], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "", HOME: "/home/learner", LC_ALL: "C.UTF-8" },
      timeout: 10_000,
    });
    return { stdout, exit: status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `npm run bench [-- --json FILE] [--only PART]`: measures, prints, and keeps the numbers. */
import { OptionError, readOptions, runCommand } from "../options.ts";
import { benchClusters } from "./clusters.ts";
import { benchKernel } from "./kernel.ts";
import { benchPage } from "./page.ts";
import { type Report, writeReport } from "./report.ts";
import { benchSeek } from "./seek.ts";
import { benchServe } from "./serve.ts";
import { benchStore } from "./store.ts";
import { benchTurns } from "./turns.ts";
import { benchWorlds } from "./worlds.ts";

const parts: Readonly<Record<string, (report: Report) => void | Promise<void>>> = {
  kernel: benchKernel,
  store: benchStore,
  worlds: benchWorlds,
  clusters: benchClusters,
  seek: benchSeek,
  turns: benchTurns,
  serve: benchServe,
  page: benchPage,
};

const usage = `usage: npm run bench -- [--only PART] [--json FILE]
parts: ${Object.keys(parts).join(", ")}`;

interface Arguments {
  /** Null: all parts. */
  readonly only: string | null;
  /** Where the numbers are kept; null: nowhere. */
  readonly json: string | null;
}

process.exitCode = await runCommand({ name: "bench", usage, read: readArguments, run: measure });

async function measure({ only, json }: Arguments): Promise<number> {
  const report: Report = { metrics: [] };
  for (const [name, run] of Object.entries(parts)) {
    if (only === null || only === name) await run(report);
  }
  if (json !== null) writeReport(report, json);
  return 0;
}

function readArguments(words: readonly string[]): Arguments {
  const given = readOptions(words, { only: { type: "string" }, json: { type: "string" } });
  const { only = null, json = null } = given;
  if (only === null || Object.hasOwn(parts, only)) return { only, json };
  throw new OptionError(`there is no part ${only}`);
}

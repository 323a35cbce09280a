/** `npm run bench [-- --json FILE] [--only NAME]`: measures, prints, and keeps the numbers. */
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

const json = option("--json");
const only = option("--only");
if (only !== null && parts[only] === undefined) {
  console.error(`--only takes one of ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const report: Report = { metrics: [] };
for (const [name, run] of Object.entries(parts)) {
  if (only === null || only === name) await run(report);
}
if (json !== null) writeReport(report, json);

function option(name: string): string | null {
  const index = process.argv.indexOf(name);
  return index < 0 ? null : (process.argv[index + 1] ?? "");
}

/** The command as the sources stand, bundled once a run of the tests that start it as a process. */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../..");
const outDir = join(root, ".cache/command");

/** Vitest calls it before the first of those tests. */
export async function setup(): Promise<void> {
  await build({
    configFile: false,
    root,
    logLevel: "error",
    publicDir: false,
    build: {
      ssr: "src/node/main.ts",
      target: "node20",
      outDir,
      rolldownOptions: {
        checks: { bundlerTimings: false },
        output: { entryFileNames: "windtunnel.mjs", codeSplitting: false },
      },
    },
  });
}

/** For `spawn`: a program and its first arguments, which those of `windtunnel serve` follow. */
export const builtServe = [
  process.execPath,
  "--input-type=module",
  "-e",
  `import { main } from ${JSON.stringify(pathToFileURL(join(outDir, "windtunnel.mjs")).href)};
   await main(["serve", ...process.argv.slice(1)]);`,
  "--",
] as const;

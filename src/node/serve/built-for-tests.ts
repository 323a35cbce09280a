/** The command as the sources stand, bundled once a run of the tests that start it as a process. */
import { join, resolve } from "node:path";
import { build } from "vite";

const root = resolve(import.meta.dirname, "../../..");
const outDir = join(root, ".cache/command");

/** Vitest calls it before the first of those tests. */
export async function setup(): Promise<void> {
  await build({
    configFile: join(root, "vite.node.config.ts"),
    root,
    logLevel: "error",
    build: { outDir },
  });
}

/** For `spawn`: a program and its first arguments, which those of `windtunnel serve` follow. */
export const builtServe = [
  process.execPath,
  "--input-type=module",
  "-e",
  `import { main } from ${JSON.stringify(`file://${outDir}/windtunnel.js`)};
   await main(["serve", ...process.argv.slice(1)]);`,
  "--",
] as const;

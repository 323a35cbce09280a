/** Runs a TypeScript script with Vite's own module runner: `node tools/run.mjs tools/x.ts [args]`. */
import { resolve } from "node:path";
import { runnerImport } from "vite";

const [script, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], resolve(script), ...args];
await runnerImport(resolve(script), { configFile: false, logLevel: "error" });

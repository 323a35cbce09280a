import { defineConfig } from "vite";

/** The command: one file for Node, packages left where npm put them. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: "src/node/main.ts",
    target: "node20",
    outDir: "dist/node",
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: { entryFileNames: "windtunnel.js", codeSplitting: false },
    },
  },
});

import { defineConfig } from "vite";

/**
 * The command: an entry and what it loads when it is asked for; packages are left where npm put
 * them. CommonJS, because Node 20 keeps compiled code of scripts only (`bin/launch.cjs`).
 */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: "src/node/main.ts",
    target: "node20",
    outDir: "dist/node",
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        format: "cjs",
        dynamicImportInCjs: false,
        entryFileNames: "windtunnel.cjs",
        chunkFileNames: "[name]-[hash].cjs",
      },
    },
  },
});

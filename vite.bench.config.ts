import { defineConfig } from "vite";

/** The bench as one file: Vite's module runner would cost a getter for each call between rooms. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: "tools/bench/main.ts",
    target: "node20",
    outDir: ".cache/bench",
    rollupOptions: { output: { entryFileNames: "bench.js", codeSplitting: false } },
  },
});

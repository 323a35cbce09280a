import { defineConfig } from "vite";

/** The fuzzer as one file, for the same reason as the bench. */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: "tools/fuzz/main.ts",
    target: "node20",
    outDir: ".cache/fuzz",
    rollupOptions: { output: { entryFileNames: "fuzz.js", codeSplitting: false } },
  },
});

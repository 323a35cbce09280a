import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { fastStart } from "./tools/page/fast-start.ts";
import { lazyKeys } from "./tools/page/lazy-keys.ts";

/** How long a plugin took on a busy machine is no news to who runs `npm start`. */
const quiet = { bundlerTimings: false };

export default defineConfig({
  plugins: [react(), fastStart()],
  worker: {
    format: "es",
    plugins: () => [lazyKeys()],
    rolldownOptions: {
      checks: quiet,
      // A room's face does nothing itself: whoever imports one function gets no whole room.
      treeshake: { moduleSideEffects: [{ test: /\/src\/\w+\/index\.ts$/, sideEffects: false }] },
      output: {
        // One file holds all that it starts with: imports of imports would be asked for in turn.
        codeSplitting: {
          groups: [{ name: "entry", tags: ["$initial"], includeDependenciesRecursively: false }],
        },
        // A name by which tools/weight knows it: packages would all be called "lib".
        chunkFileNames: ({ name, moduleIds }) =>
          moduleIds.some((id) => id.includes("/cel-js/"))
            ? "assets/predicates-[hash].js"
            : `assets/${name}-[hash].js`,
      },
    },
  },
  build: {
    rolldownOptions: {
      checks: quiet,
      // What other pages import to drive one of ours, under a name that stays.
      input: { index: "index.html", embed: "src/embed/index.ts" },
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: ({ name }) => (name === "embed" ? "embed.js" : "assets/[name]-[hash].js"),
        // Two files, compiled side by side; of many small ones the last is asked for late.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            {
              name: "page",
              tags: ["$initial"],
              test: /^(?!.*\/src\/embed\/)/,
            },
          ],
        },
      },
    },
    target: "es2023",
    outDir: "dist/page",
    // Weighed by tools/weight against the limits of the style guide.
    chunkSizeWarningLimit: 2000,
  },
  preview: { host: "127.0.0.1", port: Number(process.env.PORT ?? 4173), strictPort: true },
});

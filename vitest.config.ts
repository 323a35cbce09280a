import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "node",
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"],
    testTimeout: 60_000,
    // Each file gets a realm of its own: patched clocks and timers must not leak into a neighbour.
    isolate: true,
    pool: "forks",
    // Many of them wait for real servers: one worker would leave the machine idle.
    maxWorkers: 2,
  },
});

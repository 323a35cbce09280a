import { configDefaults, defineConfig } from "vitest/config";

/** What runs beside real servers, sockets and processes, in real time. */
const realTime = ["test/differential/**/*.test.ts", "src/node/**/*.test.ts"];

export default defineConfig({
  test: {
    environment: "node",
    testTimeout: 60_000,
    // Each file gets a realm of its own: patched clocks and timers must not leak into a neighbour.
    isolate: true,
    pool: "forks",
    // Many of them wait for real servers: with two at a time two cores are idle half of the time.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "virtual time",
          include: ["src/**/*.test.ts", "test/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...realTime],
        },
      },
      {
        extends: true,
        test: {
          name: "real time",
          include: realTime,
          globalSetup: "src/node/serve/built-for-tests.ts",
          // A machine that stalls for a moment is no finding; what truly differs differs again.
          retry: 2,
        },
      },
    ],
  },
});

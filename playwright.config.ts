import { defineConfig } from "@playwright/test";

/** A port of our own: a page somebody looks at meanwhile stays untouched. */
const port = 41_731;

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  // A browser that stalls for a moment is no finding; what passes at the second try is told.
  retries: 1,
  expect: { timeout: 15_000 },
  reporter: "list",
  outputDir: ".cache/e2e",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    colorScheme: "dark",
    launchOptions: {
      executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // The built page, as visitors get it; `npm run build` makes it.
  webServer: {
    command: `npx vite preview --port ${port} --outDir dist/page`,
    url: `http://127.0.0.1:${port}`,
    reuseExistingServer: false,
  },
});

/**
 * `npm test`: installs what is missing, then checks, builds and runs every test.
 * The last line is `N passed, M failed`; exit 1 when anything failed.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ensureBrowser, ensureNatsServer, ensurePackages, root, run } from "./install.mjs";

const reports = join(root, ".cache/reports");
const totals = { passed: 0, failed: 0, skipped: 0 };

ensurePackages();
const browser = ensureBrowser();
if (browser === null) console.error("No Chromium found: the browser tests will fail");
const natsServer = ensureNatsServer();
console.log(
  natsServer === null
    ? "SKIPPED: no nats-server and no Go here, so nothing is compared with the real server"
    : "Comparing with the real nats-server",
);
const path = [natsServer === null ? "" : dirname(natsServer), process.env.PATH].filter(Boolean);
const env = { ...process.env, PATH: path.join(delimiter), CHROMIUM: browser ?? "" };

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
step("npm run check", ["run", "--silent", "check"]);
step("npm run build", ["run", "--silent", "build"]);
suite("unit and differential tests", "vitest.json", [
  ...["vitest", "run", "--reporter=default", "--reporter=json"],
  ...["--outputFile.json", join(reports, "vitest.json")],
]);
suite("browser tests", "playwright.json", ["playwright", "test", "--reporter=list,json"], {
  PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, "playwright.json"),
});
if (totals.skipped > 0) console.log(`${totals.skipped} skipped (each says why above)`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 && totals.passed > 0 ? 0 : 1);

/** A step that must succeed but holds no tests of its own. */
function step(name, args) {
  console.log(`\n# ${name}`);
  if (run("npm", args, { env })) return;
  console.error(`${name} failed`);
  totals.failed++;
}

/** A test runner that leaves a JSON report; a missing report counts as a failure. */
function suite(name, report, args, extra = {}) {
  console.log(`\n# ${name}`);
  const succeeded = run("npx", args, { env: { ...env, ...extra } });
  const counts = readCounts(join(reports, report));
  totals.passed += counts.passed;
  totals.skipped += counts.skipped;
  totals.failed += counts.failed === 0 && !succeeded ? 1 : counts.failed;
}

/** Counts of a vitest or Playwright JSON report. */
function readCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, "utf8"));
  if (report.stats === undefined) {
    const failed =
      report.numFailedTests + report.numFailedTestSuites * (report.numTotalTests ? 0 : 1);
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
  }
  const { expected, flaky, unexpected, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected, skipped };
}

/** What `npm start` and `npm test` need before anything else: packages, a browser, nats-server. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");
const serverVersion = "v2.15.2";

/** Runs a command with its output shown; answers whether it succeeded. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  return done.status === 0;
}

/**
 * Installs the packages of the lock file when they are missing or older than it. Not by `npm ci`:
 * it removes everything first, so that a lock file that is newer by date alone needs the network.
 */
export function ensurePackages() {
  const installed = join(root, "node_modules/.package-lock.json");
  const lock = join(root, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log("Installing packages (npm install) ...");
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  if (run("npm", ["install", "--no-save", ...quiet])) return;
  console.error("npm install failed: see above; a network and Node 20.19 or newer are needed");
  process.exit(1);
}

/** Path of a Chromium, installed by the system's packages or by Playwright when there is none. */
export function ensureBrowser() {
  const present = findBrowser();
  if (present !== null) return present;
  if (process.platform === "linux" && process.getuid?.() === 0 && findOnPath("apt-get") !== null) {
    console.log("Installing Chromium for the browser tests (apt-get install chromium) ...");
    const quiet = { stdio: ["ignore", "ignore", "inherit"] };
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    run("apt-get", ["update", "-qq"], { ...quiet, env });
    run("apt-get", ["install", "-y", "-qq", "chromium"], { ...quiet, env });
  } else {
    console.log("Installing Chromium for the browser tests (playwright install chromium) ...");
    run("npx", ["playwright", "install", "chromium"]);
  }
  return findBrowser();
}

function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named !== undefined && existsSync(named)) return named;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const path = findOnPath(name);
    if (path !== null) return path;
  }
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  if (existsSync(mac)) return mac;
  const code = "import('playwright-core').then((p) => console.log(p.chromium.executablePath()))";
  const asked = spawnSync(process.execPath, ["-e", code], { cwd: root, encoding: "utf8" });
  const path = asked.stdout?.trim() ?? "";
  return path !== "" && existsSync(path) ? path : null;
}

/** Path of the real nats-server for the differential tests; null where Go is missing too. */
export function ensureNatsServer() {
  const present = findOnPath("nats-server") ?? existing(join(goBin(), "nats-server"));
  if (present !== null) return present;
  if (findOnPath("go") === null) return null;
  console.log(
    `Installing nats-server ${serverVersion} for the differential tests (go install) ...`,
  );
  run("go", ["install", `github.com/nats-io/nats-server/v2@${serverVersion}`]);
  return existing(join(goBin(), "nats-server"));
}

function goBin() {
  if (process.env.GOBIN) return process.env.GOBIN;
  return join(process.env.GOPATH ?? join(homedir(), "go"), "bin");
}

function findOnPath(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, name);
    if (folder !== "" && existsSync(path)) return path;
  }
  return null;
}

function existing(path) {
  return existsSync(path) ? path : null;
}

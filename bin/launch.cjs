/** What the commands of this folder share: the build, and a quick way to load it. */
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createRequire, wrap } = require("node:module");
const { dirname, join } = require("node:path");
const { cachedDataVersionTag } = require("node:v8");
const { Script } = require("node:vm");

const root = dirname(__dirname);
const built = join(root, "dist/node/windtunnel.cjs");
/** A server is up by then, and what is compiled at its start is compiled. */
const keepAfterMs = 1000;

/** Ends the process when packages are missing or the sources do not build. */
function build() {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  if (!existsSync(vite)) {
    console.error("windtunnel: packages are missing: run `npm install` first");
    process.exit(2);
  }
  const config = join(root, "vite.node.config.ts");
  const args = [vite, "build", "--config", config, "--logLevel", "error"];
  const options = { cwd: root, stdio: ["ignore", "ignore", "inherit"] };
  const done = spawnSync(process.execPath, args, options);
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/**
 * Loads a module of the build, and what that asks for. Machine code that V8 keeps is stored beside
 * the build: a start takes 110 ms of processor instead of 250, of which Node itself takes 55. Names
 * of files hold a hash of what is in them (the entry's does not, and is not stored).
 */
function load(entry) {
  const folder = dirname(entry);
  const cacheFolder = join(folder, "cache", String(cachedDataVersionTag()));
  const outside = createRequire(entry);
  const modules = new Map();
  const fresh = [];
  const keep = () => {
    for (const { script, cachePath } of fresh.splice(0)) store(cachePath, script.createCachedData());
  };
  const noteFresh = (script, cachePath) => {
    if (fresh.push({ script, cachePath }) === 1) setTimeout(keep, keepAfterMs).unref();
  };
  const loadFile = (path) => {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(path, module);
    const cachePath = path === entry ? "" : join(cacheFolder, path.slice(folder.length + 1));
    const cachedData = cachePath === "" ? undefined : readIfThere(cachePath);
    const script = new Script(wrap(readFileSync(path, "utf8")), { filename: path, cachedData });
    const isKept = cachedData !== undefined && !script.cachedDataRejected;
    if (cachePath !== "" && !isKept) noteFresh(script, cachePath);
    const require = (id) => (id.startsWith(".") ? loadFile(join(folder, id)) : outside(id));
    script.runInThisContext()(module.exports, require, module, path, folder);
    return module.exports;
  };
  process.once("exit", keep);
  return loadFile(entry);
}

function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Whole or not at all: others may read at this moment. Who may not write does without. */
function store(path, bytes) {
  const draft = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, bytes);
    renameSync(draft, path);
  } catch {
    // The next start compiles again.
  }
}

module.exports = { root, built, build, main: (argv) => load(built).main(argv) };

/** The files of `bin`, with a build of two lines in place of the real one. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "windtunnel-bin-"));
  cpSync(resolve(import.meta.dirname, "../../bin"), join(root, "bin"), { recursive: true });
  mkdirSync(join(root, "src"));
  mkdirSync(join(root, "dist/node"), { recursive: true });
  write("windtunnel.cjs", 'exports.main = async (argv) => require("./part-1.cjs").say(argv);');
  write(
    "part-1.cjs",
    `const { sep } = require("node:path");
     exports.say = (argv) => {
       console.log(sep + argv.join(" "));
       process.exitCode = 3;
     };`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(root, "dist/node", name), text);
}

function run(name: string, ...args: readonly string[]): readonly [string, number | null] {
  const command = [join(root, "bin", name), ...args];
  const { stdout, status } = spawnSync(process.execPath, command, { encoding: "utf8" });
  return [stdout, status];
}

/** What V8 compiled, as stored beside the build. */
function stored(): string[] {
  const folder = join(root, "dist/node/cache");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("nats-server is serve, with the arguments and the exit code", () => {
  expect(run("nats-server", "-p", "4222")).toEqual(["/serve -p 4222\n", 3]);
  expect(run("windtunnel", "run", "a.wt")).toEqual(["/run a.wt\n", 3]);
});

test("compiled code is kept, found again, and done without when it is spoilt", () => {
  run("windtunnel", "first");
  const [path = "", ...others] = stored();
  expect(path.endsWith("part-1.cjs")).toBe(true);
  expect(others).toEqual([]);
  expect(run("windtunnel", "second")).toEqual(["/second\n", 3]);
  writeFileSync(path, "no compiled code");
  expect(run("windtunnel", "third")).toEqual(["/third\n", 3]);
  expect(stored()).toEqual([path]);
});

test("another part has another name, and is compiled anew", () => {
  run("windtunnel", "old");
  write("windtunnel.cjs", 'exports.main = (argv) => require("./part-2.cjs").say(argv);');
  write("part-2.cjs", "exports.say = (argv) => console.log('new', argv.length);");
  expect(run("windtunnel", "a", "b")).toEqual(["new 2\n", 0]);
});

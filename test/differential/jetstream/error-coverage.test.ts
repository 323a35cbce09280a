/**
 * Every error of nats-server's table is made by some code of ours, or it is said here why not.
 * Evidence: `server/errors.json` of nats-server 2.15.2, and where its code makes each error.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { neverMade, ofClusters, unreachable } from "../suite/errors-apart.ts";

const root = join(import.meta.dirname, "../../..");

const { errors } = JSON.parse(readFileSync(join(root, "tools/facts/errors.json"), "utf8")) as {
  readonly errors: readonly { readonly constant: string }[];
};

test("every error is made, or it is known why not", () => {
  const made = constantsInSource();
  const excused = [...neverMade, ...ofClusters, ...Object.keys(unreachable)];
  const missing = errors.map(({ constant }) => constant).filter((name) => !made.has(name));
  expect(missing.sort()).toEqual(excused.sort());
});

function constantsInSource(): Set<string> {
  const found = new Set<string>();
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  for (const file of files) {
    if (!file.endsWith(".ts") || file.endsWith(".gen.ts") || file.endsWith(".test.ts")) continue;
    const text = readFileSync(join(root, "src", file), "utf8");
    for (const [, name = ""] of text.matchAll(/"(JS\w+)"/g)) found.add(name);
  }
  return found;
}

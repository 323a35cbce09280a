/**
 * Each text file here is commands and the exact trace that they gave. `npx vitest run -u` with
 * this file records them anew: commit only a difference that you understand.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { play } from "./script.ts";

const here = new URL(".", import.meta.url);
const files = readdirSync(here)
  .filter((name) => name.endsWith(".txt"))
  .sort((a, b) => (a < b ? -1 : 1));

test.each(files)("%s", async (name) => {
  const text = readFileSync(new URL(name, here), "utf8");
  await expect(play(text)).toMatchFileSnapshot(name);
});

/** One world, one seed: the same state hash in Node and in Chromium. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { library } from "../../src/scenario/index.ts";
import { findBrowser, type OpenedModule, openModule } from "./browser.ts";
import { kernelHash, libraryHashes, libraryTrail } from "./in-browser.ts";
import { firstDifference } from "./trail.ts";

const found = findBrowser();
const inBrowser = test.skipIf(found === null);
let opened: OpenedModule | null = null;

beforeAll(async () => {
  if (found === null) return;
  const path = fileURLToPath(new URL("in-browser.ts", import.meta.url));
  opened = await openModule(path, found);
}, 120_000);

afterAll(() => opened?.browser.close());

async function inFreshPage(expression: string): Promise<unknown> {
  const page = await opened?.freshPage();
  const value: unknown = await page?.evaluate(expression);
  await page?.close();
  return value;
}

inBrowser("the kernel hashes alike in Node and Chromium", async () => {
  expect(await inFreshPage("kernelHash()")).toBe(kernelHash());
});

// Four runs of each, on a machine that may have other work.
const libraryMs = 20_000 * library.length;

const alike = "every scenario ends alike in Node and in three fresh realms of Chromium";
inBrowser(alike, { timeout: libraryMs }, async () => {
  const ours = await libraryHashes();
  for (let i = 0; i < 3; i++) {
    const theirs = (await inFreshPage("libraryHashes()")) as string[];
    const at = ours.findIndex((end, n) => end !== theirs[n]);
    if (at < 0) continue;
    const id = ours[at]?.split(" ")[0] ?? "";
    const trail = (await inFreshPage(`libraryTrail(${JSON.stringify(id)})`)) as string[];
    expect.fail(`${id} parts here:\n${firstDifference(await libraryTrail(id), trail)}`);
  }
});

test("a trail names the first event at which two runs part", async () => {
  const trail = await libraryTrail("lost-ack");
  expect(trail.length).toBeGreaterThan(50);
  expect(firstDifference(trail, await libraryTrail("lost-ack"))).toBe("");
  const other = trail.with(7, "changed");
  expect(firstDifference(trail, other)).toBe(`${trail[7]}\nchanged`);
  expect(trail[7]).toMatch(/^\d+ \d+ [a-z-]+ \w+ [0-9a-f]{16}$/);
});

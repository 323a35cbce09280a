/** Design law 1: the same state hash in Node and in Chromium. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser, type OpenedModule, openModule } from "./browser.ts";
import { kernelHash, libraryHashes } from "./in-browser.ts";

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

inBrowser("every scenario ends alike in Node and in three fresh realms of Chromium", async () => {
  const ours = await libraryHashes();
  for (let i = 0; i < 3; i++) expect(await inFreshPage("libraryHashes()")).toEqual(ours);
});

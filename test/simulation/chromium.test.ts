/** Design law 1: the same state hash in Node and in Chromium. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser, openModule } from "./browser.ts";
import { kernelHash } from "./in-browser.ts";

const found = findBrowser();
const inBrowser = test.skipIf(found === null);
let opened: Awaited<ReturnType<typeof openModule>> | null = null;

beforeAll(async () => {
  if (found === null) return;
  const path = fileURLToPath(new URL("in-browser.ts", import.meta.url));
  opened = await openModule(path, found);
}, 120_000);

afterAll(() => opened?.browser.close());

inBrowser("the kernel hashes alike in Node and Chromium", async () => {
  const theirs = await opened?.page.evaluate("kernelHash()");
  expect(theirs).toBe(kernelHash());
});

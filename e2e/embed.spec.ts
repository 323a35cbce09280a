/** Embeds: whatever an iframe's size, the scene stands whole in its middle. */
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./sandbox.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("nothing is drawn");
  return box;
}

async function thingsOf(page: Page, kind = "article"): Promise<readonly Box[]> {
  const things = await page.locator(`.canvas ${kind} svg`).all();
  return Promise.all(things.map(boxOf));
}

/** Within a pixel: boxes are measured at any zoom. */
function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x - 1 &&
    inner.y >= outer.y - 1 &&
    inner.x + inner.width <= outer.x + outer.width + 1 &&
    inner.y + inner.height <= outer.y + outer.height + 1
  );
}

const sizes = [
  [300, 300],
  [360, 240],
  [390, 640],
  [640, 400],
  [1440, 900],
] as const;

for (const [width, height] of sizes) {
  test(`a blank canvas of ${width} by ${height} shows its server in the middle`, async ({
    page,
    sandbox,
  }) => {
    await page.setViewportSize({ width, height });
    await page.goto("/?embed=canvas");
    await expect(sandbox.server("n1")).toBeVisible();
    await expect(sandbox.server("n1").getByText("n1", { exact: true })).toBeVisible();
    await expect(page.getByText("One server, nothing on it yet.")).toBeVisible();
    const canvas = await boxOf(sandbox.canvas);
    const things = await thingsOf(page);
    expect(things.length).toBeGreaterThan(0);
    for (const thing of things) expect(isInside(thing, canvas)).toBe(true);
    const left = Math.min(...things.map((thing) => thing.x));
    const right = Math.max(...things.map((thing) => thing.x + thing.width));
    const middle = (left + right) / 2;
    expect(Math.abs(middle - (canvas.x + width / 2))).toBeLessThan(width * 0.08);
  });
}

test("a stream on it is drawn whole in a wide, short frame", async ({ page, sandbox }) => {
  await page.setViewportSize({ width: 1200, height: 420 });
  await page.goto("/?embed=canvas,timeline&scenario=lost-ack");
  await expect(sandbox.consumer("ORDERS/W")).toBeVisible();
  const canvas = await boxOf(sandbox.canvas);
  // One stream on one server is a plain picture: the server's frame is not part of it.
  const drawn = "article:not(.server)";
  // The consumer may be there before the chairs of those who talk to it.
  await expect.poll(async () => (await thingsOf(page, drawn)).length).toBe(4);
  const things = await thingsOf(page, drawn);
  for (const thing of things) expect(isInside(thing, canvas)).toBe(true);
});

const combinations: readonly (readonly ("terminal" | "canvas" | "timeline")[])[] = [
  ["terminal"],
  ["canvas"],
  ["timeline"],
  ["terminal", "canvas"],
  ["terminal", "timeline"],
  ["canvas", "timeline"],
  ["terminal", "canvas", "timeline"],
];

for (const parts of combinations) {
  test(`embed=${parts.join(",")} shows these parts and no others`, async ({ page, sandbox }) => {
    await page.setViewportSize({ width: 640, height: 400 });
    await page.goto(`/?embed=${parts.join(",")}`);
    const shown = (part: (typeof parts)[number]) => (parts.includes(part) ? 1 : 0);
    await expect(sandbox.canvas).toHaveCount(shown("canvas"));
    await expect(sandbox.timeline).toHaveCount(shown("timeline"));
    await expect(sandbox.terminal).toHaveCount(shown("terminal"));
    await expect(sandbox.ledger).toHaveCount(0);
  });
}

/** The first sixty seconds, by mouse and by keyboard alone. */
import type { Page } from "@playwright/test";
import { type Automation, expect, type Sandbox, test } from "./sandbox.ts";

declare const window: { readonly windtunnel: Automation };

async function stopTime(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Press space to stop time." })).toBeVisible();
  await expect(page.getByRole("article", { name: "consumer ORDERS/W" })).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByRole("heading", { name: "Drag the ack off the wire." })).toBeVisible();
}

async function finish(page: Page, sandbox: Sandbox): Promise<void> {
  await expect(page.getByRole("heading", { name: /came again/ })).toBeVisible({
    timeout: 25_000,
  });
  await expect(sandbox.terminal).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Your message is on the tape." })).toBeVisible();
  const journal = await page.evaluate(() => window.windtunnel.journal());
  expect(journal).toContain("fault drop ack --stream ORDERS --consumer W");
  expect(journal).toContain("nats pub -J orders.new hello");
}

test("an ack dragged off the wire makes its message come again", async ({ sandbox, page }) => {
  await stopTime(page);
  const grip = page.getByRole("button", { name: /^Take ack \d+ off the wire$/ });
  const box = await grip.boundingBox();
  if (box === null) throw new Error("the ack has no place");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y + 140, { steps: 5 });
  await page.mouse.up();
  await page.getByRole("button", { name: /is delivered again$/ }).click();
  await finish(page, sandbox);
});

test("the same story needs no mouse", async ({ sandbox, page }) => {
  await stopTime(page);
  const grip = page.getByRole("button", { name: /^Take ack \d+ off the wire$/ });
  await grip.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Nothing, the work is done" }).focus();
  await page.keyboard.press("Enter");
  await finish(page, sandbox);
});

test("Escape skips it, and it does not come back", async ({ sandbox, page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Press space to stop time." })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(sandbox.ledger).toBeVisible();
  await page.reload();
  await expect(sandbox.ledger).toBeVisible();
  await expect(page.getByRole("heading", { name: "Press space to stop time." })).toHaveCount(0);
});

test("the shell paints before any script runs", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Press space to stop time." })).toBeVisible();
  await expect(page.getByText("publisher", { exact: true })).toBeVisible();
  await context.close();
});

/** Lessons from their door to their card: by mouse, by keyboard alone, through time, by a link. */
import type { Locator, Page } from "@playwright/test";
import { expect, type Sandbox, test } from "./sandbox.ts";

/** A part of the lesson by its heading. */
const part = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const item = (page: Page, words: string): Locator =>
  page.getByRole("listitem").filter({ hasText: words });
const button = (page: Page, name: string | RegExp): Locator => page.getByRole("button", { name });

async function open(page: Page, sandbox: Sandbox): Promise<void> {
  await page.goto("/?lesson=lost-ack");
  await sandbox.ready();
  await expect(page.getByRole("heading", { name: "The lost ack" })).toBeVisible();
}

async function isTicked(page: Page, words: string): Promise<void> {
  await expect(item(page, words)).toHaveAttribute("data-done", "true");
}

/** A part that is done folds up to its heading. */
async function isDone(page: Page, name: string): Promise<void> {
  await expect(part(page, name)).toHaveAttribute("data-state", "done", { timeout: 25_000 });
}

test("the Learn door lists the lessons; one of them can be finished by mouse", async ({
  sandbox,
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto("/");
  await button(page, /^Learn/).click();
  const list = page.getByRole("dialog", { name: "Lessons" });
  await expect(list.getByRole("button", { name: /^The lost ack / })).toBeVisible();
  const numbers = await list.getByText(/^lesson \d\.\d · \d min$/).allTextContents();
  expect(numbers.length).toBeGreaterThanOrEqual(7);
  expect(numbers).toEqual(numbers.toSorted());
  await list.getByRole("button", { name: /^The lost ack / }).click();
  await expect(page.getByRole("heading", { name: "The lost ack" })).toBeVisible();
  await expect(sandbox.consumer("ORDERS/W")).toBeVisible();

  await button(page, "Once. The work is done").click();
  await expect(button(page, /Once. The work is done your guess/)).toBeDisabled();
  await button(page, "Let time run").click();
  await isDone(page, "Play");
  await expect(page.getByText("The server counts acks, not charges.")).toBeVisible();
  await expect(button(page, /Twice the answer/)).toBeVisible();

  // Each step by its third hint: typed at the prompt, run by nobody but the learner.
  for (const words of ["Give W an AckWait of 2 s", "Drop the next ack", "Send order 2"]) {
    for (let hints = 0; hints < 3; hints += 1) {
      const more = item(page, words).locator(".hint");
      await expect(more).toHaveCount(hints);
      await button(page, "Hint").click();
    }
    await item(page, words).getByRole("button", { name: "Type it" }).click();
    await expect(sandbox.terminal).toBeFocused();
    await page.keyboard.press("Enter");
    // What is done needs no hints any more.
    await expect(item(page, words).locator(".hint")).toHaveCount(0);
  }

  await isDone(page, "Do");
  await isDone(page, "Goal");
  await expect(page.getByText("A shorter AckWait repairs sooner.")).toBeVisible();
  await button(page, "Skip").click();
  await expect(part(page, "To take home")).toBeVisible();
  await expect(button(page, "nats consumer info ORDERS W")).toBeVisible();
  await button(page, "What else").click();
  await expect(button(page, /^The lost ack lesson 3.3 · 6 min · done/)).toBeVisible();
});

test("the same lesson needs no mouse", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  await open(page, sandbox);
  await sandbox.terminal.focus();
  await sandbox.type("lesson guess 2");
  await page.keyboard.press("Control+Space");
  await isDone(page, "Play");
  await sandbox.type("nats consumer edit ORDERS W --wait 2s --force");
  const hint = await sandbox.type("lesson hint");
  expect(hint.stdout).toBe("look   client A\n");
  await sandbox.type("fault drop ack");
  await sandbox.type("nats pub -J orders.new two");
  await isDone(page, "Goal");
  const status = await sandbox.type("lesson status");
  expect(status.stdout).toContain("The goal is reached");
  await sandbox.type("nats consumer edit ORDERS W --wait 1s --force");
  await sandbox.type("load worker B --stream ORDERS --consumer W --work 3s --latency 100ms");
  await sandbox.type("nats pub -J orders.new three");
  await expect(page.getByText("No ack was lost, and a card")).toBeVisible({ timeout: 25_000 });
  await expect(part(page, "To take home")).toBeVisible();
});

test("the first lesson is found, read and finished without a mouse", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  await page.goto("/");
  await button(page, /^Learn/).focus();
  await page.keyboard.press("Enter");
  // The path begins with the lesson that needs no other: the list has the focus there.
  await expect(button(page, /^Make it remember lesson 2\.1 · 5 min/)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Make it remember" })).toBeVisible();
  await sandbox.ready();
  await sandbox.terminal.focus();
  await sandbox.type("lesson guess 1");
  await page.keyboard.press("Control+Space");
  await isDone(page, "Play");
  await expect(page.getByText("It waits for a PubAck")).toBeVisible();
  // A wrong way first: a stream elsewhere is no stream for orders.
  await sandbox.type("nats stream add ORDERS --subjects 'order.>' --defaults");
  expect((await sandbox.type("nats pub -J orders.new 'order 4'")).exit).toBe(1);
  await expect(item(page, "Make a stream ORDERS")).toHaveAttribute("data-done", "false");
  await sandbox.type("nats stream edit ORDERS --subjects 'orders.>' --force");
  await isTicked(page, "Make a stream ORDERS");
  await sandbox.type("nats pub -J orders.new 'order 4'");
  await isDone(page, "Goal");
  await expect(page.getByText("Order 4 has the number 1")).toBeVisible();
  await sandbox.type("nats pub -J order.new 'order 5'");
  await expect(part(page, "To take home")).toBeVisible();
});

test("a wrong way shows what differs, and undo leads back", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  await open(page, sandbox);
  await sandbox.type("lesson guess 3");
  await page.keyboard.press("Control+Space");
  await isDone(page, "Play");
  await sandbox.type("nats consumer edit ORDERS W --wait 2s --force");
  await sandbox.type("fault drop puback");
  await sandbox.type("nats pub orders.new two");
  // The drop of an ack is what is asked: this was another fault.
  await isTicked(page, "Send order 2");
  await expect(item(page, "Drop the next ack")).toHaveAttribute("data-done", "false");
  await expect(page.getByText("3 commands, par 3")).toBeVisible();
  await button(page, "Undo").click();
  await expect(item(page, "Send order 2")).toHaveAttribute("data-done", "false");
  await expect(page.getByText("2 commands, par 3")).toBeVisible();
});

test("looking back shows what had been done by then; a reload keeps it", async ({
  sandbox,
  page,
}) => {
  await open(page, sandbox);
  await button(page, "Twice").click();
  await expect(part(page, "Play")).toHaveAttribute("data-state", "now");
  await sandbox.seek(8.5e9);
  await isTicked(page, "AckWait ends");
  await sandbox.seek(5e9);
  await expect(item(page, "The ack falls off the wire")).toHaveAttribute("data-done", "true");
  await expect(item(page, "AckWait ends")).toHaveAttribute("data-done", "false");
  await button(page, "Back to now").click();
  await isTicked(page, "AckWait ends");
  await page.reload();
  await sandbox.ready();
  await expect(button(page, /Twice your guess/)).toBeDisabled();
  await isTicked(page, "AckWait ends");
});

test("a share link opens with the lesson as far as it was", async ({ sandbox, page, context }) => {
  await open(page, sandbox);
  await button(page, "Twice").click();
  await expect(part(page, "Play")).toHaveAttribute("data-state", "now");
  await sandbox.seek(8.5e9);
  await isTicked(page, "AckWait ends");
  await button(page, "Share").click();
  const field = page.getByRole("textbox", { name: "Link" });
  await expect(field).toHaveValue(/#w=1\./);
  const link = await field.inputValue();
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole("heading", { name: "The lost ack" })).toBeVisible();
  await isTicked(other, "AckWait ends");
  await expect(button(other, /Twice your guess/)).toBeDisabled();
});

test("lesson start at the prompt opens a lesson; Tab completes the command", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  const list = await sandbox.type("lesson list");
  expect(list.stdout).toContain("lost-ack");
  await sandbox.terminal.pressSequentially("les");
  await page.keyboard.press("Tab");
  await sandbox.terminal.pressSequentially("star");
  await page.keyboard.press("Tab");
  await sandbox.terminal.pressSequentially("lo");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "The lost ack" })).toBeVisible();
  await expect(sandbox.consumer("ORDERS/W")).toBeVisible();
});

test("on a phone the lesson stands in the drawer", async ({ sandbox, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/?lesson=lost-ack");
  await sandbox.ready();
  await expect(page.getByRole("tab", { name: "Lesson" })).toHaveAttribute("aria-selected", "true");
  await button(page, "Twice").click();
  await button(page, "Let time run").click();
  await expect(page.getByText("The server counts acks, not charges.")).toBeVisible();
});

test("an unknown lesson is said so", async ({ page, sandbox }) => {
  await page.goto("/?lesson=nowhere");
  await sandbox.ready();
  await expect(page.getByText("There is no lesson called nowhere.")).toBeVisible();
});

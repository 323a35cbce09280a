/** The fault menu of a server: each entry is a command that the journal keeps. */
import { expect, test } from "./sandbox.ts";

test("a killed server is shown down and starts again with its messages", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats pub -J orders.new hello --count 3");
  await page.getByRole("button", { name: "faults on n1" }).click();
  await page.getByRole("menuitem", { name: /^Kill/ }).click();
  await expect(sandbox.server("n1")).toHaveAttribute("data-role", "down");
  await expect(page.getByRole("heading", { name: "A blank tunnel" })).toHaveCount(0);
  await page.getByRole("button", { name: "faults on n1" }).click();
  await page.getByRole("menuitem", { name: /^Start/ }).click();
  await expect(sandbox.server("n1")).toHaveAttribute("data-role", "up");
  await expect(sandbox.stream("ORDERS")).toContainText("3 messages, 1 to 3");
  const lines = (await sandbox.commands()).map((command) => command.line);
  expect(lines.slice(-2)).toEqual(["fault kill n1", "fault start n1"]);
});

test("a power cut takes what was not synced", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats pub -J orders.new hello --count 3");
  // From the keyboard: the server is reached with Tab and opens its faults with Shift F10.
  await sandbox.server("n1").focus();
  await page.keyboard.press("Shift+F10");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(sandbox.server("n1")).toHaveAttribute("data-role", "off");
  await expect(sandbox.ledger).toContainText("Broken 3");
});

test("the next ack is dropped and its message comes again", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats consumer add ORDERS W --pull --ack explicit --wait 2s --defaults");
  await page.getByRole("button", { name: "faults on n1" }).click();
  await page.getByRole("menuitem", { name: /^Drop the next ack/ }).click();
  await sandbox.type("load worker A --stream ORDERS --consumer W --work 100ms");
  await sandbox.type("nats pub -J orders.new hello");
  await expect(page.getByRole("list", { name: "Trace" })).toContainText("is lost on the wire");
  await expect(page.getByRole("list", { name: "Trace" })).toContainText("again, second time");
});

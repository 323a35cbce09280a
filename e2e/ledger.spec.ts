/** The ledger: each of its numbers filters trace and canvas to the messages that it counts. */
import { expect, test } from "./sandbox.ts";

const faint = "[data-faint]";

test("a number of the ledger shows its messages and lets the others fade", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  await sandbox.type(
    "nats stream add ORDERS --subjects 'orders.>' --max-msgs 4 --discard new --defaults",
  );
  await sandbox.type("nats consumer add ORDERS W --pull --ack explicit --wait 1s --defaults");
  await sandbox.type("nats pub -J orders.new hello --count 4");
  await sandbox.type("nats pub -J orders.new one-too-many");
  await sandbox.type("nats consumer next ORDERS W --count 4 --no-ack");
  await sandbox.type("nats consumer next ORDERS W --wait 5s --ack");
  const trace = page.getByRole("list", { name: "Trace" });
  const tape = sandbox.stream("ORDERS");
  await expect(tape.locator(faint)).toHaveCount(0);

  await sandbox.ledger.getByRole("button", { name: "Refused 1" }).click();
  await expect(trace.getByRole("listitem")).toHaveCount(1);
  await expect(trace).toContainText("ORDERS refuses");
  await expect(tape.locator(faint)).toHaveCount(4);

  await sandbox.ledger.getByRole("button", { name: /^Doubled/ }).click();
  await expect(trace).toContainText("W delivers 1 again, second time");
  await expect(tape.locator(faint)).toHaveCount(3);

  await sandbox.ledger.getByRole("button", { name: /^Kept/ }).click();
  await expect(trace).toContainText("ORDERS stores 4");
  await expect(tape.locator(faint)).toHaveCount(0);

  await sandbox.ledger.getByRole("button", { name: /^Broken/ }).click();
  await expect(page.getByText("No promise is broken.")).toBeVisible();
  await expect(tape.locator(faint)).toHaveCount(4);

  await page.getByRole("button", { name: "interesting", exact: true }).click();
  await expect(trace).toContainText("nats consumer next");
  await expect(tape.locator(faint)).toHaveCount(0);
});

/** The walk-through of the README, typed by a person into a blank sandbox. */
import { expect, test } from "./sandbox.ts";

// Expected text: test/differential/transcripts/walkthrough.jsonl, recorded with nats 0.4.0 and
// nats-server 2.15.2; times and sizes vary and are left out.
test("a stranger fills a stream, reads it, and sees a message wait for its ack", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  const added = await sandbox.type(
    'nats stream add ORDERS --subjects "orders.>" --storage file --retention limits --defaults',
  );
  expect(added.exit).toBe(0);
  expect(added.stdout).toContain("Stream ORDERS was created");
  await expect(sandbox.stream("ORDERS")).toBeVisible();

  const published = await sandbox.type('nats pub orders.new "order {{Count}}" --count 5');
  expect(published.stderr.match(/Published 7 bytes to "orders.new"/g)).toHaveLength(5);
  await expect(sandbox.stream("ORDERS")).toContainText("5 messages, 1 to 5");

  await sandbox.type(
    "nats consumer add ORDERS order-processor --pull --deliver all --ack explicit --defaults",
  );
  const lane = sandbox.consumer("ORDERS/order-processor");
  await expect(lane).toContainText("needle 0, floor 0");

  const taken = await sandbox.type("nats consumer next ORDERS order-processor --count 3 --ack");
  expect(taken.stdout).toContain("subj: orders.new / tries: 1 / cons seq: 3 / str seq: 3");
  await expect(lane).toContainText("needle 3, floor 3");

  await sandbox.type("nats consumer next ORDERS order-processor --count 1 --no-ack");
  await expect(lane).toContainText("needle 4, floor 3, 1 of 1,000 seats taken");

  const info = await sandbox.type("nats consumer info ORDERS order-processor");
  expect(info.stdout).toContain("Outstanding Acks: 1 out of maximum 1,000");

  const first = await sandbox.type("nats request -H Nats-Msg-Id:1 orders.new hello");
  expect(first.stdout).toContain('{"stream":"ORDERS","seq":6}');
  const second = await sandbox.type("nats request -H Nats-Msg-Id:1 orders.new hello");
  expect(second.stdout).toContain('{"stream":"ORDERS","seq":6,"duplicate": true}');

  await lane.click();
  await expect(page.getByRole("heading", { name: "order-processor", level: 1 })).toBeVisible();
  await expect(page.getByText("Without an ack")).toBeVisible();
});

test("what was taken without an ack comes again when its ack wait ends", async ({ sandbox }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats consumer add ORDERS W --pull --ack explicit --wait 2s --defaults");
  await sandbox.type("nats pub -J orders.new hello");
  await sandbox.type("nats consumer next ORDERS W --no-ack");
  await expect.poll(async () => (await sandbox.consumerInfo("ORDERS/W"))?.num_ack_pending).toBe(1);
  const again = await sandbox.type("nats consumer next ORDERS W --wait 5s --ack");
  expect(again.stdout).toContain("tries: 2 / cons seq: 2 / str seq: 1");
});

test("a blank sandbox invites the first command and types it", async ({ sandbox, page }) => {
  await sandbox.open();
  await page.getByRole("button", { name: "Add a stream" }).click();
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  const [first] = await sandbox.commands();
  expect(first?.line).toBe("nats stream add ORDERS --subjects 'orders.>' --defaults");
});

test("Tab completes from live state and Ctrl R searches history", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.terminal.pressSequentially("nats stream info OR");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await sandbox.commands()).at(-1)?.line.trim())
    .toBe("nats stream info ORDERS");
  await page.keyboard.press("Control+r");
  await sandbox.terminal.pressSequentially("add ORD");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await sandbox.commands()).at(-1)?.line)
    .toBe("nats stream add ORDERS --subjects 'orders.>' --defaults");
});

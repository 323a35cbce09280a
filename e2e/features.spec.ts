/** What a server does beside tapes and needles, as a person sees it: one story a feature. */
import { expect, type Sandbox, test } from "./sandbox.ts";

/** What is under the picture. */
const caption = (sandbox: Sandbox) => sandbox.page.locator(".caption");

test("a message of an interest stream leaves with the last ack", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add NEWS --subjects 'news.>' --retention interest --defaults");
  await sandbox.type("nats consumer add NEWS A --pull --ack explicit --defaults");
  await sandbox.type("nats consumer add NEWS B --pull --ack explicit --defaults");
  await sandbox.type("nats pub -J news.a x --count 3");
  await sandbox.type("nats consumer next NEWS A --count 2 --ack");
  const tape = sandbox.stream("NEWS");
  await expect(tape).toContainText("1 held by B, acked by A");
  await expect(tape).toContainText("3 held by A, B");
  // A dot for each that acked, and one for each that has not.
  await expect(tape.locator(".dot-acked:not(.on-solid)")).toHaveAttribute("d", /^(M[^M]+){2}$/);
  await expect(tape.locator(".dot-waits:not(.on-solid)")).toHaveAttribute("d", /^(M[^M]+){4}$/);
  await expect(caption(sandbox)).toContainText("B has not acked it yet");
  await sandbox.type("nats consumer next NEWS B --ack");
  await expect(tape.locator(".dot-acked:not(.on-solid)")).toHaveAttribute("d", /^M[^M]+$/);
  await expect(tape).toContainText("2 messages, 2 to 3");
  await tape.locator('[data-message="message:NEWS/2"]').click();
  await expect(page.getByRole("complementary", { name: "Inspector" })).toContainText(
    "It stays until B has acked it.",
  );
});

test("a mirror is a cable from the stream that it copies", async ({ sandbox }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats stream add COPY --mirror ORDERS --defaults");
  await sandbox.type("nats pub -J orders.new x --count 3");
  await expect(sandbox.canvas.locator('.copy[data-way="mirror"]')).toHaveCount(1);
  await expect(sandbox.stream("COPY")).toContainText("3 messages, 1 to 3");
  await expect(sandbox.stream("COPY")).toContainText("mirrors ORDERS");
  await expect(caption(sandbox)).toContainText("COPY mirrors ORDERS.");
  // What copies inside is no consumer of anybody's.
  await expect(sandbox.page.getByRole("article", { name: /^consumer/ })).toHaveCount(0);
});

test("a bucket shows its keys, their history, stones and watchers", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats kv add config --history 3");
  await sandbox.type("nats kv put config color red");
  await sandbox.type("nats kv put config color blue");
  await sandbox.type("nats kv put config mode on");
  await sandbox.type("nats kv del config mode --force");
  const bucket = page.getByRole("article", { name: "bucket config" });
  await expect(bucket).toContainText("color: blue, revision 2");
  await expect(bucket).toContainText("mode: deleted, revision 4");
  await expect(bucket.locator(".key-row")).toHaveCount(2);
  await expect(bucket.locator(".stone")).toHaveCount(1);
  await expect(bucket.locator(".bell")).toHaveCount(0);
  await sandbox.terminal.pressSequentially("nats kv watch config");
  await page.keyboard.press("Enter");
  // One on each row, and one beside who it is.
  await expect(bucket.locator(".bell")).toHaveCount(3);
  await page.getByRole("button", { name: "Marks" }).click();
  await expect(page.getByRole("dialog", { name: "What the marks mean" })).toContainText(
    "somebody watches this key",
  );
});

test("lives run out, schedules wait, and a parked message says so", async ({ sandbox }) => {
  await sandbox.open();
  await sandbox.type(
    "nats stream add T --subjects 't.>' --allow-msg-ttl --allow-schedules --defaults",
  );
  await sandbox.type(
    "nats consumer add T W --pull --max-deliver 1 --wait 1s --filter t.a --defaults",
  );
  await sandbox.type("nats pub -J t.a x");
  await sandbox.type("nats pub -J t.b x -H Nats-TTL:2s");
  await sandbox.type("nats pub -J t.plan x --schedule-every 1h --schedule-dest t.out");
  const tape = sandbox.stream("T");
  await expect(tape).toContainText("3 is a schedule: it publishes at");
  await expect(tape.locator(".clock-mark")).toHaveCount(1);
  await sandbox.type("nats consumer next T W --no-ack");
  await expect(tape).toContainText("2 messages");
  await sandbox.type("nats consumer next T W --timeout 2s");
  await expect(tape).toContainText("1 is parked: W delivered it once");
});

test("a pause and a priority group say who waits for what", async ({ sandbox }) => {
  await sandbox.open();
  await sandbox.type("nats stream add P --subjects 'p.>' --defaults");
  await sandbox.type("nats consumer add P W --pull --ack explicit --pinned-groups g --defaults");
  const lane = sandbox.consumer("P/W");
  await expect(lane).toContainText("priority group g, one client at a time");
  await sandbox.type("nats consumer pause P W 1h --force");
  await expect(lane).toHaveAttribute("data-role", "paused");
  await expect(lane.locator(".pause-bars")).toHaveCount(1);
  await expect(caption(sandbox)).toContainText("W is paused.");
});

test("a phone has the same bucket", async ({ sandbox, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await sandbox.page.goto(`/?scenario=blank&seed=7`);
  await sandbox.ready();
  await page.evaluate(async () => {
    const { windtunnel } = globalThis as unknown as {
      windtunnel: { exec(line: string): Promise<unknown> };
    };
    await windtunnel.exec("nats object add files");
    await windtunnel.exec("seq 1 40000 > big.txt");
    await windtunnel.exec("nats object put files big.txt");
    await windtunnel.exec("nats stream rmm OBJ_files 1 --force");
  });
  const bucket = page.getByRole("article", { name: "bucket files" });
  await expect(bucket).toContainText("big.txt: 1 of 2 chunks, broken: a chunk is missing");
  await expect(bucket.locator(".brick.missing")).toHaveCount(1);
  const box = await bucket.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390);
});

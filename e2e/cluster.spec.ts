/** A leader dies, another is elected, and the past is tried again: by mouse, then by keyboard. */
import { expect, type Sandbox, test } from "./sandbox.ts";

declare const window: {
  readonly windtunnel: { load(text: string): Promise<void>; play(speed: number): Promise<void> };
};

const cluster = `windtunnel 1
title   Three servers
seed    7
world   cluster east 3
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
1s      load publisher P --subject orders.new --rate 5/s --msg-id --retry
`;

async function openCluster(sandbox: Sandbox): Promise<string> {
  await sandbox.open();
  await sandbox.page.evaluate((text) => window.windtunnel.load(text), cluster);
  await sandbox.page.evaluate(() => window.windtunnel.play(2));
  await expect(sandbox.stream("ORDERS")).toContainText("log to 5");
  return leaderOf(sandbox);
}

async function leaderOf(sandbox: Sandbox): Promise<string> {
  const state = (await sandbox.state()) as {
    readonly streams: { readonly ORDERS?: { readonly leader: string } };
  };
  return state.streams.ORDERS?.leader ?? "";
}

/** Another leader than the one before, within the time that elections take. */
async function elected(sandbox: Sandbox, before: string): Promise<string> {
  await expect
    .poll(async () => ["", before].includes(await leaderOf(sandbox)), { timeout: 30_000 })
    .toBe(false);
  return leaderOf(sandbox);
}

test("by mouse: kill the leader, see the election, go back, branch, compare", async ({
  sandbox,
  page,
}) => {
  test.setTimeout(120_000);
  const first = await openCluster(sandbox);
  await page.getByRole("button", { name: `faults on ${first}` }).click();
  await page.getByRole("menuitem", { name: /^Kill fault/ }).click();
  await expect(sandbox.server(first)).toHaveAttribute("data-role", "down");
  await expect(sandbox.canvas).toContainText("no leader");
  const second = await elected(sandbox, first);
  const trace = page.getByRole("list", { name: "Trace" });
  await expect(trace).toContainText(`${second} leads ORDERS`);
  await expect(sandbox.timeline).toContainText("ORDERS: no leader");
  await page.getByRole("button", { name: "Pause" }).click();

  // Wide enough to hold the kill, then a press just before its mark.
  const moment = page.getByRole("slider", { name: "Moment" });
  await moment.hover();
  for (let i = 0; i < 6; i += 1) await page.mouse.wheel(0, 100);
  const bolt = await sandbox.timeline.locator('use[href="#m-bolt"]').first().boundingBox();
  if (bolt === null) throw new Error("the kill is not on the rail");
  await page.mouse.click(bolt.x - 4, bolt.y + 30);
  await expect(sandbox.server(first)).not.toHaveAttribute("data-role", "down");
  await expect.poll(() => leaderOf(sandbox)).toBe(first);

  await page.getByRole("button", { name: `faults on ${second}` }).click();
  await page.getByRole("menuitem", { name: /^Freeze/ }).click();
  await expect(sandbox.server(second)).toHaveAttribute("data-role", "frozen");
  await page.evaluate(() => window.windtunnel.play(4));
  await expect(page.getByRole("button", { name: "Branch branch 2" })).toBeVisible();
  await page.waitForTimeout(2000);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect.poll(() => leaderOf(sandbox)).toBe(first);

  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const comparison = page.getByRole("region", { name: "Comparison" });
  await expect(comparison.getByRole("article", { name: "branch main" })).toContainText(
    `fault kill ${first}`,
  );
  await expect(comparison.getByRole("article", { name: "branch branch 2" })).toContainText(
    `fault freeze ${second}`,
  );
  await expect(comparison).toContainText(`${first} runs`);
  await comparison.getByRole("button", { name: "Close the comparison" }).click();
  await expect(sandbox.canvas).toBeVisible();
});

test("by keyboard: the same, with a choice made before the kill", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  const first = await openCluster(sandbox);
  await sandbox.server(first).focus();
  await page.keyboard.press("Shift+F10");
  await page.keyboard.press("Enter");
  await expect(sandbox.server(first)).toHaveAttribute("data-role", "down");
  const second = await elected(sandbox, first);
  const row = page.getByRole("article", { name: "stream ORDERS", exact: true });
  await row.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Inspector" })).toContainText(
    `led by ${second}`,
  );
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  const moment = page.getByRole("slider", { name: "Moment" });
  await moment.focus();
  await page.keyboard.press("Home");
  for (const millis of ["0", "1000", "2000"]) {
    await expect(moment).toHaveAttribute("aria-valuenow", millis);
    if (millis !== "2000") await page.keyboard.press("Shift+ArrowRight");
  }
  await expect.poll(() => leaderOf(sandbox)).toBe(first);

  // The polite way: the leader steps down, and nobody waits for a timer.
  await row.focus();
  await page.keyboard.press("Shift+F10");
  const menu = page.getByRole("menu", { name: `Faults on ORDERS, led by ${first}` });
  await menu.getByRole("menuitem", { name: /^Step down as leader of ORDERS/ }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await expect.poll(() => leaderOf(sandbox)).not.toBe(first);
  await page.keyboard.press("Space");
  await page.keyboard.press("v");
  const comparison = page.getByRole("region", { name: "Comparison" });
  await expect(comparison).toContainText("nats stream cluster step-down ORDERS");
  await expect(comparison).toContainText("leads ORDERS");
  await page.keyboard.press("v");
  await expect(sandbox.canvas).toBeVisible();
});

test("a leader that is cut off wears a hollow crown until it steps down", async ({
  sandbox,
  page,
}) => {
  test.setTimeout(120_000);
  const first = await openCluster(sandbox);
  await page.getByRole("button", { name: `faults on ${first}` }).click();
  await page.getByRole("menuitem", { name: /^Cut off from the other servers/ }).click();
  await expect(sandbox.server(first)).toContainText("cut off");
  await page.evaluate(() => window.windtunnel.play(4));
  const second = await elected(sandbox, first);
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  const stale = page.getByRole("article", { name: `ORDERS on ${first}, stale leader, term 1` });
  await expect(stale).toBeVisible();
  await page.getByRole("button", { name: `faults on ${second}` }).focus();
  // Ten to twenty seconds after the cut it has noticed.
  await expect(
    page.getByRole("article", { name: new RegExp(`^ORDERS on ${first}, (follower|candidate)`) }),
  ).toBeVisible({ timeout: 30_000 });
});

test("a blank tunnel becomes a cluster by a typed line, on which the terminal then works", async ({
  sandbox,
}) => {
  await sandbox.open();
  const made = await sandbox.type("world cluster east 3");
  expect(made.stdout).toContain("n1 was unused and made room for east.");
  await expect(sandbox.canvas).toContainText("cluster east, 3 servers");
  await expect(sandbox.server("n3")).toBeVisible();
  await expect(sandbox.server("n[123], leader")).toBeVisible();
  const added = await sandbox.type(
    "nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults",
  );
  expect(added.exit, added.stderr).toBe(0);
  for (let i = 1; i <= 3; i += 1) await sandbox.type(`nats request orders.new ${i}`);
  await expect(sandbox.canvas.getByText("commit 3", { exact: true })).toBeVisible();
});

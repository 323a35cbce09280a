/** Branches: a list in the rail, with names, forks and ends; by mouse and by keyboard. */
import { type Automation, expect, type Sandbox, test } from "./sandbox.ts";

declare const window: { readonly windtunnel: Automation };

/** Two branches: in the first ORDERS stands, in the second, from the start, n1 is down. */
async function twoBranches(sandbox: Sandbox): Promise<void> {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.pause();
  await sandbox.seek(0);
  await sandbox.page.evaluate(() => window.windtunnel.exec("fault kill n1"));
  await expect(sandbox.timeline).toContainText("2 branches");
}

test("the list of branches tells where each left and how far it reaches", async ({
  sandbox,
  page,
}) => {
  await twoBranches(sandbox);
  await page.getByRole("button", { name: "Branch branch 2" }).click();
  const list = page.getByRole("dialog", { name: "Branches" });
  const rows = list.getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText("main");
  await expect(rows.nth(0)).toContainText(/from the start, reaches 0\d\.\d00/);
  await expect(rows.nth(1)).toContainText("left main at 00.000, reaches 00.000");
  await expect(list.getByRole("button", { name: /^branch 2/ })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await list.getByRole("button", { name: /^main/ }).click();
  await expect(list).toHaveCount(0);
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  await expect(page.getByRole("button", { name: "Branch main" })).toBeVisible();
});

test("a branch is found, named and shown without a mouse", async ({ sandbox, page }) => {
  await twoBranches(sandbox);
  await page
    .getByRole("button", { name: "Pause" })
    .or(page.getByRole("button", { name: "Play" }))
    .focus();
  await page.keyboard.press("b");
  const list = page.getByRole("dialog", { name: "Branches" });
  await expect(list.getByRole("button", { name: /^branch 2/ })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(list.getByRole("textbox", { name: "Name of branch 2" })).toBeFocused();
  await page.keyboard.type("without n1");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Branch without n1" })).toBeVisible();
  await expect(list.getByRole("button", { name: /^without n1/ })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  await page.keyboard.press("b");
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Branch main" })).toBeFocused();
  await page.keyboard.press("]");
  await expect(page.getByRole("button", { name: "Branch without n1" })).toBeVisible();
});

test("a fork goes on from the moment shown and keeps what lay ahead elsewhere", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.pause();
  const journal = await page.evaluate(() => window.windtunnel.journal());
  await sandbox.seek(0);
  await page.getByRole("button", { name: "Branch main" }).click();
  await page.getByRole("button", { name: "Fork here" }).click();
  await page.getByRole("textbox", { name: "Name of branch 2" }).fill("nothing on it");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Branch nothing on it" })).toBeVisible();
  expect(await page.evaluate(() => window.windtunnel.journal())).not.toContain("nats stream add");
  await page.getByRole("button", { name: /^main/ }).click();
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  expect(await page.evaluate(() => window.windtunnel.journal())).toBe(journal);
});

test("the name of a branch survives a reload and goes with a link", async ({
  sandbox,
  page,
  browser,
}) => {
  await page.addInitScript(() => localStorage.setItem("windtunnel.seen", "1"));
  await twoBranches(sandbox);
  await page.getByRole("button", { name: "Branch branch 2" }).click();
  await page.getByRole("button", { name: "Rename branch 2" }).click();
  await page.getByRole("textbox", { name: "Name of branch 2" }).fill("without n1");
  await page.keyboard.press("Enter");
  const named = page.getByRole("button", { name: "Branch without n1" });
  await expect(named).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Share" }).click();
  const field = page.getByRole("textbox", { name: "Link" });
  await expect(field).toHaveValue(/#w=1\./);
  const link = await field.inputValue();
  await page.goto("/");
  await expect(named).toBeVisible();
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByRole("button", { name: "Branch without n1" })).toBeVisible();
  await context.close();
});

test("a narrow page reaches its branches too", async ({ sandbox, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await sandbox.open();
  await page.evaluate(() => window.windtunnel.exec("fault freeze n1"));
  await page.getByRole("button", { name: "Branch main" }).click();
  const list = page.getByRole("dialog", { name: "Branches" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  const box = await list.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
});

test("a terminal that comes late does not take the focus from an open list", async ({
  sandbox,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  // On a slow machine its chunk comes when somebody has long gone elsewhere.
  let letThrough = () => {};
  const isLate = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  await page.route(/TerminalPane-.*\.js/, async (route) => {
    await isLate;
    await route.continue();
  });
  await sandbox.open();
  await page.getByRole("button", { name: "Branch main" }).click();
  const list = page.getByRole("dialog", { name: "Branches" });
  await expect(list.getByRole("button", { name: /^main/ })).toBeFocused();
  letThrough();
  await expect(sandbox.terminal).toBeAttached();
  // It asks for the focus in the frame after it has come.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await expect(list.getByRole("button", { name: /^main/ })).toBeFocused();
});

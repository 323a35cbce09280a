/** Time: stop, step, seek, undo; a link and a reload that lead back to the same moment. */
import { type Automation, expect, Sandbox, test } from "./sandbox.ts";

declare const window: { readonly windtunnel: Automation };

const load = [
  "nats stream add ORDERS --subjects 'orders.>' --defaults",
  "nats consumer add ORDERS W --pull --ack explicit --wait 5s --defaults",
  "load publisher P --subject orders.new --rate 5/s",
  "load worker A --stream ORDERS --consumer W --work 100ms",
];

test("the past can be looked at and is the same each time", async ({ sandbox, page }) => {
  await sandbox.open();
  for (const line of load) await sandbox.type(line);
  await page.waitForTimeout(2500);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  const now = Number(
    await page.getByRole("slider", { name: "Moment" }).getAttribute("aria-valuenow"),
  );
  const here = await sandbox.hash();
  await sandbox.seek((now - 1500) * 1e6);
  const past = await sandbox.hash();
  expect(past).not.toBe(here);
  await page.getByRole("button", { name: "To end" }).click();
  await sandbox.seek((now - 1500) * 1e6);
  expect(await sandbox.hash()).toBe(past);
});

test("the timeline is moved with keys and by clicking", async ({ sandbox, page }) => {
  await sandbox.open();
  for (const line of load) await sandbox.type(line);
  await sandbox.pause();
  // The playhead follows the clock within a frame or two.
  await page.waitForTimeout(200);
  const slider = page.getByRole("slider", { name: "Moment" });
  const before = Number(await slider.getAttribute("aria-valuenow"));
  await slider.focus();
  await page.keyboard.press("ArrowLeft");
  await expect
    .poll(async () => Number(await slider.getAttribute("aria-valuenow")))
    .toBe(before - 100);
  await page.keyboard.press("Home");
  await expect(slider).toHaveAttribute("aria-valuenow", "0");
  const box = await slider.boundingBox();
  if (box === null) throw new Error("the timeline has no place");
  await slider.click({ position: { x: 70 + (box.width - 86) / 10, y: 40 } });
  await expect
    .poll(async () => Number(await slider.getAttribute("aria-valuenow")))
    .toBeGreaterThan(900);
});

test("undo takes the last command back and redo brings it again", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats stream add OTHER --subjects 'other.>' --defaults");
  await expect(sandbox.stream("OTHER")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(sandbox.stream("OTHER")).toHaveCount(0);
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(sandbox.stream("OTHER")).toBeVisible();
});

test("a link reopens the moment in another browser with the same hash", async ({
  sandbox,
  page,
  browser,
}) => {
  await sandbox.open();
  for (const line of load) await sandbox.type(line);
  await page.waitForTimeout(1000);
  await sandbox.pause();
  const hash = await sandbox.hash();
  await page.getByRole("button", { name: "Share" }).click();
  await page.getByRole("textbox", { name: "Caption" }).fill("Look at this.");
  const field = page.getByRole("textbox", { name: "Link" });
  await expect(field).toHaveValue(/#w=1\./);
  await page.waitForTimeout(300);
  const link = await field.inputValue();
  expect(link.length).toBeLessThan(2000);

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(link);
  await expect(other.getByText("Look at this.")).toBeVisible();
  await expect(other.getByRole("button", { name: "Play" })).toBeVisible();
  await expect.poll(() => other.evaluate("window.windtunnel.hash()")).toBe(hash);
  await context.close();
});

test("a broken link says what is wrong and opens an empty sandbox", async ({ sandbox, page }) => {
  await page.goto("/#w=1.abc");
  await sandbox.ready();
  await expect(page.getByRole("alert")).toContainText("link");
});

test("a reload keeps the session", async ({ sandbox, page }) => {
  await page.addInitScript(() => localStorage.setItem("windtunnel.seen", "1"));
  await page.goto("/");
  await sandbox.ready();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats pub -J orders.new hello --count 2");
  await sandbox.pause();
  const hash = await sandbox.hash();
  await page.reload();
  await sandbox.ready();
  await expect(sandbox.stream("ORDERS")).toContainText("2 messages, 1 to 2");
  expect(await sandbox.hash()).toBe(hash);
});

test("a scenario that was acted on keeps its name over a reload", async ({ sandbox, page }) => {
  await page.goto("/?scenario=lost-ack");
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  await page.evaluate(() => window.windtunnel.exec("fault freeze w"));
  await sandbox.pause();
  await expect.poll(() => new URL(page.url()).search).toBe("");
  await page.reload();
  await sandbox.ready();
  const name = /Scenario\s*The ack that never arrived/;
  await expect(page.getByRole("button", { name })).toBeVisible();
});

test("each tab keeps its own session, wherever it was opened", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add FIRST --subjects first --defaults");
  await sandbox.pause();
  const other = new Sandbox(await page.context().newPage());
  await other.open();
  await other.type("nats stream add SECOND --subjects second --defaults");
  await other.pause();
  // A bare address is no scenario: who comes back finds what was left, not the landing scene.
  for (const one of [sandbox, other]) {
    await one.page.goto("/");
    await one.ready();
  }
  await expect(sandbox.stream("FIRST")).toBeVisible();
  await expect(other.stream("SECOND")).toBeVisible();
});

test("the branch that was left is a key away", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.pause();
  const journal = await page.evaluate(() => window.windtunnel.journal());
  await sandbox.seek(0);
  await page.evaluate(() => window.windtunnel.exec("fault kill n1"));
  await expect(sandbox.timeline).toContainText("2 branches");
  await sandbox.canvas.click({ position: { x: 20, y: 20 } });
  await page.keyboard.press("[");
  await expect(sandbox.stream("ORDERS")).toBeVisible();
  expect(await page.evaluate(() => window.windtunnel.journal())).toBe(journal);
});

test("a reload keeps what was done to a link", async ({ sandbox, page }) => {
  await sandbox.open();
  await page.getByRole("button", { name: "Share" }).click();
  const link = await page.getByRole("dialog").locator("textarea").inputValue();
  await page.goto(link);
  await page.reload();
  await sandbox.ready();
  await page.evaluate(() => window.windtunnel.exec("fault kill n1"));
  const hash = await sandbox.hash();
  await page.reload();
  await expect(page.getByRole("article", { name: /^n1, / })).toBeVisible();
  await expect.poll(() => sandbox.hash()).toBe(hash);
});

test("times stay in their column when the clock shows minutes and hours", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  for (const line of load) await sandbox.type(line);
  await sandbox.pause();
  const trace = page.getByRole("list", { name: "Trace" });
  // The newest line is due at a moment that differs by seed: only its form is looked at.
  for (const [seconds, form] of [
    [600, /^09:59\.\d{3}$/],
    [3605, /^1:00:0\d\.\d{3}$/],
  ] as const) {
    await sandbox.seek(seconds * 1e9);
    const last = trace.getByRole("listitem").last();
    await expect(last.getByRole("button").first()).toHaveText(form);
    for (const row of await trace.getByRole("listitem").all()) {
      const time = await row.getByRole("button").first().boundingBox();
      const words = await row.locator("> span").last().boundingBox();
      expect((time?.x ?? 0) + (time?.width ?? 0)).toBeLessThan(words?.x ?? 0);
    }
  }
  await sandbox.consumer("ORDERS/W").focus();
  await page.keyboard.press("Enter");
  for (const row of await page.locator(".why li").all()) {
    const time = await row.locator(".time").boundingBox();
    const words = await row.locator("> span").last().boundingBox();
    expect((time?.x ?? 0) + (time?.width ?? 0)).toBeLessThan(words?.x ?? 0);
  }
});

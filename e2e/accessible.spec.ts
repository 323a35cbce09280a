/** The page without a mouse, without colour, without motion: axe in both themes, keys alone. */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { type Automation, expect, type Sandbox, test } from "./sandbox.ts";

declare const window: { readonly windtunnel: Automation };

/** WCAG 2.2 A and AA and axe's own best practices; the serious and the critical count. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => {
      const places = nodes.map(({ target, any }) => `${target.join(" ")} ${any[0]?.message ?? ""}`);
      return `${id}: ${help}\n    ${places.slice(0, 4).join("\n    ")}`;
    });
}

const inspector = (page: Page) => page.getByRole("complementary", { name: "Inspector" });

interface Scene {
  readonly name: string;
  show(page: Page, sandbox: Sandbox): Promise<void>;
}

const scenes: readonly Scene[] = [
  {
    name: "the landing scene",
    show: async (page) => {
      await page.goto("/");
      await expect(page.getByRole("article", { name: "consumer ORDERS/W" })).toBeVisible();
      await page.keyboard.press("Space");
      await expect(page.getByRole("heading", { name: /Drag the ack/ })).toBeVisible();
    },
  },
  {
    name: "a sandbox with a stream, its inspector open",
    show: async (page, sandbox) => {
      await page.goto("/?scenario=lost-ack");
      await expect(sandbox.consumer("ORDERS/W")).toBeVisible();
      await sandbox.pause();
      await sandbox.seek(13e9);
      await sandbox.consumer("ORDERS/W").focus();
      await page.keyboard.press("Enter");
      await expect(inspector(page).getByRole("tab", { name: "Why" })).toBeVisible();
    },
  },
  {
    name: "a cluster without a leader",
    show: async (page, sandbox) => {
      await page.goto("/?scenario=r3-leader-kill");
      await expect(page.getByRole("article", { name: /^n3, / })).toBeVisible();
      await sandbox.pause();
      await sandbox.seek(12e9);
    },
  },
  {
    name: "a lesson",
    show: async (page) => {
      await page.goto("/?lesson=lost-ack");
      await expect(page.getByRole("tab", { name: "Lesson" })).toBeVisible();
      await expect(page.locator(".canvas article").first()).toBeVisible();
    },
  },
];

for (const theme of ["light", "dark"] as const) {
  for (const { name, show } of scenes) {
    test(`axe finds nothing serious: ${name}, ${theme}`, async ({ page, sandbox }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await show(page, sandbox);
      expect(await findings(page)).toEqual([]);
    });
  }
}

/** Where the focus is, and whether one sees it: an outline, or a ground that only focus has. */
function focused(page: Page): Promise<{ readonly name: string; readonly isSeen: boolean }> {
  return page.evaluate(() => {
    const at = document.activeElement ?? document.body;
    const { outlineStyle, outlineWidth, backgroundImage } = getComputedStyle(at);
    const name = `${at.tagName} ${at.getAttribute("aria-label") ?? at.textContent?.slice(0, 40)}`;
    const isOutlined = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
    // In the terminal the caret says it, on a splitter its line.
    const isCaret = at.matches(".xterm-helper-textarea");
    // Past its end a dialog hands the focus to the browser's own bar for one step.
    const isAway = at === document.body;
    return { name, isSeen: isOutlined || isCaret || isAway || backgroundImage !== "none" };
  });
}

/** Presses Tab until a thing has the focus; on the way every stop is seen. */
async function tabTo(page: Page, thing: Locator, key = "Tab"): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    if (await isFocused(thing)) return;
    await page.keyboard.press(key);
    const { name, isSeen } = await focused(page);
    expect(isSeen, `the focus is seen on ${name}`).toBe(true);
  }
  throw new Error(`Tab does not lead to ${thing}`);
}

test("from the landing to a stream, its inspector and faults: by keys alone", async ({
  page,
  sandbox,
}) => {
  test.setTimeout(120_000);
  await page.goto("/");
  await expect(sandbox.consumer("ORDERS/W")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: /^Blank tunnel/ }));
  await page.keyboard.press("Enter");
  await sandbox.ready();
  // The door leads to the terminal, whose code may still be on its way.
  await expect(sandbox.terminal).toBeFocused();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats pub -J orders.new hello");
  // Tab completes there; Shift Tab leads out.
  const stream = sandbox.stream("ORDERS");
  await tabTo(page, stream, "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(inspector(page).getByRole("heading", { name: /ORDERS/ })).toBeVisible();
  await tabTo(page, inspector(page).getByRole("tab", { name: "Why" }));
  await page.keyboard.press("ArrowRight");
  await expect(inspector(page).getByRole("tab", { name: "State" })).toBeFocused();
  await expect(inspector(page).getByText("messages", { exact: false }).first()).toBeVisible();

  await tabTo(page, stream, "Shift+Tab");
  await page.keyboard.press("Shift+F10");
  const menu = page.getByRole("menu", { name: /^Faults on n1/ });
  await expect(menu.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(menu.getByRole("menuitem").nth(1)).toBeFocused();
  expect((await focused(page)).isSeen).toBe(true);
  await page.keyboard.press("Escape");
  await expect(menu).toHaveCount(0);
  await expect(stream).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(inspector(page).getByRole("heading", { name: "Inspector" })).toBeVisible();

  await page.keyboard.press("f");
  const faults = page.getByRole("dialog", { name: /Faults/ });
  await expect(faults).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(faults).toHaveCount(0);
  await expect(stream).toBeFocused();
});

test("through time, branches, a comparison, a link and into a lesson: by keys alone", async ({
  page,
  sandbox,
}) => {
  test.setTimeout(120_000);
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats pub -J orders.new hello");
  const moment = page.getByRole("slider", { name: "Moment" });
  await tabTo(page, moment, "Shift+Tab");
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Play" })).toBeVisible();
  await page.keyboard.press("Home");
  await expect(moment).toHaveAttribute("aria-valuenow", "0");
  await page.keyboard.press("ArrowRight");
  await expect(moment).toHaveAttribute("aria-valuenow", "100");

  await tabTo(page, sandbox.server("n1"), "Shift+Tab");
  await page.keyboard.press("Shift+F10");
  const freeze = page.getByRole("menuitem", { name: /fault freeze n1/ });
  for (let i = 0; i < 20 && !(await isFocused(freeze)); i += 1) {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Branch branch 2" })).toBeVisible();

  await page.keyboard.press("b");
  const list = page.getByRole("dialog", { name: "Branches" });
  await expect(list.getByRole("button", { name: /^branch 2/ })).toBeFocused();
  expect((await focused(page)).isSeen).toBe(true);
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);

  await page.keyboard.press("v");
  const comparison = page.getByRole("region", { name: "Comparison" });
  await expect(comparison.getByText(/differs first|Differences|differ/).first()).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(comparison).toHaveCount(0);

  for (const [key, name] of [
    ["s", "Share"],
    ["?", "Keys"],
    ["/", "Command bar"],
  ] as const) {
    await page.keyboard.press(key);
    const dialog = page.getByRole("dialog").first();
    await expect(dialog, name).toBeVisible();
    expect(await findings(page), name).toEqual([]);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog"), name).toHaveCount(0);
  }

  await page.keyboard.press("o");
  const lesson = page
    .getByRole("dialog")
    .getByRole("button", { name: /The lost ack/ })
    .first();
  await tabTo(page, lesson);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "The lost ack" })).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: /^Once. The work is done/ }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /your guess/ })).toBeVisible();
});

function isFocused(thing: Locator): Promise<boolean> {
  return thing.evaluate((element) => element === document.activeElement);
}

/** Pictures of a second in which a message flies for half of it, in steps of 50 ms. */
async function picturesOfAFlight(page: Page, sandbox: Sandbox): Promise<number> {
  await sandbox.open();
  for (const line of [
    "nats stream add ORDERS --subjects 'orders.>' --defaults",
    "load publisher P --subject orders.new --rate 1/s --latency 500ms",
  ]) {
    await page.evaluate((text) => window.windtunnel.exec(text), line);
  }
  await page.waitForTimeout(3_000);
  await sandbox.pause();
  const { now } = (await sandbox.state()) as { now: number };
  const pictures = new Set<string>();
  for (let at = now - 1e9; at < now; at += 50e6) {
    await sandbox.seek(at);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    pictures.add(await page.locator("canvas.painter").evaluate(toPicture));
  }
  return pictures.size;
}

const toPicture = (canvas: HTMLElement | SVGElement) => (canvas as HTMLCanvasElement).toDataURL();

// Our model: a publish and its answer stand at their sources, then at their targets.
test("with reduced motion nothing travels", async ({ page, sandbox }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await picturesOfAFlight(page, sandbox)).toBeGreaterThan(12);
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await picturesOfAFlight(page, sandbox)).toBeLessThan(8);
  const running = await page.evaluate(
    () => document.getAnimations().filter(({ playState }) => playState === "running").length,
  );
  expect(running).toBe(0);
});

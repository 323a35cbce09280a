/** The terminal: how wide a program's lines are, jobs, and what completion knows. */
import { type Automation, expect, test } from "./sandbox.ts";

declare const window: { readonly windtunnel: Automation };

const manyFiles = "for i in $(seq 100 160); do touch message-$i; done";

/** Of the lines that `ls` fills. */
function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.trimEnd().length));
}

test("programs fill the pane, and its size is an input like any other", async ({
  sandbox,
  page,
}) => {
  await sandbox.open();
  await sandbox.type(manyFiles);
  const wide = await sandbox.type("ls");
  expect(widest(wide.stdout)).toBeGreaterThan(120);
  const journal = () => page.evaluate(() => window.windtunnel.journal());
  const sizes = async () => (await journal()).match(/resize \d+x\d+/g) ?? [];
  expect(await sizes()).toHaveLength(1);

  // A window that is dragged is no input: the past could not be looked at without branching.
  await page.setViewportSize({ width: 920, height: 900 });
  await page.waitForTimeout(300);
  expect(await sizes()).toHaveLength(1);
  const narrow = await sandbox.type("ls");
  expect(widest(narrow.stdout)).toBeLessThan(widest(wide.stdout));
  expect(await sizes()).toHaveLength(2);

  // Undo takes back what was typed, not the size of the screen it was typed at.
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await journal()).match(/ ls$/gm)?.length).toBe(1);
});

test("a session typed at one width is the same at another", async ({ sandbox, page, browser }) => {
  await sandbox.open();
  await sandbox.type(manyFiles);
  await sandbox.type("ls");
  await sandbox.pause();
  const [text, hash, at] = await page.evaluate(async () => {
    const state = (await window.windtunnel.state()) as { now: number };
    return [await window.windtunnel.journal(), await window.windtunnel.hash(), state.now];
  });
  const context = await browser.newContext({ viewport: { width: 400, height: 800 } });
  const other = await context.newPage();
  await other.goto("/?scenario=blank");
  await other.getByRole("article", { name: /^n1, / }).waitFor();
  await other.evaluate((journal) => window.windtunnel.load(journal), text);
  await other.evaluate((ns) => window.windtunnel.seek(ns), at);
  expect(await other.evaluate(() => window.windtunnel.hash())).toBe(hash);
  await context.close();
});

test("completion knows what this shell has learnt", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("greet_everybody() { echo hello $1; }");
  await sandbox.type("nats kv add SETTINGS");
  await sandbox.terminal.pressSequentially("greet_");
  await page.keyboard.press("Tab");
  await sandbox.terminal.pressSequentially("you");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await sandbox.commands()).at(-1))
    .toMatchObject({ line: "greet_everybody you", stdout: "hello you\n" });
  await sandbox.terminal.pressSequentially("nats kv info SET");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await sandbox.commands()).at(-1)?.line.trim())
    .toBe("nats kv info SETTINGS");
});

// bash 5.2: `sleep 5 &`, `kill %1`, `echo` announces "[1]+  Terminated              sleep 5". natscli
// takes SIGTERM in few of its commands; `nats sub` is not among them and ends as any program does.
test("a killed job is announced as bash words it", async ({ sandbox }) => {
  await sandbox.open();
  await sandbox.type("sleep 50 &");
  expect((await sandbox.type("kill %1; echo")).stderr).toContain(
    "[1]+  Terminated              sleep 50\n",
  );
  await sandbox.type("nats sub orders.new &");
  expect((await sandbox.type("kill %1; echo")).stderr).toContain(
    "[1]+  Terminated              nats sub orders.new\n",
  );
  await sandbox.type("sleep 50 &");
  expect((await sandbox.type("kill -9 %1; echo")).stderr).toContain("[1]+  Killed");
});

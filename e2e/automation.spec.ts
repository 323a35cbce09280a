/** What scripts and embedding pages may rely on: `window.windtunnel` and its messages. */
import { type Automation, expect, test } from "./sandbox.ts";

declare const window: { readonly windtunnel: Automation };

type Call = keyof Automation;

/** Calls as a script gets them wrong; none may reach the world. */
const wrong: readonly (readonly [Call, ...unknown[]])[] = [
  ["exec"],
  ["exec", 7],
  ["input", null],
  ["seek", "soon"],
  ["seek", Number.NaN],
  ["seek", 1e30],
  ["play", 0],
  ["play", "fast"],
  ["step", "frame"],
  ["load", "garbage"],
  ["load", "#w=1.AAAA"],
];

test("a line runs to its end and answers what it printed", async ({ sandbox, page }) => {
  await sandbox.open();
  const answer = await page.evaluate(() => window.windtunnel.exec("echo hello | tr a-z A-Z"));
  expect(answer).toEqual({ exit: 0, stdout: "HELLO\n", stderr: "" });
  await sandbox.pause();
  const refused = page.evaluate(() => window.windtunnel.exec("nats stream ls"));
  await expect(refused).rejects.toThrow("time is stopped");
  const fault = await page.evaluate(() => window.windtunnel.exec("fault freeze n1"));
  expect(fault.exit).toBe(0);
  await expect(sandbox.server("n1")).toHaveAttribute("data-role", "frozen");
});

test("what a script gets wrong is refused, and the world goes on", async ({ sandbox, page }) => {
  await sandbox.open();
  for (const [call, ...args] of wrong) {
    const refused = await page.evaluate(
      async ([name, values]) => {
        const method = window.windtunnel[name] as (...all: unknown[]) => Promise<unknown>;
        return method(...values).then(
          () => "",
          (error: Error) => error.message,
        );
      },
      [call, args] as const,
    );
    expect(refused, `${call}(${String(args[0])})`).not.toBe("");
  }
  await page.evaluate(() => window.windtunnel.play(1));
  const said = await page.evaluate(() => window.windtunnel.exec("echo still here"));
  expect(said).toEqual({ exit: 0, stdout: "still here\n", stderr: "" });
});

test("one journal gives one hash, however often it is loaded", async ({ sandbox, page }) => {
  await sandbox.open();
  await sandbox.type("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await sandbox.type("nats pub -J orders.new hello --count 3");
  await sandbox.pause();
  const [journal, hash, at] = await page.evaluate(async () => {
    const state = (await window.windtunnel.state()) as { now: number };
    return [await window.windtunnel.journal(), await window.windtunnel.hash(), state.now];
  });
  for (let round = 0; round < 2; round += 1) {
    await page.evaluate((text) => window.windtunnel.load(text), journal);
    await sandbox.seek(at);
    expect(await sandbox.hash()).toBe(hash);
  }
});

test("a page that embeds it calls it and hears from it", async ({ page }) => {
  await page.goto("/fonts/commit-mono-LICENSE.txt");
  const heard = await page.evaluate(async () => {
    const frame = document.createElement("iframe");
    frame.src = "/?embed=canvas,timeline&scenario=lost-ack&speed=10";
    frame.width = "640";
    frame.height = "400";
    document.body.replaceChildren(frame);
    await new Promise((resolve) => frame.addEventListener("load", resolve));
    const answers: unknown[] = [];
    const event = new Promise((resolve) => {
      addEventListener("message", ({ data }) => {
        if (data.event === "trace") resolve(data.event);
        else if (data.windtunnel === 1) answers.push(data);
      });
    });
    const post = (id: number, call: string, args: unknown[]) =>
      frame.contentWindow?.postMessage({ windtunnel: 1, id, call, args }, location.origin);
    post(1, "on", ["trace"]);
    post(2, "nonsense", []);
    await event;
    return answers;
  });
  expect(heard).toContainEqual({ windtunnel: 1, id: 1, value: true });
  expect(heard).toContainEqual({ windtunnel: 1, id: 2, error: "no such call: nonsense" });
  const frame = page.frameLocator("iframe");
  await expect(frame.getByRole("article", { name: "consumer ORDERS/W" })).toBeVisible();
  await expect(frame.getByRole("link", { name: "Open in Windtunnel" })).toBeVisible();
});

test("an embedded canvas names its server", async ({ page }) => {
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.goto("/?embed=canvas");
  await expect(page.getByRole("article", { name: /^n1, / })).toBeVisible();
});

test("a worker that cannot start is said so, with a way on", async ({ page }) => {
  await page.route("**/assets/entry-*.js", (route) => route.abort());
  await page.goto("/?scenario=blank");
  await expect(page.getByRole("alert")).toContainText("The engine stopped");
  await page.unroute("**/assets/entry-*.js");
  await page.getByRole("button", { name: "Restart and replay" }).click();
  await expect(page.getByRole("article", { name: "n1, up" })).toBeVisible();
});

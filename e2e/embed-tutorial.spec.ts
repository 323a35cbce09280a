/** The sample tutorial: prose that drives the tunnel beside it, and says what it sees there. */
import type { FrameLocator, Page } from "@playwright/test";
import { expect, test } from "./sandbox.ts";

const tunnelIn = (page: Page): FrameLocator => page.frameLocator("iframe");

async function tryIt(page: Page, line: string): Promise<void> {
  await page.getByRole("button", { name: `Try it: ${line}` }).click();
}

async function open(page: Page): Promise<FrameLocator> {
  await page.goto("/tutorial/");
  const tunnel = tunnelIn(page);
  await expect(tunnel.getByRole("article", { name: "n1, up" })).toBeVisible();
  return tunnel;
}

test("the tutorial drives its embed, and the embed answers", async ({ sandbox, page }) => {
  test.setTimeout(120_000);
  const tunnel = await open(page);
  await tryIt(page, "nats stream add ORDERS --subjects 'orders.>' --defaults");
  await expect(tunnel.getByRole("article", { name: "stream ORDERS" })).toBeVisible();
  await tryIt(page, "nats pub -J orders.new 'order {{Count}}' --count 3");
  await expect(page.getByText("ORDERS holds 3 messages.")).toBeVisible();

  await tryIt(page, "nats consumer add ORDERS W --pull --ack explicit --wait 3s --defaults");
  await expect(tunnel.getByRole("article", { name: "consumer ORDERS/W" })).toBeVisible();
  await tryIt(page, "load worker A --stream ORDERS --consumer W --work 300ms --latency 300ms");
  await expect(page.getByText("A has worked 3 times, on 3 messages.")).toBeVisible();

  await tryIt(page, "fault drop ack");
  await tryIt(page, "nats pub -J orders.new 'order 4'");
  const again = page.locator("[data-when=again]");
  await expect(again).toHaveAttribute("data-true", "");
  await expect(again).toHaveText(/Number\s+4\s+came again, at\s+\d+\.\d\d s/);

  await page.getByRole("button", { name: "Stop time" }).click();
  await expect(tunnel.getByRole("button", { name: "Play" })).toBeVisible();
  await page.getByRole("button", { name: "Back to before the fault" }).click();
  await expect(page.getByText(/You are looking at/)).toBeVisible();
  await expect(page.getByText("ORDERS holds 3 messages.")).toBeVisible();
  await page.getByRole("button", { name: "To where I was" }).click();
  await expect(page.getByText("ORDERS holds 4 messages.")).toBeVisible();

  await tryIt(page, "nats consumer info ORDERS W --json | jq '.delivered'");
  await expect(page.locator(".answer")).toContainText('"consumer_seq": 5');
  expect(sandbox.complaints).toEqual([]);
});

test("a line that is tried before the last one has ended waits for it", async ({ page }) => {
  await open(page);
  const add = "nats stream add ORDERS --subjects 'orders.>' --defaults";
  // In one go, as fast as nobody can press.
  await page.evaluate((first) => {
    for (const line of [first, "nats pub -J orders.new 'order {{Count}}' --count 3"]) {
      document.querySelector<HTMLElement>(`[aria-label="Try it: ${line}"]`)?.click();
    }
  }, add);
  await expect(page.getByText("ORDERS holds 3 messages.")).toBeVisible();
});

test("what is typed in the tunnel itself counts in the prose", async ({ page }) => {
  const tunnel = await open(page);
  const terminal = tunnel.getByRole("textbox", { name: "Terminal" });
  await terminal.pressSequentially("nats stream add ORDERS --subjects 'orders.>' --defaults");
  await terminal.press("Enter");
  await expect(page.getByText("ORDERS is there, and empty.")).toHaveAttribute("data-true", "");
});

test("embed.js waits for a tunnel that loads, tells its errors, and stops", async ({ page }) => {
  await page.goto("/fonts/commit-mono-LICENSE.txt");
  const seen = await page.evaluate(async () => {
    const script = "/embed.js";
    const { connectTunnel } = (await import(script)) as typeof import("../src/embed/index.ts");
    const frame = document.createElement("iframe");
    frame.src = "/?embed=canvas&scenario=blank";
    document.body.replaceChildren(frame);
    // Nothing of the frame is there yet: the calls wait for it.
    const tunnel = connectTunnel(frame);
    const heard: string[] = [];
    tunnel.on("ready", () => heard.push("ready"));
    const stop = tunnel.on("journal", () => heard.push("journal"));
    const why = (error: Error) => error.message;
    const said = await tunnel.exec("echo hello");
    const isJournaled = heard.includes("journal");
    stop();
    const count = heard.length;
    await tunnel.exec("echo again");
    const wrong = await tunnel.seek(Number.NaN).catch(why);
    const unknown = await tunnel.call("fly" as "seek").catch(why);
    await tunnel.pause();
    const stopped = await tunnel.exec("nats stream ls").catch(why);
    const { now } = await tunnel.state();
    const open = tunnel.seek(0).catch(why);
    tunnel.close();
    const closed = await open;
    const quiet = heard.length === count;
    return { said, isJournaled, quiet, wrong, unknown, stopped, closed, now, first: heard[0] };
  });
  expect(seen.said).toEqual({ exit: 0, stdout: "hello\n", stderr: "" });
  expect(seen.first).toBe("ready");
  expect(seen.isJournaled).toBe(true);
  expect(seen.quiet).toBe(true);
  expect(seen.wrong).toContain("a moment is a number");
  expect(seen.unknown).toBe("no such call: fly");
  expect(seen.stopped).toContain("time is stopped");
  expect(seen.closed).toBe("the tunnel was closed");
  expect(seen.now).toBeGreaterThan(0);
});

test("another origin is heard only when the address allows it", async ({ page, baseURL }) => {
  // The same server under another name is another origin.
  const other = String(baseURL).replace("127.0.0.1", "localhost");
  const here = String(baseURL);
  await page.goto(`${here}/fonts/commit-mono-LICENSE.txt`);
  const ask = (address: string) =>
    page.evaluate(async (src) => {
      const script = "/embed.js";
      const { connectTunnel } = (await import(script)) as typeof import("../src/embed/index.ts");
      const frame = document.createElement("iframe");
      frame.src = src;
      document.body.replaceChildren(frame);
      const tunnel = connectTunnel(frame, { patience: 6_000 });
      return tunnel.exec("echo hello").then(
        ({ stdout }) => stdout,
        (error: Error) => error.message,
      );
    }, address);
  expect(await ask(`${other}/?embed=canvas&origin=${encodeURIComponent(here)}`)).toBe("hello\n");
  expect(await ask(`${other}/?embed=canvas&origin=https://elsewhere.example`)).toContain(
    "no answer from",
  );
});

test("the tutorial fits a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const tunnel = await open(page);
  await tryIt(page, "nats stream add ORDERS --subjects 'orders.>' --defaults");
  await expect(tunnel.getByRole("article", { name: "stream ORDERS" })).toBeVisible();
  const isTooWide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isTooWide).toBe(false);
});

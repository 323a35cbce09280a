/** The built page in a real browser: weight, time until one can act, work per frame. */
import { chromium, type Page } from "@playwright/test";
import { preview } from "vite";
import { weighSession } from "../weight/session.ts";
import { weighPage } from "../weight/weigh.ts";
import { add, type Report } from "./report.ts";

const root = `${process.cwd()}/`;
const browserFlags = [
  "--no-sandbox",
  "--headless",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const slowdown = 4;
const watchedMs = 30_000;
const busy = [
  "nats stream add ORDERS --subjects 'orders.>' --max-msgs 5000 --defaults",
  "nats consumer add ORDERS W --pull --ack explicit --deliver all --defaults",
  "load publisher P --subject orders.new --rate 1000/s --latency 200ms",
  "load worker A --stream ORDERS --consumer W --batch 100 --latency 200ms",
];

interface Automation {
  exec(line: string): Promise<{ exit: number }>;
  frameWork(fresh?: boolean): { frames: number; p95: number; late: number };
}
declare const window: { readonly windtunnel: Automation; startedAt?: number };

/** Adds `page.*` to the report. `npm run build` first. */
export async function benchPage(report: Report): Promise<void> {
  const weight = weighPage(`${root}dist/page`);
  const kilobytes = { unit: "kB gz" };
  add(report, { name: "page.first_paint", value: weight.firstPaintKb, ...kilobytes, goal: "230" });
  const server = await preview({ root, logLevel: "error", preview: { port: 0 } });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("the page is not served");
  const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: browserFlags });
  try {
    await benchStart(report, await browser.newPage(), url);
    await benchFrames(report, await browser.newPage(), url);
    await benchFloor(report, await browser.newPage());
  } finally {
    await browser.close();
    await server.close();
  }
}

/**
 * Until the sandbox shows its server and the terminal takes a line, on a slow machine; and what
 * was transferred until a first publish has ended.
 */
async function benchStart(report: Report, page: Page, url: string): Promise<void> {
  const weight = weighSession(page, `${root}dist/page`);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(noteStart);
  const begin = Date.now();
  await page.goto(`${url}?scenario=blank`);
  await page.getByRole("article", { name: /^n1, / }).waitFor();
  await page.getByRole("textbox", { name: "Terminal" }).waitFor({ state: "attached" });
  const startedAt = await page.waitForFunction(() => window.startedAt);
  const value = (Number(await startedAt.jsonValue()) - begin) / 1000;
  add(report, { name: "page.interactive_s", value, unit: "s", goal: "2 on a 4x slower CPU" });
  await page.evaluate((line) => window.windtunnel.exec(line), "nats pub hello world");
  add(report, { name: "page.sandbox", value: weight.kb(), unit: "kB gz", goal: "500" });
  await page.close();
}

/** In the page: when both are there. Who asks from outside hears it up to half a second later. */
function noteStart(): void {
  const look = () => {
    const server = document.querySelector('article[aria-label^="n1, "]');
    const isSeen = server?.checkVisibility({ visibilityProperty: true }) === true;
    const isReady = isSeen && document.querySelector('textarea[aria-label="Terminal"]') !== null;
    if (isReady) window.startedAt = Date.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function benchFrames(report: Report, page: Page, url: string): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`${url}?scenario=blank`);
  await page.getByRole("article", { name: /^n1, / }).waitFor();
  for (const line of busy) {
    const { exit } = await page.evaluate((text) => window.windtunnel.exec(text), line);
    if (exit !== 0) throw new Error(`${line}: exit ${exit}`);
  }
  await page.waitForTimeout(2_000);
  await page.evaluate(() => window.windtunnel.frameWork(true));
  await page.waitForTimeout(watchedMs);
  const { frames, p95, late } = await page.evaluate(() => window.windtunnel.frameWork());
  add(report, { name: "page.frames_per_second", value: frames / (watchedMs / 1000), unit: "fps" });
  add(report, { name: "page.frame_work_p95_ms", value: p95, unit: "ms", goal: "at most 8" });
  add(report, { name: "page.late_frames", value: late * 100, unit: "%", goal: "at most 1" });
  await page.close();
}

/**
 * The same watch over an empty page on which one square moves: late frames that are the machine's
 * and the browser's own.
 */
async function benchFloor(report: Report, page: Page): Promise<void> {
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.setContent('<div style="width:50px;height:50px;background:teal"></div>');
  await page.waitForTimeout(2_000);
  const late = await page.evaluate(watchSquare, watchedMs);
  add(report, { name: "page.late_frames_floor", value: late * 100, unit: "%" });
}

/** Runs in the page: the share of frame intervals above 25 ms, as the page itself counts them. */
function watchSquare(watched: number): Promise<number> {
  const square = document.querySelector("div");
  const begin = performance.now();
  let last = begin;
  let frames = 0;
  let late = 0;
  return new Promise((resolve) => {
    requestAnimationFrame(function move() {
      const now = performance.now();
      if (now - last > 25) late += 1;
      frames += 1;
      last = now;
      if (square !== null) square.style.transform = `translateX(${Math.round((now / 5) % 800)}px)`;
      if (now - begin < watched) requestAnimationFrame(move);
      else resolve(late / frames);
    });
  });
}

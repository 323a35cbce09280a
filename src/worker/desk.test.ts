/**
 * What a page is told of a past that was entered in the middle of an instant. That events share
 * instants, and what is told of them, is our model; their order is the journal's (T#k).
 */
import { expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { Desk } from "./desk.ts";
import type { FramePatch } from "./frames.ts";

/** Links that never vary: both followers have the leader's entry at one instant. */
const cluster = `windtunnel 1
seed    7
world   cluster east 3
0s      fault link n1 n2 --latency 1ms --jitter 0s
0s      fault link n1 n3 --latency 1ms --jitter 0s
0s      fault link n2 n3 --latency 1ms --jitter 0s
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
1s      nats pub -J orders.new one
1.2s    nats pub -J orders.new two
`;

const realm = installRealm({ strict: false });

/** The page's end of a desk. */
class Page {
  readonly desk: Desk;
  #last: FramePatch | null = null;

  private constructor() {
    this.desk = new Desk(realm, (notice) => {
      if (notice.kind !== "frame") return;
      this.#last = notice.patch;
      queueMicrotask(() => this.desk.taken());
    });
  }

  static async open(): Promise<Page> {
    const page = new Page();
    await page.desk.open({ text: cluster });
    return page;
  }

  /** Goes to an instant, and tells every line that the page then has behind it. */
  async linesAt(ns: number): Promise<string[]> {
    await this.desk.seek(ns);
    return this.lines;
  }

  /** Those of the last frame: all of them, when it followed a jump in time. */
  get lines(): string[] {
    return (this.#last?.trace ?? []).map(({ at, text }) => `${at} ${text}`);
  }
}

/** Just before the first message, when its copies are stored, and after the second one's are. */
const before = 1.0005e9;
const after = 1.3e9;

const copiesIn = (lines: readonly string[]) =>
  lines.filter((line) => line.includes("stores its copy"));
const instantOf = (line: string | undefined) => Number(line?.split(" ")[0]);

/** Everything that is told of copies, and the instant at which the first message has two. */
async function reference(): Promise<{ readonly whole: readonly string[]; readonly at: number }> {
  const whole = copiesIn(await (await Page.open()).linesAt(after));
  expect(whole).toHaveLength(4);
  expect(instantOf(whole[0])).toBe(instantOf(whole[1]));
  return { whole, at: instantOf(whole[0]) };
}

/** Stopped at T#k for an instant T, or null when it has fewer events. */
async function pausedAt(at: number, k: number): Promise<Page | null> {
  const page = await Page.open();
  await page.desk.seek(before);
  let now = 0;
  while (now < at) now = await page.desk.step("event", false);
  for (let i = 1; i < k; i += 1) now = await page.desk.step("event", false);
  return now === at ? page : null;
}

test("a pause between two events of one instant loses nothing that is told of it", async () => {
  const { whole, at } = await reference();
  let pauses = 0;
  for (let k = 1; ; k += 1) {
    const page = await pausedAt(at, k);
    if (page === null) break;
    pauses += 1;
    await page.linesAt(0);
    expect(copiesIn(await page.linesAt(after)), `stopped at T#${k}`).toEqual(whole);
  }
  expect(pauses).toBeGreaterThan(1);
});

test("between two events of one instant the second has not happened yet", async () => {
  const { whole, at } = await reference();
  const page = await Page.open();
  await page.linesAt(after);
  await page.desk.seek(at);
  await page.desk.step("event", true);
  expect(copiesIn(page.lines)).toEqual(whole.slice(0, 1));
});

test("a branch that leaves between two events of one instant has the first of them", async () => {
  const { whole, at } = await reference();
  const page = await Page.open();
  await page.linesAt(after);
  await page.desk.seek(at);
  await page.desk.step("event", true);
  await page.desk.exec("fault kill n1 n2 n3");
  expect(copiesIn(await page.linesAt(after))).toEqual(whole.slice(0, 1));
  await page.desk.branch({ kind: "show", id: 0 });
  expect(copiesIn(await page.linesAt(after))).toEqual(whole);
});

test("what a publisher is answered is told with its number", async () => {
  const lines = await (await Page.open()).linesAt(after);
  const answers = lines.filter((line) => line.includes("answers the publisher"));
  expect(answers.map((line) => line.slice(line.indexOf(": ") + 2))).toEqual([
    ...["1 is stored", "2 is stored"],
  ]);
});

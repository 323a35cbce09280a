/** Clocks, timers and chance of the realm belong to the process that runs, and to nobody else. */
import { Nuid, nuid } from "@nats-io/nats-core/internal";
import { afterAll, expect, test } from "vitest";
import { connectionOptions, installRealm, type Program } from "../../src/clients/index.ts";
import { createBench, runProgram } from "./driver.ts";

const realm = installRealm({ strict: false });
afterAll(() => realm.uninstall());

const quiet = { world: "preset none" } as const;

test("without a process the realm's own clock and chance answer", () => {
  expect(Math.abs(Date.now() - realm.original.Date.now())).toBeLessThan(1_000);
  expect(new Date()).toBeInstanceOf(Date);
  expect(Math.random()).not.toBe(Math.random());
  expect(nuid.next()).toHaveLength(22);
});

test("a process sees its own clock, chance and ids, the same in every run", async () => {
  const program: Program = async (ctx) => {
    const dates = [new Date(0), new Date(), new Date(2026, 0)].map((one) => one instanceof Date);
    const bytes = crypto.getRandomValues(new Uint8Array(4));
    await ctx.write(`${Date.now()} ${performance.now()} ${Math.random()} ${bytes} ${dates} `);
    await ctx.write(`${crypto.randomUUID()} ${nuid.next()} ${nuid.next()} ${new Nuid().next()} `);
    await new Promise((wake) => void setTimeout(wake, 2.5));
    await ctx.write(`${performance.now()} ${ctx.random()}`);
    return 0;
  };
  const texts: string[] = [];
  for (let i = 0; i < 2; i++) {
    const bench = createBench(program, quiet);
    expect(await runProgram(bench)).toBe(0);
    texts.push(bench.written.join(""));
  }
  expect(texts[1]).toBe(texts[0]);
  expect(texts[0]).toMatch(/^1767225600000 0 0\.\d+ \d+,\d+,\d+,\d+ true,true,true /);
  expect(texts[0]).toMatch(
    /-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} \w{22} \w{22} \w{22} 2\.5 0\./,
  );
});

test("timers repeat, are cleared, and take odd delays as Node does", async () => {
  const bench = createBench(async (ctx) => {
    const fired: string[] = [];
    const note = (what: string) => (): void => void fired.push(`${what}@${performance.now()}`);
    const repeated = setInterval(note("i"), 10);
    const cleared = setTimeout(note("never"), 5);
    clearTimeout(cleared);
    setTimeout(note("nan"), Number.NaN);
    setTimeout(note("zero"), 0);
    setTimeout(note("long"), 2 ** 40);
    await ctx.sleep(25);
    clearInterval(repeated);
    await ctx.sleep(25);
    await ctx.write(fired.join(" "));
    return 0;
  }, quiet);
  expect(await runProgram(bench)).toBe(0);
  // Node: a delay below 1, above 2^31-1 or not a number becomes 1.
  expect(bench.written.join("")).toBe("nan@1 zero@1 long@1 i@10 i@20");
});

test("while something is held, time stands still", async () => {
  const bench = createBench(async (ctx) => {
    const before = ctx.nowMs();
    const loaded = new Promise<string>((done) => {
      realm.original.setTimeout(() => done("chunk"), 30);
    });
    const text = await realm.hold(loaded);
    await ctx.write(`${text} ${ctx.nowMs() - before}`);
    return 0;
  }, quiet);
  expect(await runProgram(bench)).toBe(0);
  expect(bench.written.join("")).toBe("chunk 0");
  expect(realm.holds).toBe(0);
});

test("servers come from the options, NATS_URL or the own host; credentials leave the address", () => {
  const env = new Map([["NATS_URL", "nats://app:se%40cret@n1:4222, nats://n2"]]);
  expect(connectionOptions({}, new Map())).toEqual({ servers: ["nats://127.0.0.1:4222"] });
  expect(connectionOptions({ port: 5000 }, env)).toEqual({ servers: ["127.0.0.1:5000"] });
  expect(connectionOptions({ name: "x" }, env)).toEqual({
    name: "x",
    user: "app",
    pass: "se@cret",
    servers: ["nats://n1:4222", "nats://n2"],
  });
  expect(connectionOptions({ servers: "token@n1", user: "me" }, env)).toMatchObject({
    token: "token",
    user: "me",
    servers: ["n1"],
  });
});

test("strict: use without a process is a bug", () => {
  realm.uninstall();
  const strict = installRealm({ strict: true });
  try {
    expect(() => Math.random()).toThrow("Math.random was used while no process runs");
    expect(() => Date.now()).toThrow("Date was used while no process runs");
    expect(() => new Date()).toThrow("Date was used while no process runs");
    expect(new Date(0).getTime()).toBe(0);
    expect(() => setTimeout(() => {}, 1)).toThrow("setTimeout was used while no process runs");
  } finally {
    strict.uninstall();
  }
  expect(Math.random()).toBeLessThan(1);
});

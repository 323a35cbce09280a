/** A run is a function of seed and inputs; a process is a function of the turns it has taken. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installRealm, ProcessHost } from "../../src/clients/index.ts";
import { nanos } from "../../src/kernel/index.ts";
import { busy, busyDigest, runBusy } from "./busy.ts";
import { createBench, run, start } from "./driver.ts";

let folder = "";
let bundle = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "realm-"));
  await build({
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: { ssr: "test/realm/busy-worker.ts", outDir: folder, minify: false },
  });
  bundle = join(folder, "busy-worker.js");
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test("two runs in one realm agree, and another seed does not", async () => {
  const [one, two, other] = [await busyDigest(7), await busyDigest(7), await busyDigest(8)];
  expect(two).toBe(one);
  expect(other).not.toBe(one);
});

test("fresh realms agree with each other and with this one", async () => {
  const digests = [await inFreshRealm(7), await inFreshRealm(7)];
  expect(digests).toEqual([await busyDigest(7), await busyDigest(7)]);
});

function inFreshRealm(seed: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(bundle, { workerData: seed });
    worker.once("message", (digest: string) => {
      resolve(digest);
      void worker.terminate();
    });
    worker.once("error", reject);
  });
}

test("a process replayed from its own inputs, without a world, does the same", async () => {
  const bench = await runBusy(3);
  const [first] = bench.turns;
  if (first === undefined) throw new Error("no turn was taken");
  const { pid } = first.turn;
  const turns = bench.turns.filter((one) => one.turn.pid === pid);
  const again = createBench(busy, { seed: 3, options: { checking: true } });
  start(again);
  const record = again.world.processes.get(pid);
  if (record === undefined) throw new Error(`process ${pid} was not started`);
  const host = new ProcessHost({ programs: { sh: busy }, realm: installRealm({ strict: false }) });
  const sent: unknown[] = [];
  for (const { turn } of turns) sent.push(await host.turn(record, turn));
  expect(sent).toEqual(turns.map((one) => one.effects));
  expect(turns.length).toBeGreaterThan(60);
});

test("a process rebuilt in the middle of its life goes on as the first one did", async () => {
  const straight = await runBusy(5);
  const bench = createBench(busy, { seed: 5, options: { checking: true } });
  start(bench);
  await run(bench, 400_000_000);
  const [record] = [...bench.world.processes.values()];
  if (record === undefined) throw new Error("the program has ended too early");
  bench.host.dropAll();
  await bench.host.rebuild(
    record,
    bench.turns.map((one) => one.turn),
  );
  await run(bench);
  expect(bench.written).toEqual(straight.written);
});

test("a thousand virtual hours of a connected client cost nothing but its pings", async () => {
  const hours = 1_000;
  const bench = createBench(async (ctx) => {
    const nc = await ctx.connect({ name: "idle" });
    await ctx.sleep(1);
    await ctx.write("connected\n");
    await nc.closed();
    return 1;
  });
  start(bench);
  await run(bench, nanos(hours * 3_600_000_000_000));
  expect(bench.written.join("")).toBe("connected\n");
  expect(bench.world.processes.size).toBe(1);
  // The client's and the server's pings, every two minutes each (nats.js and nats-server
  // defaults), and nothing else: what that costs in seconds is in `npm run bench`.
  const pings = 2 * 30 * hours;
  expect(bench.turns.length).toBeGreaterThan(pings);
  expect(bench.turns.length).toBeLessThan(1.1 * pings);
}, 30_000);

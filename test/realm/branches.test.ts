/** A world copied at any moment goes on as the original does; watching it changes nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fork } from "../../src/kernel/index.ts";
import { readTrace, runNextEvent, type World, worldHash } from "../../src/world/index.ts";
import { type Bench, command, createBench, run } from "./driver.ts";
import { ordersProgram, stageOrders } from "./orders.ts";

const second = 1_000_000_000;

/** Publisher, worker and a little of everything that can go wrong. */
async function stage(tracing: boolean): Promise<Bench> {
  const bench = await stageOrders({ messages: 3, ackWaitMs: 500 }, { tracing, seed: 5 });
  command(bench, "load publisher P --subject orders.new --rate 40/s --msg-id --retry");
  command(bench, "load worker W --stream ORDERS --consumer W --batch 4 --work 20ms --nak 5%");
  command(bench, "fault drop ack --count 3");
  command(bench, "fault link desk n1 --latency 3ms --jitter 1ms --loss 2%");
  return bench;
}

function runEvents(bench: Bench, world: World, events: number): void {
  for (let i = 0; i < events; i++) runNextEvent(world, bench.doors);
}

test("a fork at any event and its original end in the same state", async () => {
  const bench = await stage(false);
  fc.assert(
    fc.property(fc.nat(400), fc.integer({ min: 1, max: 400 }), (before, after) => {
      const world = fork(bench.world);
      runEvents(bench, world, before);
      const copy = fork(world);
      runEvents(bench, world, after);
      const between = worldHash(world);
      runEvents(bench, copy, after);
      expect(worldHash(copy)).toBe(between);
    }),
    { numRuns: 12 },
  );
});

test("a copy keeps what the original has changed since", async () => {
  const bench = await stage(false);
  const copy = fork(bench.world);
  const hash = worldHash(copy);
  command(bench, "fault power-off n1");
  command(bench, "fault start n1");
  await run(bench, bench.world.kernel.now + second);
  expect(worldHash(copy)).toBe(hash);
});

test("a watched world has the same hash, and its flights lead from publish to ack", async () => {
  const [watched, unwatched] = [await stage(true), await stage(false)];
  const end = watched.world.kernel.now + 3 * second;
  await run(watched, end);
  await run(unwatched, end);
  expect(worldHash(watched.world)).toBe(worldHash(unwatched.world));
  if (watched.trace === null) throw new Error("nothing was recorded");
  const { entries } = readTrace(watched.trace, 0);
  const byId = new Map(entries.map(({ record }) => [record.id, record]));
  const ack = entries.find(
    ({ from, record }) => from === "wire" && "what" in record && record.what === "ack",
  );
  const path: string[] = [];
  for (let one = ack?.record; one !== undefined; one = byId.get(one.cause ?? 0)) {
    path.push("what" in one ? `${one.what} ${one.from}` : `${one.kind} ${one.host}`);
  }
  expect(path).toEqual(["ack desk", "delivery n1", "deliver n1", "stored n1", "publish desk"]);
});

test("each preset of the transcripts makes its world", async () => {
  const counts: Record<string, string> = {};
  for (const name of ["plain", "nojs", "none", "accounts", "limits"]) {
    const { world } = createBench(ordersProgram(), { world: `preset ${name}` });
    const server = world.hosts.get("n1")?.server;
    const accounts = [...(server?.jetstream?.accounts.keys() ?? [])];
    counts[name] = `${world.hosts.size} ${accounts} ${server?.config.limits.maxPayload}`;
    expect(world.terminals.get("t1")?.env).toContainEqual(["NATS_URL", "nats://127.0.0.1:14222"]);
  }
  expect(counts).toEqual({
    plain: "2 $G 1048576",
    nojs: "2  1048576",
    none: "1  undefined",
    accounts: "2 APP 1048576",
    limits: "2 APP 4096",
  });
});

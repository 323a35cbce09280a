/** What breaks breaks as machines, disks and TCP do it. */
import { StorageType } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import type { Program } from "../../src/clients/index.ts";
import { stateObject } from "../../src/world/index.ts";
import { type Bench, command, createBench, run, runProgram, start } from "./driver.ts";
import { stageOrders } from "./orders.ts";

const second = 1_000_000_000;

interface State {
  readonly ledger: { made: number; broken: number; kept: number; doubled: number };
  readonly streams: Record<string, { state: { messages: number; last_seq: number } }>;
  readonly consumers: Record<string, { num_ack_pending: number; num_redelivered: number }>;
  readonly actors: Record<string, Record<string, number>>;
  readonly hosts: Record<string, { disk: { unsynced_bytes: number } }>;
}

function stateOf(bench: Bench): State {
  return stateObject(bench.world) as unknown as State;
}

function now(bench: Bench): number {
  return bench.world.kernel.now;
}

// nats-server syncs files every 2 min (filestore.go defaultSyncInterval); a killed process loses
// nothing, a power loss what was not synced: scenarios `process-crash-is-not-power-loss`,
// `power-loss-unsynced`.
test("a killed server comes back with everything that it had acknowledged", async () => {
  const bench = await stageOrders({ messages: 5 });
  command(bench, "fault kill n1");
  expect(stateOf(bench).streams).toEqual({});
  command(bench, "fault start n1");
  expect(stateOf(bench).streams.ORDERS?.state).toMatchObject({ messages: 5, last_seq: 5 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 5, broken: 0 });
});

test("a power loss takes what was not synced, and the ledger names each message", async () => {
  const bench = await stageOrders({ messages: 5 });
  expect(stateOf(bench).hosts.n1?.disk.unsynced_bytes).toBeGreaterThan(0);
  command(bench, "fault power-off n1");
  command(bench, "fault start n1");
  expect(stateOf(bench).streams.ORDERS?.state).toMatchObject({ messages: 0 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 5, broken: 5, kept: 0 });
  expect(bench.world.ledger.breaks.map((one) => one.seq)).toEqual([1, 2, 3, 4, 5]);
});

test("what was synced survives the power loss", async () => {
  const bench = await stageOrders({ messages: 5 });
  await run(bench, now(bench) + 121 * second);
  expect(stateOf(bench).hosts.n1?.disk.unsynced_bytes).toBe(0);
  command(bench, "fault power-off n1");
  command(bench, "fault start n1");
  expect(stateOf(bench).streams.ORDERS?.state).toMatchObject({ messages: 5 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 5, broken: 0 });
});

test("with sync always nothing acknowledged is lost", async () => {
  const bench = await stageOrders();
  command(bench, "world set n1 sync_interval always");
  command(bench, "load publisher P --subject orders.new --rate 50/s --count 20");
  await run(bench, now(bench) + second);
  command(bench, "fault power-off n1");
  command(bench, "fault start n1");
  expect(stateOf(bench).streams.ORDERS?.state).toMatchObject({ messages: 20 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 20, broken: 0 });
});

test("memory storage is gone with the process", async () => {
  const bench = await stageOrders({ messages: 3, storage: StorageType.Memory });
  command(bench, "fault kill n1");
  expect(stateOf(bench).ledger).toMatchObject({ made: 3, broken: 3 });
});

test("a lost ack brings the message again after ack wait", async () => {
  const bench = await stageOrders({ messages: 1, ackWaitMs: 2_000 });
  command(bench, "fault drop ack --stream ORDERS --consumer W");
  command(bench, "load worker W --stream ORDERS --consumer W");
  await run(bench, now(bench) + second);
  expect(stateOf(bench).consumers["ORDERS/W"]).toMatchObject({ num_ack_pending: 1 });
  expect(bench.world.drops).toEqual([]);
  await run(bench, now(bench) + 2 * second);
  expect(stateOf(bench).consumers["ORDERS/W"]).toMatchObject({ num_ack_pending: 0 });
  expect(stateOf(bench).actors.W).toMatchObject({ received: 2, redelivered: 1, unique: 1 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 1, doubled: 1 });
});

test("a lost PubAck is asked for again; the message id keeps the message single", async () => {
  const bench = await stageOrders();
  command(bench, "fault drop puback");
  command(bench, "load publisher P --subject orders.new --count 1 --msg-id --retry");
  await run(bench, now(bench) + 8 * second);
  expect(stateOf(bench).actors.P).toMatchObject({ sent: 2, acked: 1, timeouts: 1 });
  expect(stateOf(bench).streams.ORDERS?.state).toMatchObject({ messages: 1 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 1, kept: 1 });
});

const shown = new Set(["disconnect", "reconnecting", "reconnect"]);

/** Asks every 100 ms how long an answer takes, and says so. */
const asker: Program = async (ctx) => {
  const nc = await ctx.connect({ name: "asker", maxReconnectAttempts: -1 });
  (async () => {
    for await (const { type } of nc.status()) if (shown.has(type)) await ctx.write(`${type} `);
  })();
  nc.subscribe("echo", { callback: (_error, msg) => void msg.respond(msg.data) });
  for (;;) {
    const before = ctx.nowMs();
    const result = await nc.request("echo", "", { timeout: 20_000 }).then(
      () => "ok",
      (error: Error) => error.name,
    );
    await ctx.write(`${result}:${ctx.nowMs() - before} `);
    await ctx.sleep(100);
  }
};

test("a silent cut holds bytes back until it is healed", async () => {
  const bench = createBench(asker);
  start(bench);
  await run(bench, second);
  bench.written.length = 0;
  command(bench, "fault cut n1");
  await run(bench, 3 * second);
  expect(bench.written.join("")).toBe("");
  command(bench, "fault heal");
  await run(bench, 5 * second);
  // As the recorded clusters' links: what was held back goes on with the heal, 2 s after the ask.
  const [first = ""] = bench.written.join("").split(" ");
  expect(first).toMatch(/^ok:(19|20)\d\d$/);
});

test("one way is enough to lose the answers", async () => {
  const bench = createBench(asker);
  start(bench);
  await run(bench, second);
  const { inMsgs } = bench.world.hosts.get("n1")?.server?.totals ?? { inMsgs: 0 };
  bench.written.length = 0;
  command(bench, "fault cut desk --from n1 --one-way");
  await run(bench, 2 * second);
  expect(bench.written.join("")).toBe("");
  // What the client sent did arrive.
  expect(bench.world.hosts.get("n1")?.server?.totals.inMsgs).toBeGreaterThan(inMsgs);
});

test("a frozen server answers when it goes on, and its connections live", async () => {
  const bench = createBench(asker);
  start(bench);
  await run(bench, second);
  bench.written.length = 0;
  command(bench, "fault freeze n1");
  await run(bench, 3 * second);
  command(bench, "fault resume n1");
  await run(bench, 4 * second);
  expect(bench.written.join("")).toMatch(/^ok:(19|20)\d\d ok:\d /);
});

test("a killed server resets its clients; they come back when it does", async () => {
  const bench = createBench(asker);
  start(bench);
  await run(bench, second);
  bench.written.length = 0;
  command(bench, "fault kill n1");
  await run(bench, 5 * second);
  expect(bench.written.join("")).toMatch(/^disconnect reconnecting /);
  command(bench, "fault start n1");
  await run(bench, 30 * second);
  expect(bench.written.join("")).toMatch(/ reconnect TimeoutError:20000 ok:/);
  expect(bench.written.join("").trim()).toMatch(/ok:\d$/);
});

test("a power loss tells nobody; the next bytes after the start are answered by a reset", async () => {
  const bench = createBench(asker);
  start(bench);
  await run(bench, second);
  bench.written.length = 0;
  command(bench, "fault power-off n1");
  await run(bench, 20 * second);
  expect(bench.written.join("")).toBe("");
  command(bench, "fault start n1");
  await run(bench, 60 * second);
  expect(bench.written.join("")).toMatch(/^disconnect reconnecting reconnect TimeoutError:20000 /);
});

test("a frozen server that loses power leaves nothing behind that could answer", async () => {
  const bench = createBench(asker);
  start(bench);
  await run(bench, second);
  bench.written.length = 0;
  command(bench, "fault freeze n1");
  await run(bench, 2 * second);
  command(bench, "fault power-off n1");
  await run(bench, 3 * second);
  command(bench, "fault start n1");
  await run(bench, 40 * second);
  expect(bench.written.join("")).toMatch(/^disconnect reconnecting reconnect /);
});

test("monitoring hangs on a machine without power, and comes back with it", async () => {
  const bench = createBench(async (ctx) => {
    const before = ctx.nowMs();
    const answer = await ctx.http("n1", 8222, "/healthz").then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
    await ctx.write(`${answer} after ${Math.round((ctx.nowMs() - before) / 1000)} s`);
    return 0;
  });
  command(bench, "fault power-off n1");
  await runProgram(bench);
  command(bench, "fault start n1");
  await runProgram(bench);
  // Linux: tcp_syn_retries 6 gives up after 127 s.
  expect(bench.written).toEqual(["connect ETIMEDOUT n1:8222 after 127 s", "200 after 0 s"]);
});

test("a slow link delays, a narrow one queues", async () => {
  const rtt: Program = async (ctx) => {
    const nc = await ctx.connect();
    await ctx.write(`${await nc.rtt()} `);
    const before = ctx.nowMs();
    nc.publish("big", new Uint8Array(100_000));
    await nc.flush();
    await ctx.write(`${ctx.nowMs() - before}`);
    await nc.close();
    return 0;
  };
  const bench = createBench(rtt);
  command(bench, "fault link desk n1 --latency 50ms --jitter 0 --bandwidth 100KB/s");
  expect(await runProgram(bench)).toBe(0);
  const [ping, big] = bench.written.join("").split(" ").map(Number);
  expect(ping).toBe(100);
  // 100,000 bytes at 102,400 a second, and the way there and back.
  expect(big).toBeGreaterThan(1_070);
  expect(big).toBeLessThan(1_110);
});

test("what a purge took is no broken promise", async () => {
  const bench = await stageOrders({ messages: 4 });
  expect(await runProgram(bench, "purge")).toBe(0);
  command(bench, "fault kill n1");
  command(bench, "fault start n1");
  expect(stateOf(bench).streams.ORDERS?.state).toMatchObject({ messages: 1, last_seq: 4 });
  expect(stateOf(bench).ledger).toMatchObject({ made: 4, broken: 0 });
});

test("what a deleted stream held is no broken promise", async () => {
  const bench = await stageOrders({ messages: 4, storage: StorageType.Memory });
  expect(await runProgram(bench, "delete")).toBe(0);
  command(bench, "fault kill n1");
  expect(stateOf(bench).ledger).toMatchObject({ made: 4, broken: 0 });
});

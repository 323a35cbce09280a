/** The official packages run unmodified in the world: the contract of transport and realm. */
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { Objm } from "@nats-io/obj";
import { Svcm } from "@nats-io/services";
import { expect, test } from "vitest";
import type { Program } from "../../src/clients/index.ts";
import { worldHash } from "../../src/world/index.ts";
import { type Bench, createBench, runProgram } from "./driver.ts";

async function runOnce(program: Program): Promise<Bench> {
  const bench = createBench(program, { seed: 11 });
  const exit = await runProgram(bench);
  expect(exit, bench.written.join("")).toBe(0);
  return bench;
}

/** Runs twice in this realm: what a library shares between processes would show. */
async function output(program: Program): Promise<string> {
  const [one, two] = [await runOnce(program), await runOnce(program)];
  expect(worldHash(two.world)).toBe(worldHash(one.world));
  expect(two.written).toEqual(one.written);
  return one.written.join("");
}

test("jetstream: publish, fetch, consume, ordered consumer", async () => {
  const program: Program = async (ctx) => {
    const nc = await ctx.connect();
    const jsm = await jetstreamManager(nc);
    await jsm.streams.add({ name: "S", subjects: ["s.>"] });
    const js = jetstream(nc);
    for (let i = 1; i <= 5; i++) await js.publish("s.a", `${i}`, { msgID: `id-${i}` });
    const again = await js.publish("s.a", "5", { msgID: "id-5" });
    await ctx.write(`duplicate ${again.duplicate} ${again.seq}; `);
    await jsm.consumers.add("S", { durable_name: "C", ack_policy: AckPolicy.Explicit });
    const consumer = await js.consumers.get("S", "C");
    for await (const m of await consumer.fetch({ max_messages: 2 })) {
      await ctx.write(`fetched ${m.seq} ${m.string()} ${m.time.toISOString()}; `);
      m.ack();
    }
    let left = 3;
    for await (const m of await consumer.consume({ max_messages: 10 })) {
      await ctx.write(`consumed ${m.string()}; `);
      await m.ackAck();
      if (--left === 0) break;
    }
    const ordered = await js.consumers.get("S");
    const first = await ordered.next();
    await ctx.write(`ordered ${first?.string()}; `);
    const info = await consumer.info();
    await ctx.write(`floor ${info.ack_floor.stream_seq}`);
    await nc.drain();
    return 0;
  };
  const lines = (await output(program)).replace(/2026-01-01T00:00:00\.\d+Z/g, "TIME").split("; ");
  expect(lines).toEqual([
    "duplicate true 5",
    "fetched 1 1 TIME",
    "fetched 2 2 TIME",
    "consumed 3",
    "consumed 4",
    "consumed 5",
    "ordered 1",
    "floor 5",
  ]);
});

test("kv: create, put, update, delete, history, watch, keys", async () => {
  const program: Program = async (ctx) => {
    const nc = await ctx.connect();
    const kv = await new Kvm(nc).create("B", { history: 3 });
    const watch = await kv.watch();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const entry of watch) {
        seen.push(`${entry.key}=${entry.operation}:${entry.string()}`);
        if (seen.length === 4) return;
      }
    })();
    const revision = await kv.create("a", "1");
    await kv.update("a", "2", revision);
    const refused = await kv.update("a", "3", revision).catch((error: Error) => error.message);
    await kv.put("b", "9");
    await kv.delete("a");
    await watching;
    const keys: string[] = [];
    for await (const key of await kv.keys()) keys.push(key);
    await ctx.write(`${seen.join(" ")} | ${keys} | ${refused} | ${(await kv.get("b"))?.string()}`);
    await nc.close();
    return 0;
  };
  expect(await output(program)).toBe(
    "a=PUT:1 a=PUT:2 b=PUT:9 a=DEL: | b | wrong last sequence: 2 | 9",
  );
});

test("obj: put in chunks, get with its digest, delete", async () => {
  const program: Program = async (ctx) => {
    const nc = await ctx.connect();
    const os = await new Objm(nc).create("O");
    const bytes = new Uint8Array(300_000).map((_, i) => i & 255);
    const info = await os.putBlob({ name: "f", options: { max_chunk_size: 65_536 } }, bytes);
    const back = await os.getBlob("f");
    await ctx.write(
      `${info.chunks} ${info.size} ${back?.length} ${back?.[299_999]} ${info.digest}`,
    );
    await os.delete("f");
    await ctx.write(` ${await os.getBlob("f")}`);
    await nc.close();
    return 0;
  };
  // The digest is that of sha256sum over the same bytes.
  expect(await output(program)).toBe(
    "5 300000 300000 223 SHA-256=VXalikdBQqVfYZvljuosFNfXk3y5nV72AKcE_N5d29g= null",
  );
});

test("services: endpoints, stats, discovery", async () => {
  const program: Program = async (ctx) => {
    const nc = await ctx.connect();
    const svcm = new Svcm(nc);
    const service = await svcm.add({ name: "adder", version: "1.0.0" });
    service.addEndpoint("add", (_error, msg) => {
      const [a = 0, b = 0] = msg.json<number[]>();
      msg.respond(`${a + b}`);
    });
    const sum = await nc.request("add", "[2,3]");
    const names: string[] = [];
    for await (const ping of await svcm.client().ping()) names.push(ping.name);
    const stats = await service.stats();
    await ctx.write(`${sum.string()} ${names} ${stats.endpoints?.[0]?.num_requests}`);
    await service.stop();
    await nc.close();
    return 0;
  };
  // Two runs agree only while services shares our copy of nats-core (`overrides`).
  expect(await output(program)).toBe("5 adder 1");
});

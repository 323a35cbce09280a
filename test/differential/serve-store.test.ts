/**
 * `windtunnel serve` killed and started again on its store directory, as clients see it. The
 * expectations were held against nats-server 2.15.2 with the same program (`sides` below).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect as dial } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { jetstream, jetstreamManager, type StoredMsg } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { Objm } from "@nats-io/obj";
import { connect, type NatsConnection, nanos } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtServe } from "../../src/node/serve/built-for-tests.ts";
import { freePort } from "./ports.ts";
import { natsServerPath } from "./real-server.ts";

const root = resolve(import.meta.dirname, "../..");

let folder = "";
let port = 0;
let child: ChildProcess;
let connections: NatsConnection[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-kill-"));
  port = await freePort();
});
afterEach(async () => {
  await Promise.all(connections.map((nc) => nc.close()));
  connections = [];
  child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function start([program = "", ...args]: readonly string[]): Promise<void> {
  const flags = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder];
  child = spawn(program, [...args, ...flags], { cwd: root, stdio: "ignore" });
  const until = Date.now() + 60_000;
  while (!(await answers())) {
    if (child.exitCode !== null || Date.now() > until) throw new Error("the server does not start");
    await pause(50);
  }
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await gone;
}

async function client(): Promise<NatsConnection> {
  const nc = await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
  connections.push(nc);
  return nc;
}

function answers(): Promise<boolean> {
  return new Promise((done) => {
    const socket = dial(port, "127.0.0.1");
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Everything that a client can see of what is stored. */
async function everything(nc: NatsConnection): Promise<unknown> {
  const jsm = await jetstreamManager(nc);
  const streams: unknown[] = [];
  for await (const { config, created, state } of jsm.streams.list()) {
    const messages: unknown[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
      const found: StoredMsg | null = await jsm.streams.getMessage(config.name, { seq });
      if (found === null) continue;
      const { subject, time } = found;
      messages.push([seq, subject, found.timestamp, time, found.string(), `${found.header}`]);
    }
    const consumers: unknown[] = [];
    for await (const info of jsm.consumers.list(config.name)) {
      const { name, delivered, ack_floor, num_ack_pending, num_redelivered, num_pending } = info;
      const at = [delivered, ack_floor].map(({ consumer_seq, stream_seq }) => [
        consumer_seq,
        stream_seq,
      ]);
      const counts = { num_ack_pending, num_redelivered, num_pending };
      consumers.push({ name, config: info.config, created: info.created, at, counts });
    }
    const { first_seq, last_seq, messages: count, bytes, num_deleted } = state;
    const told = { first_seq, last_seq, count, bytes, num_deleted, consumers };
    streams.push({ config, created, told, messages });
  }
  return streams;
}

/** Streams of each kind, consumers in the middle of their work, a bucket of each kind. */
async function fill(nc: NatsConnection): Promise<void> {
  const js = jetstream(nc);
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: "ORDERS", subjects: ["orders.>"], max_msgs_per_subject: 4 });
  for (let i = 0; i < 30; i++) await js.publish(`orders.${i % 9}`, `order ${i}`);
  await js.publish("orders.once", "once", { msgID: "only-one" });
  await jsm.streams.deleteMessage("ORDERS", 5);
  await jsm.streams.purge("ORDERS", { filter: "orders.3" });
  await jsm.streams.update("ORDERS", { description: "as updated", max_msgs: 25 });
  await jsm.streams.add({ name: "WORK", subjects: ["work"], retention: "workqueue" });
  for (let i = 0; i < 10; i++) await js.publish("work", `job ${i}`);
  for (const stream of ["ORDERS", "WORK"]) {
    await jsm.consumers.add(stream, { durable_name: "C", ack_policy: "explicit" });
    const consumer = await js.consumers.get(stream, "C");
    const batch = await consumer.fetch({ max_messages: 6, expires: 2000 });
    let taken = 0;
    for await (const message of batch) if (++taken !== 3) await message.ackAck();
  }
  await jsm.streams.add({ name: "GONE", subjects: ["gone"] });
  await js.publish("gone", "x");
  await jsm.streams.delete("GONE");
  const kv = await new Kvm(nc).create("settings", { history: 3 });
  for (let i = 0; i < 5; i++) await kv.put("colour", `colour ${i}`);
  await kv.put("size", "large");
  await kv.delete("size");
  const os = await new Objm(nc).create("files");
  await os.putBlob({ name: "picture" }, new Uint8Array(300_000).fill(7));
}

/** Consumers are written within 100 ms of their last change. Source: `consumerFileStore`. */
const consumersRestMs = 400;

const sides: readonly (readonly [string, readonly string[]])[] = [
  ["windtunnel serve", builtServe],
  ...(natsServerPath === null ? [] : [["nats-server", [natsServerPath]] as const]),
];

describe.each(sides)("%s", (_name, program) => {
  test.each(["SIGKILL", "SIGTERM"] as const)(
    "has everything again after %s",
    async (signal) => {
      await start(program);
      const before = await client();
      await fill(before);
      const had = await everything(before);
      await pause(consumersRestMs);
      await end(signal);
      await start(program);
      const nc = await client();
      expect(await everything(nc)).toEqual(had);
      const js = jetstream(nc);
      // The duplicate window goes on, and so do sequences.
      expect(await js.publish("orders.once", "once", { msgID: "only-one" })).toMatchObject({
        duplicate: true,
        seq: 31,
      });
      expect((await js.publish("orders.next", "next")).seq).toBe(32);
      const kv = await new Kvm(nc).open("settings");
      expect((await kv.get("colour"))?.string()).toBe("colour 4");
      expect((await kv.get("size"))?.operation).toBe("DEL");
      const os = await new Objm(nc).open("files");
      expect((await os.getBlob("picture"))?.length).toBe(300_000);
      // The work goes on where it was: what was not acked comes again in time, the rest follows.
      const consumer = await js.consumers.get("WORK", "C");
      expect((await consumer.next({ expires: 2000 }))?.string()).toBe("job 6");
    },
    120_000,
  );

  // Evidence: nats-server 2.15.2 by its side; `expireMsgsOnRecover`.
  test("what grew old while it was down is gone when it answers", async () => {
    await start(program);
    const before = await client();
    const max_age = nanos(1000);
    await (await jetstreamManager(before)).streams.add({ name: "S", subjects: ["s"], max_age });
    for (let i = 0; i < 3; i++) await jetstream(before).publish("s");
    await end("SIGTERM");
    await pause(1200);
    await start(program);
    const jsm = await jetstreamManager(await client());
    const { state } = await jsm.streams.info("S");
    expect(state).toMatchObject({ messages: 0, bytes: 0, first_seq: 4, last_seq: 3 });
  }, 120_000);
});

test("what was acknowledged before a kill at any moment is there after it", async () => {
  let acknowledged = 0;
  for (let round = 0; round < 5; round++) {
    await start(builtServe);
    const nc = await client();
    const jsm = await jetstreamManager(nc);
    const js = jetstream(nc);
    if (round === 0) await jsm.streams.add({ name: "S", subjects: ["s"] });
    const info = await jsm.streams.info("S");
    // What was on its way when the server died may be there or not.
    expect(info.state.last_seq).toBeGreaterThanOrEqual(acknowledged);
    expect(info.state.messages).toBe(info.state.last_seq);
    acknowledged = info.state.last_seq;
    let running = true;
    const produce = async (): Promise<void> => {
      while (running) {
        const ack = await js.publish("s", "x".repeat(Math.floor(Math.random() * 2000)));
        acknowledged = Math.max(acknowledged, ack.seq);
      }
    };
    const producers = Promise.allSettled(Array.from({ length: 20 }, produce));
    await pause(50 + Math.random() * 400);
    await end("SIGKILL");
    running = false;
    await producers;
  }
  expect(acknowledged).toBeGreaterThan(100);
}, 180_000);

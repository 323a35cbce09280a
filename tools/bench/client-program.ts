/**
 * The program that both servers are measured with: official nats.js over TCP, one process.
 * Usage: `node tools/run.mjs tools/bench/client-program.ts nats://127.0.0.1:4222 [rounds]`.
 * Prints one JSON object: rate by measurement, in operations a second.
 */
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { connect, type NatsConnection } from "@nats-io/transport-node";

const [url = "nats://127.0.0.1:4222", roundsText = "1"] = process.argv.slice(2);
const scale = Number(roundsText);
const payload = new Uint8Array(128).fill(120);

const nc = await connect({ servers: url });
const rates: Record<string, number> = {
  core_publish: await rate(200_000, corePublish),
  core_publish_subscribe: await rate(100_000, publishToSubscribe),
  core_request_reply: await rate(5_000, requestReply),
  js_publish_sync: await rate(10_000, publishSync),
  js_publish_async: await rate(40_000, publishAsync),
  js_consume_ack: await rate(40_000, consumeWithAck),
  kv_put: await rate(5_000, kvPut),
  kv_get: await rate(5_000, kvGet),
};
console.log(JSON.stringify(rates));
await nc.close();

/**
 * The rate of a server that has done such work before, as one that has been up for seconds: half
 * a round is not counted, in which the client, and a server in JavaScript, are still compiled.
 */
async function rate(count: number, work: (n: number) => Promise<void>): Promise<number> {
  const n = Math.max(1, Math.round(count * scale));
  await work(Math.ceil(n / 2));
  const begin = performance.now();
  await work(n);
  return n / ((performance.now() - begin) / 1000);
}

async function corePublish(n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    nc.publish("bench.core", payload);
    if (i % 1000 === 999) await nc.flush();
  }
  await nc.flush();
}

async function publishToSubscribe(n: number): Promise<void> {
  const receiver = await connect({ servers: url });
  let seen = 0;
  const done = new Promise<void>((resolve) => {
    receiver.subscribe("bench.sub", {
      callback: () => {
        seen++;
        if (seen === n) resolve();
      },
    });
  });
  await receiver.flush();
  for (let i = 0; i < n; i++) {
    nc.publish("bench.sub", payload);
    if (i % 1000 === 999) await nc.flush();
  }
  await done;
  await receiver.close();
}

async function requestReply(n: number): Promise<void> {
  const responder = await connect({ servers: url });
  responder.subscribe("bench.ask", { callback: (_, message) => void message.respond(payload) });
  await responder.flush();
  for (let i = 0; i < n; i++) await nc.request("bench.ask", payload);
  await responder.close();
}

async function freshStream(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.delete("BENCH").catch(() => false);
  await manager.streams.add({ name: "BENCH", subjects: ["bench.js.>"] });
}

async function publishSync(n: number): Promise<void> {
  await freshStream(nc);
  const js = jetstream(nc);
  for (let i = 0; i < n; i++) await js.publish("bench.js.a", payload);
}

async function publishAsync(n: number): Promise<void> {
  await freshStream(nc);
  const js = jetstream(nc);
  for (let sent = 0; sent < n; sent += 500) {
    const batch = Math.min(500, n - sent);
    await Promise.all(Array.from({ length: batch }, () => js.publish("bench.js.a", payload)));
  }
}

/** Consumes from the start what `publishAsync` left in the stream. */
async function consumeWithAck(n: number): Promise<void> {
  const manager = await jetstreamManager(nc);
  const durable_name = `worker-${n}`;
  await manager.consumers.add("BENCH", { durable_name, ack_policy: AckPolicy.Explicit });
  const consumer = await jetstream(nc).consumers.get("BENCH", durable_name);
  const messages = await consumer.consume({ max_messages: 500 });
  let seen = 0;
  for await (const message of messages) {
    message.ack();
    seen++;
    if (seen === n) break;
  }
  await nc.flush();
}

async function kvPut(n: number): Promise<void> {
  const bucket = await new Kvm(nc).create("bench");
  for (let i = 0; i < n; i++) await bucket.put(`key.${i % 100}`, payload);
}

async function kvGet(n: number): Promise<void> {
  const bucket = await new Kvm(nc).open("bench");
  for (let i = 0; i < n; i++) await bucket.get(`key.${i % 100}`);
}

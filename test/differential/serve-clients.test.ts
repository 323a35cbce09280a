/** Real clients against the headless server: the walk-through over TCP and over WebSocket. */
import { AckPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { headers, type NatsConnection, wsconnect } from "@nats-io/nats-core";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Headless, startHeadless } from "../../src/node/serve/headless.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { PlainWebSocket } from "./plain-websocket.ts";

const conf = `
listen: "127.0.0.1:-1"
http: "127.0.0.1:-1"
websocket { listen: "127.0.0.1:-1", no_tls: true }
jetstream: enabled
`;

let server: Headless;
beforeAll(async () => {
  // Node 20 has no WebSocket of its own.
  Object.assign(globalThis, { WebSocket: PlainWebSocket });
  const { config } = serverConfigFromText(conf);
  server = await startHeadless(config, { write: () => {}, reopen: () => {} });
});
afterAll(async () => server.stop());

const doors: Readonly<Record<string, () => Promise<NatsConnection>>> = {
  TCP: () => connect({ servers: server.ports.nats[0] ?? "" }),
  WebSocket: () => wsconnect({ servers: server.ports.websocket?.[0] ?? "" }),
};

for (const [door, open] of Object.entries(doors)) {
  describe(`nats.js over ${door}`, () => {
    let nc: NatsConnection;
    beforeAll(async () => {
      nc = await open();
    });
    afterAll(async () => nc.close());

    test("publishes, subscribes and answers requests", async () => {
      const heard: string[] = [];
      nc.subscribe("greet.*", {
        callback: (_, message) => {
          heard.push(`${message.subject} ${message.string()} ${message.headers?.get("A")}`);
          message.respond("hello back");
        },
      });
      const block = headers();
      block.set("A", "1");
      nc.publish("greet.first", "hello", { headers: block });
      const reply = await nc.request("greet.second", "anyone?");
      expect(reply.string()).toBe("hello back");
      expect(heard).toEqual(["greet.first hello 1", "greet.second anyone? undefined"]);
      await expect(nc.request("nobody.here")).rejects.toThrow("no responders");
      expect(await nc.rtt()).toBeGreaterThanOrEqual(0);
    });

    test("walks through a stream and its consumer", async () => {
      const name = `ORDERS_${door}`;
      const manager = await jetstreamManager(nc);
      await manager.streams.add({ name, subjects: [`orders.${door}.>`] });
      const js = jetstream(nc);
      for (let i = 1; i <= 5; i++) {
        const ack = await js.publish(`orders.${door}.new`, `order ${i}`);
        expect(ack).toMatchObject({ stream: name, seq: i, duplicate: false });
      }
      const twice = { msgID: "1" };
      expect((await js.publish(`orders.${door}.new`, "hello", twice)).duplicate).toBe(false);
      expect((await js.publish(`orders.${door}.new`, "hello", twice)).duplicate).toBe(true);
      const config = { durable_name: "processor", ack_policy: AckPolicy.Explicit };
      await manager.consumers.add(name, { ...config, ack_wait: 300_000_000 });
      const consumer = await js.consumers.get(name, "processor");
      for await (const message of await consumer.fetch({ max_messages: 3, expires: 1000 })) {
        expect(await message.ackAck()).toBe(true);
      }
      const left = await consumer.next({ expires: 1000 });
      expect(left?.seq).toBe(4);
      // Not acknowledged: it comes again when its time is over.
      const seqs: number[] = [];
      for await (const message of await consumer.fetch({ max_messages: 3, expires: 1500 })) {
        seqs.push(message.seq);
        message.ack();
      }
      expect(seqs.toSorted()).toEqual([4, 5, 6]);
      await nc.flush();
      const info = await consumer.info();
      expect(info.num_ack_pending).toBe(0);
      expect(info.ack_floor.stream_seq).toBe(6);
    });

    test("keeps keys and values", async () => {
      const bucket = await new Kvm(nc).create(`B_${door}`);
      await bucket.put("k", "1");
      await bucket.put("k", "2");
      const entry = await bucket.get("k");
      expect(entry?.string()).toBe("2");
      expect(entry?.revision).toBe(2);
    });

    test("gets a payload of the largest size through in one piece", async () => {
      const size = nc.info?.max_payload ?? 0;
      const payload = new Uint8Array(size).map((_, i) => i % 251);
      const sub = nc.subscribe("large", { max: 1 });
      nc.publish("large", payload);
      for await (const message of sub) expect(Buffer.compare(message.data, payload)).toBe(0);
    });
  });
}

// Evidence: nats-server 2.15.2: a consumer's loop is woken as a message is stored, long before an
// acknowledged publisher's next request arrives (nats.java `KeyValueTests.testWatch`).
test("what is stored is delivered before the next request can take it away", async () => {
  const nc = await connect({ servers: server.ports.nats[0] ?? "" });
  const manager = await jetstreamManager(nc);
  await manager.streams.add({ name: "BRIEF", subjects: ["brief"] });
  let heard = 0;
  nc.subscribe("told", {
    callback: () => {
      heard += 1;
    },
  });
  await manager.consumers.add("BRIEF", {
    deliver_subject: "told",
    ack_policy: AckPolicy.None,
  });
  for (let i = 0; i < 20; i++) {
    await jetstream(nc).publish("brief");
    await manager.streams.purge("BRIEF");
  }
  await manager.streams.delete("BRIEF");
  expect(heard).toBe(20);
  await nc.close();
});

test("INFO carries the port that clients reached", async () => {
  const nc = await connect({ servers: server.ports.nats[0] ?? "" });
  expect(`nats://127.0.0.1:${nc.info?.port}`).toBe(server.ports.nats[0]);
  expect(nc.info?.client_ip).toBe("127.0.0.1");
  await nc.close();
});

test("the monitoring port answers", async () => {
  const [url = ""] = server.ports.monitoring ?? [];
  const page = (await (await fetch(`${url}/varz`)).json()) as Record<string, unknown>;
  expect(page.version).toBe("2.15.2");
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
});

/** The Python client against the headless server; skipped where it is not installed. */
import { spawn, spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Headless, startHeadless } from "../../src/node/serve/headless.ts";
import { serverConfigFromText } from "../../src/server/index.ts";

const there = spawnSync("python3", ["-c", "import nats"]).status === 0;

const program = `
import asyncio, sys, nats

async def main():
    nc = await nats.connect(sys.argv[1])
    sub = await nc.subscribe("a.*")
    async def answer(m): await m.respond(b"re:" + m.data)
    await nc.subscribe("svc", cb=answer)
    await nc.publish("a.b", b"hello", headers={"X": "1"})
    m = await sub.next_msg(timeout=2)
    print(m.subject, m.data.decode(), m.headers)
    print((await nc.request("svc", b"q", timeout=2)).data.decode())
    try: await nc.request("nobody", b"q", timeout=2)
    except Exception as e: print(type(e).__name__)
    js = nc.jetstream()
    await js.add_stream(name="ORDERS", subjects=["orders.>"])
    for i in range(5):
        ids = {"Nats-Msg-Id": str(i % 4)}
        a = await js.publish("orders.new", f"order {i}".encode(), headers=ids)
        print(a.seq, a.duplicate)
    pull = await js.pull_subscribe("orders.>", "processor")
    for m in await pull.fetch(3, timeout=2):
        print(m.metadata.sequence.stream, m.data.decode())
        await m.ack_sync()
    print((await pull.consumer_info()).num_pending)
    push = await js.subscribe("orders.>", durable="pusher")
    m = await push.next_msg(timeout=2)
    print("pushed", m.data.decode())
    await m.ack_sync()
    kv = await js.create_key_value(bucket="B")
    await kv.put("k", b"v1")
    await kv.put("k", b"v2")
    e = await kv.get("k")
    print(e.value.decode(), e.revision)
    await nc.close()

asyncio.run(main())
`;

describe.skipIf(!there)("nats-py", () => {
  let server: Headless;
  beforeAll(async () => {
    const { config } = serverConfigFromText('listen: "127.0.0.1:-1"\njetstream: enabled');
    server = await startHeadless(config, { write: () => {}, reopen: () => {} });
  });
  afterAll(async () => server.stop());

  // Evidence: the same program prints the same against nats-server 2.15.2.
  test("does the walk-through", async () => {
    const child = spawn("python3", ["-c", program, server.ports.nats[0] ?? ""]);
    let out = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        out += String(chunk);
      });
    }
    await new Promise((done) => child.once("close", done));
    expect(out.trim().split("\n")).toEqual([
      "a.b hello {'X': '1'}",
      "re:q",
      "NoRespondersError",
      "1 None",
      "2 None",
      "3 None",
      "4 None",
      "1 True",
      "1 order 0",
      "2 order 1",
      "3 order 2",
      "1",
      "pushed order 0",
      "v2 2",
    ]);
  });
});

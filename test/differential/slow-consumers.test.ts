/** A client that does not read: nats-server and `serve` cut it off for the same reason. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect as connectClient } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { startHeadless } from "../../src/node/serve/headless.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { freePort } from "./ports.ts";
import { natsServerPath } from "./real-server.ts";

interface Side {
  readonly port: number;
  readonly http: number;
  log(): string;
  stop(): Promise<void>;
}

const confOf = (port: number, http: number, conf: string): string =>
  `listen: "127.0.0.1:${port}"\nhttp: "127.0.0.1:${http}"\n${conf}\n`;

async function startReal(conf: string): Promise<Side> {
  const [port, http] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-slow-"));
  const file = join(folder, "server.conf");
  writeFileSync(file, confOf(port, http, conf));
  const child = spawn(natsServerPath ?? "", ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  while (!log.includes("Server is ready")) await once(child.stderr, "data");
  return {
    port,
    http,
    log: () => log,
    async stop() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startOurs(conf: string): Promise<Side> {
  const [port, http] = [await freePort(), await freePort()];
  let log = "";
  const { config } = serverConfigFromText(confOf(port, http, conf));
  const server = await startHeadless(config, {
    write(level, text) {
      log += `[${level === "info" ? "INF" : level}] ${text}\n`;
    },
    reopen: () => {},
  });
  return { port, http, log: () => log, stop: () => server.stop() };
}

/** What became of a client that subscribes and reads no more, while another one publishes. */
async function story(side: Side, messages: number): Promise<unknown> {
  const slow = await open(side.port);
  slow.write('CONNECT {"verbose":false,"name":"slow"}\r\nSUB a 1\r\nPING\r\n');
  await once(slow, "data");
  await new Promise((resolve) => setTimeout(resolve, 100));
  slow.pause();
  const busy = await open(side.port);
  busy.resume();
  busy.write('CONNECT {"verbose":false,"name":"busy"}\r\n');
  const message = Buffer.concat([Buffer.from("PUB a 60000\r\n"), Buffer.alloc(60_000, "x")]);
  for (let i = 0; i < messages; i++) {
    const hasRoom = busy.write(Buffer.concat([message, Buffer.from("\r\n")]));
    if (!hasRoom) await once(busy, "drain");
  }
  const closed = await untilClosed(side);
  const varz = await page(side, "/varz");
  const told: string[] = [];
  slow.on("data", (chunk) => told.push(String(chunk).slice(-200)));
  slow.resume();
  await new Promise((resolve) => setTimeout(resolve, 300));
  busy.destroy();
  slow.destroy();
  const { slow_consumers, slow_consumer_stats } = varz;
  return {
    reason: closed.connections[0]?.reason,
    slow_consumers,
    slow_consumer_stats,
    isTold: told.join("").includes("-ERR"),
    log: side
      .log()
      .split("\n")
      .filter((line) => line.includes("Slow Consumer Detected"))
      .map((line) => line.replace(/^.*\[INF\] /, "").replace(/\d+ chunks of \d+/, "n chunks of n"))
      .map((line) => line.replace(/127\.0\.0\.1:\d+ - cid:\d+/, "client")),
  };
}

interface Closed {
  readonly connections: readonly { readonly reason: string }[];
}

async function untilClosed(side: Side): Promise<Closed> {
  for (let tries = 0; tries < 100; tries++) {
    const closed = (await page(side, "/connz?state=closed")) as unknown as Closed;
    if (closed.connections.length > 0) return closed;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("nobody was cut off");
}

async function page(side: Side, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${side.http}${path}`);
  return (await response.json()) as Record<string, unknown>;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {
    // A reset is how it ends.
  });
  await once(socket, "connect");
  return socket;
}

/** Messages that answer a direct get of all there is, when that is more than may wait. */
async function largeAnswer(side: Side): Promise<number> {
  const nc = await connectClient({ servers: `127.0.0.1:${side.port}` });
  const jsm = await jetstreamManager(nc);
  await jsm.streams.add({ name: "S", subjects: ["s"], storage: "memory", allow_direct: true });
  const payload = new Uint8Array(60_000);
  for (let i = 0; i < 560; i++) nc.publish("s", payload);
  await nc.flush();
  let answers = 0;
  const options = { strategy: "count", maxWait: 10_000, maxMessages: 535 } as const;
  const request = JSON.stringify({ seq: 1, batch: 560 });
  for await (const _ of await nc.requestMany("$JS.API.DIRECT.GET.S", request, options)) answers++;
  await nc.close();
  return answers;
}

// Evidence: nats-server 2.15.2 in the same run (`queueOutbound`, `handleWriteTimeout`).
describe.skipIf(natsServerPath === null)("a client that does not read", () => {
  test.each([
    ["more than it may have waits for it", "max_pending: 256K\nmax_payload: 64K", 600],
    ["what waits does not leave in time", 'write_deadline: "700ms"', 400],
  ])(
    "%s",
    async (_name, conf, messages) => {
      const sides = await Promise.all([startReal(conf), startOurs(conf)]);
      try {
        const [theirs, ours] = await Promise.all(sides.map((side) => story(side, messages)));
        expect(ours).toEqual(theirs);
        expect(theirs).toMatchObject({ slow_consumers: 1 });
      } finally {
        await Promise.all(sides.map((side) => side.stop()));
      }
    },
    60_000,
  );

  test("one that reads gets an answer larger than what may wait for it", async () => {
    const conf = "max_pending: 32M\nmax_payload: 64K\njetstream { max_file: 0 }";
    const sides = await Promise.all([startReal(conf), startOurs(conf)]);
    try {
      for (const side of sides) {
        // 534 messages reach the limit, and the status that ends the batch follows.
        expect(await largeAnswer(side)).toBe(535);
        expect(await page(side, "/varz")).toMatchObject({ slow_consumers: 0 });
      }
    } finally {
      await Promise.all(sides.map((side) => side.stop()));
    }
  }, 60_000);
});

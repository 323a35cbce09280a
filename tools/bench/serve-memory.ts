/** A million messages in the servers' store directories: memory, and the time of a new start. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { add, type Report } from "./report.ts";

const messages = 1_000_000;
const batch = 2000;
const payload = new Uint8Array(128).fill(120);
const patienceMs = 60_000;

/** A server as it is started by hand. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Adds `NAME.million_resident` and `NAME.million_recovery` to the report. */
export async function benchMillion(report: Report, { name, command, args }: Program) {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-bench-"));
  const port = 21_000 + Math.floor(Math.random() * 8_000);
  const flags = ["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", folder];
  const start = (): ChildProcess => spawn(command, [...args, ...flags], { stdio: "ignore" });
  let server = start();
  try {
    const client = await dial(port);
    await fill(client);
    await client.close();
    const value = residentMegabytes(server);
    add(report, { name: `${name}.million_resident`, value, unit: "MB", goal: "250" });
    await end(server);
    const begin = performance.now();
    server = start();
    const again = await dial(port);
    await untilThere(again);
    const seconds = (performance.now() - begin) / 1000;
    add(report, { name: `${name}.million_recovery`, value: seconds, unit: "s" });
    await again.close();
  } finally {
    server.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(client: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(client);
  await manager.streams.add({ name: "M", subjects: ["m.>"] });
  for (let i = 1; i <= messages; i++) {
    // What waits to be stored may be dropped when it is too much: now and then one is acknowledged.
    if (i % batch > 0) client.publish("m.a", payload);
    else await client.request("m.a", payload, { timeout: patienceMs });
  }
}

/** Waits until the stream holds every message. */
async function untilThere(client: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(client);
  const until = performance.now() + patienceMs;
  for (;;) {
    const { state } = await manager.streams.info("M");
    if (state.messages === messages) return;
    if (performance.now() > until) throw new Error(`${state.messages} messages are there`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** A client, as soon as the server and its JetStream answer. */
async function dial(port: number): Promise<NatsConnection> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      const client = await connect({ servers: `127.0.0.1:${port}` });
      await jetstreamManager(client);
      return client;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

function residentMegabytes(server: ChildProcess): number {
  const kilobytes = execFileSync("ps", ["-o", "rss=", "-p", String(server.pid)], {
    encoding: "utf8",
  });
  return (Number(kilobytes) * 1024) / 1e6;
}

async function end(server: ChildProcess): Promise<void> {
  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  await gone;
}

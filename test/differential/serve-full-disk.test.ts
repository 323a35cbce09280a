/**
 * A store directory on a file system of two megabytes, filled to its end: `windtunnel serve` beside
 * nats-server 2.15.2 with the same program. A mount needs its privileges; without them there is no
 * small disk, and the tests are skipped.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtServe } from "../../src/node/serve/built-for-tests.ts";
import { freePort } from "./ports.ts";
import { natsServerPath } from "./real-server.ts";

const root = resolve(import.meta.dirname, "../..");

let folder = "";
let port = 0;
let child: ChildProcess;
let log = "";
beforeEach(async () => {
  folder = smallDisk();
  port = await freePort();
  log = "";
});
afterEach(() => {
  child.kill("SIGKILL");
  umount(folder);
});

function smallDisk(): string {
  const made = mkdtempSync(join(tmpdir(), "windtunnel-full-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", made]);
  if (mounted.status === 0) return made;
  rmSync(made, { recursive: true });
  return "";
}

function umount(disk: string): void {
  spawnSync("umount", ["-l", disk]);
  rmSync(disk, { recursive: true, force: true });
  rmSync(`${disk}.conf`, { force: true });
}

function canMount(): boolean {
  const disk = smallDisk();
  if (disk !== "") umount(disk);
  return disk !== "";
}

async function start([program = "", ...args]: readonly string[]): Promise<NatsConnection> {
  // A limit beyond what the disk has: else nats-server's own comes before its end.
  const file = `${folder}.conf`;
  writeFileSync(file, `jetstream { store_dir: "${folder}", max_file: 1GB }`);
  const flags = ["-a", "127.0.0.1", "-p", String(port), "-c", file];
  child = spawn(program, [...args, ...flags], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr?.on("data", (chunk) => {
    log += String(chunk);
  });
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      return await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await gone;
}

/** What is answered, without what differs by design: names of files, times, versions. */
async function ask(nc: NatsConnection, subject: string, body: unknown = ""): Promise<string> {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  try {
    const { data } = await nc.request(subject, payload, { timeout: 500 });
    const answer = JSON.parse(new TextDecoder().decode(data)) as Record<string, unknown>;
    const { error, success, purged, seq, did_create: created } = answer;
    const named = JSON.stringify({ error, success, purged, seq, created });
    return named.replaceAll(folder, "").replace(/\/[^ ]*\/(?=[\w.]+:)[\w.]+/g, "FILE");
  } catch (error) {
    return error instanceof Error ? error.message.replace(/: .*/, "") : String(error);
  }
}

function fileStream(name: string): Record<string, unknown> {
  return { name, subjects: [name.toLowerCase()], storage: "file", max_bytes: -1 };
}

async function addStream(nc: NatsConnection, config: Record<string, unknown>): Promise<string> {
  return ask(nc, `$JS.API.STREAM.CREATE.${config.name}`, config);
}

async function state(nc: NatsConnection, stream: string): Promise<unknown> {
  const { data } = await nc.request(`$JS.API.STREAM.INFO.${stream}`);
  const { state: found, config } = JSON.parse(new TextDecoder().decode(data));
  const { messages, bytes, first_seq, last_seq } = found;
  return { messages, bytes, first_seq, last_seq, description: config.description };
}

/** Takes what the disk has left. */
function fillDisk(): void {
  const filler = openSync(join(folder, "filler"), "w");
  for (let size = 65_536; size >= 4096; ) {
    try {
      writeSync(filler, Buffer.alloc(size));
    } catch {
      size /= 2;
    }
  }
  closeSync(filler);
}

/** What the log says of errors, without times, process ids and names of files. */
function complaints(): string[] {
  const lines = log.split("\n").filter((line) => line.includes("[ERR]"));
  const plain = lines.map((line) => line.replace(/^.*\[ERR\] /, "").replace(/ \/\S+:/, ""));
  return [...new Set(plain)];
}

/** The story of a stream that meets the end of its disk; everything that a client can see. */
async function meetTheEnd(program: readonly string[]): Promise<unknown[]> {
  const said: unknown[] = [];
  let nc = await start(program);
  for (const name of ["FULL", "OTHER", "WQ"]) await addStream(nc, fileStream(name));
  await addStream(nc, { ...fileStream("MEM"), storage: "memory" });
  const durable = { durable_name: "C", ack_policy: "explicit" };
  const create = { stream_name: "FULL", config: durable };
  await ask(nc, "$JS.API.CONSUMER.CREATE.FULL.C", create);
  said.push(await ask(nc, "other", "before"));
  // The first message that does not fit is not acknowledged, and none after it.
  const large = "x".repeat(300_000);
  for (let i = 0; i < 8; i++) said.push(await ask(nc, "full", large));
  said.push(await ask(nc, "full", "small"));
  said.push(await ask(nc, "other", "others go on"), await ask(nc, "mem", "in memory"));
  said.push(await state(nc, "FULL"));
  said.push(await ask(nc, "$JS.API.STREAM.MSG.GET.FULL", { seq: 6 }));
  said.push(await ask(nc, "$JS.API.STREAM.MSG.DELETE.FULL", { seq: 2 }));
  said.push(await ask(nc, "$JS.API.STREAM.PURGE.FULL"));
  const changed = { ...fileStream("FULL"), description: "there is room for this" };
  said.push(await ask(nc, "$JS.API.STREAM.UPDATE.FULL", changed));
  fillDisk();
  said.push(await addStream(nc, fileStream("NEW")), await ask(nc, "new", "to nobody"));
  said.push(
    await ask(nc, "$JS.API.STREAM.UPDATE.OTHER", { ...fileStream("OTHER"), max_age: 1e12 }),
  );
  const another = { stream_name: "FULL", config: { ...durable, durable_name: "D" } };
  said.push(await ask(nc, "$JS.API.CONSUMER.CREATE.FULL.D", another));
  said.push(await ask(nc, "mem", "in memory"));
  // Room alone does not bring the stream back: a start does.
  rmSync(join(folder, "filler"));
  said.push(await ask(nc, "full", "small"), await ask(nc, "$JS.API.STREAM.PURGE.FULL"));
  said.push(await ask(nc, "other", "still here"));
  said.push(complaints());
  await nc.close();
  await end("SIGTERM");
  spawnSync("mount", ["-o", "remount,size=8m", folder]);
  nc = await start(program);
  said.push(await state(nc, "FULL"), await state(nc, "OTHER"));
  said.push(await ask(nc, "full", large), await ask(nc, "$JS.API.STREAM.PURGE.FULL"));
  said.push(await state(nc, "FULL"));
  await nc.close();
  await end("SIGTERM");
  return said;
}

describe.skipIf(!canMount())("a disk without room", () => {
  test.skipIf(natsServerPath === null)(
    "ends the one stream that met it, as nats-server does",
    async () => {
      const theirs = await meetTheEnd([natsServerPath ?? ""]);
      umount(folder);
      folder = smallDisk();
      log = "";
      expect(await meetTheEnd(builtServe)).toEqual(theirs);
    },
    120_000,
  );

  // Evidence: our model. Publishers that do not wait for each other, and a kill without a warning.
  test("takes nothing back that was acknowledged, and invents nothing", async () => {
    let nc = await start(builtServe);
    await addStream(nc, fileStream("FULL"));
    const publish = (): Promise<string> => ask(nc, "full", "x".repeat(5000));
    const answers = await Promise.all(Array.from({ length: 600 }, publish));
    const acknowledged = answers.filter((answer) => answer.includes('"seq"')).length;
    expect(acknowledged).toBeGreaterThan(300);
    expect(acknowledged).toBeLessThan(600);
    expect(await state(nc, "FULL")).toMatchObject({ messages: acknowledged });
    await nc.close();
    await end("SIGKILL");
    nc = await start(builtServe);
    expect(await state(nc, "FULL")).toMatchObject({ messages: acknowledged });
    await nc.close();
  }, 60_000);

  // Evidence: our model; nats-server drops whole blocks of messages.
  test("is not filled by what a stream has forgotten", async () => {
    const nc = await start(builtServe);
    await addStream(nc, { ...fileStream("FULL"), max_bytes: 300_000 });
    writeFileSync(join(folder, "filler"), Buffer.alloc(500_000));
    for (let i = 0; i < 200; i++) {
      expect(await ask(nc, "full", "x".repeat(50_000))).toContain(`"seq":${i + 1}`);
    }
    await nc.close();
  }, 60_000);
});

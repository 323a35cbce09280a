/**
 * Snapshots as servers before 2.15 made them: a tar of a stream's files. It is made of the files of
 * a nats-server that was stopped, and brought back on nats-server and on ours.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { concatBytes, encodeS2Chunk, s2Identifier } from "../../../src/protocol/index.ts";
import { freePort } from "../ports.ts";
import { api, clearStreams, compareSides, type Step } from "../side-by-side.ts";
import { findNatsServer, type Side, startOurSide, startRealSide } from "../sides.ts";
import { restoreSnapshot } from "./backup-client.ts";

const binary = findNatsServer();
const title = binary === null ? "older backups (skipped: no nats-server found)" : "older backups";

const config = { name: "S", subjects: ["s.>"], max_msgs: 7, max_msgs_per_subject: 3 };

/** What a client says to fill the stream: limits at work, deletes, headers, consumers. */
function conversation(): string[] {
  const say = (subject: string, body: unknown, reply = "R"): string => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return `PUB ${subject} ${reply} ${Buffer.byteLength(text)}\r\n${text}\r\n`;
  };
  const headers = "NATS/1.0\r\nNats-Msg-Id: m1\r\nA: b\r\n\r\n";
  const consumer = (name: string, more: object): string =>
    say(`$JS.API.CONSUMER.CREATE.S.${name}`, {
      stream_name: "S",
      config: { durable_name: name, ...more },
    });
  return [
    'CONNECT {"headers":true}\r\nSUB R 1\r\n',
    say("$JS.API.STREAM.CREATE.S", config),
    ...["a", "b", "a", "a", "c", "a", "d", "e"].map((end, i) => say(`s.${end}`, `message ${i}`)),
    `HPUB s.h R ${headers.length} ${headers.length + 2}\r\n${headers}hi\r\n`,
    say("s.last", "x".repeat(3000)),
    say("$JS.API.STREAM.MSG.DELETE.S", { seq: 7 }),
    say("$JS.API.STREAM.MSG.DELETE.S", { seq: 8, no_erase: true }),
    consumer("D", { ack_policy: "explicit", ack_wait: 600_000_000_000 }),
    consumer("N", { ack_policy: "none", deliver_policy: "last" }),
    say("$JS.API.CONSUMER.MSG.NEXT.S.D", { batch: 3 }),
    say("$JS.ACK.S.D.1.5.1.0.0", ""),
  ];
}

const look: readonly Step[] = [
  api("STREAM.INFO.S", { deleted_details: true, subjects_filter: ">" }),
  ...[4, 5, 6, 7, 8, 9, 10].map((seq) => api("STREAM.MSG.GET.S", { seq })),
  api("CONSUMER.INFO.S.D"),
  api("CONSUMER.INFO.S.N"),
  { do: "request", subject: "s.h", body: "again", headers: { "Nats-Msg-Id": "m1" } },
];

describe.skipIf(binary === null)(title, () => {
  let real: Side;
  let made: { readonly files: Map<string, Uint8Array>; readonly config: unknown };
  beforeAll(async () => {
    made = await fillAndStop(binary ?? "");
    real = await startRealSide(binary ?? "");
  }, 30_000);
  afterAll(async () => {
    await real.close();
  });

  const bringBack = async (bytes: Uint8Array): Promise<[string, string]> => {
    const request = { config: made.config, state: {} };
    const finals: string[] = [];
    for (const side of [ours, real]) {
      await clearStreams(side);
      const { final } = await restoreSnapshot(side, "S", request, bytes);
      finals.push(final.replace(/"ts":"[^"]*"/, ""));
    }
    return [finals[0] ?? "", finals[1] ?? ""];
  };
  let ours: Side = startOurSide();

  test("come back as they do there, to the moment when the stream was made", async () => {
    ours = startOurSide();
    const [own, theirs] = await bringBack(tarOf(made.files));
    expect(own).toBe(theirs);
    expect(own).toContain('"messages":5');
    await compareSides(real, ours, look);
  });

  test("are refused when they are not whole, or of another stream", async () => {
    const tar = tarOf(made.files);
    const meta = made.files.get("meta.inf") ?? new Uint8Array();
    const renamed = Buffer.from(Buffer.from(meta).toString().replace('"name":"S"', '"name":"T"'));
    const broken = [
      tarOf(new Map([...made.files].filter(([name]) => name !== "meta.inf"))),
      tarOf(new Map([...made.files, ["meta.inf", renamed]])),
      tar.subarray(0, tar.length - 700),
    ];
    for (const bytes of broken) {
      const [own, theirs] = await bringBack(bytes);
      expect(own.replace(/open [^:]+:/, "open:")).toBe(theirs.replace(/open [^:]+:/, "open:"));
    }
  });
});

/** Runs a nats-server, has the conversation with it, stops it in order and reads its files. */
async function fillAndStop(program: string): Promise<{
  readonly files: Map<string, Uint8Array>;
  readonly config: unknown;
}> {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-legacy-"));
  const port = await freePort();
  const conf = join(folder, "server.conf");
  writeFileSync(conf, `listen: 127.0.0.1:${port}\njetstream { store_dir: "${folder}" }\n`);
  const child = spawn(program, ["-c", conf], { stdio: "ignore" });
  const replies = await speak(port);
  await stopped(child);
  const files = readFiles(join(folder, "jetstream/$G/streams/S"), "");
  rmSync(folder, { recursive: true, force: true });
  const created = /\{"type":"io.nats.jetstream.api.v1.stream_create_response".*\}/.exec(replies);
  return { files, config: JSON.parse(created?.[0] ?? "{}").config };
}

async function speak(port: number): Promise<string> {
  const socket = await open(port);
  let heard = "";
  socket.on("data", (bytes) => {
    heard += String(bytes);
  });
  for (const words of conversation()) {
    socket.write(words);
    await sleep(80);
  }
  socket.destroy();
  return heard;
}

async function open(port: number): Promise<ReturnType<typeof connect>> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return socket;
    await sleep(25);
  }
  throw new Error(`nats-server does not listen on ${port}`);
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

function readFiles(folder: string, prefix: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) files.set(`${prefix}${name}`, readFileSync(path));
    else for (const [inner, bytes] of readFiles(path, `${prefix}${name}/`)) files.set(inner, bytes);
  }
  return files;
}

/** As `tar` and `s2` would write it; moments stand in records of their own, as Go has them. */
function tarOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, bytes] of files) {
    parts.push(...member("x", "PaxHeaders.0", Buffer.from("22 mtime=1790000000.5\n")));
    parts.push(...member("0", name, bytes));
  }
  parts.push(Buffer.alloc(1024));
  return concatBytes([s2Identifier(), encodeS2Chunk(concatBytes(parts))]);
}

function member(type: string, name: string, bytes: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write("0000600\0", 100);
  head.write("0000000\0", 108);
  head.write("0000000\0", 116);
  head.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
  head.write("00000000000\0", 136);
  head.write("        ", 148);
  head.write(type, 156);
  head.write("ustar\x0000", 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

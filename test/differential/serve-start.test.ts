/**
 * What a server says when it starts and ends, and whom it lets in by a hashed password: the same
 * against `windtunnel serve` and nats-server 2.15.2, which is skipped, visibly, where there is none.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { connect } from "@nats-io/transport-node";
import { hashSync } from "bcryptjs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { builtServe } from "../../src/node/serve/built-for-tests.ts";
import { freePort } from "./ports.ts";
import { natsServerPath } from "./real-server.ts";

const root = resolve(import.meta.dirname, "../..");

let folder = "";
let port = 0;
let child: ChildProcess | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-start-"));
  port = await freePort();
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const logOf = (): string => readFileSync(join(folder, "log"), "utf8");

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error("it does not come about");
    await new Promise((next) => setTimeout(next, 25));
  }
}

function launch([program = "", ...args]: readonly string[], conf: string): void {
  const file = join(folder, "log");
  writeFileSync(file, "");
  rewrite(conf);
  const flags = ["-c", join(folder, "my.conf"), "-l", file];
  child = spawn(program, [...args, ...flags], { cwd: root, stdio: "ignore" });
}

async function start(program: readonly string[], conf: string): Promise<void> {
  launch(program, conf);
  await until(() => logOf().includes("Server is ready"));
}

function rewrite(conf: string): void {
  writeFileSync(join(folder, "my.conf"), `listen: "127.0.0.1:${port}"\n${conf}\n`);
}

/** The exit code. */
async function end(signal: NodeJS.Signals): Promise<number | null> {
  const gone = new Promise<number | null>((done) => child?.once("exit", done));
  child?.kill(signal);
  return await gone;
}

/** Lines without what differs from run to run, the banner, and the host's own limits. */
function lines(): string[] {
  const banner = /^\[INF\] *(?:[_|\\/].*|https:.*)?$/;
  const others = /Max Storage|API Level/;
  return logOf()
    .replaceAll(folder, "FOLDER")
    .replaceAll(String(port), "PORT")
    .split("\n")
    .map((line) => line.replace(/^\[\d+\] [\d/]+ [\d:.]+ /, ""))
    .filter((line) => line !== "" && !banner.test(line) && !others.test(line))
    .map((line) => line.replace(/(ID: +)N\w+|Took \S+|(Memory: +).+/, "$1$2"));
}

const started = [
  "[INF] Starting nats-server",
  "[INF]   Version:  2.15.2",
  "[INF]   Git:      [not set]",
  "[INF]   Name:     smoke",
  "[INF]   Node:     4RCH3y2j",
  "[INF]   ID:       ",
  "[WRN] Plaintext passwords detected, use nkeys or bcrypt",
];

const sides: readonly (readonly [string, readonly string[]])[] = [
  ["windtunnel serve", builtServe],
  ["nats-server", natsServerPath === null ? [] : [natsServerPath]],
];

describe.each(sides)("%s", (_name, program) => {
  const check = test.skipIf(program.length === 0);

  check(
    "says what it is, and how it ends",
    async () => {
      const store = `jetstream { store_dir: "${folder}/store" }`;
      await start(program, `server_name: smoke\n${store}\nauthorization { user: a, password: b }`);
      expect(await end("SIGTERM")).toBe(0);
      const said = lines();
      expect(said.slice(0, 7)).toEqual(started);
      expect(said[7]).toMatch(
        /^\[INF\] Using configuration file: FOLDER\/my\.conf \(sha256:\w{64}\)$/,
      );
      expect(said.slice(8)).toEqual([
        "[INF] Starting JetStream",
        "[INF] ---------------- JETSTREAM ----------------",
        "[INF]   Strict:          true",
        "[INF]   Max Memory:      ",
        '[INF]   Store Directory: "FOLDER/store/jetstream"',
        "[INF] -------------------------------------------",
        "[INF]  to start JetStream",
        "[INF] Listening for client connections on 127.0.0.1:PORT",
        "[INF] Server is ready",
        '[INF] Trapped "terminated" signal',
        "[INF] Initiating Shutdown...",
        "[INF] Initiating JetStream Shutdown...",
        "[INF] JetStream Shutdown",
        "[INF] Server Exiting..",
      ]);
    },
    60_000,
  );

  check(
    "takes three quarters of the host's memory, and of what is free on its disk",
    async () => {
      const store = `jetstream { store_dir: "${folder}/store" }`;
      const http = await freePort();
      await start(program, `http: "127.0.0.1:${http}"\n${store}`);
      const { jetstream } = await (await fetch(`http://127.0.0.1:${http}/varz`)).json();
      const { max_memory, max_storage, ...others } = jetstream.config;
      expect(max_memory).toBe(Math.floor(totalmem() / 4) * 3);
      // Neighbours write to the same disk meanwhile.
      const { bavail, bsize } = statfsSync(folder);
      expect(max_storage / (bavail * bsize)).toBeCloseTo(0.75, 1);
      expect(others).not.toHaveProperty("compress_ok");
      const connection = await connect({ servers: `127.0.0.1:${port}` });
      const asked = { name: "S", subjects: ["s"], storage: "file", max_bytes: max_storage * 2 };
      const answer = await connection.request("$JS.API.STREAM.CREATE.S", JSON.stringify(asked));
      await connection.close();
      expect(answer.json()).toMatchObject({ error: { err_code: 10047 } });
    },
    60_000,
  );

  check(
    "knows passwords and tokens by their hashes, after a reload too",
    async () => {
      const secret = hashSync("secret", 4);
      const servers = `127.0.0.1:${port}`;
      const enters = async (who: object): Promise<boolean> => {
        try {
          await (await connect({ servers, reconnect: false, ...who })).close();
          return true;
        } catch {
          return false;
        }
      };
      await start(program, `authorization { token: "${secret}" }`);
      expect(await enters({ token: "secret" })).toBe(true);
      expect(await enters({ token: "secreT" })).toBe(false);
      expect(await enters({ token: secret })).toBe(false);
      expect(await end("SIGTERM")).toBe(0);
      const plain = 'authorization { users [ { user: a, password: "pw" } ] }';
      await start(program, plain);
      expect(await enters({ user: "a", pass: "pw" })).toBe(true);
      const older = secret.replace("$2b$", "$2a$");
      rewrite(plain.replace("pw", older));
      child?.kill("SIGHUP");
      await until(() => logOf().includes("Reloaded server configuration"));
      expect(await enters({ user: "a", pass: "secret" })).toBe(true);
      expect(await enters({ user: "a", pass: "pw" })).toBe(false);
      expect(await enters({ user: "b", pass: "secret" })).toBe(false);
    },
    60_000,
  );

  check(
    "says why it does not start, and ends",
    async () => {
      const other = createServer();
      await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
      const place = `127.0.0.1:${(other.address() as AddressInfo).port}`;
      const taken = `listen tcp ${place}: bind: address already in use`;
      const file = join(folder, "file");
      writeFileSync(file, "");
      const reasons = [
        [`listen: "${place}"`, `Error listening on port: ${place}, "${taken}"`],
        [`http: "${place}"`, `Can't start monitoring: can't listen to the monitor port: ${taken}`],
        [
          `websocket { listen: "${place}", no_tls: true }`,
          `Unable to listen for websocket connections: ${taken}`,
        ],
        [
          `jetstream { store_dir: "${file}" }`,
          "Can't start JetStream: storage directory is not a directory",
        ],
      ] as const;
      for (const [conf, why] of reasons) {
        launch(program, conf);
        expect(await new Promise((gone) => child?.once("exit", gone))).toBe(1);
        expect(logOf().trimEnd().split("\n").at(-1)).toMatch(/^\[\d+\] [\d/]+ [\d:.]+ \[FTL\] /);
        expect(logOf().trimEnd().endsWith(`[FTL] ${why}`)).toBe(true);
      }
      other.close();
    },
    60_000,
  );

  check("takes a store directory from its command line or its file, not from both", () => {
    rewrite(`jetstream { store_dir: "${folder}/store" }`);
    const file = join(folder, "my.conf");
    const [path = "", ...args] = [...program, "-t", "-c", file];
    const asked = (...more: string[]) => {
      const { status, stderr } = spawnSync(path, [...args, ...more], { encoding: "utf8" });
      return [status, stderr.trim()];
    };
    expect(asked()[0]).toBe(0);
    const refusal = `nats-server: ${file}:2:13: Duplicate 'store_dir' configuration`;
    expect(asked("-sd", folder)).toEqual([1, refusal]);
  });

  check(
    "ends with 2 when it is asked to quit and dump",
    async () => {
      await start(program, "");
      expect(await end("SIGQUIT")).toBe(2);
    },
    60_000,
  );
});

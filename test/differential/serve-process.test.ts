/** `windtunnel serve` as a process: how it is started, found, told, and how it ends. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { connect } from "@nats-io/transport-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { builtServe } from "../../src/node/serve/built-for-tests.ts";

const root = resolve(import.meta.dirname, "../..");
const [node, ...serve] = builtServe;

let folder = "";
let child: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-serve-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  child = null;
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  readonly pid: number;
  readonly portsFile: string;
  readonly ports: Record<string, string[]>;
  readonly log: () => string;
  readonly exited: Promise<number | null>;
}

/** As clients' own launchers do it: a file, a ports file to wait for, then a connect. */
async function start(conf: string): Promise<Started> {
  const file = join(folder, "server.conf");
  writeFileSync(file, `${conf}\nports_file_dir: ${folder}\n`);
  const started = spawn(node, [...serve, "-c", file], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  child = started;
  let log = "";
  started.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  const exited = new Promise<number | null>((done) => started.once("exit", done));
  const pid = started.pid ?? 0;
  const portsFile = join(folder, `nats-server_${pid}.ports`);
  const until = Date.now() + 30_000;
  while (!existsSync(portsFile)) {
    if (started.exitCode !== null || Date.now() > until) throw new Error(`no ports file: ${log}`);
    await new Promise((next) => setTimeout(next, 50));
  }
  const ports = JSON.parse(readFileSync(portsFile, "utf8")) as Record<string, string[]>;
  return { pid, portsFile, ports, log: () => log, exited };
}

const dialect = `
host: 127.0.0.1
port: -1
http: "127.0.0.1:-1"
leafnodes {
  listen: "127.0.0.1:-1"
}
websocket {
  host: 127.0.0.1
  port: -1
  no_tls: true
}
server_tags [
  id:tg4h8eUE
]
`;

// Evidence: start-up files and protocol of clients' launchers (facts: bridge, sections 1 and 2).
test("writes its ports in nats-server's order, and takes the file away when it is stopped", async () => {
  const server = await start(dialect);
  expect(Object.keys(server.ports)).toEqual(["nats", "monitoring", "websocket"]);
  expect(server.ports.nats?.[0]).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
  expect(server.ports.websocket?.[0]).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  const nc = await connect({ servers: server.ports.nats?.[0] ?? "" });
  expect(nc.info?.version).toBe("2.15.2");
  await nc.close();
  expect(server.log()).toMatch(/^\[\d+\] \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d{6} \[INF\] /m);
  expect(server.log()).toContain("Server is ready");
  process.kill(server.pid, "SIGTERM");
  expect(await server.exited).toBe(0);
  expect(server.log()).toContain('Trapped "terminated" signal');
  expect(server.log()).toContain("Server Exiting..");
  expect(existsSync(server.portsFile)).toBe(false);
});

test("leaves its ports file behind when it is killed", async () => {
  const server = await start(dialect);
  process.kill(server.pid, "SIGKILL");
  await server.exited;
  expect(existsSync(server.portsFile)).toBe(true);
});

test("goes lame by signal: clients hear of it, new ones are refused, then it ends", async () => {
  const lame = 'lame_duck_grace_period: "100ms"\nlame_duck_duration: "30s"';
  const server = await start(`${dialect}\n${lame}`);
  const url = server.ports.nats?.[0] ?? "";
  const nc = await connect({ servers: url, reconnect: false });
  const told = (async () => {
    for await (const status of nc.status()) if (status.type === "ldm") return true;
    return false;
  })();
  const args = [...serve, "--signal", `ldm=${server.pid}`];
  expect(spawnSync(node, args, { cwd: root }).status).toBe(0);
  expect(await told).toBe(true);
  await expect(connect({ servers: url, reconnect: false })).rejects.toThrow();
  expect(await server.exited).toBe(0);
  expect(server.log()).toContain("Entering lame duck mode, stop accepting new clients");
  await nc.closed();
});

test("prints subscriptions in its trace as nats-server does", async () => {
  const server = await start(`${dialect}\ntrace: true`);
  const nc = await connect({ servers: server.ports.nats?.[0] ?? "", name: "watcher" });
  nc.subscribe("foo");
  await nc.flush();
  await nc.close();
  expect(server.log()).toMatch(
    /\[TRC\] 127\.0\.0\.1:\d+ - cid:\d+ - "v3\.4\.0:nats\.js:watcher" - <<- \[SUB foo 1\]/,
  );
  expect(server.log()).toContain("->> [PONG]");
});

test("names every problem of a configuration, and exits with 1", () => {
  const file = join(folder, "bad.conf");
  writeFileSync(file, "port: 4222\nfoo: 1\nbar { }\n");
  const run = spawnSync(node, [...serve, "-c", file], {
    cwd: root,
    encoding: "utf8",
  });
  expect(run.status).toBe(1);
  expect(run.stderr).toBe(
    `nats-server: ${file}:2:1: unknown field "foo"\n${file}:3:1: unknown field "bar"\n`,
  );
});

/** Hosted worlds as real clients and real HTTP see them. Time follows the wall here. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { builtServe } from "./built-for-tests.ts";
import type { HostedPorts } from "./ports-file.ts";

let folder = "";
let child: ChildProcess;
let exited: Promise<number | null>;
let portsFile = "";
let ports: HostedPorts;
let control = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "windtunnel-hosted-"));
  const file = join(folder, "cluster.wt");
  writeFileSync(
    file,
    `windtunnel 1
title A cluster that real clients use
seed 5
world cluster east 3
0s nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
`,
  );
  const places = ["--ports_file_dir", folder, "-l", join(folder, "log")];
  const listen = ["-a", "127.0.0.1", "-p", "-1", "--control", "-1"];
  const [node, ...serve] = builtServe;
  const args = [...serve, "--world", file, ...listen, ...places];
  const root = resolve(import.meta.dirname, "../../..");
  child = spawn(node, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  exited = new Promise((done) => child.once("exit", done));
  portsFile = join(folder, `nats-server_${child.pid}.ports`);
  await eventually(async () => existsSync(portsFile));
  ports = JSON.parse(readFileSync(portsFile, "utf8")) as HostedPorts;
  control = ports.control?.[0] ?? "";
  await eventually(async () => (await state()).streams.ORDERS !== undefined);
}, 60_000);

afterAll(async () => {
  child.kill("SIGTERM");
  expect(await exited).toBe(0);
  expect(existsSync(portsFile)).toBe(false);
  rmSync(folder, { recursive: true, force: true });
});

interface State {
  readonly now: number;
  readonly hosts: Record<string, { up: boolean; varz: { port: number } } | undefined>;
  readonly streams: Record<string, { state: { messages: number } } | undefined>;
  readonly clients: Record<string, { server: string } | undefined>;
}

async function state(): Promise<State> {
  return JSON.parse((await ask("GET", "/state")).body) as State;
}

async function line(text: string): Promise<{ exit: number; stdout: string; stderr: string }> {
  const { body } = await ask("POST", "/line", { body: text });
  return JSON.parse(body) as { exit: number; stdout: string; stderr: string };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** By node:http, for `fetch` does not let anybody choose the Host header. */
function ask(
  method: string,
  path: string,
  more: {
    readonly body?: string;
    readonly headers?: Record<string, string>;
    /** Hang up as soon as the body holds this. */
    readonly until?: string;
  } = {},
): Promise<Answer> {
  const url = path.startsWith("/") ? `${control}${path}` : path;
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers: more.headers ?? {} }, (response) => {
      const type = response.headers["content-type"] ?? "";
      let body = "";
      response.setEncoding("utf8");
      const done = (): void => resolve({ status: response.statusCode ?? 0, type, body });
      response.on("end", done);
      response.on("data", (chunk: string) => {
        body += chunk;
        if (more.until === undefined || !body.includes(more.until)) return;
        done();
        asked.destroy();
      });
    });
    asked.on("error", reject);
    asked.end(more.body);
  });
}

function portOf(url: string | undefined): number {
  return Number(new URL(url ?? "").port);
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + 40_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error("it never came");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("the ports file names every server's ports", () => {
  expect(ports.nats).toEqual(ports.hosts.n1?.nats);
  expect(Object.keys(ports.hosts)).toEqual(["n1", "n2", "n3"]);
  for (const { nats, monitoring } of Object.values(ports.hosts)) {
    expect(nats[0]).toMatch(/^nats:\/\/127\.0\.0\.1:\d+$/);
    expect(monitoring?.[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  }
});

test("nats.js publishes and reads across the border, and INFO carries the real port", async () => {
  const nc = await connect({ servers: ports.nats[0] ?? "", name: "outside" });
  expect(nc.info?.port).toBe(portOf(ports.nats[0]));
  const told = nc.info?.connect_urls?.map((url) => portOf(`nats://${url}`));
  expect(told).toEqual(Object.values(ports.hosts).map(({ nats }) => portOf(nats[0])));
  const ack = await jetstream(nc).publish("orders.1", "hello");
  expect(ack).toMatchObject({ stream: "ORDERS", seq: 1, duplicate: false });
  const info = await (await jetstreamManager(nc)).streams.info("ORDERS");
  expect(info.state.messages).toBe(1);
  const { streams, clients } = await state();
  expect(streams.ORDERS?.state.messages).toBe(1);
  expect(clients.outside?.server).toBe("n1");
  const inside = await line("nats stream get ORDERS 1");
  expect([inside.exit, inside.stdout]).toEqual([0, expect.stringContaining("hello")]);
  await nc.close();
});

test("/varz answers on the real monitoring port", async () => {
  const url = ports.hosts.n2?.monitoring?.[0] ?? "";
  const varz = JSON.parse((await ask("GET", `${url}/varz`)).body) as { server_name: string };
  expect(varz.server_name).toBe("n2");
});

test("clients that come by WebSocket are told the real addresses too", async () => {
  const url = ports.hosts.n1?.monitoring?.[0] ?? "";
  const varz = JSON.parse((await ask("GET", `${url}/varz`)).body) as { ws_connect_urls: string[] };
  const told = varz.ws_connect_urls.map((place) => portOf(`ws://${place}`));
  expect(told).toEqual(Object.values(ports.hosts).map(({ websocket }) => portOf(websocket?.[0])));
});

test("clients of a killed server turn to another, and publish there", async () => {
  const nc = await connect({ servers: ports.hosts.n1?.nats[0] ?? "", reconnectTimeWait: 100 });
  expect(await line("fault kill n1")).toMatchObject({ exit: 0 });
  await eventually(async () => nc.info !== undefined && nc.info.server_name !== "n1");
  expect((await state()).hosts.n1?.up).toBe(false);
  expect((await line("fault kill n1")).stderr).toContain("does not run");
  // Until the followers have elected there may be nobody to take it.
  const before = (await state()).streams.ORDERS?.state.messages ?? 0;
  await eventually(async () => {
    const ack = await jetstream(nc)
      .publish("orders.after", "still here")
      .catch(() => null);
    return ack !== null;
  });
  expect((await state()).streams.ORDERS?.state.messages).toBeGreaterThan(before);
  await line("fault start n1");
  await nc.close();
});

test("a line at a named terminal, and one that waits for its time", async () => {
  const { now } = await state();
  const at = Math.ceil(now / 1e9) + 1;
  expect(await line(`${at}s @t5 echo late`)).toMatchObject({ exit: 0, stdout: "late\n" });
  expect((await state()).now).toBeGreaterThanOrEqual(at * 1e9);
  const wrong = await ask("POST", "/line", { body: "@t5 resize big" });
  expect(wrong.status).toBe(400);
});

test("the trace comes as server-sent events", async () => {
  const wanted = '"kind":"stored"';
  const watching = ask("GET", "/trace", { until: wanted });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await line("nats pub orders.2 x");
  const { type, body } = await watching;
  expect(type).toBe("text/event-stream");
  const record = body.split("\n").find((one) => one.includes(wanted)) ?? "";
  expect(JSON.parse(record.slice("data: ".length))).toMatchObject({
    from: "server",
    stream: "ORDERS",
  });
});

test("requests under another name, and from another origin, are refused", async () => {
  const asked = (headers: Record<string, string>): Promise<Answer> => {
    return ask("GET", "/healthz", { headers });
  };
  expect((await asked({ host: "rebound.example" })).status).toBe(403);
  expect((await asked({ origin: "https://elsewhere.example" })).status).toBe(403);
  expect((await asked({ host: `localhost:${new URL(control).port}` })).status).toBe(200);
});

/** Two clusters of three servers for a comparison: nats-server's processes, and our world. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { advanceTo, millis, nextEventAt, plus } from "../../src/kernel/index.ts";
import { provideAllParts } from "../../src/server/doors/all-parts.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { addHost } from "../../src/world/host.ts";
import {
  closeConn,
  createDoors,
  createWorld,
  type Doors,
  dial,
  runNextEvent,
  sendBytes,
  type World,
} from "../../src/world/index.ts";
import { killHost, lameDuckHost, setConfig, startHost } from "../../src/world/power.ts";
import { clusterOf } from "../../src/world/presets.ts";
import { cleanClose } from "../../src/world/send.ts";
import { freePort } from "./ports.ts";
import { RawClient } from "./raw-client.ts";
import { natsServerPath } from "./real-server.ts";

provideAllParts();

/** A cluster, and clients by name that speak bytes to one of its servers. */
export interface ClusterSide {
  /** Connects a client to server 1, 2 or 3. */
  open(client: string, server: number): Promise<void>;
  send(client: string, text: string): Promise<void>;
  /** Lets things settle; what each client got since the last time, "closed" at its end. */
  settle(): Promise<Record<string, string>>;
  kill(server: number): Promise<void>;
  start(server: number): Promise<void>;
  lameDuck(server: number): Promise<void>;
  /** Starts what was killed; from now on silence counts when it is so many times as long. */
  revive(patience: number): Promise<void>;
  /** Lets so much time pass. */
  wait(ms: number): Promise<void>;
  /** Lets all clients go. */
  hangUp(): Promise<void>;
  stop(): Promise<void>;
}

/** Where a configuration says this, each server has a folder of its own. */
export const storePlace = "%STORE%";

const servers = [1, 2, 3] as const;
/** How long nothing must come before a step counts as over. */
const quietMs = 160;

/** Three processes on ports of their own, one route a pair as in our model. */
export async function startRealCluster(conf: string): Promise<ClusterSide> {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-cluster-"));
  const ports: number[] = [];
  for (let i = 0; i < 6; i++) ports.push(await freePort());
  const portOf = (server: number): number => ports[server - 1] ?? 0;
  const routes = ports.slice(3).map((port) => `nats-route://127.0.0.1:${port}`);
  const processes = new Map<number, ChildProcess>();
  const clients = new Map<string, RawClient>();
  const broken = new Set<number>();
  let patience = 1;
  const start = async (server: number): Promise<void> => {
    const file = join(folder, `${server}.conf`);
    const cluster = `cluster { name: C1, listen: "127.0.0.1:${ports[server + 2]}", pool_size: -1
      routes: [${routes.join(", ")}] }`;
    const own = `server_name: n${server}\nlisten: 127.0.0.1:${portOf(server)}`;
    const store = join(folder, `store-${server}`);
    writeFileSync(file, `${own}\n${cluster}\n${conf.replaceAll(storePlace, store)}\n`);
    processes.set(server, spawn(natsServerPath ?? "", ["-c", file], { stdio: "ignore" }));
  };
  for (const server of servers) await start(server);
  await untilMeshed(portOf);
  return {
    start,
    async open(client, server) {
      clients.set(client, await RawClient.open(portOf(server)));
    },
    async send(client, text) {
      await clients.get(client)?.say(text, 0);
    },
    async settle() {
      const heard: Record<string, string> = {};
      // A machine that is busy with other tests takes its time.
      await sleep(quietMs * patience);
      for (let isQuiet = false; !isQuiet; ) {
        isQuiet = true;
        for (const [name, client] of clients) {
          const { text, closed } = await client.say("", 8);
          if (text !== "") isQuiet = false;
          const before = (heard[name] ?? "").replace(/closed$/, "");
          heard[name] = before + named(text, portOf) + (closed ? "closed" : "");
        }
        if (!isQuiet) await sleep((quietMs / 2) * patience);
      }
      return heard;
    },
    async kill(server) {
      broken.add(server);
      await ended(processes.get(server), "SIGKILL");
    },
    async lameDuck(server) {
      broken.add(server);
      processes.get(server)?.kill("SIGUSR2");
    },
    async revive(times) {
      patience = times;
      for (const server of broken) {
        await ended(processes.get(server), "SIGKILL");
        await start(server);
      }
      if (broken.size > 0) await untilMeshed(portOf);
      broken.clear();
    },
    wait: sleep,
    async hangUp() {
      for (const client of clients.values()) client.close();
      clients.clear();
    },
    async stop() {
      for (const client of clients.values()) client.close();
      for (const child of processes.values()) await ended(child, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same in a world, where a step takes 90 virtual ms. */
export async function startOurCluster(conf: string, seed = 1): Promise<ClusterSide> {
  const world = createWorld(seed, { taps: false });
  const members = servers.map((server) => `n${server}`);
  const heard = new Map<number, string>();
  const conns = new Map<string, number>();
  const doors = createDoors({
    outside(conn, bytes) {
      const text = bytes === null ? "closed" : Buffer.from(bytes).toString("latin1");
      heard.set(conn, (heard.get(conn) ?? "") + text);
    },
  });
  for (const name of members) {
    const own = conf.replaceAll(storePlace, `/srv/${name}`);
    const { config } = serverConfigFromText(`server_name: ${name}\n${own}`);
    const cluster = clusterOf(name, "C1", members);
    const host = addHost(world, name, "server");
    setConfig(host, { ...config, host: name, port: 4222, cluster });
  }
  const hostOf = (server: number): NonNullable<ReturnType<World["hosts"]["get"]>> => {
    const host = world.hosts.get(`n${server}`);
    if (host === undefined) throw new Error(`no server ${server}`);
    return host;
  };
  for (const server of servers) startHost(world, doors, hostOf(server));
  run(world, doors, 2_000);
  return {
    async open(client, server) {
      const from = { host: "desk", owner: { kind: "outside", id: conns.size } } as const;
      const conn = dial(world, { from, host: `n${server}`, port: 4222, transport: "tcp" });
      conns.set(client, conn.id);
      run(world, doors, 5);
    },
    async send(client, text) {
      sendBytes(world, doors, conns.get(client) ?? 0, "a", Buffer.from(text, "latin1"));
      run(world, doors, 5);
    },
    async settle() {
      run(world, doors, 90);
      const texts: Record<string, string> = {};
      for (const [name, conn] of conns) texts[name] = named(heard.get(conn) ?? "", () => 4222);
      heard.clear();
      for (const name of [...conns.keys()]) {
        if (texts[name]?.endsWith("closed") === true) heard.set(conns.get(name) ?? 0, "closed");
      }
      return texts;
    },
    async kill(server) {
      killHost(world, doors, hostOf(server));
    },
    async start(server) {
      startHost(world, doors, hostOf(server));
      run(world, doors, 2_000);
    },
    async lameDuck(server) {
      lameDuckHost(world, doors, hostOf(server));
    },
    async revive() {
      // Every comparison begins with a world of its own.
    },
    async wait(ms) {
      run(world, doors, ms);
    },
    async hangUp() {
      for (const conn of conns.values()) closeConn(world, conn, "a", cleanClose);
      conns.clear();
      run(world, doors, 5);
    },
    async stop() {},
  };
}

function run(world: World, doors: Doors, ms: number): void {
  const until = plus(world.kernel.now, millis(ms));
  for (;;) {
    const next = nextEventAt(world.kernel);
    if (next === null || next > until) break;
    runNextEvent(world, doors);
  }
  advanceTo(world.kernel, until);
}

/** Addresses as `S1`, `S2`, `S3`; of INFO only what clusters decide, URLs of others sorted. */
function named(text: string, portOf: (server: number) => number): string {
  // Pings come when they come; who asks across accounts is shown with a round trip, or without.
  const bare = text
    .replace(/^PING\r\n/gm, "")
    .replace(/^HMSG (\S+) (\S+) _R_\.\S+ \d+ \d+\r\n/gm, "HMSG $1 $2 _R_ N N\r\n")
    .replace(/,"rtt":\d+/g, "");
  return bare.replace(/^INFO (.*?)\s*\r\n/gm, (_, json: string) => {
    const info = JSON.parse(json) as Record<string, unknown>;
    const urls = (info.connect_urls as string[] | undefined)?.map((url) => {
      const server = servers.find(
        (one) => url === `127.0.0.1:${portOf(one)}` || url === `n${one}:4222`,
      );
      return `S${server ?? `?${url}`}`;
    });
    const [own = "", ...others] = urls ?? [];
    const shown = {
      server_name: info.server_name,
      cluster: info.cluster,
      ldm: info.ldm,
      connect_info: info.connect_info,
      connect_urls: info.ldm === true ? [own, ...others].sort() : [own, ...others.sort()],
      remote_account: info.remote_account,
    };
    return `INFO ${JSON.stringify(shown)}\r\n`;
  });
}

/** Until every server says that it knows the URLs of all three. */
async function untilMeshed(portOf: (server: number) => number): Promise<void> {
  const until = Date.now() + 15_000;
  for (const server of servers) {
    for (;;) {
      if (Date.now() > until) throw new Error("the cluster does not come together");
      const info = await greeting(portOf(server));
      if ((info.match(/127\.0\.0\.1:\d+/g) ?? []).length >= 3) break;
      await sleep(50);
    }
  }
  await sleep(100);
}

async function greeting(port: number): Promise<string> {
  try {
    const client = await RawClient.open(port);
    const { text } = await client.say("", 20);
    client.close();
    return text;
  } catch {
    return "";
  }
}

async function ended(child: ChildProcess | undefined, signal: "SIGKILL"): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await gone;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

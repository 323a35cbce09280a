/** When and why connections end beside nats-server: pings, time-outs, limits, the lame duck. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startHeadless } from "../../src/node/serve/headless.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { freePort } from "./ports.ts";
import { natsServerPath } from "./real-server.ts";

interface Side extends Ports {
  lameDuck(): void;
  /** Whether it has ended by itself. */
  readonly gone: () => boolean;
  stop(): Promise<void>;
}

interface Ports {
  readonly port: number;
  readonly http: number;
  /** For a WebSocket listener; `$WS` in a configuration. */
  readonly ws: number;
}

async function freePorts(): Promise<Ports> {
  return { port: await freePort(), http: await freePort(), ws: await freePort() };
}

const confOf = ({ port, http, ws }: Ports, conf: string): string =>
  `listen: "127.0.0.1:${port}"\nhttp: "127.0.0.1:${http}"\n${conf.replace("$WS", `${ws}`)}\n`;

async function startReal(conf: string): Promise<Side> {
  const ports = await freePorts();
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-connections-"));
  const file = join(folder, "server.conf");
  writeFileSync(file, confOf(ports, conf));
  const child = spawn(natsServerPath ?? "", ["-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.on("data", (chunk) => {
    log += String(chunk);
  });
  while (!log.includes("Server is ready")) await once(child.stderr, "data");
  return {
    ...ports,
    lameDuck: () => void child.kill("SIGUSR2"),
    gone: () => child.exitCode !== null,
    async stop() {
      if (child.exitCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startOurs(conf: string): Promise<Side> {
  const ports = await freePorts();
  const { config } = serverConfigFromText(confOf(ports, conf));
  const server = await startHeadless(config, { write: () => {}, reopen: () => {} });
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  return {
    ...ports,
    lameDuck: () => server.lameDuck(),
    gone: () => ended,
    stop: () => server.stop(),
  };
}

interface Heard {
  readonly text: string;
  readonly atMs: number;
}

/** A client that notes each line and when it came; `(closed)` is its end. */
class Watcher {
  readonly heard: Heard[] = [];
  /** What is said to a PING; "" is silence. */
  pong = "";
  readonly #socket: Socket;
  readonly #startMs = performance.now();
  #rest = "";

  constructor(port: number, isWebsocket = false) {
    this.#socket = connect(port, "127.0.0.1");
    if (isWebsocket) this.say(handshake);
    this.#socket.on("data", (chunk) => this.#take(String(chunk)));
    this.#socket.on("close", () => this.#note("(closed)"));
    this.#socket.on("error", () => {
      // A reset shows as a close, a refused connection too.
    });
  }

  say(text: string): void {
    this.#socket.write(text, "latin1");
  }

  close(): void {
    this.#socket.destroy();
  }

  get texts(): string[] {
    return this.heard.map(({ text }) => text);
  }

  /** How long after the line before each came, in ms. */
  get gaps(): number[] {
    return this.heard.map(({ atMs }, i) => atMs - (this.heard[i - 1]?.atMs ?? 0));
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split("\r\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("INFO ")) this.#note(shownInfo(line));
      else this.#note(line);
      if (line === "PING" && this.pong !== "") this.say(this.pong);
    }
  }

  #note(text: string): void {
    this.heard.push({ text, atMs: performance.now() - this.#startMs });
  }
}

/** A client whom the server knows. */
async function greeted(port: number): Promise<Watcher> {
  const client = new Watcher(port);
  while (client.heard.length === 0) await sleep(5);
  return client;
}

/** What of an INFO a client in trouble looks at. */
function shownInfo(line: string): string {
  const { ldm, connect_urls } = JSON.parse(line.slice(5)) as Record<string, unknown>;
  return `INFO ${JSON.stringify({ ldm, urls: Array.isArray(connect_urls) })}`;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface ClosedRow {
  readonly [field: string]: unknown;
}

/** Who is gone and why, in the order of their coming. */
async function closedRows(side: Side): Promise<unknown[]> {
  const response = await fetch(`http://127.0.0.1:${side.http}/connz?state=closed&sort=cid`);
  const { connections } = (await response.json()) as { readonly connections: ClosedRow[] };
  return connections
    .toSorted((a, b) => Number(a.cid) - Number(b.cid))
    .map(({ reason, in_msgs, out_msgs, in_bytes, out_bytes, subscriptions, name }) => [
      ...[name, reason, in_msgs, out_msgs, in_bytes, out_bytes, subscriptions],
    ]);
}

/** The same story on both sides at the same time. */
async function both<T>(conf: string, story: (side: Side) => Promise<T>): Promise<[T, T]> {
  const sides = await Promise.all([startOurs(conf), startReal(conf)]);
  try {
    return (await Promise.all(sides.map(story))) as [T, T];
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

const hello = (more = ""): string =>
  `CONNECT {"verbose":false,"headers":true,"no_responders":true,"protocol":1${more}}\r\n`;

const handshake = `${[
  "GET / HTTP/1.1",
  "Host: localhost",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
].join("\r\n")}\r\n\r\n`;

/** A short message from a browser: a binary frame, masked with zeros. */
function frame(text: string): string {
  const { length } = text;
  const size = length < 126 ? [0x80 | length] : [0xfe, length >> 8, length & 255];
  return `${String.fromCharCode(0x82, ...size, 0, 0, 0, 0)}${text}`;
}

/** A gap is `about` so long, up to `most`, and a busy machine's delay. */
function expectGap(gap: number | undefined, about: number, most = about): void {
  expect(gap).toBeGreaterThan(about - 60);
  expect(gap).toBeLessThan(most + 450);
}

// Evidence for all of it: nats-server 2.15.2 in the same run.
describe.skipIf(natsServerPath === null)("connections beside nats-server", () => {
  test("who does not answer is stale after so many pings", { timeout: 30_000 }, async () => {
    const sides = await both("ping_interval: 1s\nping_max: 2", async (side) => {
      const mute = new Watcher(side.port);
      await sleep(100);
      const early = new Watcher(side.port);
      const busy = new Watcher(side.port);
      const good = new Watcher(side.port);
      good.pong = "PONG\r\n";
      busy.pong = "PONG\r\n";
      for (const client of [mute, busy, good]) client.say(`${hello()}PING\r\n`);
      const work = setInterval(() => busy.say("PUB a 1\r\nx\r\n"), 300);
      await sleep(4800);
      clearInterval(work);
      for (const client of [mute, early, busy, good]) client.close();
      return { mute, early, busy, good, closed: await closedRows(side) };
    });
    const [ours, theirs] = sides;
    expect(ours.mute.texts).toEqual(theirs.mute.texts);
    expect(theirs.mute.texts.slice(3)).toEqual([
      "PING",
      "PING",
      "-ERR 'Stale Connection'",
      "(closed)",
    ]);
    expect(ours.early.texts).toEqual(theirs.early.texts);
    expect(ours.closed[0]).toEqual(theirs.closed[0]);
    for (const { mute, busy, good } of sides) {
      const first = mute.texts.indexOf("PING");
      // The first one comes up to a fifth later, by chance.
      expectGap(mute.gaps[first], 1000, 1200);
      expectGap(mute.gaps[first + 1], 1000);
      expectGap(mute.gaps[first + 2], 1000);
      // Who talks is asked once, for the round trip; who is quiet again and again.
      expect(busy.texts.filter((text) => text === "PING")).toHaveLength(1);
      expect(good.texts.filter((text) => text === "PING").length).toBeGreaterThan(2);
    }
  });

  test("the first ping comes within two seconds", { timeout: 30_000 }, async () => {
    const sides = await both("ping_interval: 1m", async (side) => {
      const client = new Watcher(side.port);
      client.pong = "PONG\r\n";
      client.say(`${hello()}PING\r\n`);
      await sleep(3200);
      client.close();
      return client;
    });
    expect(sides[0].texts).toEqual(sides[1].texts);
    for (const { texts, gaps } of sides) expectGap(gaps[texts.indexOf("PING")], 2000, 2400);
  });

  test("clients of the WebSocket listener have a clock of their own", async () => {
    const conf = `ping_interval: 1m\nping_max: 1
      websocket { listen: "127.0.0.1:$WS", no_tls: true, ping_interval: "700ms" }`;
    const sides = await both(conf, async (side) => {
      const client = new Watcher(side.ws, true);
      await sleep(150);
      client.say(frame(`${hello()}PING\r\n`));
      await sleep(2400);
      client.close();
      return client;
    });
    for (const { heard } of sides) {
      // Frames and lines need not end together: what counts is when each word came.
      const at = (word: string): number =>
        heard.find(({ text }) => text.includes(word))?.atMs ?? Number.NaN;
      expectGap(at("PING") - at("PONG"), 700, 840);
      expectGap(at("Stale Connection") - at("PING"), 700);
      expect(at("(closed)")).toBeGreaterThan(0);
    }
  }, 30_000);

  test("who does not log in in time goes", { timeout: 30_000 }, async () => {
    const conf = 'authorization { user: u, password: p, timeout: "700ms" }';
    const sides = await both(conf, async (side) => {
      // One after the other: nats-server counts those who come at once as its threads will.
      const mute = await greeted(side.port);
      const half = await greeted(side.port);
      const late = await greeted(side.port);
      half.say('CONNECT {"user":"u"');
      await sleep(400);
      late.say('CONNECT {"verbose":true,"user":"u","pass":"p"}\r\n');
      await sleep(900);
      late.close();
      return { mute, half, late, closed: await closedRows(side) };
    });
    const [ours, theirs] = sides;
    for (const name of ["mute", "half", "late"] as const) {
      expect(ours[name].texts).toEqual(theirs[name].texts);
    }
    expect(theirs.mute.texts.slice(1)).toEqual(["-ERR 'Authentication Timeout'", "(closed)"]);
    expect(ours.closed.slice(0, 2)).toEqual(theirs.closed.slice(0, 2));
    for (const { mute, half } of sides) {
      expectGap(mute.gaps[1], 700);
      expectGap(half.gaps[1], 700);
    }
  });

  test("what a client is closed for, and what was counted", { timeout: 30_000 }, async () => {
    const conf = `max_connections: 12\nmax_payload: 100\nmax_control_line: 256
      max_subscriptions: 2`;
    const named = (name: string, more = ""): string => hello(`,"name":"${name}"${more}`);
    const ways: readonly string[] = [
      `${named("payload")}PUB a 101\r\n`,
      `${named("line")}SUB ${"a".repeat(300)} 1\r\n`,
      `${named("verb")}NOPE\r\n`,
      `${named("size")}PUB a x\r\n`,
      `${named("old", ',"headers":false')}PING\r\n`,
      `${named("protocol").replace('"protocol":1', '"protocol":2')}PING\r\n`,
      `${named("subs")}SUB a 1\r\nSUB b 2\r\nSUB c 3\r\nPUB a 2\r\nhi\r\nPING\r\n`,
      `${named("frame")}SUB a 1\r\nPUB a 2\r\nhix\r\n`,
      `${named("wild")}SUB a..b 1\r\nSUB a 2\r\nPUB a 2\r\nhi\r\nPUB a.* 2\r\nhi\r\nPING\r\n`,
      `${named("route")}INFO {}\r\nPING\r\n`,
      `${named("account", ',"account":"X"')}PING\r\n`,
    ];
    const sides = await both(conf, async (side) => {
      const clients: Watcher[] = [];
      for (const text of ways) {
        const client = new Watcher(side.port);
        clients.push(client);
        await sleep(60);
        client.say(text);
        await sleep(120);
      }
      const texts = clients.map((client) => client.texts);
      for (const client of clients) client.close();
      await sleep(150);
      return { texts, closed: await closedRows(side) };
    });
    expect(sides[0]).toEqual(sides[1]);
  });

  test("one connection too many, and one again", { timeout: 30_000 }, async () => {
    const sides = await both("max_connections: 2", async (side) => {
      const clients: Watcher[] = [];
      const come = async (): Promise<Watcher> => {
        const client = new Watcher(side.port);
        clients.push(client);
        client.say(`${hello()}PING\r\n`);
        await sleep(150);
        return client;
      };
      await come();
      const second = await come();
      await come();
      second.close();
      await sleep(150);
      await come();
      const texts = clients.map((client) => client.texts);
      for (const client of clients) client.close();
      return { texts, closed: await closedRows(side) };
    });
    expect(sides[0].texts).toEqual(sides[1].texts);
    expect(sides[0].closed).toEqual(sides[1].closed);
  });

  test("a lame duck tells its clients, and lets them go", { timeout: 30_000 }, async () => {
    const conf = 'lame_duck_duration: "30s"\nlame_duck_grace_period: "1s"';
    const sides = await both(conf, async (side) => {
      const clients = Array.from({ length: 4 }, () => new Watcher(side.port));
      clients.forEach((client, i) => {
        client.say(i === 3 ? hello().replace('"protocol":1', '"protocol":0') : hello());
        client.say("SUB a 1\r\nPING\r\n");
      });
      await sleep(250);
      const startMs = performance.now();
      side.lameDuck();
      await sleep(300);
      const late = new Watcher(side.port);
      // Who is here still speaks with the others.
      clients[0]?.say("PUB a 2\r\nhi\r\n");
      await sleep(300);
      // Who leaves by itself does not make it shorter.
      clients[1]?.close();
      while (!side.gone() && performance.now() - startMs < 8000) await sleep(25);
      const lastedMs = performance.now() - startMs;
      return { clients, late, lastedMs };
    });
    const [ours, theirs] = sides;
    const texts = ({ clients }: (typeof sides)[0]): string[][] =>
      // The first ping may come before the end or not, by chance.
      clients.map((client) => client.texts.filter((text) => text !== "PING"));
    expect(texts(ours)).toEqual(texts(theirs));
    expect(ours.late.texts).toEqual(theirs.late.texts);
    for (const { clients, lastedMs } of sides) {
      const ends = clients
        .filter((_, i) => i !== 1)
        .map(({ heard }) => heard.at(-1)?.atMs ?? 0)
        .toSorted((a, b) => a - b);
      // A second of grace, then half a second to one for each but the last.
      expect(ends[0]).toBeGreaterThan(1200);
      for (const [i, end] of ends.entries()) {
        if (i > 0) expect(end - (ends[i - 1] ?? 0)).toBeGreaterThan(440);
      }
      expect(lastedMs).toBeGreaterThan(2440);
      expect(lastedMs).toBeLessThan(4600);
    }
  });
});

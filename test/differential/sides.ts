/** The two sides of a comparison: nats-server itself, and our server in this process. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fork, storedTimeAt, type VirtualNanos } from "../../src/kernel/index.ts";
import { provideAllParts } from "../../src/server/doors/all-parts.ts";
import {
  acceptConn,
  createServer,
  defaultJetStream,
  defaultServerConfig,
  fireTimer,
  receiveBytes,
  type ServerConfig,
  type ServerIo,
  type ServerState,
  type ServerTimer,
  serverConfigFromText,
  startServer,
} from "../../src/server/index.ts";
import { freePort } from "./ports.ts";
import { type Received, WireReader } from "./wire-reader.ts";

provideAllParts();

/** One connected client of one server. */
export interface Side {
  send(text: string | Uint8Array): void;
  /** Lets time pass: really there, virtually here. */
  wait(ms: number): Promise<void>;
  /** Until so many messages have come since the last call, or none comes any more. */
  take(count: number): Promise<Received[]>;
  /** Stops the server as by `kill -9`, and starts it again on the same disk. */
  restart(): Promise<void>;
  /** Lets the client come anew, without its old subscriptions. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

/** What differs from a server with JetStream and nobody's accounts. */
export interface SideOptions {
  /** Lines of the configuration file beside its own. */
  readonly conf?: string;
  /** Settings of JetStream beside where it stores. */
  readonly jetstream?: string;
  /** Who the client is; its password is `p`. */
  readonly user?: string;
}

function hello({ user }: SideOptions): string {
  const who = user === undefined ? "" : `"user":"${user}","pass":"p",`;
  const rest = '"headers":true,"no_responders":true,"verbose":false,"name":"diff"';
  return `CONNECT {${who}${rest},"lang":"x","version":"1"}\r\nPING\r\n`;
}

/** Where nats-server is: on the PATH, or where Go installs it; null when it is nowhere. */
export function findNatsServer(): string | null {
  const folders = [...(process.env.PATH ?? "").split(":"), join(homedir(), "go", "bin")];
  const found = folders.map((folder) => join(folder, "nats-server")).find((p) => existsSync(p));
  return found ?? null;
}

/** A nats-server of its own on a free port. */
export async function startRealSide(binary: string, options: SideOptions = {}): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), "windtunnel-diff-"));
  const port = await freePort();
  const file = join(folder, "server.conf");
  const config = `server_name: n1\nhost: 127.0.0.1\nport: ${port}\n`;
  const jetstream = `jetstream { store_dir: "${folder}", ${options.jetstream ?? ""} }\n`;
  writeFileSync(file, `${config}${jetstream}${options.conf ?? ""}\n`);
  let child: ChildProcess = spawn(binary, ["-c", file], { stdio: "ignore" });
  const inbox = new Inbox();
  let socket = await connect(port, inbox, options);
  return {
    send: (text) => void socket.write(text),
    wait: (ms) => sleep(ms),
    take: (count) => inbox.take(count, 400),
    async restart() {
      socket.destroy();
      await stop(child);
      child = spawn(binary, ["-c", file], { stdio: "ignore" });
      socket = await connect(port, inbox, options);
    },
    async reconnect() {
      socket.destroy();
      socket = await connect(port, inbox, options);
    },
    async close() {
      socket.destroy();
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Our server on a machine of its own, in virtual time. */
export function startOurSide(options: SideOptions = {}): Side {
  const inbox = new Inbox();
  const machine = new VirtualMachine(inbox, options);
  return {
    send: (text) => machine.receive(Buffer.from(text)),
    async wait(ms) {
      machine.advance(ms);
    },
    // Nothing is ever on its way here: what has not come will not come.
    take: (count) => inbox.take(count, 0),
    async restart() {
      machine.restart();
    },
    async reconnect() {
      machine.restart();
    },
    async close() {},
  };
}

class Inbox {
  readonly #messages: Received[] = [];
  readonly reader = new WireReader(
    (message) => this.#messages.push(message),
    () => {},
  );

  async take(count: number, patienceMs: number): Promise<Received[]> {
    const deadline = Date.now() + patienceMs;
    while (this.#messages.length < count && Date.now() < deadline) await sleep(2);
    // What comes in excess comes at once after.
    if (patienceMs > 0) await sleep(count === 0 ? 60 : 8);
    return this.#messages.splice(0);
  }
}

/** The simulated machine under one server: a clock, timers, a disk, one connection. */
class VirtualMachine {
  readonly #inbox: Inbox;
  readonly #options: SideOptions;
  readonly #files = new Map<string, object>();
  #timers = new Map<string, { at: VirtualNanos; timer: ServerTimer }>();
  #server: ServerState;
  #now = 0;
  #conn = 0;
  #seed = 1;

  constructor(inbox: Inbox, options: SideOptions) {
    this.#inbox = inbox;
    this.#options = options;
    this.#server = this.#boot();
  }

  receive(bytes: Uint8Array): void {
    // Every call takes a moment, so that stored times differ.
    this.#now += 1_000;
    receiveBytes(this.#server, this.#io(), this.#conn, bytes);
  }

  advance(ms: number): void {
    const until = this.#now + ms * 1_000_000;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= until);
      due.sort((a, b) => a[1].at - b[1].at);
      const [next] = due;
      if (next === undefined) break;
      const [name, { at, timer }] = next;
      this.#timers.delete(name);
      this.#now = Math.max(this.#now, at);
      fireTimer(this.#server, this.#io(), timer);
    }
    this.#now = until;
  }

  restart(): void {
    this.#server = this.#boot();
  }

  #boot(): ServerState {
    this.#timers = new Map();
    for (const [path, file] of this.#files) this.#files.set(path, fork(file));
    const server = createServer(this.#config());
    startServer(server, this.#io());
    this.#conn += 1;
    acceptConn(server, this.#io(), this.#conn, { ip: "127.0.0.1", port: 50_000, kind: "tcp" });
    receiveBytes(server, this.#io(), this.#conn, Buffer.from(hello(this.#options)));
    return server;
  }

  #config(): ServerConfig {
    const base = { ...defaultServerConfig("n1"), jetstream: defaultJetStream };
    const { conf = "", jetstream = "" } = this.#options;
    return serverConfigFromText(`jetstream { ${jetstream} }\n${conf}`, {}, base).config;
  }

  #io(): ServerIo {
    const now = this.#now as VirtualNanos;
    return {
      now,
      wall: storedTimeAt(now),
      draw: () => {
        this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
        return this.#seed;
      },
      send: (_conn, bytes) => this.#inbox.reader.feed(bytes),
      close: () => {},
      setTimer: (name, at, timer) => void this.#timers.set(name, { at, timer }),
      clearTimer: (name) => void this.#timers.delete(name),
      disk: {
        open: <T>(path: string, create: () => T): T => {
          const file = this.#files.get(path) ?? (create() as object);
          this.#files.set(path, file);
          return file as T;
        },
        has: (path) => this.#files.has(path),
        list: (prefix) => [...this.#files.keys()].filter((p) => p.startsWith(prefix)).sort(),
        wrote: () => {},
        sync: () => {},
        remove: (path) => void this.#files.delete(path),
      },
      tracing: false,
      trace: () => {},
      log: () => {},
    };
  }
}

async function connect(port: number, inbox: Inbox, options: SideOptions): Promise<Socket> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = await tryConnect(port);
    if (socket !== null) {
      socket.on("data", (bytes) => inbox.reader.feed(bytes));
      socket.on("error", () => {});
      socket.write(hello(options));
      // JetStream answers only once it has come up.
      await sleep(60);
      return socket;
    }
    await sleep(25);
  }
  throw new Error(`nats-server does not listen on ${port}`);
}

function tryConnect(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" }, () => resolve(socket));
    socket.once("error", () => resolve(null));
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

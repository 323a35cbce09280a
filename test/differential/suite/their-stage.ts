/** A real server process (nats-server, or `bin/windtunnel serve`) with accounts for many programs. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../ports.ts";
import { accountOf, configuration, connectLine } from "./grounds.ts";
import type { Ground, Signal } from "./notation.ts";
import type { Hearing, Line, Stage } from "./player.ts";

export interface TheirServer {
  /** The stage of one lane; `haste` above 1 gives every step more time. */
  stage(lane: number, patience: number): Stage;
  stop(): Promise<void>;
}

/** Where there is one, a disk in memory: thousands of streams come and go. */
const memoryDisk = "/dev/shm";

/** Starts `command` (a path and its first arguments) with the accounts of these lanes. */
export async function startTheirServer(
  command: readonly string[],
  ground: Ground,
  lanes: readonly number[],
): Promise<TheirServer> {
  const folder = mkdtempSync(
    join(existsSync(memoryDisk) ? memoryDisk : tmpdir(), "windtunnel-suite-"),
  );
  const port = await freePort();
  const file = join(folder, "server.conf");
  const store = join(folder, "store");
  const write = (variant: string): void =>
    writeFileSync(file, `port: ${port}\n${configuration(ground, lanes, { store, variant })}`);
  write("base");
  const start = (): Promise<TheirProcess> => startProcess([...command, "-c", file], port);
  const control: Control = {
    process: await start(),
    async restart(signal) {
      await this.process.stop(signal);
      this.process = await start();
    },
    async reload(variant) {
      write(variant);
      return await this.process.reload();
    },
  };
  return {
    stage: (lane, patience) =>
      new RealStage({ port, account: accountOf(ground, lane), patience, control }),
    async stop() {
      await control.process.stop("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a program may do to its server. */
interface Control {
  process: TheirProcess;
  restart(signal: Signal): Promise<void>;
  reload(variant: string): Promise<string>;
}

interface TheirProcess {
  stop(signal: Signal): Promise<void>;
  /** Tells it to read its file again; the first word of what it says of that. */
  reload(): Promise<string>;
}

async function startProcess(words: readonly string[], port: number): Promise<TheirProcess> {
  const [program = "", ...args] = words;
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let [log, stopped] = ["", false];
  child.stderr?.on("data", (chunk) => {
    log = (log + String(chunk)).slice(-4000);
  });
  child.on("exit", () => {
    if (!stopped) process.stderr.write(`the server ended by itself: ${log.slice(0, 2000)}\n`);
  });
  await untilListening(port, child, () => log);
  return {
    async stop(signal) {
      stopped = true;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill(signal);
      await gone;
    },
    async reload() {
      log = "";
      child.kill("SIGHUP");
      const said = /(Reloaded) server configuration|(Failed) to reload/;
      for (let tries = 0; tries < 400 && !said.test(log); tries++) {
        await new Promise((done) => setTimeout(done, 10));
      }
      const [, reloaded, failed] = said.exec(log) ?? [];
      return reloaded ?? failed ?? "(nothing)";
    },
  };
}

/** How long a server may take for what the other one has answered, in ms. */
const answerMs = 500;
/** What a step sets off without a word to its client is done after this long, in ms. */
const restMs = 2;

interface StageOptions {
  readonly port: number;
  readonly account: string;
  readonly patience: number;
  readonly control: Control;
}

class RealStage implements Stage {
  readonly #port: number;
  readonly #account: string;
  readonly #patience: number;
  readonly #control: Control;
  #left: number;

  constructor({ port, account, patience, control }: StageOptions) {
    this.#port = port;
    this.#account = account;
    this.#patience = patience;
    this.#control = control;
    // A program that differs would wait at each of its steps.
    this.#left = 2 * answerMs * patience;
  }

  async connect(options: object, hear: Hearing): Promise<Line> {
    const socket = await open(this.#port);
    socket.setNoDelay(true);
    socket.on("data", (bytes: Buffer) => hear.bytes(bytes));
    let ours = false;
    socket.on("close", () => {
      if (!ours) hear.closed();
    });
    socket.write(connectLine(this.#account, options));
    return {
      send: (bytes) => void socket.write(bytes),
      close() {
        ours = true;
        socket.destroy();
      },
    };
  }

  now(): number {
    return Date.now();
  }

  wait(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, ms));
  }

  restart(signal: Signal): Promise<void> {
    return this.#control.restart(signal);
  }

  reload(variant: string): Promise<string> {
    return this.#control.reload(variant);
  }

  async settle(done: () => boolean): Promise<void> {
    await this.wait(restMs * this.#patience);
    const from = Date.now();
    const until = from + Math.min(answerMs * this.#patience, this.#left);
    while (!done() && Date.now() < until) await this.wait(2);
    this.#left -= Date.now() - from;
  }
}

async function untilListening(port: number, child: ChildProcess, log: () => string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${log()}`);
    try {
      (await open(port)).destroy();
      // JetStream answers only once it has come up.
      await new Promise((done) => setTimeout(done, 100));
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 25));
    }
  }
  child.kill("SIGKILL");
  throw new Error(`the server does not listen: ${log()}`);
}

function open(port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.off("error", fail);
      socket.on("error", () => {
        // A reset shows as a close.
      });
      done(socket);
    });
    socket.once("error", fail);
  });
}

// A process of the terminal as a real process: real sockets, files, clock and signals.

import { spawn as spawnChild } from "node:child_process";
import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { connect } from "@nats-io/transport-node";
import type { Child, ProcessContext, SpawnOptions } from "../../clients/index.ts";
import type { StoredTime, VirtualNanos } from "../../kernel/index.ts";
import type { Descriptor, FileEntry, ProcessRequest, ReplyValue } from "../../world/index.ts";
import { type BytePipe, createBytePipe, readPipe, writePipe } from "./pipe.ts";

/** What a process gets from outside; tests give streams of their own. */
export interface NodeProcessOptions {
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly tty: ProcessContext["tty"];
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly write: (bytes: Uint8Array) => Promise<void> | void;
  readonly writeError: (bytes: Uint8Array) => Promise<void> | void;
  /** Keys of the terminal while a question holds them. */
  readonly rawKeys?: ProcessContext["rawKeys"];
}

export interface NodeProcess {
  readonly context: ProcessContext;
  /** As if the signal had come from the terminal. */
  signal(name: "INT" | "TERM"): void;
}

const toBytes = (text: string | Uint8Array): Uint8Array =>
  typeof text === "string" ? new TextEncoder().encode(text) : text;

/** The context in which a program runs over the real network. */
export function createNodeProcess(options: NodeProcessOptions): NodeProcess {
  const abort = new AbortController();
  const handlers = new Map<string, () => void>();
  const pipes: BytePipe[] = [];
  const path = (name: string) => resolve(options.cwd, name);
  const context: ProcessContext = {
    argv: options.argv,
    env: options.env,
    cwd: options.cwd,
    pid: process.pid,
    tty: options.tty,
    stdin: standardInput(options.stdin),
    write: async (text) => options.write(toBytes(text)),
    writeError: async (text) => options.writeError(toBytes(text)),
    signal: abort.signal,
    onSignal: (name, handler) => handlers.set(name, handler),
    rawKeys: options.rawKeys ?? (() => Promise.reject(new Error("stdin is no terminal"))),
    nowMs: () => Date.now(),
    storedNow,
    sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
    random: () => Math.random(),
    connect: (connection) =>
      connect({ servers: options.env.get("NATS_URL") ?? "127.0.0.1:4222", ...connection }),
    ...fileMethods(path),
    spawn: (child) => spawn(options, pipes, child),
    pipe: async () => ({ kind: "pipe", pipe: pipes.push(createBytePipe()) - 1 }),
    world: () => unavailable("the simulated world"),
    http: fetchPath,
    terminal: () => unavailable("the simulated terminal"),
    setTerminal: () => unavailable("the simulated terminal"),
    request: (request) => answerRequest(pipes, request),
  };
  const signal = (name: "INT" | "TERM") => {
    const handler = handlers.get(name);
    if (handler) handler();
    else abort.abort();
  };
  return { context, signal };
}

function unavailable(what: string): Promise<never> {
  return Promise.reject(new Error(`${what} exists only inside a simulation`));
}

/** The wall clock, with the microseconds that Date does not have. */
function storedNow(): StoredTime {
  const ms = performance.timeOrigin + performance.now();
  const s = Math.floor(ms / 1000);
  return { s, n: Math.min(999_999_999, Math.round((ms - s * 1000) * 1e6)) };
}

function standardInput(source: AsyncIterable<Uint8Array>): ProcessContext["stdin"] {
  const chunks = source[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let rest = "";
  const read = async () => {
    const next = await chunks.next();
    return next.done ? null : next.value;
  };
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const at = rest.indexOf("\n");
      if (at >= 0) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 1);
        yield line.replace(/\r$/, "");
        continue;
      }
      const bytes = await read();
      if (bytes === null) break;
      rest += decoder.decode(bytes, { stream: true });
    }
    const last = rest;
    rest = "";
    if (last !== "") yield last;
  }
  return { read, lines };
}

function fileMethods(path: (name: string) => string) {
  const entry = async (name: string): Promise<FileEntry> => {
    const found = await stat(path(name));
    const modified = found.mtimeMs as VirtualNanos;
    return { path: name, folder: found.isDirectory(), size: found.size, modified };
  };
  const write: ProcessContext["writeFile"] = async (name, bytes, options) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await (options?.append ? appendFile : writeFile)(path(name), bytes);
  };
  return {
    readFile: async (name: string) => new Uint8Array(await readFile(path(name))),
    writeFile: write,
    removeFile: (name: string) => rm(path(name), { recursive: true }),
    makeFolder: async (name: string) => {
      await mkdir(path(name), { recursive: true });
    },
    listFiles: async (name: string) => {
      const names = (await readdir(path(name))).toSorted();
      return Promise.all(names.map((child) => entry(join(name, child))));
    },
    stat: async (name: string) => entry(name).catch(() => null),
  };
}

async function fetchPath(host: string, port: number, path: string) {
  const reply = await fetch(`http://${host}:${port}${path}`);
  const contentType = reply.headers.get("content-type") ?? "";
  return { status: reply.status, contentType, body: await reply.text() };
}

async function answerRequest(
  pipes: readonly BytePipe[],
  request: ProcessRequest,
): Promise<ReplyValue> {
  const pipe = "pipe" in request && request.pipe !== null ? pipes[request.pipe] : undefined;
  if (request.what === "read" && pipe) return readPipe(pipe);
  if (request.what === "close-pipe") return null;
  return unavailable(request.what);
}

type Sink = (bytes: Uint8Array) => void;

async function spawn(
  options: NodeProcessOptions,
  pipes: readonly BytePipe[],
  child: SpawnOptions,
): Promise<Child> {
  const [, ...args] = child.argv ?? [];
  const running = spawnChild(child.program, args, {
    cwd: child.cwd ?? options.cwd,
    env: Object.fromEntries(child.env ?? options.env),
    stdio: ["pipe", "pipe", "pipe"],
  });
  const out = sinkOf(options, pipes, child.stdout ?? "inherit");
  const error = sinkOf(options, pipes, child.stderr ?? "inherit");
  running.stdout.on("data", out);
  running.stderr.on("data", error);
  running.stdin.on("error", () => {
    // The child does not read what it was given: no fault of anybody's.
  });
  running.stdin.end(inputOf(child.stdin));
  const exit = new Promise<number>((done) => {
    running.on("error", (fault) => {
      error(toBytes(`${fault.message}\n`));
      done(127);
    });
    running.on("close", (code) => done(code ?? 130));
  });
  void exit.then(() => {
    for (const target of [child.stdout, child.stderr]) endSink(pipes, target);
  });
  return {
    pid: running.pid ?? 0,
    wait: () => exit,
    kill: async (signal) => {
      running.kill(`SIG${signal}`);
    },
  };
}

function sinkOf(
  options: NodeProcessOptions,
  pipes: readonly BytePipe[],
  target: NonNullable<SpawnOptions["stdout"]>,
): Sink {
  const pipe = pipeOf(pipes, target);
  if (pipe) return (bytes) => writePipe(pipe, new Uint8Array(bytes));
  return (bytes) => void options.write(new Uint8Array(bytes));
}

function endSink(pipes: readonly BytePipe[], target: SpawnOptions["stdout"]): void {
  const pipe = target === undefined ? undefined : pipeOf(pipes, target);
  if (pipe) writePipe(pipe, null);
}

function pipeOf(
  pipes: readonly BytePipe[],
  target: NonNullable<SpawnOptions["stdout"]>,
): BytePipe | undefined {
  return typeof target === "object" && target.kind === "pipe" ? pipes[target.pipe] : undefined;
}

function inputOf(source: SpawnOptions["stdin"]): string | Uint8Array {
  if (typeof source === "object" && "bytes" in source) return (source as Bytes).bytes;
  return source === undefined || source === "inherit" || typeof source === "object" ? "" : source;
}

type Bytes = Extract<Descriptor, { kind: "bytes" }>;

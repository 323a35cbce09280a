/** A program's view of its process, made of requests and effects. */
import { type ConnectionOptions, NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { assert, drawU32 } from "../kernel/index.ts";
import { type Descriptor, normalisePath, type ReplyValue } from "../world/index.ts";
import type { ProcessInside } from "./process.ts";
import type { Child, ProcessContext, SpawnOptions, StandardInput } from "./program.ts";
import { connectionOptions } from "./servers.ts";

const encoder = new TextEncoder();

// A writer in a loop must let its reader, or time, come to it: after so many bytes it waits.
const pipeAhead = 16_384;
const terminalAhead = 65_536;

export function createContext(inside: ProcessInside): ProcessContext {
  const { record } = inside;
  const env: ReadonlyMap<string, string> = new Map(record.env);
  const resolve = (path: string): string => {
    return normalisePath(path.startsWith("/") ? path : `${record.cwd}/${path}`);
  };
  const writers = [createWriter(inside, 1), createWriter(inside, 2)] as const;
  const { request } = { request: inside.request.bind(inside) };
  return {
    argv: record.argv,
    env,
    cwd: record.cwd,
    pid: record.pid,
    tty: {
      in: record.stdin.kind === "tty",
      out: record.stdout.kind === "tty",
      err: record.stderr.kind === "tty",
      get cols() {
        return inside.size.cols;
      },
      get rows() {
        return inside.size.rows;
      },
    },
    stdin: createInput(inside),
    write: writers[0],
    writeError: writers[1],
    signal: inside.signals.signal,
    onSignal: (name, handler) => inside.signals.on(name, handler),
    rawKeys: () => holdKeys(inside),
    nowMs: () => inside.wallMs(),
    storedNow: () => inside.storedNow(),
    sleep: (ms) => new Promise((wake) => void inside.startTimer(wake, ms, false)),
    random: () => drawU32(inside.random, "program") / 0x1_0000_0000,
    connect: (options: ConnectionOptions = {}) => {
      return NatsConnectionImpl.connect(connectionOptions(options, env));
    },
    ...fileMethods(request, resolve),
    spawn: (options) => spawn(inside, options, resolve),
    pipe: async () => ({ kind: "pipe", pipe: number(await request({ what: "pipe" })) }),
    world: async (line) => as(await request({ what: "world-line", line })),
    http: async (host, port, path) => as(await request({ what: "http", host, port, path })),
    terminal: async () => as(await request({ what: "terminal" })),
    setTerminal: async (patch) => void (await request({ what: "set-terminal", patch })),
    request,
  };
}

type Request = ProcessInside["request"];
type FileMethods = Pick<
  ProcessContext,
  "readFile" | "writeFile" | "removeFile" | "makeFolder" | "listFiles" | "stat"
>;

function fileMethods(request: Request, resolve: (path: string) => string): FileMethods {
  return {
    readFile: async (path) => as(await request({ what: "read-file", path: resolve(path) })),
    async writeFile(path, data, options) {
      const bytes = typeof data === "string" ? encoder.encode(data) : data;
      const append = options?.append ?? false;
      await request({ what: "write-file", path: resolve(path), bytes, append });
    },
    removeFile: async (path) => void (await request({ what: "remove-file", path: resolve(path) })),
    makeFolder: async (path) => void (await request({ what: "make-folder", path: resolve(path) })),
    listFiles: async (path) => as(await request({ what: "list-files", path: resolve(path) })),
    stat: async (path) => as(await request({ what: "stat", path: resolve(path) })),
  };
}

/** Writes at once; waits when the reader is behind, or so that time can pass. */
function createWriter(
  inside: ProcessInside,
  fd: 1 | 2,
): (data: string | Uint8Array) => Promise<void> {
  const { stdout, stderr } = inside.record;
  const isPipe = (fd === 1 ? stdout : stderr).kind === "pipe";
  const ahead = isPipe ? pipeAhead : terminalAhead;
  let written = 0;
  return async (data) => {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    if (bytes.length === 0) return;
    inside.write(fd, bytes);
    written += bytes.length;
    if (written < ahead) return;
    written = 0;
    await inside.request({ what: "drain", fd });
  };
}

function createInput(inside: ProcessInside): StandardInput {
  const read = async (): Promise<Uint8Array | null> => {
    return as(await inside.request({ what: "read", pipe: null, line: false }));
  };
  return { read, lines: () => readLines(read) };
}

async function* readLines(read: StandardInput["read"]): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for (let bytes = await read(); bytes !== null; bytes = await read()) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

async function holdKeys(inside: ProcessInside): ReturnType<ProcessContext["rawKeys"]> {
  inside.holdKeys(true);
  return {
    next: () => inside.nextKeys(),
    async release() {
      inside.holdKeys(false);
    },
  };
}

async function spawn(
  inside: ProcessInside,
  options: SpawnOptions,
  resolve: (path: string) => string,
): Promise<Child> {
  const { record } = inside;
  const { program, argv = [program], stdin = "inherit" } = options;
  const input = typeof stdin === "string" && stdin !== "inherit" ? givenText(stdin) : stdin;
  const pid = number(
    await inside.request({
      what: "spawn",
      spawn: {
        program,
        argv,
        env: options.env === undefined ? record.env : [...options.env],
        cwd: options.cwd === undefined ? record.cwd : resolve(options.cwd),
        stdin: input,
        stdout: options.stdout ?? "inherit",
        stderr: options.stderr ?? "inherit",
        background: options.background ?? false,
      },
    }),
  );
  return {
    pid,
    wait: async () => number(await inside.request({ what: "wait", pid })),
    kill: async (signal) => void (await inside.request({ what: "kill", pid, signal })),
  };
}

function givenText(text: string): Descriptor {
  return { kind: "bytes", bytes: encoder.encode(text) };
}

/** The world answers each kind of request with one kind of value. */
function as<T extends ReplyValue>(value: ReplyValue): T {
  return value as T;
}

function number(value: ReplyValue): number {
  assert(typeof value === "number", "the world answered without a number");
  return value;
}

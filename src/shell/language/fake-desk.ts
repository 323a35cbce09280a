/**
 * A desk for tests of the shell alone: processes, pipes, files and a virtual clock in memory,
 * behind the same interface that the world gives.
 */
import type { Child, ProcessContext, Program, SpawnOptions } from "../../clients/index.ts";
import type {
  Descriptor,
  FileEntry,
  ProcessRequest,
  ReplyValue,
  SignalName,
  TerminalView,
} from "../../world/index.ts";

interface FakePipe {
  readonly chunks: Uint8Array[];
  writers: number;
  readers: number;
  readonly wake: (() => void)[];
}

interface FakeProcess {
  readonly pid: number;
  readonly group: number;
  readonly fds: readonly [Descriptor, Descriptor, Descriptor];
  exit: number | null;
  readonly exited: Promise<number>;
  end(status: number): void;
  readonly handlers: Map<SignalName, () => void>;
}

export interface FakeDesk {
  readonly files: Map<string, Uint8Array>;
  readonly folders: Set<string>;
  readonly terminal: { view: TerminalView };
  nowMs: number;
  /** Runs a terminal's line to its end. */
  run(line: string, options?: { interruptAtMs?: number; tty?: boolean }): Promise<FakeRun>;
}

export interface FakeRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function createFakeDesk(programs: Readonly<Record<string, Program>>): FakeDesk {
  const processes = new Map<number, FakeProcess>();
  const pipes = new Map<number, FakePipe>();
  const timers: { at: number; fire: () => void }[] = [];
  const output = { 1: "", 2: "" };
  let pidNext = 100;
  let pipeNext = 1;
  let foregroundGroup = 0;
  const desk: FakeDesk = {
    files: new Map(),
    folders: new Set(["/", "/home", "/home/learner", "/tmp"]),
    terminal: {
      view: {
        cwd: "/home/learner",
        env: [
          ["HOME", "/home/learner"],
          ["PATH", "/bin"],
        ],
        lastExit: 0,
        shell: "",
        cols: 80,
        rows: 24,
        history: [],
      },
    },
    nowMs: 0,
    run,
  };

  async function run(
    line: string,
    options: { interruptAtMs?: number; tty?: boolean } = {},
  ): Promise<FakeRun> {
    output[1] = "";
    output[2] = "";
    const { view } = desk.terminal;
    const root = start(
      { program: "sh", argv: ["-sh", "-c", line], env: new Map(view.env), cwd: view.cwd },
      [{ kind: "null" }, capture(1), capture(2)],
      { group: null, tty: options.tty ?? false },
    );
    foregroundGroup = root.group;
    if (options.interruptAtMs !== undefined) {
      const at = desk.nowMs + options.interruptAtMs;
      timers.push({ at, fire: () => signalGroup(foregroundGroup, "INT") });
    }
    while (root.exit === null) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (root.exit !== null) break;
      timers.sort((a, b) => a.at - b.at);
      const timer = timers.shift();
      if (timer === undefined) continue;
      desk.nowMs = Math.max(desk.nowMs, timer.at);
      timer.fire();
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { exit: root.exit ?? 0, stdout: output[1], stderr: output[2] };
  }

  function capture(stream: 1 | 2): Descriptor {
    return { kind: "capture", tty: "t1", stream };
  }

  function signalGroup(group: number, name: SignalName): void {
    for (const process of processes.values()) {
      if (process.group === group && process.exit === null) signal(process, name);
    }
  }

  function signal(process: FakeProcess, name: SignalName): void {
    const handler = process.handlers.get(name);
    if (handler !== undefined && name !== "KILL") handler();
    else process.end(128 + { HUP: 1, INT: 2, QUIT: 3, KILL: 9, PIPE: 13, TERM: 15 }[name]);
  }

  function start(
    options: SpawnOptions,
    fds: FakeProcess["fds"],
    how: { group: number | null; tty: boolean },
  ): FakeProcess {
    const program = programs[options.program];
    if (program === undefined) throw new Error(`${options.program}: no such program`);
    const pid = pidNext++;
    let end: (status: number) => void = () => {};
    const exited = new Promise<number>((resolve) => {
      end = resolve;
    });
    const process: FakeProcess = {
      pid,
      group: how.group ?? pid,
      fds,
      exit: null,
      exited,
      end(status) {
        if (process.exit !== null) return;
        process.exit = status;
        release(fds);
        end(status);
      },
      handlers: new Map(),
    };
    processes.set(pid, process);
    hold(fds);
    const context = contextOf(process, options, how.tty);
    Promise.resolve()
      .then(() => program(context))
      .then(
        (status) => process.end(status),
        (error) => {
          if (!/EPIPE/.test(String(error))) output[2] += `crash: ${error?.stack ?? error}\n`;
          process.end(/EPIPE/.test(String(error)) ? 141 : 70);
        },
      );
    return process;
  }

  function hold(fds: FakeProcess["fds"]): void {
    fds.forEach((fd, i) => {
      const pipe = fd.kind === "pipe" ? pipes.get(fd.pipe) : undefined;
      if (pipe !== undefined && i === 0) pipe.readers += 1;
      else if (pipe !== undefined) pipe.writers += 1;
    });
  }

  function release(fds: FakeProcess["fds"]): void {
    fds.forEach((fd, i) => {
      if (fd.kind === "pipe") let_go(fd.pipe, i === 0 ? "read" : "write");
    });
  }

  function let_go(id: number, end: "read" | "write"): void {
    const pipe = pipes.get(id);
    if (pipe === undefined) return;
    if (end === "read") pipe.readers -= 1;
    else pipe.writers -= 1;
    for (const wake of pipe.wake.splice(0)) wake();
  }

  async function readFrom(
    fd: Descriptor,
    state: { at: number },
    line: boolean,
  ): Promise<Uint8Array | null> {
    if (fd.kind === "bytes" || fd.kind === "file") {
      const bytes = fd.kind === "bytes" ? fd.bytes : (desk.files.get(fd.path) ?? new Uint8Array(0));
      const rest = bytes.subarray(state.at);
      const newline = line ? rest.indexOf(10) : -1;
      const taken = newline === -1 ? rest : rest.subarray(0, newline + 1);
      state.at += taken.length;
      return taken.length === 0 ? null : taken;
    }
    if (fd.kind !== "pipe") return null;
    const pipe = pipes.get(fd.pipe);
    if (pipe === undefined) return null;
    while (pipe.chunks.length === 0) {
      if (pipe.writers <= 0) return null;
      await new Promise<void>((resolve) => pipe.wake.push(resolve));
    }
    const chunk = pipe.chunks.shift() as Uint8Array;
    const newline = line ? chunk.indexOf(10) : -1;
    if (newline !== -1 && newline + 1 < chunk.length)
      pipe.chunks.unshift(chunk.subarray(newline + 1));
    for (const wake of pipe.wake.splice(0)) wake();
    return newline === -1 ? chunk : chunk.subarray(0, newline + 1);
  }

  async function writeTo(fd: Descriptor, bytes: Uint8Array): Promise<void> {
    if (fd.kind === "capture" || fd.kind === "tty") output[fd.stream] += decoder.decode(bytes);
    else if (fd.kind === "file") appendFile(fd.path, bytes);
    else if (fd.kind === "pipe") {
      const pipe = pipes.get(fd.pipe) as FakePipe;
      while (pipe.chunks.length > 4 && pipe.readers > 0) {
        await new Promise<void>((resolve) => pipe.wake.push(resolve));
      }
      if (pipe.readers <= 0) throw new Error("EPIPE");
      pipe.chunks.push(bytes);
      for (const wake of pipe.wake.splice(0)) wake();
    }
  }

  function appendFile(path: string, bytes: Uint8Array): void {
    const before = desk.files.get(path) ?? new Uint8Array(0);
    const joined = new Uint8Array(before.length + bytes.length);
    joined.set(before);
    joined.set(bytes, before.length);
    desk.files.set(path, joined);
  }

  function entry(path: string): FileEntry | null {
    const bytes = desk.files.get(path);
    if (bytes !== undefined)
      return { path, folder: false, size: bytes.length, modified: 0 as never };
    return desk.folders.has(path) ? { path, folder: true, size: 0, modified: 0 as never } : null;
  }

  function listing(folder: string): FileEntry[] {
    const prefix = folder === "/" ? "/" : `${folder}/`;
    const inside = [...desk.files.keys(), ...desk.folders].filter((path) => {
      return path.startsWith(prefix) && path !== prefix && !path.slice(prefix.length).includes("/");
    });
    return inside.sort((a, b) => (a < b ? -1 : 1)).map((path) => entry(path) as FileEntry);
  }

  function sleepMs(ms: number): Promise<void> {
    return new Promise((resolve) => timers.push({ at: desk.nowMs + ms, fire: resolve }));
  }

  async function ask(
    process: FakeProcess,
    request: ProcessRequest,
    input: { at: number },
  ): Promise<ReplyValue> {
    switch (request.what) {
      case "read":
        return request.pipe === null
          ? readFrom(process.fds[0], input, request.line)
          : readFrom({ kind: "pipe", pipe: request.pipe }, input, request.line);
      case "close-pipe":
        let_go(request.pipe, request.end);
        return null;
      case "wait":
        return (await processes.get(request.pid)?.exited) ?? 127;
      case "exit-status":
        return processes.get(request.pid)?.exit ?? null;
      case "foreground":
        foregroundGroup = processes.get(request.pid)?.group ?? foregroundGroup;
        return null;
      case "kill": {
        const target = processes.get(Math.abs(request.pid));
        if (target === undefined || target.exit !== null) throw new Error("no such process");
        if (request.pid < 0) signalGroup(target.group, request.signal);
        else signal(target, request.signal);
        return null;
      }
      default:
        throw new Error(`the fake desk cannot ${request.what}`);
    }
  }

  function contextOf(process: FakeProcess, options: SpawnOptions, tty: boolean): ProcessContext {
    const input = { at: 0 };
    const abort = new AbortController();
    const read = (): Promise<Uint8Array | null> => readFrom(process.fds[0], input, false);
    return {
      argv: options.argv ?? [options.program],
      env: options.env ?? new Map(),
      cwd: options.cwd ?? "/",
      pid: process.pid,
      tty: { in: tty, out: tty, err: tty, cols: 80, rows: 24 },
      stdin: { read, lines: () => linesOf(read) },
      write: (text) =>
        writeTo(process.fds[1], typeof text === "string" ? encoder.encode(text) : text.slice()),
      writeError: (text) =>
        writeTo(process.fds[2], typeof text === "string" ? encoder.encode(text) : text),
      signal: abort.signal,
      onSignal: (name, handler) => {
        process.handlers.set(name, handler);
      },
      rawKeys: () => Promise.reject(new Error("no keys")),
      nowMs: () => desk.nowMs,
      storedNow: () => ({ s: 1767225600 + Math.floor(desk.nowMs / 1000), n: 0 }),
      sleep: sleepMs,
      random: () => 0.5,
      connect: () => Promise.reject(new Error("no network")),
      readFile: async (path) => {
        const bytes = desk.files.get(path);
        if (bytes === undefined) throw new Error("ENOENT");
        return bytes;
      },
      writeFile: async (path, data, how) => {
        const bytes = typeof data === "string" ? encoder.encode(data) : data.slice();
        if (!desk.folders.has(path.slice(0, path.lastIndexOf("/")) || "/"))
          throw new Error("ENOENT");
        if (how?.append) appendFile(path, bytes);
        else desk.files.set(path, bytes);
      },
      removeFile: async (path) => {
        desk.files.delete(path);
        desk.folders.delete(path);
      },
      makeFolder: async (path) => {
        desk.folders.add(path);
      },
      listFiles: async (path) => listing(path),
      stat: async (path) => entry(path),
      spawn: async (child) => spawn(process, child, tty),
      pipe: async () => {
        pipes.set(pipeNext, { chunks: [], writers: 1, readers: 1, wake: [] });
        return { kind: "pipe", pipe: pipeNext++ };
      },
      world: async (line) => ({ exit: 0, stdout: `world: ${line}\n`, stderr: "" }),
      http: async (_host, _port, path) => ({
        status: 200,
        contentType: "application/json",
        body: `{"path":"${path}"}`,
      }),
      terminal: async () => desk.terminal.view,
      setTerminal: async (patch) => {
        desk.terminal.view = { ...desk.terminal.view, ...patch };
      },
      request: (request) => ask(process, request, input),
    };
  }

  function spawn(parent: FakeProcess, options: SpawnOptions, tty: boolean): Child {
    const inherited = ([0, 1, 2] as const).map((i) => {
      const given = [options.stdin, options.stdout, options.stderr][i] ?? "inherit";
      if (given === "inherit") return parent.fds[i];
      if (typeof given === "string")
        return { kind: "bytes" as const, bytes: encoder.encode(given) };
      return given.kind === "same" ? parent.fds[given.as] : given;
    });
    const fds = inherited as unknown as FakeProcess["fds"];
    const child = start(options, fds, { group: options.background ? null : parent.group, tty });
    return {
      pid: child.pid,
      wait: () => child.exited,
      kill: async (name) => signal(child, name),
    };
  }

  return desk;
}

async function* linesOf(read: () => Promise<Uint8Array | null>): AsyncGenerator<string> {
  const streaming = new TextDecoder();
  let held = "";
  for (;;) {
    const bytes = await read();
    if (bytes === null) break;
    const parts = (held + streaming.decode(bytes, { stream: true })).split("\n");
    held = parts.pop() ?? "";
    yield* parts;
  }
  if (held !== "") yield held;
}

/** Questions of processes to their world: files, pipes, children, commands, monitoring ports. */
import { millis, plus, schedule } from "../../kernel/index.ts";
import { worldCommandFor } from "../commands/run-line.ts";
import { type Host, resolveAddress } from "../host.ts";
import { drawLatency } from "../links.ts";
import type { Doors, World } from "../world.ts";
import { listFiles, makeFolder, readFile, removeFile, statFile, writeFile } from "./files.ts";
import { createPipe, drainPipe, holdPipe, readPipe, releasePipe } from "./pipes.ts";
import type { Descriptor, ProcessRecord } from "./process.ts";
import type { ProcessRequest, ReplyValue, RequestReply, SpawnDescriptor } from "./request.ts";
import { signalProcess, spawnProcess } from "./spawn.ts";
import { patchTerminal, serveReader, viewTerminal } from "./terminal.ts";
import { sendInput } from "./turns.ts";

/** Answered at once, or `later`: the answer comes with an event of its own. */
type Answer = RequestReply | "later";

const done: RequestReply = { ok: true, value: null };
// A terminal and a file take everything; a writer in a loop must still let time pass.
const drainTime = millis(1);
const noBytes = new Uint8Array(0);

/** Performs a request; its answer is an input of the process, at this instant or later. */
export function performRequest(
  world: World,
  doors: Doors,
  record: ProcessRecord,
  { id, request }: { readonly id: number; readonly request: ProcessRequest },
): void {
  const host = world.hosts.get(record.host);
  if (host === undefined) return;
  const asked: Asked = { world, doors, record, host, id };
  const answer = requestHandlers[request.what](asked, request as never);
  if (answer !== "later") sendInput(world, record.pid, { kind: "reply", id, reply: answer });
}

interface Asked {
  readonly world: World;
  readonly doors: Doors;
  readonly record: ProcessRecord;
  readonly host: Host;
  readonly id: number;
}

type Request<K extends ProcessRequest["what"]> = Extract<ProcessRequest, { what: K }>;

const requestHandlers: { [K in ProcessRequest["what"]]: (a: Asked, r: Request<K>) => Answer } = {
  read: onRead,
  drain: onDrain,
  "read-file": ({ host }, { path }) => orError(path, readFile(host.files, path)),
  "write-file": ({ world, host }, { path, bytes, append }) => {
    return orNull(path, writeFile(host.files, path, { bytes, append, now: world.kernel.now }));
  },
  "remove-file": ({ host }, { path }) => orNull(path, removeFile(host.files, path)),
  "make-folder": ({ world, host }, { path }) => {
    return orNull(path, makeFolder(host.files, path, world.kernel.now));
  },
  "list-files": ({ host }, { path }) => orError(path, listFiles(host.files, path)),
  stat: ({ host }, { path }) => ({ ok: true, value: statFile(host.files, path) }),
  pipe: onPipe,
  "close-pipe": onClosePipe,
  spawn: onSpawn,
  wait: onWait,
  "exit-status": ({ world }, { pid }) => {
    const target = world.processes.get(pid);
    if (target === undefined) return { ok: false, error: `No such process: ${pid}` };
    return { ok: true, value: target.exit };
  },
  foreground: ({ world, record }, { pid }) => {
    const target = world.processes.get(pid);
    const terminal = world.terminals.get(record.tty ?? "");
    if (target === undefined) return { ok: false, error: `No such process: ${pid}` };
    if (terminal !== undefined) terminal.foreground = target.group;
    return done;
  },
  kill: ({ world, doors }, { pid, signal }) => {
    const targets = [...world.processes.values()].filter((one) => {
      return one.status === "running" && (pid < 0 ? one.group === -pid : one.pid === pid);
    });
    if (targets.length === 0) return { ok: false, error: `No such process: ${pid}` };
    for (const target of targets) signalProcess(world, doors, target, signal);
    return done;
  },
  "world-line": onWorldLine,
  http: onHttpRequest,
  terminal: ({ world, record }) => {
    const terminal = world.terminals.get(record.tty ?? "");
    if (terminal === undefined) return { ok: false, error: "not started from a terminal" };
    return { ok: true, value: viewTerminal(terminal) };
  },
  "set-terminal": ({ world, record }, { patch }) => {
    const terminal = world.terminals.get(record.tty ?? "");
    if (terminal !== undefined) patchTerminal(terminal, patch);
    return done;
  },
};

function onWorldLine({ world, doors, record, id }: Asked, request: Request<"world-line">): Answer {
  const { line } = request;
  const { pid, tty, command } = record;
  const typed = world.terminals.get(tty ?? "")?.commands[command ?? -1]?.line ?? line;
  const awaiting = { kind: "process", pid, request: id } as const;
  const value = worldCommandFor(world, doors, { line, typed, awaiting });
  return value === null ? "later" : { ok: true, value };
}

function onRead({ world, record, id }: Asked, { pipe, line }: Request<"read">): Answer {
  const { stdin } = record;
  const who = [record.pid, id] as const;
  if (pipe !== null) readPipe(world, pipe, { who, line });
  else if (stdin.kind === "pipe") readPipe(world, stdin.pipe, { who, line });
  else if (stdin.kind === "tty") {
    record.reading = { id, line };
    const terminal = world.terminals.get(stdin.tty);
    if (terminal !== undefined) serveReader(world, terminal);
  } else return done;
  return "later";
}

function onPipe({ world, record }: Asked): Answer {
  const { id: pipe } = createPipe(world);
  for (const end of ["read", "write"] as const) {
    holdPipe(world, pipe, end);
    record.held.push({ pipe, end });
  }
  return { ok: true, value: pipe };
}

function onClosePipe({ world, record }: Asked, { pipe, end }: Request<"close-pipe">): Answer {
  const at = record.held.findIndex((one) => one.pipe === pipe && one.end === end);
  if (at < 0) return { ok: false, error: `pipe ${pipe} is not open for ${end}` };
  record.held.splice(at, 1);
  releasePipe(world, pipe, end);
  return done;
}

function onDrain({ world, record, id }: Asked, { fd }: Request<"drain">): Answer {
  const to = fd === 1 ? record.stdout : record.stderr;
  if (to.kind === "pipe") drainPipe(world, to.pipe, [record.pid, id]);
  else {
    const at = plus(world.kernel.now, drainTime);
    sendInput(world, record.pid, { kind: "reply", id, reply: done }, at);
  }
  return "later";
}

function onSpawn(asked: Asked, { spawn }: Request<"spawn">): Answer {
  const { world, doors, record } = asked;
  if (!doors.programs.has(spawn.program)) {
    return { ok: false, error: `${spawn.program}: command not found` };
  }
  const opened = [spawn.stdin, spawn.stdout, spawn.stderr].map((wanted, number) => {
    return openDescriptor(asked, wanted, number);
  });
  const failed = opened.find((one) => typeof one === "string");
  if (typeof failed === "string") return { ok: false, error: failed };
  const [stdin, stdout, stderr] = opened as Descriptor[];
  const child = spawnProcess(world, doors, {
    parent: record.pid,
    group: spawn.background ? null : record.group,
    host: record.host,
    program: spawn.program,
    argv: spawn.argv,
    env: spawn.env,
    cwd: spawn.cwd,
    tty: record.tty,
    command: record.command,
    stdin: stdin ?? { kind: "null" },
    stdout: stdout ?? { kind: "null" },
    stderr: stderr ?? { kind: "null" },
  });
  return { ok: true, value: child.pid };
}

/** What a child's descriptor leads to, or why it cannot be opened. */
function openDescriptor(
  { world, host, record }: Asked,
  wanted: SpawnDescriptor,
  number: number,
): Descriptor | string {
  const own = [record.stdin, record.stdout, record.stderr] as const;
  if (wanted === "inherit") return own[number] ?? { kind: "null" };
  if (wanted.kind === "same") return own[wanted.as];
  if (wanted.kind !== "file") return wanted;
  if (number === 0) {
    const bytes = readFile(host.files, wanted.path);
    return typeof bytes === "string" ? `${wanted.path}: ${bytes}` : { kind: "bytes", bytes };
  }
  const write = { bytes: noBytes, append: wanted.append, now: world.kernel.now };
  const error = writeFile(host.files, wanted.path, write);
  return error === null ? wanted : `${wanted.path}: ${error}`;
}

function onWait({ world, record, id }: Asked, { pid }: Request<"wait">): Answer {
  const child = world.processes.get(pid);
  if (child === undefined) return { ok: false, error: `No such process: ${pid}` };
  if (child.exit !== null) return { ok: true, value: child.exit };
  child.waiters.push([record.pid, id]);
  return "later";
}

function onHttpRequest({ world, record, id }: Asked, request: Request<"http">): Answer {
  const target = resolveAddress(world, record.host, request.host, request.port);
  if (target === null) return { ok: false, error: `Could not resolve host: ${request.host}` };
  const there = drawLatency(world, record.host, target.host);
  schedule(world.kernel, plus(world.kernel.now, there), {
    kind: "http",
    host: target.host,
    from: record.host,
    pid: record.pid,
    request: id,
    port: target.port,
    path: request.path,
  });
  return "later";
}

function orError(path: string, value: ReplyValue): RequestReply {
  return typeof value === "string"
    ? { ok: false, error: `${path}: ${value}` }
    : { ok: true, value };
}

function orNull(path: string, error: string | null): RequestReply {
  return error === null ? done : { ok: false, error: `${path}: ${error}` };
}

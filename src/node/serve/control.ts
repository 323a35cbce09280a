/**
 * The control port of a hosted world: inputs, state and trace over HTTP. A line that is sent here
 * is journaled like one that is typed. Loopback only unless told otherwise.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { JournalEntry } from "../../kernel/index.ts";
import { parseScenario, ScenarioError } from "../../link/index.ts";
import type { Session } from "../../scenario/index.ts";
import { readTrace, stateObject } from "../../world/index.ts";
import { headlessGround } from "../sh/ground.ts";
import type { HostedWorld } from "./hosted-world.ts";

/** What `POST /line` answers; `exit` is null for what begins no command (keys, signals). */
interface LineAnswer {
  readonly at: number;
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const lineBytesMax = 1_048_576;
const ownNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** `allowed`: the host that it was told to listen on, by which it may be called. */
export function createControlListener(hosted: HostedWorld, allowed: string): Server {
  const watchers = new Watchers(hosted.session);
  const lines = new Lines(hosted);
  hosted.afterSlice = () => watchers.tell();
  return createServer(async (request, response) => {
    if (!isForUs(request, allowed)) return sendText(response, 403, "this name is not ours\n");
    const route = `${request.method} ${(request.url ?? "/").split("?", 1)[0]}`;
    switch (route) {
      case "GET /healthz":
        return sendJson(response, 200, { status: "ok" });
      case "GET /state":
        return sendJson(response, 200, stateObject(hosted.session.world));
      case "GET /trace":
        return watchers.add(response);
      case "POST /line":
        return postLine(request, response, lines);
      default:
        return sendText(response, 404, "GET /healthz, GET /state, GET /trace, POST /line\n");
    }
  });
}

/**
 * A page of the web can send requests to this machine: it cannot choose the Host header, which is
 * then that of a name of its own (DNS rebinding), and it must show its Origin.
 */
function isForUs({ headers }: IncomingMessage, allowed: string): boolean {
  const host = headers.host ?? "";
  const name = host.replace(/:\d+$/, "").toLowerCase();
  if (!ownNames.has(name) && name !== allowed.toLowerCase()) return false;
  const { origin } = headers;
  return origin === undefined || origin === `http://${host}`;
}

async function postLine(
  request: IncomingMessage,
  response: ServerResponse,
  lines: Lines,
): Promise<void> {
  const text = await readBody(request);
  if (text === null) return sendText(response, 413, "a line of at most 1 MiB\n");
  try {
    sendJson(response, 200, await lines.run(text));
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    sendText(response, 400, `${error.message}\n`);
  }
}

/** Inputs from outside, each at a terminal of its own unless it names one. */
class Lines {
  readonly #hosted: HostedWorld;
  readonly #busy = new Set<string>();
  readonly #ends = new Map<string, () => void>();

  constructor(hosted: HostedWorld) {
    this.#hosted = hosted;
    hosted.session.listen({
      ended: (tty, command) => this.#ends.get(`${tty} ${command}`)?.(),
    });
  }

  /** Throws ScenarioError. */
  async run(text: string): Promise<LineAnswer> {
    const { entry, isNamed } = parseLine(text);
    const tty = isNamed ? entry.tty : this.#freeTerminal();
    if (!isNamed) this.#busy.add(tty);
    try {
      return await this.#submit({ ...entry, tty });
    } finally {
      if (!isNamed) this.#busy.delete(tty);
    }
  }

  async #submit({ at, kind, tty, text }: JournalEntry): Promise<LineAnswer> {
    const { session } = this.#hosted;
    await this.#reach(at);
    const { entry, command } = await session.submit(kind, text, tty);
    this.#hosted.wake();
    const find = () => session.world.terminals.get(tty)?.commands[command ?? -1];
    if (command !== null && find()?.exit === null) {
      await new Promise<void>((resolve) => this.#ends.set(`${tty} ${command}`, resolve));
      this.#ends.delete(`${tty} ${command}`);
    }
    const { exit = null, stdout = "", stderr = "" } = find() ?? {};
    return { at: entry.at, exit, stdout, stderr };
  }

  /** A line with a time waits for it. */
  async #reach(at: number): Promise<void> {
    const { setTimeout } = headlessGround().realm.original;
    for (let ms = this.#msUntil(at); ms > 0; ms = this.#msUntil(at)) {
      await new Promise<void>((resolve) => void setTimeout(resolve, Math.min(ms, 100)));
    }
  }

  #msUntil(at: number): number {
    return (at - this.#hosted.session.now) / 1e6;
  }

  #freeTerminal(): string {
    for (let n = 1; ; n++) {
      const name = n === 1 ? "control" : `control-${n}`;
      if (!this.#busy.has(name)) return name;
    }
  }
}

/** A line as scenario files have it; the time may be missing and means now. */
function parseLine(text: string): { readonly entry: JournalEntry; readonly isNamed: boolean } {
  const hasTime = /^\d[\d.]*(ns|us|µs|ms|s|m|h|d)\S*\s/.test(text);
  const input = hasTime ? text : `0s ${text}`;
  const [entry] = parseScenario(`windtunnel 1\n${input}\n`).entries;
  if (entry === undefined) throw new ScenarioError(2, "a line is wanted");
  return { entry, isNamed: /^\S+\s+@/.test(input) };
}

/** Whoever listens to the trace, as server-sent events: one record each, as JSON. */
class Watchers {
  readonly #session: Session;
  readonly #all = new Set<ServerResponse>();
  #next = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
    response.write(": what happens from now on\n\n");
    if (this.#all.size === 0) this.#next = this.#session.trace?.recorded ?? 0;
    this.#all.add(response);
    response.on("close", () => this.#all.delete(response));
  }

  tell(): void {
    const { trace } = this.#session;
    if (trace === null || this.#all.size === 0) return;
    const { entries, next } = readTrace(trace, this.#next);
    this.#next = next;
    if (entries.length === 0) return;
    const text = entries
      .map(({ from, record }) => `data: ${JSON.stringify({ from, ...record })}\n\n`)
      .join("");
    for (const response of this.#all) response.write(text);
  }
}

/** Null when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > lineBytesMax) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  response.end(JSON.stringify(value));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(text);
}

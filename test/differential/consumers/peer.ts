// One client connection to a nats-server, real or ours, driven by protocol text.

import { connect, type Socket } from "node:net";
import {
  advanceTo,
  clearOwner,
  clearTimer,
  createKernel,
  createRandom,
  drawU32,
  epochSeconds,
  type Kernel,
  millis,
  nextEventAt,
  plus,
  type SimEvent,
  setTimer,
  storedTimeAt,
  takeEvent,
} from "../../../src/kernel/index.ts";
import {
  createParser,
  decodeText,
  encodeText,
  type Message,
  parse,
  type ServerSink,
} from "../../../src/protocol/index.ts";
import { provideAllParts } from "../../../src/server/doors/all-parts.ts";
import {
  acceptConn,
  createServer,
  type DiskIo,
  defaultJetStream,
  defaultServerConfig,
  fireTimer,
  receiveBytes,
  type ServerIo,
  type ServerState,
  type ServerTimer,
  startServer,
} from "../../../src/server/index.ts";

provideAllParts();

/** A message as it came, in order. */
export interface Received {
  readonly sid: string;
  readonly subject: string;
  readonly reply: string | null;
  readonly headers: string | null;
  readonly payload: string;
}

/** A connected client. */
export interface Peer {
  send(text: string): void;
  /** Lets time pass, then answers what has come since the last call. */
  wait(millis: number): Promise<Received[]>;
  /** Kills the server without warning and starts it on the same disk; the client connects anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds since 1970 on a server's clock. */
export interface Clock {
  now(): number;
}

const greeting =
  'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true,"protocol":1,' +
  '"lang":"test","version":"1","echo":true}\r\nPING\r\n';

/** A parser's sink that collects messages and answers pings. */
function collector(into: Received[], send: (text: string) => void): ServerSink {
  return {
    onInfo: () => undefined,
    onOk: () => undefined,
    onPong: () => undefined,
    onPing: () => send("PONG\r\n"),
    onErr: (text) => {
      into.push({ sid: "-ERR", subject: text, reply: null, headers: null, payload: "" });
    },
    onMsg: (sid: string, message: Message) => {
      into.push({
        sid,
        subject: message.subject,
        reply: message.reply,
        headers: message.headers === null ? null : decodeText(message.headers),
        payload: decodeText(message.payload),
      });
    },
  };
}

function clientParser() {
  const limits = { maxControlLine: 1 << 20, maxPayload: -1, headers: true };
  return createParser("client", limits);
}

/** How a real server is started again on its store. */
export interface RealServer {
  readonly port: number;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function connectReal(server: RealServer): Promise<Peer> {
  let received: Received[] = [];
  const open = (): Promise<Socket> =>
    new Promise((done, fail) => {
      const socket = connect(server.port, "127.0.0.1", () => done(socket));
      socket.setNoDelay(true);
      socket.once("error", fail);
      const parser = clientParser();
      const sink = collector(received, (text) => socket.write(text));
      socket.on("data", (bytes: Buffer) => parse(parser, new Uint8Array(bytes), sink));
      socket.write(greeting);
    });
  let socket = await open();
  return {
    send: (text) => void socket.write(text),
    wait: async (ms) => {
      await new Promise((done) => setTimeout(done, ms));
      return received.splice(0);
    },
    restart: async () => {
      socket.destroy();
      await server.restart();
      received = [];
      socket = await open();
    },
    close: async () => {
      socket.destroy();
      await server.stop();
    },
  };
}

interface OurEvent extends SimEvent {
  readonly timer: ServerTimer;
}

/** Our server on a machine of its own, its clock moved by `wait`. */
export function connectOurs(seed: number): { readonly peer: Peer; readonly clock: Clock } {
  const kernel: Kernel<OurEvent> = createKernel(seed);
  const files = new Map<string, unknown>();
  const received: Received[] = [];
  let parser = clientParser();
  let server: ServerState;
  let conn = 0;
  const send = (text: string): void => receiveBytes(server, io, conn, encodeText(text));
  const sink = collector(received, (text) => send(text));
  const random = createRandom(seed);
  const disk: DiskIo = {
    open: <T>(path: string, create: () => T): T => {
      if (!files.has(path)) files.set(path, create());
      return files.get(path) as T;
    },
    has: (path) => files.has(path),
    list: (prefix) => [...files.keys()].filter((path) => path.startsWith(prefix)).sort(),
    wrote: () => undefined,
    sync: () => undefined,
    remove: (path) => void files.delete(path),
  };
  const io: ServerIo = {
    get now() {
      return kernel.now;
    },
    get wall() {
      return storedTimeAt(kernel.now);
    },
    draw: (stream) => drawU32(random, stream),
    send: (_conn, bytes) => parse(parser, bytes, sink),
    close: () => undefined,
    setTimer: (name, at, timer) =>
      setTimer(kernel, "server", name, at, { kind: "timer", host: "n1", timer }),
    clearTimer: (name) => clearTimer(kernel, "server", name),
    disk,
    tracing: false,
    trace: () => undefined,
    log: () => undefined,
  };
  const start = (): void => {
    server = createServer({ ...defaultServerConfig("n1"), jetstream: defaultJetStream });
    startServer(server, io);
    conn += 1;
    acceptConn(server, io, conn, { ip: "127.0.0.1", port: 1000 + conn, kind: "tcp" });
    parser = clientParser();
    send(greeting);
  };
  server = createServer(defaultServerConfig("n1"));
  start();
  const clock: Clock = { now: () => epochSeconds * 1000 + kernel.now / 1e6 };
  const peer: Peer = {
    send,
    wait: async (ms) => {
      const until = plus(kernel.now, millis(ms));
      for (;;) {
        const at = nextEventAt(kernel);
        if (at === null || at > until) break;
        const event = takeEvent(kernel);
        if (event !== null) fireTimer(server, io, event.timer);
      }
      advanceTo(kernel, until);
      return received.splice(0);
    },
    restart: async () => {
      clearOwner(kernel, "server");
      received.length = 0;
      start();
    },
    close: async () => undefined,
  };
  return { peer, clock };
}

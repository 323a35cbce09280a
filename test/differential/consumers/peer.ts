// One client connection to a nats-server, real or ours, driven by protocol text.

import { connect, type Socket } from "node:net";
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
  defaultJetStream,
  defaultServerConfig,
  fireTimer,
  receiveBytes,
  type ServerState,
  startServer,
} from "../../../src/server/index.ts";
import { createMachine } from "../virtual-machine.ts";

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

/** Our server on a machine of its own, its clock moved by `wait`. */
export function connectOurs(seed: number): { readonly peer: Peer; readonly clock: Clock } {
  const received: Received[] = [];
  let parser = clientParser();
  let server: ServerState;
  let conn = 0;
  const send = (text: string): void => receiveBytes(server, io, conn, encodeText(text));
  const sink = collector(received, (text) => send(text));
  const machine = createMachine(seed, {
    send: (_conn, bytes) => parse(parser, bytes, sink),
    close: () => undefined,
  });
  const { io } = machine;
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
  const peer: Peer = {
    send,
    wait: async (ms) => {
      machine.wait(ms, (timer) => fireTimer(server, io, timer));
      return received.splice(0);
    },
    restart: async () => {
      machine.kill();
      received.length = 0;
      start();
    },
    close: async () => undefined,
  };
  return { peer, clock: machine };
}

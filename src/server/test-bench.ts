/** A server for tests, on a machine made of lists: no sockets, time moved by hand. */
import { storedTimeAt, type VirtualNanos } from "../kernel/index.ts";
import { decodeText, encodeText } from "../protocol/index.ts";
import { defaultServerConfig, type ServerConfig } from "./config/server-config.ts";
import { provideAllParts } from "./doors/all-parts.ts";
import type { ServerIo } from "./io.ts";
import { acceptConn, createServer, receiveBytes, startServer } from "./server.ts";
import type { ServerTimer } from "./server-timer.ts";
import type { ServerState } from "./state.ts";

provideAllParts();

/** The server and what it did to its machine. */
export interface Bench {
  server: ServerState;
  readonly io: ServerIo;
  readonly sent: Map<number, string>;
  readonly closed: Map<number, string>;
  readonly timers: Map<string, { readonly at: VirtualNanos; readonly timer: ServerTimer }>;
  readonly pending: Map<number, number>;
  readonly draws: string[];
  now: VirtualNanos;
}

/** A started server. */
export function bench(change: Partial<ServerConfig> = {}): Bench {
  const config = { ...defaultServerConfig("n1"), ...change };
  const timers: Bench["timers"] = new Map();
  const draws: string[] = [];
  let state = 1;
  const made: Bench = {
    server: createServer(config),
    sent: new Map(),
    closed: new Map(),
    pending: new Map(),
    timers,
    draws,
    now: 0 as VirtualNanos,
    io: {
      get now() {
        return made.now;
      },
      get wall() {
        return storedTimeAt(made.now);
      },
      draw(stream) {
        draws.push(stream);
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state;
      },
      send: (conn, bytes) => {
        made.sent.set(conn, (made.sent.get(conn) ?? "") + decodeText(bytes));
      },
      close: (conn, reason) => void made.closed.set(conn, reason),
      pending: (conn) => made.pending.get(conn) ?? 0,
      setTimer: (name, at, timer) => void timers.set(name, { at, timer }),
      clearTimer: (name) => void timers.delete(name),
      disk: {
        open: (_path, create) => create(),
        has: () => false,
        list: () => [],
        wrote: () => {},
        sync: () => {},
        remove: () => {},
      },
      tracing: false,
      trace: () => {},
      log: () => {},
    },
  };
  startServer(made.server, made.io);
  return made;
}

/** Where every client comes from. */
export const peer = { ip: "10.0.0.9", port: 50_000, kind: "tcp" } as const;
/** A CONNECT that brings no +OK. */
export const quiet =
  'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';

/** A client connects and says CONNECT. */
export function open(on: Bench, conn: number, connect = quiet): void {
  acceptConn(on.server, on.io, conn, peer);
  if (connect !== "") say(on, conn, connect);
  take(on, conn);
}

/** A client sends protocol text. */
export function say(on: Bench, conn: number, text: string): void {
  receiveBytes(on.server, on.io, conn, encodeText(text));
}

/** What was sent to a connection since it was last asked. */
export function take(on: Bench, conn: number): string {
  const text = on.sent.get(conn) ?? "";
  on.sent.delete(conn);
  return text;
}

/** Our server in this process and in virtual time, one of its own for each program. */
import {
  advanceTo,
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
import { provideAllParts } from "../../../src/server/doors/all-parts.ts";
import {
  acceptConn,
  connClosed,
  createServer,
  fireTimer,
  receiveBytes,
  type ServerIo,
  type ServerState,
  type ServerTimer,
  serverConfigFromText,
  startServer,
} from "../../../src/server/index.ts";
import { accountOf, configuration, connectLine } from "./grounds.ts";
import type { Ground } from "./notation.ts";
import type { Hearing, Stage } from "./player.ts";

interface OurEvent extends SimEvent {
  readonly timer: ServerTimer;
}

/** A server with the account of one lane. */
export function ourStage(ground: Ground, lane: number): Stage {
  provideAllParts();
  const kernel: Kernel<OurEvent> = createKernel(1);
  const hearing = new Map<number, Hearing>();
  const io = machineIo(kernel, hearing);
  const { config } = serverConfigFromText(configuration(ground, [lane], ""));
  const server: ServerState = createServer(config);
  startServer(server, io);
  let last = 0;
  const wait = async (ms: number): Promise<void> => {
    const until = plus(kernel.now, millis(ms));
    for (;;) {
      const at = nextEventAt(kernel);
      if (at === null || at > until) break;
      const event = takeEvent(kernel);
      if (event !== null) fireTimer(server, io, event.timer);
    }
    advanceTo(kernel, until);
  };
  return {
    async connect(options, hear) {
      const conn = ++last;
      hearing.set(conn, hear);
      acceptConn(server, io, conn, { ip: "127.0.0.1", port: 50_000 + conn, kind: "tcp" });
      const hello = Buffer.from(connectLine(accountOf(ground, lane), options));
      receiveBytes(server, io, conn, new Uint8Array(hello));
      return {
        send(bytes) {
          if (hearing.has(conn)) receiveBytes(server, io, conn, bytes);
        },
        close() {
          if (hearing.delete(conn)) connClosed(server, io, conn, "Client Closed");
        },
      };
    },
    now: () => epochSeconds * 1000 + kernel.now / 1e6,
    wait,
    // Every step takes a moment, so that stored times differ.
    settle: () => wait(2),
  };
}

function machineIo(kernel: Kernel<OurEvent>, hearing: Map<number, Hearing>): ServerIo {
  const files = new Map<string, unknown>();
  const random = createRandom(1);
  return {
    get now() {
      return kernel.now;
    },
    get wall() {
      return storedTimeAt(kernel.now);
    },
    draw: (stream) => drawU32(random, stream),
    send: (conn, bytes) => hearing.get(conn)?.bytes(bytes),
    close(conn) {
      const hear = hearing.get(conn);
      hearing.delete(conn);
      hear?.closed();
    },
    setTimer(name, at, timer) {
      // Beyond the clock's range it would never fire.
      if (at > Number.MAX_SAFE_INTEGER) clearTimer(kernel, "server", name);
      else setTimer(kernel, "server", name, at, { kind: "timer", host: "n1", timer });
    },
    clearTimer: (name) => clearTimer(kernel, "server", name),
    disk: {
      open: <T>(path: string, create: () => T): T => {
        if (!files.has(path)) files.set(path, create());
        return files.get(path) as T;
      },
      has: (path) => files.has(path),
      list: (prefix) => [...files.keys()].filter((path) => path.startsWith(prefix)).sort(),
      wrote: () => undefined,
      sync: () => undefined,
      remove: (path) => void files.delete(path),
    },
    tracing: false,
    trace: () => undefined,
    log: () => undefined,
  };
}

/** Our server in this process and in virtual time, one of its own for each program. */
import { provideAllParts } from "../../../src/server/doors/all-parts.ts";
import {
  acceptConn,
  connClosed,
  createServer,
  fireTimer,
  receiveBytes,
  reloadServer,
  type ServerConfig,
  type ServerState,
  serverConfigFromText,
  shutDownServer,
  startServer,
} from "../../../src/server/index.ts";
import { createMachine } from "../virtual-machine.ts";
import { accountOf, configuration, connectLine } from "./grounds.ts";
import type { Ground } from "./notation.ts";
import type { Hearing, Stage } from "./player.ts";

/** How long a server is away, about as long as a process takes. */
const downMs = 250;

/** A server with the account of one lane. */
export function ourStage(ground: Ground, lane: number): Stage {
  provideAllParts();
  const hearing = new Map<number, Hearing>();
  const machine = createMachine(1, {
    send: (conn, bytes) => hearing.get(conn)?.bytes(bytes),
    close(conn) {
      const hear = hearing.get(conn);
      hearing.delete(conn);
      hear?.closed();
    },
  });
  const { io } = machine;
  const read = (variant: string): ServerConfig =>
    serverConfigFromText(configuration(ground, [lane], { variant })).config;
  let config = read("base");
  let server: ServerState = createServer(config);
  startServer(server, io);
  let last = 0;
  const wait = async (ms: number): Promise<void> =>
    machine.wait(ms, (timer) => fireTimer(server, io, timer));
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
    now: machine.now,
    wait,
    // Every step takes a moment, so that stored times differ.
    settle: () => wait(2),
    async restart(signal) {
      if (signal === "SIGTERM") shutDownServer(server, io);
      machine.kill();
      for (const hear of hearing.values()) hear.closed();
      hearing.clear();
      machine.wait(downMs, () => undefined);
      server = createServer(config);
      startServer(server, io);
    },
    async reload(variant) {
      try {
        const wanted = read(variant);
        reloadServer(server, io, wanted);
        config = wanted;
        return "Reloaded";
      } catch (error) {
        if (error instanceof Error && error.name !== "AssertionError") return "Failed";
        throw error;
      }
    },
  };
}

/** Gives what arrives at an end of a connection to whoever owns that end. */
import { unreachable } from "../kernel/index.ts";
import type { SentRecord } from "../server/index.ts";
import type { Conn } from "./conns.ts";
import { serverConnClosed, serverDialled, serverReceives } from "./machine.ts";
import type { ProcessInput } from "./processes/turn.ts";
import { beginTurn } from "./processes/turns.ts";
import { cleanClose } from "./send.ts";
import type { Mark } from "./taps/marks.ts";
import type { Doors, World } from "./world.ts";

export interface Arrival {
  readonly conn: Conn;
  readonly end: "a" | "b";
  readonly bytes: Uint8Array;
  readonly marks: readonly Mark[];
  /** On a link between servers, instead of bytes. */
  readonly records: readonly SentRecord[] | undefined;
}

export function handBytes(world: World, doors: Doors, arrival: Arrival): void {
  const { conn, end, bytes } = arrival;
  const { host, owner } = end === "a" ? conn.a : conn.b;
  switch (owner.kind) {
    case "server":
      serverReceives(world, doors, host, arrival);
      return;
    case "process":
      tellProcess(world, owner.pid, { kind: "bytes", conn: owner.local, bytes });
      return;
    case "actor":
      doors.actor(world, doors, owner.name, { kind: "bytes", conn: conn.id, bytes });
      return;
    case "outside":
      doors.outside(conn.id, bytes, "");
      return;
    default:
      unreachable(owner);
  }
}

/** The end of the stream, or of the connection: nothing more comes and nothing more arrives. */
export function handEnd(
  world: World,
  doors: Doors,
  ...[conn, end, reason]: [conn: Conn, end: "a" | "b", reason: string]
): void {
  const { host, owner } = end === "a" ? conn.a : conn.b;
  switch (owner.kind) {
    case "server":
      serverConnClosed(world, doors, host, {
        conn: conn.id,
        // Reasons by which nats-server counts ended connections: ClientClosed, ReadError.
        reason: reason === cleanClose ? "" : "Read Error",
      });
      return;
    case "process":
      tellProcess(world, owner.pid, { kind: "closed", conn: owner.local, reason });
      return;
    case "actor":
      doors.actor(world, doors, owner.name, { kind: "closed", conn: conn.id, reason });
      return;
    case "outside":
      doors.outside(conn.id, null, reason);
      return;
    default:
      unreachable(owner);
  }
}

/** The answer to a dial, for the end that dialled. */
export function handDialled(world: World, doors: Doors, conn: Conn, refused: string | null): void {
  const { owner } = conn.a;
  switch (owner.kind) {
    case "process":
      tellProcess(
        world,
        owner.pid,
        refused === null
          ? { kind: "connected", conn: owner.local }
          : { kind: "refused", conn: owner.local, reason: refused },
      );
      return;
    case "actor":
      doors.actor(
        world,
        doors,
        owner.name,
        refused === null
          ? { kind: "connected", conn: conn.id }
          : { kind: "refused", conn: conn.id, reason: refused },
      );
      return;
    case "outside":
      if (refused !== null) doors.outside(conn.id, null, refused);
      return;
    case "server":
      serverDialled(world, doors, conn, refused);
      return;
    default:
      unreachable(owner);
  }
}

function tellProcess(world: World, pid: number, input: ProcessInput): void {
  const record = world.processes.get(pid);
  if (record !== undefined && record.status === "running") beginTurn(world, record, input);
}

/** Connections between hosts as the world keeps them: two directions of bytes, as TCP has them. */
import {
  createLog,
  type DurationNanos,
  type Log,
  nanos,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { SentRecord } from "../server/index.ts";
import type { Direction } from "./events.ts";
import type { Mark } from "./taps/marks.ts";
import { createTap, type TapState } from "./taps/tap.ts";
import type { World } from "./world.ts";

/** Who reads and writes at an end of a connection. */
export type Owner =
  | { readonly kind: "server" }
  | { readonly kind: "process"; readonly pid: number; readonly local: number }
  | { readonly kind: "actor"; readonly name: string }
  /** A real client of the headless server; its bytes are not journaled. */
  | { readonly kind: "outside"; readonly id: number };

export interface Endpoint {
  readonly host: string;
  readonly owner: Owner;
  /** Nobody reads here any more: closed, killed or without power. */
  gone: boolean;
}

/** A write on its way: bytes, or the end of the stream. A value, never changed. */
export interface Segment {
  readonly departed: VirtualNanos;
  readonly arrives: VirtualNanos;
  /** Null is the end of the stream. */
  readonly bytes: Uint8Array | null;
  /** Why the stream ends; empty for bytes. */
  readonly reason: string;
  /** What the taps read in the bytes, in order. */
  readonly marks: readonly Mark[];
  /**
   * What links between servers carry instead of bytes, which are empty then; undefined, which no
   * hash counts, on all other connections.
   */
  readonly records: readonly SentRecord[] | undefined;
}

/** One direction of a connection. */
export interface Pipe {
  /** Sent and not yet arrived, in order. */
  readonly flying: Log<Segment>;
  /** An event stands for the next arrival. */
  armed: boolean;
  /** When the wire is free for the next byte (bandwidth). */
  freeAt: VirtualNanos;
  /** Nothing may arrive before this: TCP keeps order. */
  arrivesAt: VirtualNanos;
  /** Since when a silent cut holds the bytes back; null when they flow. */
  stalledAt: VirtualNanos | null;
  /** How many stalls there were: dates a give-up event. */
  stalls: number;
  /** No more bytes may be sent: the end is on its way. */
  ended: boolean;
  /** Bytes ever sent. */
  bytes: number;
  readonly tap: TapState | null;
}

export interface Conn {
  readonly id: number;
  /** The end that dialled. */
  readonly a: Endpoint;
  /** The end that accepted. */
  readonly b: Endpoint;
  /** `route`: a link between servers, which carries records. */
  readonly transport: "tcp" | "ws" | "route";
  readonly port: number;
  status: "dialling" | "open";
  /** Extra one-way delay, both ways; from `load --latency`. */
  readonly extraLatency: DurationNanos;
  /** Dialled by a name of the dialling host itself (`localhost`, 127.0.0.1). */
  readonly isLocal: boolean;
  readonly openedAt: VirtualNanos;
  readonly ab: Pipe;
  readonly ba: Pipe;
}

/** What a new connection is made of. */
export interface ConnPlan {
  readonly from: { readonly host: string; readonly owner: Owner };
  readonly host: string;
  readonly port: number;
  readonly transport: "tcp" | "ws" | "route";
  readonly extraLatency?: DurationNanos;
  readonly isLocal?: boolean;
}

/** Adds a connection that has been asked for and not yet answered. */
export function createConn(world: World, plan: ConnPlan): Conn {
  const id = world.connNext++;
  // Records need no reading: what they are is marked when they are sent.
  const tapped = world.options.taps && plan.transport !== "route";
  const conn: Conn = {
    id,
    a: { host: plan.from.host, owner: plan.from.owner, gone: false },
    b: { host: plan.host, owner: { kind: "server" }, gone: false },
    transport: plan.transport,
    port: plan.port,
    status: "dialling",
    extraLatency: plan.extraLatency ?? nanos(0),
    isLocal: plan.isLocal ?? false,
    openedAt: world.kernel.now,
    ab: createPipe(world.kernel.now, tapped),
    ba: createPipe(world.kernel.now, tapped),
  };
  world.conns.set(id, conn);
  return conn;
}

export function pipeOf(conn: Conn, direction: Direction): Pipe {
  return direction === "a-to-b" ? conn.ab : conn.ba;
}

export function senderOf(conn: Conn, direction: Direction): Endpoint {
  return direction === "a-to-b" ? conn.a : conn.b;
}

export function receiverOf(conn: Conn, direction: Direction): Endpoint {
  return direction === "a-to-b" ? conn.b : conn.a;
}

/** The end of a connection that a server holds; null when it holds none. */
export function endOfServer(conn: Conn, host: string): "a" | "b" | null {
  if (conn.b.host === host && conn.b.owner.kind === "server") return "b";
  return conn.a.host === host && conn.a.owner.kind === "server" ? "a" : null;
}

/** The direction that carries what the owner of this end writes. */
export function directionFrom(end: "a" | "b"): Direction {
  return end === "a" ? "a-to-b" : "b-to-a";
}

export function opposite(direction: Direction): Direction {
  return direction === "a-to-b" ? "b-to-a" : "a-to-b";
}

function createPipe(now: VirtualNanos, tapped: boolean): Pipe {
  return {
    flying: createLog<Segment>(),
    armed: false,
    freeAt: now,
    arrivesAt: now,
    stalledAt: null,
    stalls: 0,
    ended: false,
    bytes: 0,
    tap: tapped ? createTap() : null,
  };
}

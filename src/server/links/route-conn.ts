/** The state of a server's routes: plain data. */
import type { Cell, DurationNanos, StoredTime, VirtualNanos } from "../../kernel/index.ts";
import { createCell, nanos } from "../../kernel/index.ts";
import type { RouteAddress } from "../config/server-config.ts";
import type { ServerIo } from "../io.ts";
import type { ServerState } from "../state.ts";
import type { SentRecord } from "./records.ts";

/** All links of one server to the others of its cluster, and what it told them. */
export interface Routes {
  /** By the number of the connection in the world, those that are not registered yet included. */
  readonly conns: Map<number, RouteConn>;
  /** Registered routes: from the other server's name to the connection. */
  readonly peers: Map<string, number>;
  /** Interest of this server's own subscribers, by account, as the others know it. */
  readonly told: Cell<Map<string, Map<string, ToldInterest>>>;
  /** Connections with records that wait for the flush; empty whenever an entry point returned. */
  readonly dirty: RouteConn[];
  /** What INFO tells clients of where to connect; empty before the first route. */
  readonly clientUrls: string[];
  readonly websocketUrls: string[];
  /** Of all routes, ended ones included. */
  readonly totals: RouteTotals;
}

export interface RouteTotals {
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  stale: number;
}

/** Interest in one subject, in one queue group when `queue` is given. */
export interface ToldInterest {
  readonly subject: string;
  readonly queue: string | null;
  /** Subscriptions of this server; never 0. */
  count: number;
}

/** Where a link comes from. */
export interface LinkPeer {
  readonly ip: string;
  readonly port: number;
}

/** A connection to another server. */
export interface RouteConn {
  /** Its number in the world, by which `ServerIo` knows it. */
  readonly conn: number;
  /** Counted together with the clients' ids, as nats-server does. */
  readonly rid: number;
  readonly ip: string;
  readonly port: number;
  /** This server dialled it. */
  readonly isDialled: boolean;
  /** The configured route that it is, dialled again when it is lost; null: none of them. */
  address: RouteAddress | null;
  /** `greeting` until the other side's INFO was taken up. */
  phase: "dialling" | "greeting" | "registered";
  readonly start: StoredTime;
  readonly startedAt: VirtualNanos;
  lastActivity: StoredTime;
  /** "" before INFO. */
  remoteId: string;
  remoteName: string;
  clientUrls: readonly string[];
  websocketUrls: readonly string[];
  /** What the other side's subscribers hear: by key, the account and the subscription's number. */
  readonly subs: Cell<Map<string, RemoteSub>>;
  closed: boolean;
  pingsOut: number;
  pingSentAt: VirtualNanos | null;
  rtt: DurationNanos;
  inMsgs: number;
  inBytes: number;
  outMsgs: number;
  outBytes: number;
  /** Records of this event; empty between events. */
  out: SentRecord[];
}

export interface RemoteSub {
  readonly account: string;
  readonly id: number;
}

export function createRoutes(): Routes {
  return {
    conns: new Map(),
    peers: new Map(),
    told: createCell(new Map()),
    dirty: [],
    clientUrls: [],
    websocketUrls: [],
    totals: { inMsgs: 0, inBytes: 0, outMsgs: 0, outBytes: 0, stale: 0 },
  };
}

/** A link that was dialled, when `address` says which route it is, or accepted. */
export function createRouteConn(
  server: ServerState,
  io: ServerIo,
  {
    conn,
    place,
    address,
  }: {
    readonly conn: number;
    readonly place: LinkPeer;
    readonly address: RouteAddress | null;
  },
): RouteConn {
  return {
    conn,
    rid: ++server.lastCid,
    ip: place.ip,
    port: place.port,
    isDialled: address !== null,
    address,
    phase: "dialling",
    start: io.wall,
    startedAt: io.now,
    lastActivity: io.wall,
    remoteId: "",
    remoteName: "",
    clientUrls: [],
    websocketUrls: [],
    subs: createCell(new Map()),
    closed: false,
    pingsOut: 0,
    pingSentAt: null,
    rtt: nanos(0),
    inMsgs: 0,
    inBytes: 0,
    outMsgs: 0,
    outBytes: 0,
    out: [],
  };
}

/** Servers of one cluster for tests, on machines made of lists: links deliver when told to. */
import { storedTimeAt, type VirtualNanos } from "../../kernel/index.ts";
import { decodeText, encodeText } from "../../protocol/index.ts";
import { defaultServerConfig } from "../config/server-config.ts";
import { provideAllParts } from "../doors/all-parts.ts";
import type { ServerIo } from "../io.ts";
import { acceptLink, linkAnswered, receiveRecords } from "../link-entries.ts";
import {
  acceptConn,
  connClosed,
  createServer,
  fireTimer,
  receiveBytes,
  startServer,
} from "../server.ts";
import type { ServerTimer } from "../server-timer.ts";
import type { ServerState } from "../state.ts";
import { peer, quiet } from "../test-bench.ts";
import type { LinkRecord, SentRecord } from "./records.ts";

provideAllParts();

interface Link {
  readonly from: string;
  readonly to: string;
  open: boolean;
  /** Waiting at each end, by the receiver's name. */
  readonly flying: { readonly to: string; readonly act: () => void }[];
}

export interface ClusterBench {
  readonly servers: Map<string, ServerState>;
  /** All records in the order of sending, as `n1>n2 kind`. */
  readonly wire: { readonly from: string; readonly to: string; readonly record: LinkRecord }[];
  now: VirtualNanos;
  /** Names of servers that nobody reaches. */
  readonly unreachable: Set<string>;
  /** Names of servers whose records are lost, both ways, while their links stay. */
  readonly silent: Set<string>;
  readonly links: Map<number, Link>;
  readonly timers: Map<string, { readonly at: VirtualNanos; readonly timer: ServerTimer }>;
  readonly sent: Map<number, string>;
  readonly ios: Map<string, ServerIo>;
  lastConn: number;
  chance: number;
}

/** A cluster that has not yet said a word. */
export function clusterBench(names: readonly string[]): ClusterBench {
  const bench: ClusterBench = {
    servers: new Map(),
    wire: [],
    now: 0 as VirtualNanos,
    unreachable: new Set(),
    silent: new Set(),
    links: new Map(),
    timers: new Map(),
    sent: new Map(),
    ios: new Map(),
    lastConn: 0,
    chance: 1,
  };
  for (const name of names) {
    const routes = names.filter((one) => one !== name).map((host) => ({ host, port: 6222 }));
    const cluster = { name: "C1", host: name, port: 6222, routes, peers: names };
    const config = { ...defaultServerConfig(name), clientAdvertise: `${name}:4222`, cluster };
    bench.ios.set(name, createIo(bench, name));
    bench.servers.set(name, createServer(config));
  }
  for (const name of names) startServer(serverOf(bench, name), ioOf(bench, name));
  return bench;
}

export function serverOf(bench: ClusterBench, name: string): ServerState {
  const server = bench.servers.get(name);
  if (server === undefined) throw new Error(`no server ${name}`);
  return server;
}

/** Delivers what is on its way until nothing is; in the order of sending, link by link. */
export function settle(bench: ClusterBench): void {
  for (let isBusy = true; isBusy; ) {
    isBusy = false;
    for (const link of [...bench.links.values()]) {
      const next = link.flying.shift();
      if (next === undefined) continue;
      isBusy = true;
      next.act();
    }
  }
}

/** Lets time pass, with its timers, and settles after each. */
export function pass(bench: ClusterBench, ms: number): void {
  const until = (bench.now + ms * 1_000_000) as VirtualNanos;
  for (;;) {
    let first: string | null = null;
    for (const [name, { at }] of bench.timers) {
      if (at <= until && (first === null || at < (bench.timers.get(first)?.at ?? 0))) first = name;
    }
    const due = first === null ? undefined : bench.timers.get(first);
    if (first === null || due === undefined) break;
    bench.timers.delete(first);
    if (due.at > bench.now) bench.now = due.at;
    const name = first.slice(0, first.indexOf("/"));
    fireTimer(serverOf(bench, name), ioOf(bench, name), due.timer);
    settle(bench);
  }
  bench.now = until;
}

/** Breaks every link between two servers; both ends are told, and what was on its way is lost. */
export function breakLinks(bench: ClusterBench, one: string, other: string): void {
  for (const [conn, link] of [...bench.links]) {
    if (![link.from, link.to].every((name) => name === one || name === other)) continue;
    bench.links.delete(conn);
    for (const name of [link.from, link.to]) {
      connClosed(serverOf(bench, name), ioOf(bench, name), conn, "Read Error");
    }
  }
  settle(bench);
}

/** A client of a server. */
export function client(bench: ClusterBench, name: string): number {
  const conn = ++bench.lastConn;
  acceptConn(serverOf(bench, name), ioOf(bench, name), conn, peer);
  say(bench, name, conn, quiet);
  bench.sent.delete(conn);
  return conn;
}

export function say(
  bench: ClusterBench,
  ...[name, conn, text]: [server: string, conn: number, text: string]
): void {
  receiveBytes(serverOf(bench, name), ioOf(bench, name), conn, encodeText(text));
}

export function leave(bench: ClusterBench, name: string, conn: number): void {
  connClosed(serverOf(bench, name), ioOf(bench, name), conn, "");
}

/** What a client was sent since it was last asked. */
export function heard(bench: ClusterBench, conn: number): string {
  const text = bench.sent.get(conn) ?? "";
  bench.sent.delete(conn);
  return text;
}

function ioOf(bench: ClusterBench, name: string): ServerIo {
  const io = bench.ios.get(name);
  if (io === undefined) throw new Error(`no server ${name}`);
  return io;
}

function createIo(bench: ClusterBench, name: string): ServerIo {
  return {
    get now() {
      return bench.now;
    },
    get wall() {
      return storedTimeAt(bench.now);
    },
    draw() {
      bench.chance = (Math.imul(bench.chance, 1_664_525) + 1_013_904_223) >>> 0;
      return bench.chance;
    },
    send: (conn, bytes) => {
      bench.sent.set(conn, (bench.sent.get(conn) ?? "") + decodeText(bytes));
    },
    close: (conn, reason) => closeLink(bench, conn, name, reason),
    links: {
      dial: (host) => dialLink(bench, name, host),
      send: (conn, records) => sendOver(bench, conn, name, records),
    },
    setTimer: (timer, at, event) => void bench.timers.set(`${name}/${timer}`, { at, timer: event }),
    clearTimer: (timer) => void bench.timers.delete(`${name}/${timer}`),
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
  };
}

function dialLink(bench: ClusterBench, from: string, to: string): number {
  const conn = ++bench.lastConn;
  const link: Link = { from, to, open: false, flying: [] };
  bench.links.set(conn, link);
  link.flying.push({
    to: from,
    act() {
      if (bench.unreachable.has(to) || bench.unreachable.has(from)) {
        bench.links.delete(conn);
        linkAnswered(serverOf(bench, from), ioOf(bench, from), conn, "connect ECONNREFUSED");
        return;
      }
      link.open = true;
      acceptLink(serverOf(bench, to), ioOf(bench, to), conn, { ip: "10.0.0.1", port: 40_000 });
      linkAnswered(serverOf(bench, from), ioOf(bench, from), conn, null);
    },
  });
  return conn;
}

function sendOver(
  bench: ClusterBench,
  ...[conn, from, records]: [conn: number, from: string, records: readonly SentRecord[]]
): void {
  const link = bench.links.get(conn);
  if (link === undefined) return;
  const to = link.from === from ? link.to : link.from;
  if (bench.silent.has(from) || bench.silent.has(to)) return;
  for (const { record } of records) bench.wire.push({ from, to, record });
  link.flying.push({
    to,
    act: () => receiveRecords(serverOf(bench, to), ioOf(bench, to), conn, records),
  });
}

function closeLink(
  bench: ClusterBench,
  ...[conn, from, reason]: [conn: number, from: string, reason: string]
): void {
  const link = bench.links.get(conn);
  if (link === undefined) return;
  const to = link.from === from ? link.to : link.from;
  link.flying.push({
    to,
    act() {
      bench.links.delete(conn);
      connClosed(serverOf(bench, to), ioOf(bench, to), conn, reason);
    },
  });
}

/** The machine under a headless server: real sockets, the real clock, real chance. */
import { randomFillSync } from "node:crypto";
import { tmpdir, totalmem } from "node:os";
import { performance } from "node:perf_hooks";
import { formatGoDuration } from "../../jetstream/index.ts";
import { type StoredTime, type VirtualNanos, virtualNanos } from "../../kernel/index.ts";
import { provideAllParts } from "../../server/doors/all-parts.ts";
import {
  acceptConn,
  clientTooSlow,
  connClosed,
  connSecured,
  createServer,
  type DiskIo,
  fireTimer,
  type LogLevel,
  lameDuckServer,
  type MonitorResponse,
  monitoringParts,
  type Peer,
  receiveBytes,
  reloadServer,
  type Secured,
  type ServerConfig,
  type ServerIo,
  type ServerState,
  type ServerTimer,
  shutDownServer,
  startServer,
} from "../../server/index.ts";
import { freeBytes } from "../store/room.ts";
import { StoreDisk } from "../store/store-disk.ts";
import { NamedTimers } from "./loop/named-timers.ts";
import { Vigil } from "./loop/vigil.ts";
import type { Link, Served } from "./served.ts";
import { SlowWrites } from "./slow-writes.ts";

export type LogSink = (level: LogLevel, text: string) => void;

/** Producers wait while a client has this share of its limit pending. Source: `queueOutbound`. */
const stallShare = 0.75;
/** For so long, then they go on all the same. Source: `stallTotalAllowed`. */
const stallMsMax = 10;

export class Machine implements Served {
  readonly server: ServerState;
  readonly #links = new Map<number, Link>();
  readonly #timers = new NamedTimers();
  readonly #vigil = new Vigil();
  readonly #disk: DiskIo;
  /** The disk when it outlives the process; else null. */
  readonly #store: StoreDisk | null;
  readonly #log: LogSink;
  readonly #io: { -readonly [K in keyof ServerIo]: ServerIo[K] };
  readonly #startedMs = performance.now();
  readonly #chance = new Uint32Array(256);
  #chanceUsed = this.#chance.length;
  #lastConn = 0;
  #stalled = false;
  readonly #slowWrites = new SlowWrites(
    this.#links,
    () => this.server.config.writeDeadline / 1e6,
    (conn, pending) => this.#tooSlow(conn, pending),
  );
  /** What the configuration file says now; null where there is none. Throws `ReloadError`. */
  set readConfig(read: (() => ServerConfig) | null) {
    if (read !== null) this.#io.readConfig = read;
  }
  /** Called when the server has stopped by itself, as lame duck mode ends. */
  onStopped: () => void = () => {};

  /** Throws StoreError, or the file system's error, for a store directory that cannot be used. */
  constructor(config: ServerConfig, log: LogSink) {
    provideAllParts();
    this.#log = log;
    this.#store = openStore(config, log);
    this.#disk = this.#store ?? createMemoryDisk();
    this.server = createServer(config);
    this.#io = this.#createIo();
  }

  start(): void {
    startServer(this.server, this.#enter());
  }

  /** A client reached a listener; answers the number of its connection. */
  accept(link: Link, peer: Peer): number {
    const conn = ++this.#lastConn;
    this.#links.set(conn, link);
    if (this.#stalled) link.pause();
    acceptConn(this.server, this.#enter(), conn, peer);
    return conn;
  }

  receive(conn: number, chunk: Uint8Array): void {
    // A plain view: the parser cuts many pieces, and those of a Buffer cost twice as much.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    receiveBytes(this.server, this.#enter(), conn, bytes);
    this.#vigil.prolong();
  }

  secured(conn: number, facts: Secured): void {
    connSecured(this.server, conn, facts);
  }

  /** The connection is gone. */
  closed(conn: number, reason: string): void {
    if (!this.#links.delete(conn)) return;
    connClosed(this.server, this.#enter(), conn, reason);
    this.#checkStopped();
  }

  /** A link has less pending than before: producers may go on when none is far behind. */
  drained(): void {
    if (!this.#stalled) return;
    const most = this.server.config.limits.maxPending * stallShare;
    for (const link of this.#links.values()) if (link.pending() > most) return;
    this.#goOn();
  }

  #goOn(): void {
    if (!this.#stalled) return;
    this.#stalled = false;
    for (const link of this.#links.values()) link.resume();
  }

  monitor(path: string, query: string): MonitorResponse {
    return monitoringParts().monitor(this.server, this.#enter(), path, query);
  }

  /** Throws `ReloadError`. */
  reload(config: ServerConfig): void {
    reloadServer(this.server, this.#enter(), config);
  }

  lameDuck(): void {
    lameDuckServer(this.server, this.#enter());
    this.#checkStopped();
  }

  shutDown(): void {
    shutDownServer(this.server, this.#enter());
    this.#timers.clearAll();
    this.#slowWrites.stop();
    this.#store?.close();
  }

  #checkStopped(): void {
    if (this.server.phase === "stopped") this.onStopped();
  }

  /** The io object with the time of now; `now` stands still until the next entry. */
  #enter(): ServerIo {
    const ms = performance.now();
    this.#io.now = virtualNanos(Math.floor((ms - this.#startedMs) * 1e6));
    this.#io.wall = storedTimeOf(performance.timeOrigin + ms);
    return this.#io;
  }

  #createIo(): ServerIo {
    const stored = this.server.config.jetstream?.storeDir ?? "";
    const folder = stored === "" ? tmpdir() : stored;
    return {
      now: 0 as VirtualNanos,
      wall: { s: 0, n: 0 },
      draw: () => this.#draw(),
      send: (conn, bytes) => this.#send(conn, bytes),
      close: (conn, reason) => this.#close(conn, reason),
      pending: (conn) => this.#links.get(conn)?.pending() ?? 0,
      readsMeanwhile: true,
      setTimer: (name, at, timer) => this.#setTimer(name, at, timer),
      clearTimer: (name) => this.#timers.clear(name),
      disk: this.#disk,
      capacity: () => ({ memory: totalmem(), disk: freeBytes(folder) }),
      tracing: false,
      trace: () => {},
      log: (level, text) => this.#log(level, text),
    };
  }

  #draw(): number {
    if (this.#chanceUsed === this.#chance.length) {
      randomFillSync(this.#chance);
      this.#chanceUsed = 0;
    }
    return this.#chance[this.#chanceUsed++] ?? 0;
  }

  #send(conn: number, bytes: Uint8Array): void {
    const link = this.#links.get(conn);
    if (link === undefined) return;
    // What an answer acknowledges outlives us.
    this.#store?.flush();
    link.write(bytes);
    this.#slowWrites.noteWrite();
    if (this.#stalled || link.pending() <= this.server.config.limits.maxPending * stallShare)
      return;
    this.#stalled = true;
    for (const other of this.#links.values()) other.pause();
    setTimeout(() => this.#goOn(), stallMsMax);
  }

  #tooSlow(conn: number, pending: number): void {
    const deadline = `WriteDeadline of ${formatGoDuration(this.server.config.writeDeadline)}`;
    const text = `${deadline} exceeded with 1 chunks of ${pending} total bytes.`;
    clientTooSlow(this.server, this.#enter(), conn, text);
    this.drained();
  }

  #close(conn: number, reason: string): void {
    this.#links.get(conn)?.end(reason);
    this.#links.delete(conn);
  }

  #setTimer(name: string, at: VirtualNanos, timer: ServerTimer): void {
    this.#timers.set(name, Math.ceil((at - this.#io.now) / 1e6), () => {
      fireTimer(this.server, this.#enter(), timer);
      this.#checkStopped();
    });
  }
}

/** Milliseconds since 1970, with what is behind the point. */
function storedTimeOf(ms: number): StoredTime {
  const s = Math.floor(ms / 1000);
  return { s, n: Math.min(999_999_999, Math.floor((ms - s * 1000) * 1e6)) };
}

/** Null without a store directory: then streams live as long as the process. */
function openStore({ jetstream, storeDir }: ServerConfig, log: LogSink): StoreDisk | null {
  if (jetstream === null) return null;
  const folder = jetstream.storeDir === "" ? storeDir : jetstream.storeDir;
  if (folder === "") return null;
  const { syncInterval } = jetstream;
  return new StoreDisk({ folder, syncMs: syncInterval === null ? null : syncInterval / 1e6, log });
}

/** Files live as long as the process does. */
function createMemoryDisk(): DiskIo {
  const files = new Map<string, unknown>();
  return {
    open<T>(path: string, create: () => T): T {
      if (!files.has(path)) files.set(path, create());
      return files.get(path) as T;
    },
    has: (path) => files.has(path),
    list: (prefix) => [...files.keys()].filter((path) => path.startsWith(prefix)).sort(),
    wrote: () => {},
    sync: () => {},
    remove: (path) => void files.delete(path),
  };
}

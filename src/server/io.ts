/** What a server asks of the machine it runs on. */
import type { StreamEntry } from "../jetstream/index.ts";
import type { StoredTime, VirtualNanos } from "../kernel/index.ts";
import type { ServerConfig } from "./config/server-config.ts";
import type { SentRecord } from "./links/records.ts";
import type { RaftWatch } from "./raft-watch.ts";
import type { ServerTimer } from "./server-timer.ts";
import type { TraceRecord } from "./trace-record.ts";

export type LogLevel = "info" | "debug" | "warn" | "error" | "fatal" | "trace";

/** Valid for one entry into the server's code: `now` stands still while it runs. */
export interface ServerIo {
  readonly now: VirtualNanos;
  /** The host's clock: offset and drift applied. */
  readonly wall: StoredTime;
  /** A 32-bit integer of the named random stream. */
  draw(stream: string): number;
  /** `bytes` are a value from here on. */
  send(conn: number, bytes: Uint8Array): void;
  close(conn: number, reason: string): void;
  /** Bytes that were sent and that the peer has not taken yet; not given: none. */
  pending?(conn: number): number;
  /** Peers take bytes while an event is worked on; not where time stands still meanwhile. */
  readonly readsMeanwhile?: boolean;
  /** How other servers are reached; not given: this server stands alone, whatever it was told. */
  readonly links?: LinkIo;
  /** The owner is this server; a timer of the same name is replaced. */
  setTimer(name: string, at: VirtualNanos, timer: ServerTimer): void;
  clearTimer(name: string): void;
  readonly disk: DiskIo;
  /**
   * The configuration that the server's file holds now, with what its command line adds. Throws
   * `ReloadError`. Not given: there is no file.
   */
  readConfig?(): ServerConfig;
  /** What /varz shows of the process: bytes, cores, percent of a core. */
  usage?(): { readonly memory: number; readonly cores: number; readonly cpu: number };
  /** Bytes of the host's memory, and those free on its disk; not given: there is no end to them. */
  capacity?(): { readonly memory: number; readonly disk: number };
  /** Whether records are wanted at all. */
  readonly tracing: boolean;
  trace(record: TraceRecord): void;
  /** Whoever audits Raft groups; not given: nobody. */
  readonly raft?: RaftWatch;
  log(level: LogLevel, text: string): void;
}

/** Connections to other servers. They are closed with `close`, like those of clients. */
export interface LinkIo {
  /** Dials; the number of the connection, `linkAnswered` says later how it went. */
  dial(host: string, port: number): number;
  /** The records are values from here on. */
  send(conn: number, records: readonly SentRecord[]): void;
}

/** The disk did not take what was to be written; the text is the system's, as Go words it. */
export class DiskError extends Error {
  override readonly name = "DiskError";
}

/**
 * The disk. A file is a live plain-data object (a stream's state, a consumer's). Killing the
 * process leaves the object; a power loss goes back to what was there at the last sync.
 */
export interface DiskIo {
  /** Throws DiskError when there is no room for a new one. */
  open<T>(path: string, create: () => T): T;
  has(path: string): boolean;
  list(prefix: string): string[];
  /**
   * Changes of a stream's object, told before they are made: all of them are written, or none. For
   * a disk that writes changes down; `applyStreamEntry` makes them anew. Throws DiskError, and then
   * they must not be made. Not given: nobody wants to know.
   */
  writeAhead?(path: string, changes: readonly StreamEntry[]): void;
  /** Says that the object behind `path` changed, as by a write of so many bytes. */
  wrote(path: string, bytes: number): void;
  sync(path: string): void;
  remove(path: string): void;
}

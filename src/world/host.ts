/** Machines of the world: what runs on them, their clock, disk, ports and files. */
import type { DurationNanos, StoredTime, Table, VirtualNanos } from "../kernel/index.ts";
import type { ServerConfig, ServerState } from "../server/index.ts";
import type { Disk } from "./disk.ts";

/** A port that something listens on. */
export interface Listener {
  readonly port: number;
  readonly service: "nats" | "websocket" | "monitoring";
}

/** One file of a host. A value: writing sets a new row. */
export interface FileRow {
  readonly bytes: Uint8Array;
  readonly modified: VirtualNanos;
  readonly folder: boolean;
}

export interface Host {
  readonly name: string;
  readonly address: string;
  readonly kind: "server" | "desk";
  /** The machine has power. */
  powered: boolean;
  /** The server process runs. */
  up: boolean;
  /** The server process is stopped (SIGSTOP): its sockets live, it does nothing. */
  frozen: boolean;
  /** What the host's wall clock differs by. */
  clockOffset: DurationNanos;
  readonly disk: Disk;
  config: ServerConfig | null;
  server: ServerState | null;
  readonly listeners: readonly Listener[];
  readonly files: Table<string, FileRow>;
  /** Events that came while the server was frozen, in order; they run when it resumes. */
  readonly backlog: BacklogItem[];
  startedAt: VirtualNanos;
}

/** What waits for a frozen server. */
export type BacklogItem =
  | { readonly kind: "timer"; readonly timer: import("../server/index.ts").ServerTimer }
  | { readonly kind: "accept"; readonly conn: number }
  | { readonly kind: "arrive"; readonly conn: number };

/** The same port of the terminal's own host leads to a server elsewhere. */
export interface Forward {
  readonly port: number;
  readonly host: string;
  readonly hostPort: number;
}

export interface HostClock {
  readonly wall: StoredTime;
}

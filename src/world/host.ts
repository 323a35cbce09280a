/** Machines of the world: what runs on them, their clock, disk, ports and files. */
import {
  createTable,
  type DurationNanos,
  nanos,
  type StoredTime,
  storedTimeAt,
  type Table,
  type VirtualNanos,
} from "../kernel/index.ts";
import type { ServerConfig, ServerState, ServerTimer } from "../server/index.ts";
import { createDisk, type Disk } from "./disk.ts";
import type { Direction } from "./events.ts";
import type { World } from "./world.ts";

/** A port that something listens on. */
export interface Listener {
  readonly port: number;
  readonly service: "nats" | "websocket" | "monitoring" | "route";
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
  /**
   * Where at the desk its configuration file is; undefined, which no hash counts, until somebody
   * asks for it.
   */
  file: string | undefined;
  server: ServerState | null;
  listeners: readonly Listener[];
  readonly files: Table<string, FileRow>;
  /** What came while the server was frozen, in order; it runs when it resumes. */
  readonly backlog: BacklogItem[];
}

/** What waits for a frozen server. */
export type BacklogItem =
  | { readonly kind: "timer"; readonly name: string; readonly timer: ServerTimer }
  | { readonly kind: "accept"; readonly conn: number }
  | { readonly kind: "dialled"; readonly conn: number; readonly refused: string | null }
  | { readonly kind: "arrive"; readonly conn: number; readonly direction: Direction };

/** A port of the terminal's own host that leads to a server elsewhere. */
export interface Forward {
  readonly host: string;
  readonly port: number;
}

export const deskName = "desk";

/** Adds a machine that has power and runs nothing yet. */
export function addHost(world: World, name: string, kind: Host["kind"]): Host {
  const host: Host = {
    name,
    // Documentation addresses (RFC 5737 TEST-NET-1): they lead nowhere by accident.
    address: kind === "desk" ? "192.0.2.1" : `192.0.2.${10 + world.hosts.size}`,
    kind,
    powered: true,
    up: false,
    frozen: false,
    clockOffset: nanos(0),
    disk: createDisk(),
    config: null,
    file: undefined,
    server: null,
    listeners: [],
    files: createTable<string, FileRow>(),
    backlog: [],
  };
  world.hosts.set(name, host);
  return host;
}

/** The hosts that have a server, in the order in which they were added. */
export function serverHosts(world: World): Host[] {
  return [...world.hosts.values()].filter((host) => host.kind === "server");
}

/**
 * The servers that terminals talk to when nobody says which: those of `NATS_URL`, which leads to
 * one cluster where there is one; all of them when it names none of this world's.
 */
export function deskServers(world: World): Host[] {
  const [, urls = ""] = world.environment.find(([name]) => name === "NATS_URL") ?? [];
  const servers = serverHosts(world);
  const named = new Set<string | undefined>();
  for (const url of urls.split(",")) {
    named.add(world.forwards.get(Number(url.slice(url.lastIndexOf(":") + 1)))?.host);
  }
  const reached = servers.filter(({ name }) => named.has(name));
  return reached.length > 0 ? reached : servers;
}

/** The time on a host's wall clock. */
export function wallClock(world: World, host: Host): StoredTime {
  return storedTimeAt((world.kernel.now + host.clockOffset) as VirtualNanos);
}

/**
 * The machine and port that a name and a port mean on some host; null for an unknown name.
 * `localhost` and `127.0.0.1` are the asking host itself, whose ports may be forwarded.
 */
export function resolveAddress(
  world: World,
  from: string,
  name: string,
  port: number,
): Forward | null {
  const target = hostByName(world, from, name);
  if (target === null) return null;
  const forward = target === deskName ? world.forwards.get(port) : undefined;
  return forward ?? { host: target, port };
}

const ownNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "0.0.0.0", "::1"]);

/** True for the names by which a host calls itself. */
export function isOwnName(name: string): boolean {
  return ownNames.has(name.toLowerCase());
}

function hostByName(world: World, from: string, name: string): string | null {
  const plain = name.toLowerCase();
  if (isOwnName(plain)) return from;
  for (const host of world.hosts.values()) {
    if (host.name.toLowerCase() === plain || host.address === plain) return host.name;
  }
  return null;
}

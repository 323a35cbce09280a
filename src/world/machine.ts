/** A server process on a host: how its code is entered, and what it asks of its machine. */
import { assert, clearTimer, drawU32, plus, schedule, setTimer } from "../kernel/index.ts";
import {
  acceptConn,
  acceptLink,
  connClosed,
  fireTimer,
  linkAnswered,
  monitoringParts,
  ReloadError,
  receiveBytes,
  receiveRecords,
  type ServerConfig,
  type ServerIo,
} from "../server/index.ts";
import { UsageError } from "./commands/usage-error.ts";
import { type Conn, endOfServer } from "./conns.ts";
import { dial } from "./dial.ts";
import { openDisk } from "./disk.ts";
import type { EventOf } from "./events.ts";
import type { Arrival } from "./hand-over.ts";
import { type Host, wallClock } from "./host.ts";
import { noteAdvisory } from "./ledger/advisories.ts";
import { createRaftWatch } from "./ledger/raft-audit.ts";
import { dialLimit, drawLatency, isCut } from "./links.ts";
import type { RequestReply } from "./processes/request.ts";
import { sendInput } from "./processes/turns.ts";
import { noteRecord, recordServer, setCause } from "./record.ts";
import { closeConn, sendBytes, sendRecords, unsentBytes } from "./send.ts";
import { readServerFile } from "./server-file.ts";
import type { Doors, World } from "./world.ts";

/** A host's io, made once for each driver and set to the time of the event at hand. */
interface Machine {
  readonly world: World;
  readonly doors: Doors;
  readonly io: { -readonly [K in keyof ServerIo]: ServerIo[K] };
}

// Outside of the world: functions are no state. A copy of a world has hosts of its own.
const machines = new WeakMap<Host, Machine>();

/** What a server asks of this host, at this event. Good until the next event. */
export function serverIo(world: World, doors: Doors, host: Host): ServerIo {
  let machine = machines.get(host);
  if (machine?.world !== world || machine.doors !== doors) {
    machine = { world, doors, io: createIo(world, doors, host) };
    machines.set(host, machine);
  }
  const { io } = machine;
  io.now = world.kernel.now;
  io.wall = wallClock(world, host);
  if (host.file !== undefined) io.readConfig ??= () => readForServer(world, host);
  // Advisories are counted from what the server notes, watched or not.
  io.tracing = doors.trace !== null || world.options.ledger;
  return io;
}

function createIo(world: World, doors: Doors, host: Host): ServerIo {
  const { name } = host;
  const owner = serverOwner(name);
  return {
    now: world.kernel.now,
    wall: wallClock(world, host),
    tracing: false,
    disk: openDisk(world, host),
    draw: (stream) => drawU32(world.kernel.random, `${name}:${stream}`),
    pending: (conn) => unsentBytes(world, conn),
    send: (conn, bytes) => sendBytes(world, doors, conn, "b", bytes),
    close: (conn, reason) => closeConn(world, conn, ownEnd(world, conn, name), reason),
    links: {
      dial(other, port) {
        const from = { host: name, owner: { kind: "server" } } as const;
        return dial(world, { from, host: other, port, transport: "route" }).id;
      },
      send: (conn, records) => {
        sendRecords(world, doors, conn, ownEnd(world, conn, name), records);
      },
    },
    setTimer(timerName, at, timer) {
      // Beyond the clock's range it would never fire.
      if (at > Number.MAX_SAFE_INTEGER) clearTimer(world.kernel, owner, timerName);
      else {
        const event = { kind: "server-timer", host: name, name: timerName, timer } as const;
        setTimer(world.kernel, owner, timerName, at, event);
      }
    },
    clearTimer: (timerName) => void clearTimer(world.kernel, owner, timerName),
    trace(record) {
      noteRecord(world, record);
      // What an advisory tells of has a record of its own.
      if (record.kind === "advisory") noteAdvisory(world, host, record);
      else if (doors.trace !== null) recordServer(doors.trace, record);
    },
    raft: createRaftWatch(world, doors, host),
    log() {
      // Servers in the world keep no log file; the trace says more.
    },
  };
}

/** For a reload that the system account orders. */
function readForServer(world: World, host: Host): ServerConfig {
  try {
    return readServerFile(world, host);
  } catch (error) {
    throw error instanceof UsageError ? new ReloadError(error.message) : error;
  }
}

/** A dialled connection reaches the server's listener. */
export function acceptAt(world: World, doors: Doors, host: Host, conn: Conn): void {
  if (host.frozen) {
    host.backlog.push({ kind: "accept", conn: conn.id });
    return;
  }
  assert(host.server !== null, `${host.name} is up without a server`);
  const from = world.hosts.get(conn.a.host);
  if (conn.transport === "route") {
    const place = { ip: from?.address ?? "", port: dialledFrom(conn) };
    acceptLink(host.server, serverIo(world, doors, host), conn.id, place);
    return;
  }
  acceptConn(host.server, serverIo(world, doors, host), conn.id, {
    // A forwarded port of one's own host looks like the loopback at both ends.
    ip: conn.isLocal ? "127.0.0.1" : (from?.address ?? "127.0.0.1"),
    port: dialledFrom(conn),
    kind: conn.transport === "ws" ? "ws" : "tcp",
  });
}

/** A port of the range from which Linux takes those of dialling sockets. */
function dialledFrom(conn: Conn): number {
  return 32_768 + (conn.id % 28_232);
}

/** The answer to a dial of a server to another one. */
export function serverDialled(
  world: World,
  doors: Doors,
  conn: Conn,
  refused: string | null,
): void {
  const host = runningHost(world, conn.a.host);
  if (host?.server == null) return;
  if (host.frozen) {
    host.backlog.push({ kind: "dialled", conn: conn.id, refused });
    return;
  }
  linkAnswered(host.server, serverIo(world, doors, host), conn.id, refused);
}

/** A connection that came while the server was frozen. */
export function onAccept(world: World, doors: Doors, event: EventOf<"accept">): void {
  const host = runningHost(world, event.host);
  const conn = world.conns.get(event.conn);
  if (host !== undefined && conn !== undefined) acceptAt(world, doors, host, conn);
}

export function serverReceives(world: World, doors: Doors, name: string, arrival: Arrival): void {
  const host = runningHost(world, name);
  if (host?.server == null) return;
  if (doors.trace !== null) setCause(doors.trace, arrival.marks);
  const { conn, bytes, records } = arrival;
  const io = serverIo(world, doors, host);
  if (records === undefined) receiveBytes(host.server, io, conn.id, bytes);
  else receiveRecords(host.server, io, conn.id, records);
  if (doors.trace !== null) setCause(doors.trace, []);
}

export function serverConnClosed(
  world: World,
  doors: Doors,
  name: string,
  closed: { conn: number; reason: string },
): void {
  const host = runningHost(world, name);
  if (host?.server == null) return;
  connClosed(host.server, serverIo(world, doors, host), closed.conn, closed.reason);
}

export function onServerTimer(world: World, doors: Doors, event: EventOf<"server-timer">): void {
  const host = runningHost(world, event.host);
  if (host?.server == null) return;
  if (host.frozen) {
    host.backlog.push({ kind: "timer", name: event.name, timer: event.timer });
    return;
  }
  fireTimer(host.server, serverIo(world, doors, host), event.timer);
  if (event.timer.kind === "lame-duck") leaveIfStopped(world, host);
}

/** A server that has said goodbye to everybody ends its process. */
export function leaveIfStopped(world: World, host: Host): void {
  if (host.server?.phase !== "stopped") return;
  schedule(world.kernel, world.kernel.now, { kind: "server-exit", host: host.name });
}

/** A request reaches a monitoring port; the answer takes as long to come back. */
export function onHttp(world: World, doors: Doors, event: EventOf<"http">): void {
  const host = world.hosts.get(event.host);
  const isLost =
    host?.powered !== true ||
    isCut(world, event.from, event.host) ||
    isCut(world, event.host, event.from);
  // A frozen server's machine takes the connection; nobody ever answers on it.
  if (host?.frozen === true && !isLost) return;
  const wait = isLost ? dialLimit : drawLatency(world, event.host, event.from);
  const reply = isLost ? refusal("ETIMEDOUT", event) : answerHttp(world, doors, host, event);
  const at = plus(world.kernel.now, wait);
  sendInput(world, event.pid, { kind: "reply", id: event.request, reply }, at);
}

function answerHttp(world: World, doors: Doors, host: Host, event: EventOf<"http">): RequestReply {
  const listens = host.listeners.some((one) => one.port === event.port);
  if (host.server === null || !listens) return refusal("ECONNREFUSED", event);
  const [path = "/", query = ""] = event.path.split("?", 2);
  const io = serverIo(world, doors, host);
  return { ok: true, value: monitoringParts().monitor(host.server, io, path, query) };
}

function refusal(code: string, { host, port }: EventOf<"http">): RequestReply {
  return { ok: false, error: `connect ${code} ${host}:${port}` };
}

function ownEnd(world: World, id: number, host: string): "a" | "b" {
  const conn = world.conns.get(id);
  return conn === undefined ? "b" : (endOfServer(conn, host) ?? "b");
}

export function serverOwner(name: string): string {
  return `server:${name}`;
}

function runningHost(world: World, name: string): Host | undefined {
  const host = world.hosts.get(name);
  return host?.up === true ? host : undefined;
}

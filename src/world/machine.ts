/** A server process on a host: how its code is entered, and how it is started and stopped. */
import {
  assert,
  clearOwner,
  clearTimer,
  drawU32,
  schedule,
  setTimer,
  unreachable,
} from "../kernel/index.ts";
import {
  acceptConn,
  connClosed,
  createServer,
  fireTimer,
  monitor,
  receiveBytes,
  type ServerConfig,
  type ServerIo,
  startServer,
} from "../server/index.ts";
import type { Conn } from "./conns.ts";
import { losePower, openDisk } from "./disk.ts";
import type { FrozenAccept, HttpArrives, ServerTimerFires } from "./events.ts";
import type { Arrival } from "./hand-over.ts";
import { type Host, type Listener, wallClock } from "./host.ts";
import { noteAdvisory } from "./ledger/advisories.ts";
import { auditCrash } from "./ledger/audit.ts";
import { sendInput } from "./processes/turns.ts";
import { closeConn, resumeStalled, sendBytes, unsentBytes } from "./send.ts";
import { recordServer, setCause } from "./trace.ts";
import type { Doors, World } from "./world.ts";

/** What a server asks of this host, at this event. */
export function serverIo(world: World, doors: Doors, host: Host): ServerIo {
  const { name } = host;
  const owner = serverOwner(name);
  return {
    now: world.kernel.now,
    wall: wallClock(world, host),
    draw: (stream) => drawU32(world.kernel.random, `${name}:${stream}`),
    pending: (conn) => unsentBytes(world, conn),
    send: (conn, bytes) => sendBytes(world, doors, conn, "b", bytes),
    close: (conn, reason) => closeConn(world, conn, "b", reason),
    setTimer(timerName, at, timer) {
      setTimer(world.kernel, owner, timerName, at, { kind: "server-timer", host: name, timer });
    },
    clearTimer: (timerName) => void clearTimer(world.kernel, owner, timerName),
    disk: openDisk(world, host),
    // Advisories are counted from what the server notes, watched or not.
    tracing: doors.trace !== null || world.options.ledger,
    trace(record) {
      noteAdvisory(world, record);
      if (doors.trace !== null) recordServer(doors.trace, record);
    },
    log() {
      // Servers in the world keep no log file; the trace says more.
    },
  };
}

/** Gives a host a server process with this configuration. Its disk is read as it stands. */
export function startHost(world: World, doors: Doors, host: Host): void {
  assert(host.config !== null, `${host.name} has no server configuration`);
  assert(!host.up, `${host.name} runs already`);
  const wasDark = !host.powered;
  host.powered = true;
  host.up = true;
  host.frozen = false;
  host.server = createServer(host.config);
  const io = serverIo(world, doors, host);
  startServer(host.server, io);
  if (wasDark) resumeStalled(world);
}

/** Ends the server process at once (SIGKILL). What it wrote stays in the operating system. */
export function killHost(world: World, doors: Doors, host: Host): void {
  const why = "memory storage went with the process";
  auditCrash(world, doors, host, { why, act: () => stopProcess(world, host) });
  for (const conn of ownConns(world, host)) closeConn(world, conn.id, "b", "connection reset");
}

/** Cuts the power: no goodbye to anyone, and what was not synced is lost. */
export function powerOffHost(world: World, doors: Doors, host: Host, torn: boolean): void {
  for (const conn of ownConns(world, host)) conn.b.gone = true;
  auditCrash(world, doors, host, {
    why: "acknowledged before it was synced to disk",
    act() {
      stopProcess(world, host);
      losePower(world, host, torn);
    },
  });
  host.powered = false;
}

/** Stops the process where it is (SIGSTOP). Its sockets go on taking bytes. */
export function freezeHost(host: Host): void {
  host.frozen = true;
}

/** Lets a stopped process go on; what waited for it happens now, in order. */
export function resumeHost(world: World, host: Host): void {
  host.frozen = false;
  const { name } = host;
  const at = world.kernel.now;
  for (const item of host.backlog.splice(0)) {
    switch (item.kind) {
      case "timer":
        schedule(world.kernel, at, { kind: "server-timer", host: name, timer: item.timer });
        break;
      case "accept":
        schedule(world.kernel, at, { kind: "accept", host: name, conn: item.conn });
        break;
      case "arrive": {
        const { conn, direction } = item;
        schedule(world.kernel, at, { kind: "arrive", host: name, conn, direction });
        break;
      }
      default:
        unreachable(item);
    }
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
  acceptConn(host.server, serverIo(world, doors, host), conn.id, {
    // A forwarded port of one's own host looks like the loopback at both ends.
    ip: conn.isLocal ? "127.0.0.1" : (from?.address ?? "127.0.0.1"),
    // The range from which Linux takes the ports of dialling sockets.
    port: 32_768 + (conn.id % 28_232),
    kind: conn.transport === "ws" ? "ws" : "tcp",
  });
}

/** A connection that came while the server was frozen. */
export function onAccept(world: World, doors: Doors, event: FrozenAccept): void {
  const host = runningHost(world, event.host);
  const conn = world.conns.get(event.conn);
  if (host !== undefined && conn !== undefined) acceptAt(world, doors, host, conn);
}

export function serverReceives(world: World, doors: Doors, name: string, arrival: Arrival): void {
  const host = runningHost(world, name);
  if (host?.server == null) return;
  if (doors.trace !== null) setCause(doors.trace, arrival.marks);
  receiveBytes(host.server, serverIo(world, doors, host), arrival.conn.id, arrival.bytes);
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

export function onServerTimer(world: World, doors: Doors, event: ServerTimerFires): void {
  const host = runningHost(world, event.host);
  if (host?.server == null) return;
  if (host.frozen) {
    host.backlog.push({ kind: "timer", timer: event.timer });
    return;
  }
  fireTimer(host.server, serverIo(world, doors, host), event.timer);
}

export function onHttp(world: World, doors: Doors, event: HttpArrives): void {
  const host = runningHost(world, event.host);
  // A frozen server takes the connection and never answers; a dead one refuses it.
  if (host?.frozen === true) return;
  const listens = host?.listeners.some((one) => one.port === event.port) === true;
  if (host?.server == null || !listens) {
    const error = `connect ECONNREFUSED ${event.host}:${event.port}`;
    sendInput(world, event.pid, { kind: "reply", id: event.request, reply: { ok: false, error } });
    return;
  }
  const [path = "/", query = ""] = event.path.split("?", 2);
  const { status, contentType, body } = monitor(
    host.server,
    serverIo(world, doors, host),
    path,
    query,
  );
  const value = { status, contentType, body };
  sendInput(world, event.pid, { kind: "reply", id: event.request, reply: { ok: true, value } });
}

/** What a host's server is told at its next start, and the ports and the disk that follow. */
export function setConfig(host: Host, config: ServerConfig): void {
  host.config = Object.freeze(config);
  const listeners: Listener[] = [{ port: config.port, service: "nats" }];
  if (config.websocket !== null) {
    listeners.push({ port: config.websocket.port, service: "websocket" });
  }
  if (config.monitoring !== null) {
    listeners.push({ port: config.monitoring.port, service: "monitoring" });
  }
  host.listeners = listeners;
  if (config.jetstream !== null) host.disk.syncInterval = config.jetstream.syncInterval;
}

export function serverOwner(name: string): string {
  return `server:${name}`;
}

function stopProcess(world: World, host: Host): void {
  clearOwner(world.kernel, serverOwner(host.name));
  host.up = false;
  host.frozen = false;
  host.server = null;
  host.backlog.length = 0;
}

function ownConns(world: World, host: Host): Conn[] {
  return [...world.conns.values()].filter((conn) => {
    return conn.b.host === host.name && conn.b.owner.kind === "server" && conn.status === "open";
  });
}

function runningHost(world: World, name: string): Host | undefined {
  const host = world.hosts.get(name);
  return host?.up === true ? host : undefined;
}

/** The life of a server process on its host: configured, started, killed, frozen, without power. */
import { assert, clearOwner, schedule, setTimer, unreachable } from "../kernel/index.ts";
import { createServer, lameDuckServer, type ServerConfig, startServer } from "../server/index.ts";
import { type Conn, endOfServer } from "./conns.ts";
import { losePower } from "./disk.ts";
import type { EventOf } from "./events.ts";
import type { Host, Listener } from "./host.ts";
import { auditCrash } from "./ledger/audit.ts";
import { leaveIfStopped, serverIo, serverOwner } from "./machine.ts";
import { recordWorld } from "./record.ts";
import { closeConn, resumeStalled } from "./send.ts";
import { readServerFile } from "./server-file.ts";
import type { Doors, World } from "./world.ts";

/** Gives a host a server process with this configuration. Its disk is read as it stands. */
export function startHost(world: World, doors: Doors, host: Host): void {
  assert(host.config !== null, `${host.name} has no server configuration`);
  assert(!host.up, `${host.name} runs already`);
  if (host.file !== undefined) setConfig(host, readServerFile(world, host));
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
  for (const { conn, end } of ownConns(world, host)) {
    closeConn(world, conn.id, end, "connection reset");
  }
}

/** Cuts the power: no goodbye to anyone, and what was not synced is lost. */
export function powerOffHost(world: World, doors: Doors, host: Host, torn: boolean): void {
  for (const { conn, end } of ownConns(world, host)) {
    if (end === "a") conn.a.gone = true;
    else conn.b.gone = true;
  }
  auditCrash(world, doors, host, {
    why: "acknowledged before it was synced to disk",
    act() {
      stopProcess(world, host);
      losePower(world, host, torn);
    },
  });
  host.powered = false;
}

/** Lame duck mode (`nats-server --signal ldm`): no new clients, those that are here go in time. */
export function lameDuckHost(world: World, doors: Doors, host: Host): void {
  assert(host.server !== null, `${host.name} is up without a server`);
  lameDuckServer(host.server, serverIo(world, doors, host));
  leaveIfStopped(world, host);
}

/** The process of a lame duck is gone when the last client is; what was in memory goes with it. */
export function onServerExit(world: World, doors: Doors, event: EventOf<"server-exit">): void {
  const host = world.hosts.get(event.host);
  if (host?.server?.phase !== "stopped") return;
  killHost(world, doors, host);
  world.notable++;
  const detail = "exited in good order";
  recordWorld(world, doors.trace, { host: host.name, kind: "note", subject: host.name, detail });
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
      case "timer": {
        const { name: timerName, timer } = item;
        const event = { kind: "server-timer", host: name, name: timerName, timer } as const;
        setTimer(world.kernel, serverOwner(name), timerName, at, event);
        break;
      }
      case "accept":
        schedule(world.kernel, at, { kind: "accept", host: name, conn: item.conn });
        break;
      case "dialled": {
        const { conn, refused } = item;
        schedule(world.kernel, at, { kind: "dialled", host: name, conn, refused });
        break;
      }
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
  if (config.cluster !== null) {
    listeners.push({ port: config.cluster.port, service: "route" });
  }
  if (config.jetstream !== null) host.disk.syncInterval = config.jetstream.syncInterval;
}

function stopProcess(world: World, host: Host): void {
  clearOwner(world.kernel, serverOwner(host.name));
  host.up = false;
  host.frozen = false;
  host.server = null;
  for (const item of host.backlog.splice(0)) {
    if (item.kind !== "arrive") continue;
    // The machine still has these bytes: it answers for a process that is no more.
    const { conn, direction } = item;
    const event = { kind: "arrive", host: host.name, conn, direction } as const;
    schedule(world.kernel, world.kernel.now, event);
  }
}

interface OwnConn {
  readonly conn: Conn;
  readonly end: "a" | "b";
}

/** Connections that the host's server holds, with those that it is dialling. */
function ownConns(world: World, host: Host): OwnConn[] {
  const own: OwnConn[] = [];
  for (const conn of world.conns.values()) {
    const end = endOfServer(conn, host.name);
    if (end === "a" || (end === "b" && conn.status === "open")) own.push({ conn, end });
  }
  return own;
}

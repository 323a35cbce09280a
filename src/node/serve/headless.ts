/** A whole headless server: listeners, machine, ports file, log; and its orderly end. */
import { writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { performance } from "node:perf_hooks";
import { ReloadError, type ServerConfig } from "../../server/index.ts";
import { isSystemError } from "../system-error.ts";
import { announce } from "./announce.ts";
import { addressOf, closeListener, listen, portOf } from "./listeners.ts";
import type { Log } from "./log.ts";
import { Machine } from "./machine.ts";
import { createMonitoringListener } from "./monitoring.ts";
import { listenerUrls, type Ports, removePortsFile, writePortsFile } from "./ports-file.ts";
import { openSecurity, type Security } from "./security.ts";
import { listenFailure, type Place, StartError, storeFailure } from "./start-error.ts";
import { createTcpListener } from "./tcp.ts";
import { createWebsocketListener, type WebsocketOptions } from "./websocket.ts";

export interface Headless {
  readonly machine: Machine;
  readonly ports: Ports;
  /** Throws ReloadError, or why certificates cannot be used; then nothing was changed. */
  reload(config: ServerConfig): void;
  /** Where a reload that the system account orders finds what to read; `read` may throw. */
  follow(read: () => ServerConfig): void;
  /** No new clients; those that are here go one by one; ends when the last has gone. */
  lameDuck(): void;
  /** Closes everything. */
  stop(): Promise<void>;
  /** Settled when the server has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

interface Listeners {
  readonly nats: Server;
  readonly websocket: Server | null;
  readonly monitoring: Server | null;
}

/**
 * Ports of -1 are any that are free. Rejects with StartError when one is taken or the store
 * directory cannot be used; nothing listens then.
 */
export async function startHeadless(
  wanted: ServerConfig,
  log: Log,
  configFile = "",
): Promise<Headless> {
  let machine: Machine | null = null;
  const theMachine = (): Machine => {
    if (machine === null) throw new Error("a client came before the server");
    return machine;
  };
  const doors: Doors = {
    machine: theMachine,
    security: openSecurity(wanted),
    onFailure: (text) => log.write("error", text),
  };
  const listeners = await openListeners(wanted, doors);
  const config = withRealPorts(wanted, listeners);
  const before = performance.now();
  try {
    machine = new Machine(config, (level, text) => log.write(level, text));
  } catch (error) {
    await Promise.all(allOf(listeners).map(closeListener));
    if (!isSystemError(error)) throw error;
    throw new StartError(storeFailure(error));
  }
  machine.start();
  const startMs = performance.now() - before;
  announce({ config, server: machine.server, configFile, startMs }, log);
  const ports = portsOf(listeners, wanted.websocket?.tls !== undefined);
  const { portsFileDir, pidFile } = config.process;
  const portsFile = portsFileDir === "" ? "" : writePortsFile(portsFileDir, ports);
  if (pidFile !== "") writeFileSync(pidFile, String(process.pid));
  return manage(machine, { listeners, ports, portsFile, doors });
}

/** What listeners lead to. */
interface Doors {
  readonly machine: () => Machine;
  readonly onFailure: (text: string) => void;
  security: Security | null;
}

interface Opened {
  readonly listeners: Listeners;
  readonly ports: Ports;
  readonly portsFile: string;
  readonly doors: Doors;
}

function manage(machine: Machine, { listeners, ports, portsFile, doors }: Opened): Headless {
  let settle = (): void => {};
  const ended = new Promise<void>((resolve) => {
    settle = resolve;
  });
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    machine.shutDown();
    if (portsFile !== "") removePortsFile(portsFile);
    await Promise.all(allOf(listeners).map(closeListener));
    settle();
  };
  const stopOnce = (): Promise<void> => {
    stopping ??= stop();
    return stopping;
  };
  machine.onStopped = () => void stopOnce();
  return {
    machine,
    ports,
    reload(config) {
      const security = openSecurity(config);
      machine.reload(config);
      doors.security = security;
    },
    follow(read) {
      machine.readConfig = () => {
        const config = readOrRefuse(read);
        doors.security = openSecurity(config);
        return config;
      };
    },
    lameDuck() {
      listeners.nats.close();
      listeners.websocket?.close();
      machine.lameDuck();
    },
    stop: stopOnce,
    ended,
  };
}

/** Whatever is wrong with the file is why there is no reload. */
function readOrRefuse(read: () => ServerConfig): ServerConfig {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || error.name === "AssertionError") throw error;
    throw new ReloadError(error.message);
  }
}

async function openListeners(config: ServerConfig, doors: Doors): Promise<Listeners> {
  const { websocket, monitoring } = config;
  const { machine, onFailure } = doors;
  const opened: Server[] = [];
  const open = async (server: Server, place: Place, told: (why: string) => string) => {
    try {
      await listen(server, place.host, place.port);
      opened.push(server);
      return server;
    } catch (error) {
      await Promise.all(opened.map(closeListener));
      if (!isSystemError(error)) throw error;
      throw new StartError(told(listenFailure(error, place)));
    }
  };
  const atClients = (why: string): string =>
    `Error listening on port: ${config.host}:${config.port}, ${JSON.stringify(why)}`;
  const tcp = createTcpListener(machine, { security: () => doors.security, onFailure });
  const httpHost = monitoring === null || monitoring.host === "" ? config.host : monitoring.host;
  const http =
    monitoring === null
      ? null
      : await open(
          createMonitoringListener(machine),
          { host: httpHost, port: monitoring.port },
          (why) => `Can't start monitoring: can't listen to the monitor port: ${why}`,
        );
  const ws =
    websocket === null
      ? null
      : await open(
          createWebsocketListener(machine, webOptions(config)),
          websocket,
          (why) => `Unable to listen for websocket connections: ${why}`,
        );
  // Last, as nats-server's `Start` has it: who is let in here finds the other doors open.
  const nats = await open(tcp, config, atClients);
  return { nats, websocket: ws, monitoring: http };
}

/** INFO on a WebSocket tells of that listener's TLS, and of the other's demands. */
function webOptions({ websocket, tls }: ServerConfig): WebsocketOptions {
  if (websocket === null) throw new Error("there is no websocket listener");
  const isSecure = websocket.tls !== undefined;
  if (!isSecure && tls === undefined) return websocket;
  const verify = tls?.verify === true;
  return { ...websocket, told: { required: isSecure, verify, available: isSecure } };
}

function withRealPorts(config: ServerConfig, listeners: Listeners): ServerConfig {
  const { websocket, monitoring } = config;
  return Object.freeze({
    ...config,
    port: portOf(listeners.nats),
    websocket:
      websocket === null || listeners.websocket === null
        ? null
        : { ...websocket, port: portOf(listeners.websocket) },
    monitoring:
      monitoring === null || listeners.monitoring === null
        ? null
        : { ...monitoring, port: portOf(listeners.monitoring) },
  });
}

function portsOf({ nats, websocket, monitoring }: Listeners, isSecure: boolean): Ports {
  return {
    nats: listenerUrls("nats", addressOf(nats)),
    ...(monitoring === null ? {} : { monitoring: listenerUrls("http", addressOf(monitoring)) }),
    ...(websocket === null
      ? {}
      : { websocket: listenerUrls(isSecure ? "wss" : "ws", addressOf(websocket)) }),
  };
}

function allOf({ nats, websocket, monitoring }: Listeners): Server[] {
  return [nats, websocket, monitoring].flatMap((server) => (server === null ? [] : [server]));
}

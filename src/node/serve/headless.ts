/** A whole headless server: listeners, machine, ports file, log; and its orderly end. */
import { writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { performance } from "node:perf_hooks";
import { ReloadError, type ServerConfig } from "../../server/index.ts";
import { announce } from "./announce.ts";
import { addressOf, closeListener, listen, portOf } from "./listeners.ts";
import type { Log } from "./log.ts";
import { Machine } from "./machine.ts";
import { createMonitoringListener } from "./monitoring.ts";
import { openBcrypt } from "./passwords.ts";
import { listenerUrls, type Ports, removePortsFile, writePortsFile } from "./ports-file.ts";
import { openSecurity, type Security } from "./security.ts";
import { createTcpListener } from "./tcp.ts";
import { createWebsocketListener, type WebsocketOptions } from "./websocket.ts";

export interface Headless {
  readonly machine: Machine;
  readonly ports: Ports;
  /** Rejects with ReloadError, or why certificates cannot be used; then nothing was changed. */
  reload(config: ServerConfig): Promise<void>;
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

/** Ports of -1 are any that are free. Throws the system's error when one is taken. */
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
  machine = new Machine(config, (level, text) => log.write(level, text));
  machine.bcrypt = await openBcrypt(config);
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
    async reload(config) {
      const security = openSecurity(config);
      machine.bcrypt = await openBcrypt(config);
      machine.reload(config);
      doors.security = security;
    },
    follow(read) {
      machine.readConfig = () => {
        const config = readOrRefuse(read);
        doors.security = openSecurity(config);
        void openBcrypt(config).then((bcrypt) => {
          machine.bcrypt = bcrypt;
        });
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
  const nats = createTcpListener(machine, { security: () => doors.security, onFailure });
  await listen(nats, config.host, config.port);
  const http = monitoring === null ? null : createMonitoringListener(machine);
  const httpHost = monitoring === null || monitoring.host === "" ? config.host : monitoring.host;
  if (http !== null) await listen(http, httpHost, monitoring?.port ?? 0);
  const ws = websocket === null ? null : createWebsocketListener(machine, webOptions(config));
  if (ws !== null) await listen(ws, websocket?.host ?? "", websocket?.port ?? 0);
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

/** A whole headless server: listeners, machine, ports file, log; and its orderly end. */
import { writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { type ServerConfig, serverVersion } from "../../server/index.ts";
import { addressOf, closeListener, listen, portOf } from "./listeners.ts";
import type { Log } from "./log.ts";
import { Machine } from "./machine.ts";
import { createMonitoringListener } from "./monitoring.ts";
import { listenerUrls, type Ports, removePortsFile, writePortsFile } from "./ports-file.ts";
import { createTcpListener } from "./tcp.ts";
import { createWebsocketListener } from "./websocket.ts";

export interface Headless {
  readonly machine: Machine;
  readonly ports: Ports;
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
export async function startHeadless(wanted: ServerConfig, log: Log): Promise<Headless> {
  let machine: Machine | null = null;
  const theMachine = (): Machine => {
    if (machine === null) throw new Error("a client came before the server");
    return machine;
  };
  const listeners = await openListeners(wanted, theMachine);
  const config = withRealPorts(wanted, listeners);
  machine = new Machine(config, (level, text) => log.write(level, text));
  machine.start();
  announce(config, machine, log);
  const ports = portsOf(listeners);
  const { portsFileDir, pidFile } = config.process;
  const portsFile = portsFileDir === "" ? "" : writePortsFile(portsFileDir, ports);
  if (pidFile !== "") writeFileSync(pidFile, String(process.pid));
  return manage(machine, { listeners, ports, portsFile });
}

function manage(
  machine: Machine,
  { listeners, ports, portsFile }: { listeners: Listeners; ports: Ports; portsFile: string },
): Headless {
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
    lameDuck() {
      listeners.nats.close();
      listeners.websocket?.close();
      machine.lameDuck();
    },
    stop: stopOnce,
    ended,
  };
}

async function openListeners(config: ServerConfig, machine: () => Machine): Promise<Listeners> {
  const { websocket, monitoring } = config;
  const nats = createTcpListener(machine);
  await listen(nats, config.host, config.port);
  const http = monitoring === null ? null : createMonitoringListener(machine);
  const httpHost = monitoring === null || monitoring.host === "" ? config.host : monitoring.host;
  if (http !== null) await listen(http, httpHost, monitoring?.port ?? 0);
  const ws = websocket === null ? null : createWebsocketListener(machine, websocket);
  if (ws !== null) await listen(ws, websocket?.host ?? "", websocket?.port ?? 0);
  return { nats, websocket: ws, monitoring: http };
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

function portsOf({ nats, websocket, monitoring }: Listeners): Ports {
  return {
    nats: listenerUrls("nats", addressOf(nats)),
    ...(monitoring === null ? {} : { monitoring: listenerUrls("http", addressOf(monitoring)) }),
    ...(websocket === null ? {} : { websocket: listenerUrls("ws", addressOf(websocket)) }),
  };
}

/** The start-up lines, in nats-server's order. */
function announce(config: ServerConfig, { server }: Machine, log: Log): void {
  const info = (text: string): void => log.write("info", text);
  info("Starting nats-server");
  info(`  Version:  ${serverVersion}`);
  info("  Git:      [not set]");
  info(`  Name:     ${server.name}`);
  info(`  ID:       ${server.id}`);
  const { monitoring, websocket, jetstream } = config;
  if (monitoring !== null) {
    const host = monitoring.host === "" ? config.host : monitoring.host;
    info(`Starting http monitor on ${host}:${monitoring.port}`);
  }
  if (jetstream !== null) {
    info("Starting JetStream");
    info("---------------- JETSTREAM ----------------");
    info(`  Strict:          ${jetstream.strict}`);
    const folder = jetstream.storeDir;
    const place = folder === "" ? "in memory, gone with this process" : `"${folder}/jetstream"`;
    info(`  Store Directory: ${place}`);
    info("-------------------------------------------");
  }
  if (websocket !== null) {
    info(`Listening for websocket clients on ws://${websocket.host}:${websocket.port}`);
  }
  info(`Listening for client connections on ${config.host}:${config.port}`);
  info("Server is ready");
}

function allOf({ nats, websocket, monitoring }: Listeners): Server[] {
  return [nats, websocket, monitoring].flatMap((server) => (server === null ? [] : [server]));
}

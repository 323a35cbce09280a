/** Servers of a hosted world, as real clients reach them (`windtunnel serve --world`). */
import { type MonitorResponse, monitoringParts, type ServerConfig } from "../server/index.ts";
import type { Host } from "./host.ts";
import { serverIo } from "./machine.ts";
import type { Doors, World } from "./world.ts";

/** Where real clients reach one of a server's listeners. */
export interface RealAddress {
  readonly service: "nats" | "websocket";
  readonly host: string;
  readonly port: number;
}

/**
 * Lets a server say in INFO that clients reach it at this real address. The same address leads to
 * it inside the world, for there too it is passed on.
 */
export function advertise(world: World, host: Host, { service, ...address }: RealAddress): void {
  const listener = host.listeners.find((one) => one.service === service);
  if (listener === undefined || host.config === null) return;
  const place = `${address.host}:${address.port}`;
  const told = (config: ServerConfig): ServerConfig => {
    const { websocket } = config;
    if (service === "nats") return Object.freeze({ ...config, clientAdvertise: place });
    if (websocket === null) return config;
    const advertised = Object.freeze({ ...websocket, advertise: place });
    return Object.freeze({ ...config, websocket: advertised });
  };
  host.config = told(host.config);
  // The server may have made more of its configuration than the host was given.
  const { server } = host;
  if (server !== null) server.config = told(server.config);
  world.forwards.set(address.port, { host: host.name, port: listener.port });
}

/** What a server answers on its monitoring port; null when no process is there to answer. */
export function askMonitor(
  world: World,
  doors: Doors,
  name: string,
  asked: { readonly path: string; readonly query: string },
): MonitorResponse | null {
  const host = world.hosts.get(name);
  if (host?.up !== true || host.frozen || host.server === null) return null;
  return monitoringParts().monitor(
    host.server,
    serverIo(world, doors, host),
    asked.path,
    asked.query,
  );
}

/** Servers of a hosted world, as real clients reach them (`windtunnel serve --world`). */
import { type MonitorResponse, monitor } from "../server/index.ts";
import type { Host } from "./host.ts";
import { serverIo } from "./machine.ts";
import type { Doors, World } from "./world.ts";

/**
 * Lets a server say in INFO that clients reach it at this real address. The same address leads to
 * it inside the world, for there too it is passed on.
 */
export function advertise(
  world: World,
  host: Host,
  address: { readonly host: string; readonly port: number },
): void {
  const listener = host.listeners.find((one) => one.service === "nats");
  if (listener === undefined || host.config === null) return;
  const clientAdvertise = `${address.host}:${address.port}`;
  host.config = Object.freeze({ ...host.config, clientAdvertise });
  const { server } = host;
  // The server may have made more of its configuration than the host was given.
  if (server !== null) server.config = Object.freeze({ ...server.config, clientAdvertise });
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
  return monitor(host.server, serverIo(world, doors, host), asked.path, asked.query);
}

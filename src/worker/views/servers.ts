/** Servers as the canvas shows them. */
import { type Host, serverHosts, unsyncedBytes, type World } from "../../world/index.ts";
import type { ServerView } from "../frames.ts";
import { serverId } from "./names.ts";

/** Since when each server's disk has been dirty; the disk itself does not date its writes. */
export type DirtySince = Map<string, number>;

export function viewServers(world: World, since: DirtySince): ServerView[] {
  return serverHosts(world).map((host) => viewServer(world, host, since));
}

function viewServer(world: World, host: Host, since: DirtySince): ServerView {
  const bytes = host.powered ? unsyncedBytes(host.disk) : 0;
  if (bytes === 0) since.delete(host.name);
  else if (!since.has(host.name)) since.set(host.name, world.kernel.now);
  return {
    id: serverId(host.name),
    name: host.name,
    state: stateOf(host),
    role: null,
    term: null,
    unsyncedBytes: bytes,
    unsyncedSince: since.get(host.name) ?? null,
    note: "",
  };
}

function stateOf(host: Host): ServerView["state"] {
  if (!host.powered) return "off";
  if (!host.up) return "down";
  if (host.frozen) return "frozen";
  return host.server?.phase === "lame-duck" ? "lame-duck" : "up";
}

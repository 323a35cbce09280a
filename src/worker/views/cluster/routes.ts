/** Routes between the servers of a cluster: open or not, and what a fault did to the way. */
import { type Host, serverHosts, type World } from "../../../world/index.ts";
import type { RouteView } from "../../frames.ts";
import { routeId, serverId } from "../names.ts";

/** Latencies below this cannot be seen at any speed that anybody watches. */
const visibleLatency = 20e6;

export function viewRoutes(world: World): RouteView[] {
  const hosts = serverHosts(world).sort((one, other) => (one.name < other.name ? -1 : 1));
  const open = openRoutes(world);
  const routes: RouteView[] = [];
  for (const [place, a] of hosts.entries()) {
    for (const b of hosts.slice(place + 1)) {
      if (clusterOf(a) === "" || clusterOf(a) !== clusterOf(b)) continue;
      const id = routeId(a.name, b.name);
      const link = world.links.get(`${a.name}-${b.name}`);
      const latency = Number(link?.latency ?? 0);
      routes.push({
        id,
        a: serverId(a.name),
        b: serverId(b.name),
        state: open.has(id) && a.up && b.up ? "open" : "closed",
        cut: link?.cut ?? "no",
        latency: latency >= visibleLatency ? latency : null,
      });
    }
  }
  return routes;
}

const clusterOf = (host: Host): string => host.config?.cluster?.name ?? "";

function openRoutes(world: World): Set<string> {
  const open = new Set<string>();
  for (const { a, b, status } of world.conns.values()) {
    if (a.owner.kind !== "server" || status !== "open") continue;
    open.add(a.host < b.host ? routeId(a.host, b.host) : routeId(b.host, a.host));
  }
  return open;
}

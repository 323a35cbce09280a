/** Targets of faults: names of servers, or selectors resolved when the line runs. */
import { deskName, type Host, serverHosts } from "../host.ts";
import { stateLookup } from "../state/lookup.ts";
import type { World } from "../world.ts";
import { UsageError } from "./usage-error.ts";

/** The servers that the targets name, each once, in the order given. */
export function selectServers(world: World, targets: readonly string[]): Host[] {
  const found = new Map<string, Host>();
  for (const target of targets) {
    for (const host of select(world, target)) found.set(host.name, host);
  }
  return [...found.values()];
}

/** The hosts, the desk included, that the targets name. */
export function selectHosts(world: World, targets: readonly string[]): string[] {
  const names = new Set<string>();
  for (const target of targets) {
    if (target === deskName) names.add(target);
    else for (const host of select(world, target)) names.add(host.name);
  }
  return [...names];
}

function select(world: World, target: string): Host[] {
  if (target === "all") return serverHosts(world);
  if (target === "meta-leader") return [metaLeader()];
  const [kind, ...rest] = target.split(":");
  const what = rest.join(":");
  switch (kind) {
    case "not": {
      const excluded = new Set(select(world, what).map((host) => host.name));
      return serverHosts(world).filter((host) => !excluded.has(host.name));
    }
    case "leader":
      return [leaderOf(world, what)];
    case "follower":
      throw new UsageError(`${what.split(":", 1)[0]} has no follower: it has one replica`);
    case "zone":
      throw new UsageError(`no server is in zone "${what}"`);
    default:
      return [serverNamed(world, target)];
  }
}

function serverNamed(world: World, name: string): Host {
  const host = world.hosts.get(name);
  if (host?.kind === "server") return host;
  const known = serverHosts(world).map((one) => one.name);
  const list = known.length === 0 ? "there is none yet" : `there are ${known.join(", ")}`;
  throw new UsageError(`no server ${name}: ${list}`);
}

function leaderOf(world: World, stream: string): Host {
  const leader = stateLookup(world).leader(stream);
  const host = world.hosts.get(leader);
  if (host === undefined) throw new UsageError(`stream ${stream} has no leader now`);
  return host;
}

function metaLeader(): never {
  throw new UsageError("there is no meta leader: no server is clustered");
}

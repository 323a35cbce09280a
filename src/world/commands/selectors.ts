/** Targets of faults: names of servers, or selectors resolved when the line runs. */
import { deskName, type Host, serverHosts } from "../host.ts";
import { stateLookup } from "../state/lookup.ts";
import { metaSection } from "../state/raft.ts";
import { findStream } from "../state/streams.ts";
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
  if (target === "down") return serversDown(world);
  if (target === "unpowered") return serversUnpowered(world);
  if (target === "frozen") return serversFrozen(world);
  if (target === "meta-leader") return [metaLeader(world)];
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
      return [followerOf(world, what)];
    case "zone":
      return inZone(world, what);
    default:
      return [serverNamed(world, target)];
  }
}

/** Those whose process does not run: what `fault start` mends. */
function serversDown(world: World): Host[] {
  const down = serverHosts(world).filter(({ up }) => !up);
  if (down.length === 0) throw new UsageError("every server runs");
  return down;
}

/** Of those that do not run, those without power: `fault start` gives it back. */
function serversUnpowered(world: World): Host[] {
  const dark = serverHosts(world).filter((host) => !host.powered);
  if (dark.length === 0) throw new UsageError("every server has power");
  return dark;
}

/** Those that stand still: what `fault resume` lets go on. */
function serversFrozen(world: World): Host[] {
  const frozen = serverHosts(world).filter((host) => host.frozen);
  if (frozen.length === 0) throw new UsageError("no server is frozen");
  return frozen;
}

function serverNamed(world: World, name: string): Host {
  const host = world.hosts.get(name);
  if (host?.kind === "server") return host;
  const known = serverHosts(world).map((one) => one.name);
  const list = known.length === 0 ? "there is none yet" : `there are ${known.join(", ")}`;
  throw new UsageError(`no server ${name}: ${list}`);
}

/** Of a stream, or of a consumer: `STREAM/CONSUMER`. */
function leaderOf(world: World, asset: string): Host {
  const stream = world.hosts.get(stateLookup(world).leader(asset));
  const host = stream ?? world.hosts.get(consumerLeader(world, asset));
  if (host !== undefined) return host;
  const kind = asset.includes("/") ? "consumer" : "stream";
  throw new UsageError(`${kind} ${asset} has no leader now`);
}

function consumerLeader(world: World, asset: string): string {
  const slash = asset.lastIndexOf("/");
  if (slash < 0) return "";
  const { consumer } = stateLookup(world);
  const found = consumer(asset.slice(0, slash), asset.slice(slash + 1)) as ClusteredView | null;
  return found?.cluster?.leader ?? "";
}

/** What is read of a consumer's section of the state. */
interface ClusteredView {
  readonly cluster?: { readonly leader?: string };
}

/** `STREAM` or `STREAM:2`: the n-th of those that do not lead, dead ones too, in order of hosts. */
function followerOf(world: World, what: string): Host {
  const [, stream = what, digits = "1"] = /^(.*):(\d+)$/.exec(what) ?? [];
  const found = findStream(world, stream);
  const group = found?.group ?? null;
  if (found === null) throw new UsageError(`no replica of stream ${stream} runs`);
  if (group === null) throw new UsageError(`${stream} has no follower: it has one replica`);
  const followers = serverHosts(world).filter(({ name }) => {
    return name !== found.leader && group.core.stable.peers.includes(name);
  });
  const host = followers[Number(digits) - 1];
  if (host !== undefined) return host;
  throw new UsageError(`${stream} has ${followers.length} followers, the first is ${stream}:1`);
}

/** The servers with the tag `zone:NAME` or `az:NAME`. */
function inZone(world: World, zone: string): Host[] {
  const hosts = serverHosts(world).filter(({ config }) => {
    return config?.tags.some((tag) => tag === `zone:${zone}` || tag === `az:${zone}`);
  });
  if (hosts.length === 0) throw new UsageError(`no server is in zone "${zone}"`);
  return hosts;
}

function metaLeader(world: World): Host {
  const { leader } = metaSection(world);
  const host = world.hosts.get(String(leader));
  if (host !== undefined) return host;
  const isClustered = serverHosts(world).some(({ config }) => (config?.cluster ?? null) !== null);
  throw new UsageError(
    isClustered ? "there is no meta leader now" : "there is no meta leader: no server is clustered",
  );
}

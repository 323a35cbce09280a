/** `world`: which machines there are and how they are linked. */
import { clusterPartsAreHere, type ServerConfig } from "../../server/index.ts";
import { setLink } from "../faults/network.ts";
import { addHost, deskName, type Host, serverHosts } from "../host.ts";
import { killHost, setConfig, startHost } from "../power.ts";
import {
  clusteredServer,
  clusterOf,
  membersOf,
  type Preset,
  presets,
  recordedPort,
  standardServer,
} from "../presets.ts";
import { mergeEnvironment } from "../processes/terminal.ts";
import { recordWorld } from "../record.ts";
import type { World } from "../world.ts";
import { type Call, flagAs, type WorldCommandSpec } from "./grammar.ts";
import { selectHosts, selectServers } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";
import { formatDuration, parseBandwidth, parseDuration } from "./values.ts";
import { splitWords } from "./words.ts";

const coldFlag = { name: "cold", value: null, help: "Start from nothing, unsettled" } as const;

export const topologyCommands: readonly WorldCommandSpec[] = [
  {
    path: "world server",
    args: "[NAME]",
    argsMin: 0,
    argsMax: 1,
    flags: [coldFlag],
    help: "One server with JetStream; the first is reached as nats://127.0.0.1:4222.",
    example: "world server",
    run: (call) => addServer(call, call.args[0] ?? "n1"),
  },
  {
    path: "world cluster",
    args: "NAME N",
    argsMin: 2,
    argsMax: 2,
    flags: [
      { name: "zones", value: "A,B,..", help: "Tags the servers zone:A, zone:B and on, in turn" },
      coldFlag,
    ],
    help: "A cluster of N servers (1 to 9) for terminals to talk to; an unused server makes room.",
    example: "world cluster east 3",
    run: runCluster,
  },
  {
    path: "world preset",
    args: "NAME",
    argsMin: 1,
    argsMax: 1,
    flags: [coldFlag],
    help: `A world by name: ${presets.map((one) => `${one.name} (${one.help})`).join("; ")}.`,
    example: "world preset plain",
    run: runPreset,
  },
  {
    path: "world add",
    args: "NAME",
    argsMin: 1,
    argsMax: 1,
    flags: [],
    help: "Adds a server: to the cluster when there is one, else beside those that are there.",
    example: "world add n2",
    run: runAdd,
  },
  {
    path: "world rm",
    args: "NAME",
    argsMin: 1,
    argsMax: 1,
    flags: [],
    help: "Takes a server and its disk away for good.",
    example: "world rm n2",
    run: runRemove,
  },
  {
    path: "world set",
    args: "TARGET KEY VALUE",
    argsMin: 3,
    argsMax: 3,
    flags: [],
    help: "Changes a setting of servers: sync_interval (a duration, or always).",
    example: "world set all sync_interval always",
    run: runSet,
  },
  {
    path: "world link",
    args: "A B",
    argsMin: 2,
    argsMax: 2,
    flags: [
      { name: "latency", value: "DURATION", help: "One-way delay" },
      { name: "jitter", value: "DURATION", help: "How much the delay varies" },
      { name: "bandwidth", value: "BYTES/s", help: "How much fits" },
    ],
    help: "Sets how a link is when it is well.",
    example: "world link desk n1 --latency 40ms",
    run: runLink,
  },
  {
    path: "world show",
    args: "",
    argsMin: 0,
    argsMax: 0,
    flags: [],
    help: "Lists the machines.",
    example: "world show",
    run: ({ world }) => [...world.hosts.values()].map(describeHost).join(""),
  },
];

/** True when this line makes a cluster and `provideClusterParts` was not called yet. */
export function needsClusterParts(line: string): boolean {
  if (clusterPartsAreHere()) return false;
  const [family, verb, ...rest] = splitWords(line) ?? [];
  if (family !== "world") return false;
  if (verb === "cluster") return true;
  const preset = presets.find(({ name }) => rest.includes(name));
  return preset?.servers().some(({ cluster }) => cluster !== null) === true;
}

function addServer(call: Call, name: string): string {
  checkName(call.world, name);
  placeServer(call, standardServer(name));
  noteWorld(call, name);
  return "";
}

function checkName(world: World, name: string): void {
  if (!/^[A-Za-z][\w-]{0,31}$/.test(name)) {
    throw new UsageError(`"${name}" is no name for a server: letters, digits, - and _`);
  }
  if (world.hosts.has(name)) throw new UsageError(`there is a ${name} already: \`world add n2\``);
}

/**
 * Puts a server into the world. Its ports are those of the desk too where they are free: the next
 * ones for a further server of a cluster.
 */
function placeServer({ world, doors }: Call, config: ServerConfig): void {
  const before = serverHosts(world).length;
  const host = addHost(world, config.name, "server");
  setConfig(host, config);
  if (before === 0 || config.cluster !== null) {
    for (const { port, service } of host.listeners) {
      const forward = { host: host.name, port };
      if (service !== "route") world.forwards.set(freePort(world, port), forward);
    }
  }
  startHost(world, doors, host);
}

function freePort({ forwards }: World, from: number): number {
  let port = from;
  while (forwards.has(port)) port++;
  return port;
}

function runAdd(call: Call): string {
  const { world, args } = call;
  const name = args[0] ?? "";
  const joined = serverHosts(world).find((host) => host.config?.cluster != null);
  if (joined?.config?.cluster == null) return addServer(call, name);
  checkName(world, name);
  const cluster = joined.config.cluster.name;
  const members = [...membersOfCluster(world, cluster), name];
  placeServer(call, clusteredServer(name, cluster, members));
  for (const host of serverHosts(world)) {
    // They learn the new one when it dials them; at their next start they dial it themselves.
    if (host.name === name || host.config?.cluster?.name !== cluster) continue;
    setConfig(host, { ...host.config, cluster: clusterOf(host.name, cluster, members) });
  }
  nameServers(world, cluster);
  noteWorld(call, name);
  return "";
}

function runCluster(call: Call): string {
  const { world, args } = call;
  const [cluster = "", count = ""] = args;
  if (!/^[A-Za-z][\w-]{0,31}$/.test(cluster)) {
    throw new UsageError(`"${cluster}" is no name for a cluster: letters, digits, - and _`);
  }
  if (!/^[1-9]$/.test(count)) throw new UsageError("a cluster has 1 to 9 servers");
  if (membersOfCluster(world, cluster).length > 0) {
    throw new UsageError(`there is a cluster ${cluster} already: \`world add NAME\` adds to it`);
  }
  const tags = flagAs(call, "zones", zoneTags, []);
  const unused = unusedServer(world);
  if (unused !== null) removeHost(call, unused);
  const isFirst = serverHosts(world).length === 0;
  const named = membersOf(Number(count));
  const members = isFirst ? named : named.map((name) => `${cluster}-${name.slice(1)}`);
  for (const name of members) checkName(world, name);
  for (const [at, name] of members.entries()) {
    const tag = tags[at % tags.length];
    const server = clusteredServer(name, cluster, members);
    placeServer(call, tag === undefined ? server : { ...server, tags: [tag] });
  }
  nameServers(world, cluster);
  noteWorld(call, cluster);
  if (unused !== null) return `${unused.name} was unused and made room for ${cluster}.\n`;
  return isFirst ? "" : `Terminals talk to ${cluster} now; -s NAME:4222 reaches another server.\n`;
}

/**
 * The server of an untouched tunnel, whose place a cluster takes: it is alone, set up as it came,
 * nobody is connected and no stream was made. Otherwise nothing of anybody's may go.
 */
function unusedServer(world: World): Host | null {
  const [host, ...others] = serverHosts(world);
  if (host === undefined || others.length > 0 || host.server === null) return null;
  const { conns, jetstream } = host.server;
  const accounts = [...(jetstream?.accounts.values() ?? [])];
  const isPlain = JSON.stringify(host.config) === JSON.stringify(standardServer(host.name));
  if (!isPlain || host.file !== undefined || host.frozen || conns.size > 0) return null;
  return accounts.every((account) => account.streams.size === 0) ? host : null;
}

/** `a,b` as the tags by which `zone:a` finds servers, and `--tag zone:a` places streams. */
function zoneTags(text: string): string[] {
  const zones = text.split(",");
  if (zones.every((zone) => /^\w[\w-]{0,31}$/.test(zone))) return zones.map((one) => `zone:${one}`);
  throw new UsageError(`"${text}" names no zones: write them as a,b,c`);
}

function membersOfCluster(world: World, cluster: string): string[] {
  const members = serverHosts(world).filter((host) => host.config?.cluster?.name === cluster);
  return members.map((host) => host.name);
}

/**
 * Lets terminals know the desk's ports that lead to the servers of a cluster, and no others: what
 * one command stored, the next would not find on a server that is none of them.
 */
function nameServers(world: World, cluster: string): void {
  const ports: number[] = [];
  for (const [port, { host, port: there }] of world.forwards) {
    const config = world.hosts.get(host)?.config;
    if (config?.cluster?.name === cluster && config.port === there) ports.push(port);
  }
  const urls = ports.map((port) => `nats://127.0.0.1:${port}`);
  setEnvironment(world, [["NATS_URL", urls.join(",")]]);
}

function runPreset(call: Call): string {
  const { world, args } = call;
  const preset = presetNamed(args[0] ?? "");
  if (serverHosts(world).length > 0) {
    throw new UsageError("a preset wants an empty world: `world rm` the servers first");
  }
  setEnvironment(world, [["NATS_URL", `nats://127.0.0.1:${recordedPort}`]]);
  noteWorld(call, preset.name);
  const configs = preset.servers();
  for (const config of configs) placeServer(call, config);
  const cluster = configs[0]?.cluster?.name;
  if (cluster !== undefined) nameServers(world, cluster);
  return "";
}

function presetNamed(name: string): Preset {
  const preset = presets.find((one) => one.name === name);
  if (preset !== undefined) return preset;
  throw new UsageError(`no preset ${name}: ${presets.map((one) => one.name).join(", ")}`);
}

/** For the terminals that are there and those to come. */
function setEnvironment(world: World, more: readonly (readonly [string, string])[]): void {
  world.environment = mergeEnvironment(world.environment, more);
  for (const terminal of world.terminals.values()) {
    terminal.env = mergeEnvironment(terminal.env, more);
  }
}

function runRemove(call: Call): string {
  const [host] = selectServers(call.world, call.args);
  if (host === undefined) return "";
  removeHost(call, host);
  noteWorld(call, host.name);
  return "";
}

function removeHost({ world, doors }: Call, host: Host): void {
  if (host.up) killHost(world, doors, host);
  world.hosts.delete(host.name);
  for (const [port, forward] of [...world.forwards]) {
    if (forward.host === host.name) world.forwards.delete(port);
  }
  for (const [name, link] of [...world.links]) {
    if (link.first === host.name || link.second === host.name) world.links.delete(name);
  }
}

function runSet(call: Call): string {
  const [target = "", key = "", value = ""] = call.args;
  const hosts = selectServers(call.world, [target]);
  if (key !== "sync_interval") {
    throw new UsageError(`no setting ${key}: sync_interval is what can be changed here`);
  }
  const interval = value === "always" ? null : parseDuration(value);
  for (const host of hosts) {
    host.disk.syncInterval = interval;
    noteWorld(call, host.name);
  }
  return "";
}

function runLink(call: Call): string {
  const [one = "", other = ""] = selectHosts(call.world, call.args);
  if (other === "") throw new UsageError("a link has two different ends");
  setLink(call.world, one, other, {
    latency: flagAs(call, "latency", parseDuration, null),
    jitter: flagAs(call, "jitter", parseDuration, null),
    lossChance: null,
    bandwidth: flagAs(call, "bandwidth", parseBandwidth, null),
  });
  noteWorld(call, `${one} ${other}`);
  return "";
}

function describeHost(host: Host): string {
  if (host.name === deskName) return `${deskName}  ${host.address}  terminals\n`;
  const state = !host.powered ? "no power" : !host.up ? "down" : host.frozen ? "frozen" : "up";
  const ports = host.listeners.map((one) => `${one.service} ${one.port}`).join(", ");
  const offset = host.clockOffset === 0 ? "" : `  clock ${formatDuration(host.clockOffset)}`;
  return `${host.name}  ${host.address}  ${state}  ${ports}${offset}\n`;
}

function noteWorld(call: Call, subject: string): void {
  const { world, doors, line: detail } = call;
  world.notable++;
  recordWorld(world, doors.trace, { host: "", kind: "note", subject, detail });
}

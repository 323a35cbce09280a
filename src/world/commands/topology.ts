/** `world`: which machines there are and how they are linked. */
import { setLink } from "../faults/network.ts";
import { addHost, deskName, type Host, serverHosts } from "../host.ts";
import { killHost, setConfig, startHost } from "../power.ts";
import { type Preset, presets, recordedPort, standardServer } from "../presets.ts";
import { mergeEnvironment } from "../processes/terminal.ts";
import { recordWorld } from "../record.ts";
import type { World } from "../world.ts";
import { type Call, flagAs, type WorldCommandSpec } from "./grammar.ts";
import { selectHosts, selectServers } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";
import { formatDuration, parseBandwidth, parseDuration } from "./values.ts";

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
    flags: [coldFlag],
    help: "A cluster of N servers.",
    example: "world cluster east 3",
    run: () => {
      throw new UsageError("servers of this version stand alone: use `world server`");
    },
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
    help: "Adds a server beside those that are there.",
    example: "world add n2",
    run: (call) => addServer(call, call.args[0] ?? ""),
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
    args: "NAME KEY VALUE",
    argsMin: 3,
    argsMax: 3,
    flags: [],
    help: "Changes a setting of a server: sync_interval (a duration, or always).",
    example: "world set n1 sync_interval always",
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

function addServer(call: Call, name: string): string {
  const { world, doors } = call;
  if (!/^[A-Za-z][\w-]{0,31}$/.test(name)) {
    throw new UsageError(`"${name}" is no name for a server: letters, digits, - and _`);
  }
  if (world.hosts.has(name)) throw new UsageError(`there is a ${name} already: \`world add n2\``);
  const isFirst = serverHosts(world).length === 0;
  const host = addHost(world, name, "server");
  setConfig(host, standardServer(name));
  if (isFirst) {
    for (const { port } of host.listeners) world.forwards.set(port, { host: name, port });
  }
  startHost(world, doors, host);
  noteWorld(call, name);
  return "";
}

function runPreset(call: Call): string {
  const { world, doors, args } = call;
  const preset = presetNamed(args[0] ?? "");
  if (serverHosts(world).length > 0) {
    throw new UsageError("a preset wants an empty world: `world rm` the servers first");
  }
  setEnvironment(world, [["NATS_URL", `nats://127.0.0.1:${recordedPort}`]]);
  noteWorld(call, preset.name);
  if (preset.server === null) return "";
  const config = preset.server();
  const host = addHost(world, config.name, "server");
  setConfig(host, config);
  for (const { port } of host.listeners) world.forwards.set(port, { host: host.name, port });
  startHost(world, doors, host);
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
  const { world, doors, args } = call;
  const [host] = selectServers(world, args);
  if (host === undefined) return "";
  if (host.up) killHost(world, doors, host);
  world.hosts.delete(host.name);
  for (const [port, forward] of [...world.forwards]) {
    if (forward.host === host.name) world.forwards.delete(port);
  }
  for (const [name, link] of [...world.links]) {
    if (link.first === host.name || link.second === host.name) world.links.delete(name);
  }
  noteWorld(call, host.name);
  return "";
}

function runSet(call: Call): string {
  const [name = "", key = "", value = ""] = call.args;
  const [host] = selectServers(call.world, [name]);
  if (host === undefined) return "";
  if (key !== "sync_interval") {
    throw new UsageError(`no setting ${key}: only sync_interval can be changed`);
  }
  host.disk.syncInterval = value === "always" ? null : parseDuration(value);
  noteWorld(call, host.name);
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

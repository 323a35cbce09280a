/** `fault`: what breaks, and how it is mended. Each entry acts at once, at this instant. */
import { cutLinks, healLinks, spoilLink } from "../faults/network.ts";
import type { Host } from "../host.ts";
import {
  freezeHost,
  killHost,
  lameDuckHost,
  powerOffHost,
  resumeHost,
  startHost,
} from "../power.ts";
import { recordWorld } from "../record.ts";
import { type DropKind, dropKinds, namesStream } from "../taps/drop.ts";
import { type Call, flagAs, flagValue, hasFlag, type WorldCommandSpec } from "./grammar.ts";
import { selectHosts, selectServers } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";
import { parseBandwidth, parseChance, parseCount, parseDuration } from "./values.ts";

const anyCount = 1_000;

export const faultCommands: readonly WorldCommandSpec[] = [
  processFault(
    "kill",
    "Ends the server process at once (SIGKILL); its files stay.",
    (call, host) => {
      if (!host.up) throw new UsageError(`${host.name} does not run`);
      killHost(call.world, call.doors, host);
    },
  ),
  processFault("start", "Starts the server again, with power if it had none.", (call, host) => {
    if (host.up) throw new UsageError(`${host.name} runs already`);
    startHost(call.world, call.doors, host);
  }),
  processFault("freeze", "Stops the process where it is (SIGSTOP).", (_call, host) => {
    if (!host.up) throw new UsageError(`${host.name} does not run`);
    if (host.frozen) throw new UsageError(`${host.name} is frozen already`);
    freezeHost(host);
  }),
  processFault("resume", "Lets a frozen process go on (SIGCONT).", (call, host) => {
    if (!host.frozen) throw new UsageError(`${host.name} is not frozen`);
    resumeHost(call.world, host);
  }),
  processFault("lame-duck", "Lets the server say goodbye: clients go one by one.", (call, host) => {
    if (!host.up) throw new UsageError(`${host.name} does not run`);
    lameDuckHost(call.world, call.doors, host);
  }),
  {
    path: "fault power-off",
    args: "TARGET...",
    argsMin: 1,
    argsMax: anyCount,
    flags: [
      { name: "torn", value: null, help: "Some unsynced files had reached the disk, by the seed" },
    ],
    help: "Cuts the power of the host: what was not synced to disk is lost.",
    example: "fault power-off n1",
    run: (call) => {
      return eachServer(call, (host) => {
        if (!host.powered) throw new UsageError(`${host.name} has no power already`);
        powerOffHost(call.world, call.doors, host, hasFlag(call, "torn"));
      });
    },
  },
  {
    path: "fault cut",
    args: "TARGET...",
    argsMin: 1,
    argsMax: anyCount,
    flags: [
      { name: "from", value: "TARGET", many: true, help: "From whom; default: everybody else" },
      { name: "one-way", value: null, help: "Only what they send to the targets is lost" },
    ],
    help: "Cuts the network around the targets silently: nobody is told.",
    example: "fault cut n1 --from desk --one-way",
    run: runCut,
  },
  {
    path: "fault heal",
    args: "[TARGET...]",
    argsMin: 0,
    argsMax: anyCount,
    flags: [],
    help: "Mends cut and bad links of the targets; of everything, and drop rules too, without.",
    example: "fault heal",
    run: runHeal,
  },
  {
    path: "fault link",
    args: "A B",
    argsMin: 2,
    argsMax: 2,
    flags: [
      { name: "latency", value: "DURATION", help: "One-way delay" },
      { name: "jitter", value: "DURATION", help: "How much the delay varies" },
      { name: "loss", value: "PERCENT", help: "Segments that must be sent again" },
      { name: "bandwidth", value: "BYTES/s", help: "How much fits" },
    ],
    help: "Makes the link between two hosts bad until it is healed.",
    example: "fault link desk n1 --latency 50ms --loss 1%",
    run: runLink,
  },
  {
    path: "fault drop",
    args: "KIND",
    argsMin: 1,
    argsMax: 1,
    flags: [
      { name: "stream", value: "STREAM", help: "Only about this stream" },
      { name: "consumer", value: "CONSUMER", help: "Only about this consumer" },
      { name: "subject", value: "SUBJECT", help: "Only on this subject" },
      { name: "count", value: "N", help: "How many; default 1" },
    ],
    help: `Takes the next message of a kind off the wire: ${dropKinds.join(", ")}. Our model.`,
    example: "fault drop ack --stream ORDERS --consumer order-processor",
    run: runDrop,
  },
];

function processFault(
  name: string,
  help: string,
  act: (call: Call, host: Host) => void,
): WorldCommandSpec {
  return {
    path: `fault ${name}`,
    args: "TARGET...",
    argsMin: 1,
    argsMax: anyCount,
    flags: [],
    help,
    example: `fault ${name} n1`,
    run: (call) => eachServer(call, (host) => act(call, host)),
  };
}

/** Acts on every server that the arguments name, and notes what they were resolved to. */
function eachServer(call: Call, act: (host: Host) => void): string {
  const hosts = selectServers(call.world, call.args);
  for (const host of hosts) {
    act(host);
    noteFault(call, host.name);
  }
  return "";
}

function runCut(call: Call): string {
  const { world, args } = call;
  const targets = selectHosts(world, args);
  const given = call.flags.get("from");
  const others = [...world.hosts.keys()].filter((name) => !targets.includes(name));
  const from = given === undefined ? others : selectHosts(world, given);
  const cuts = cutLinks(world, targets, from, hasFlag(call, "one-way"));
  if (cuts === 0) throw new UsageError("nothing lies between these: name two sides");
  noteFault(call, targets.join(" "));
  return "";
}

function runHeal(call: Call): string {
  const { world, args } = call;
  const isAll = args.length === 0;
  healLinks(world, isAll ? null : selectHosts(world, args));
  if (isAll) world.drops.length = 0;
  noteFault(call, args.join(" "));
  return "";
}

function runLink(call: Call): string {
  const [one = "", other = ""] = selectHosts(call.world, call.args);
  if (other === "") throw new UsageError("a link has two different ends");
  spoilLink(call.world, one, other, {
    latency: flagAs(call, "latency", parseDuration, null),
    jitter: flagAs(call, "jitter", parseDuration, null),
    lossChance: flagAs(call, "loss", parseChance, null),
    bandwidth: flagAs(call, "bandwidth", parseBandwidth, null),
  });
  noteFault(call, `${one} ${other}`);
  return "";
}

function runDrop(call: Call): string {
  const { world, args } = call;
  const what = dropKind(args[0] ?? "");
  const stream = flagValue(call, "stream");
  const consumer = flagValue(call, "consumer");
  if (!world.options.taps)
    throw new UsageError("this world was made without taps: nothing is read");
  if (stream !== null && !namesStream(what)) {
    throw new UsageError(`a ${what} does not say its stream: use --subject`);
  }
  if (consumer !== null && (!namesStream(what) || what === "puback")) {
    throw new UsageError(`a ${what} does not say its consumer`);
  }
  const left = flagAs(call, "count", parseCount, 1);
  world.drops.push({ what, stream, consumer, subject: flagValue(call, "subject"), left });
  noteFault(call, what);
  return "";
}

function dropKind(text: string): DropKind {
  const kind = dropKinds.find((one) => one === text.toLowerCase());
  if (kind === undefined) {
    throw new UsageError(`cannot drop "${text}": one of ${dropKinds.join(", ")}`);
  }
  return kind;
}

function noteFault(call: Call, subject: string): void {
  const { world, doors, line: detail } = call;
  world.notable++;
  recordWorld(world, doors.trace, { host: "", kind: "fault", subject, detail });
}

/** `load`: workload actors, small programs that speak the NATS protocol themselves. */
import { nanos, plus } from "../../kernel/index.ts";
import { type ActorLogin, type ActorPlan, startActor, stopActor } from "../actors.ts";
import { deskServers } from "../host.ts";
import { type Call, flagAs, flagValue, hasFlag, type WorldCommandSpec } from "./grammar.ts";
import { selectServers } from "./selectors.ts";
import { UsageError } from "./usage-error.ts";
import { parseChance, parseCount, parseDuration, parsePeriod, parseSize } from "./values.ts";

const commonFlags = [
  { name: "server", value: "NAME", help: "The first to connect to, by name or selector" },
  { name: "latency", value: "DURATION", help: "One-way delay of its connection" },
  { name: "user", value: "USER", help: "Who it is, where the server asks" },
  { name: "password", value: "PASSWORD", help: "The password of that user" },
] as const;

export const loadCommands: readonly WorldCommandSpec[] = [
  {
    path: "load publisher",
    args: "NAME",
    argsMin: 1,
    argsMax: 1,
    flags: [
      { name: "subject", value: "SUBJECT", help: "Where to publish" },
      { name: "rate", value: "N/s", help: "How often; default 1/s" },
      { name: "size", value: "BYTES", help: "Payload size; default 128B" },
      { name: "count", value: "N", help: "Stop after so many" },
      { name: "for", value: "DURATION", help: "Stop after so long" },
      { name: "msg-id", value: null, help: "Give each message a Nats-Msg-Id" },
      { name: "retry", value: null, help: "Send again what was not acknowledged" },
      ...commonFlags,
    ],
    help: "Starts an actor that publishes to a stream and waits for each PubAck.",
    example: "load publisher P --subject orders.new --rate 50/s",
    run: runPublisher,
  },
  {
    path: "load worker",
    args: "NAME",
    argsMin: 1,
    argsMax: 1,
    flags: [
      { name: "stream", value: "STREAM", help: "The stream to read" },
      { name: "consumer", value: "CONSUMER", help: "A pull consumer of it" },
      { name: "batch", value: "N", help: "Messages a pull request; default 1" },
      { name: "work", value: "DURATION", help: "How long one message takes; default 0" },
      { name: "ack", value: "explicit|double|none", help: "How it acknowledges" },
      { name: "nak", value: "PERCENT", help: "Chance to answer with -NAK" },
      { name: "term", value: "PERCENT", help: "Chance to answer with +TERM" },
      { name: "forget", value: "PERCENT", help: "Chance to process and never answer" },
      ...commonFlags,
    ],
    help: "Starts an actor that pulls messages, works on each and acknowledges it.",
    example: "load worker W --stream ORDERS --consumer order-processor --work 80ms",
    run: runWorker,
  },
  {
    path: "load stop",
    args: "NAME...",
    argsMin: 1,
    argsMax: 1_000,
    flags: [],
    help: "Stops actors; their counters stay.",
    example: "load stop P",
    run: runStop,
  },
];

function runPublisher(call: Call): string {
  const { world } = call;
  const length = flagAs(call, "for", parseDuration, null);
  return start(call, {
    role: "publisher",
    subject: required(call, "subject"),
    period: flagAs(call, "rate", parsePeriod, parsePeriod("1/s")),
    size: flagAs(call, "size", parseSize, 128),
    count: flagAs(call, "count", parseCount, null),
    until: length === null ? null : plus(world.kernel.now, length),
    msgId: hasFlag(call, "msg-id"),
    retry: hasFlag(call, "retry"),
  });
}

function runWorker(call: Call): string {
  return start(call, {
    role: "worker",
    stream: required(call, "stream"),
    consumer: required(call, "consumer"),
    batch: flagAs(call, "batch", parseCount, 1),
    work: flagAs(call, "work", parseDuration, nanos(0)),
    ack: flagAs(call, "ack", parseAck, "explicit"),
    nakChance: flagAs(call, "nak", parseChance, 0),
    termChance: flagAs(call, "term", parseChance, 0),
    forgetChance: flagAs(call, "forget", parseChance, 0),
  });
}

function start(call: Call, plan: ActorPlan): string {
  const { world, args } = call;
  const [name = ""] = args;
  if (world.actors.get(name)?.status === "running") {
    throw new UsageError(`${name} runs already: \`load stop ${name}\` first`);
  }
  const servers = deskServers(world);
  const first = servers.find(({ up }) => up) ?? servers[0];
  if (first === undefined) throw new UsageError("no server: `world server` makes one");
  const [chosen] = selectServers(world, [flagValue(call, "server") ?? first.name]);
  if (chosen === undefined) throw new UsageError("no server is left to connect to");
  const latency = flagAs(call, "latency", parseDuration, null);
  const login = loginOf(call);
  startActor(world, { name, server: chosen.name, plan, latency, ...(login && { login }) });
  return "";
}

function loginOf(call: Call): ActorLogin | null {
  const user = flagValue(call, "user");
  const pass = flagValue(call, "password");
  if (user !== null) return { user, pass: pass ?? "" };
  if (pass !== null) throw new UsageError("--password needs --user");
  return null;
}

function runStop({ world, args }: Call): string {
  for (const name of args) {
    const actor = world.actors.get(name);
    if (actor === undefined) throw new UsageError(`no actor ${name}`);
    stopActor(world, actor);
  }
  return "";
}

function required(call: Call, name: string): string {
  const value = flagValue(call, name);
  if (value === null) throw new UsageError(`--${name} is missing`);
  return value;
}

function parseAck(text: string): "explicit" | "double" | "none" {
  if (text === "explicit" || text === "double" || text === "none") return text;
  throw new UsageError(`--ack is explicit, double or none, not "${text}"`);
}

/**
 * A random world under random faults, as the text of a scenario: which, when and for how long is
 * drawn from the seed. Every line is one that the world will take: what is up, frozen or dark is
 * kept track of here.
 */
import { createKernel, drawBelow, type Kernel, type SimEvent } from "../../src/kernel/index.ts";

export const faultKinds = ["process", "power", "network", "disk", "clock", "client"] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Kinds that the world has no faults of yet. */
export const kindsToCome: readonly FaultKind[] = ["disk", "clock"];

export interface Weather {
  readonly seed: number;
  readonly text: string;
  /** A power loss may have taken what was not synced: promises are then not held to. */
  readonly isLossy: boolean;
  /** The streams whose replicas must agree in the end, and their publishers. */
  readonly streams: readonly { readonly name: string; readonly publisher: string }[];
  /** When all is mended and has come to rest, in seconds. */
  readonly endsAt: number;
}

/** Streams are there by 4 s; faults from 7 s to 25 s, mended at 26 s; publishers go on to 30 s. */
const settledMs = 4_000;
const firstFaultMs = 7_000;
const lastFaultMs = 25_000;
const faultEveryMs = 3_000;
const mendedAt = 26;
const publishedUntil = 30;
/** What a cut held back is sent again after as long as it was held; then 9 s for elections. */
const endsAt = 75;

interface Server {
  readonly name: string;
  isUp: boolean;
  isFrozen: boolean;
}

interface Draft {
  readonly kernel: Kernel<SimEvent>;
  readonly kinds: readonly FaultKind[];
  readonly servers: readonly Server[];
  readonly lines: string[];
  /** With `sync: always` no power loss may take anything. */
  readonly syncAlways: boolean;
  lostPower: boolean;
}

export function makeWeather(seed: number, kinds: readonly FaultKind[]): Weather {
  const kernel = createKernel<SimEvent>(seed);
  const size = drawBelow(kernel.random, "weather", 3) === 0 ? 5 : 3;
  const draft: Draft = {
    kernel,
    kinds,
    servers: Array.from({ length: size }, (_, i) => {
      return { name: `n${i + 1}`, isUp: true, isFrozen: false };
    }),
    lines: [],
    syncAlways: drawBelow(kernel.random, "weather", 2) === 0,
    lostPower: false,
  };
  const header = [
    "windtunnel 1",
    `title   Weather of seed ${seed}`,
    `seed    ${seed}`,
    `world   cluster east ${size}`,
    ...(draft.syncAlways ? ["world   set all sync_interval always"] : []),
    ...(pick(draft, 3) === 0 ? slowLinks(draft) : []),
  ];
  const streams = setUp(draft);
  for (let ms = firstFaultMs; ms < lastFaultMs; ms += 200 + pick(draft, faultEveryMs)) {
    for (const line of strike(draft)) at(draft, ms, line);
  }
  mend(draft);
  const isLossy = draft.lostPower && !draft.syncAlways;
  const text = `${[...header, ...draft.lines].join("\n")}\n`;
  return { seed, text, isLossy, streams, endsAt };
}

/** Servers far from each other, whose elections meet. */
function slowLinks(draft: Draft): string[] {
  const { servers } = draft;
  const latency = 50 + pick(draft, 250);
  return servers.flatMap(({ name }, i) => {
    const later = servers.slice(i + 1);
    return later.map((other) => `world   link ${name} ${other.name} --latency ${latency}ms`);
  });
}

/** A stream on several servers with a consumer, perhaps another one, and who uses them. */
function setUp(draft: Draft): Weather["streams"] {
  const { servers } = draft;
  const replicas = servers.length === 5 && pick(draft, 2) === 0 ? 5 : 3;
  // Each at a terminal of its own: over slow links none is at its prompt in time for the next.
  at(draft, 0, `@t1 nats stream add A --subjects a --replicas ${replicas} --defaults`);
  const consumer = "nats consumer add A C --pull --ack explicit --deliver all --wait 5s --defaults";
  const streams = [{ name: "A", publisher: "pa" }];
  if (pick(draft, 2) === 0) {
    at(draft, 0, "@t2 nats stream add B --subjects b --replicas 3 --defaults");
    streams.push({ name: "B", publisher: "pb" });
  }
  at(draft, settledMs, `@t3 ${consumer}`);
  at(draft, settledMs, publisher(draft, "pa", "a"));
  if (streams.length > 1) at(draft, settledMs, publisher(draft, "pb", "b"));
  const worker = "load worker w --stream A --consumer C --batch 5 --work 20ms";
  at(draft, firstFaultMs - 1, `${worker} ${via(draft)}`);
  return streams;
}

function publisher(draft: Draft, name: string, subject: string): string {
  // Whatever waits is sent again ten times a second: more would be a test of patience only.
  const rate = 2 + pick(draft, 6);
  const load = `load publisher ${name} --subject ${subject} --rate ${rate}/s`;
  return `${load} --for ${publishedUntil - settledMs / 1_000}s --msg-id --retry ${via(draft)}`;
}

function via(draft: Draft): string {
  return `--server ${someone(draft).name}`;
}

/** One fault, or the end of one: the lines for it. */
function strike(draft: Draft): string[] {
  const { kinds } = draft;
  const kind = kinds[pick(draft, kinds.length)];
  switch (kind) {
    case "process":
      return strikeProcess(draft);
    case "power":
      return strikePower(draft);
    case "network":
      return strikeNetwork(draft);
    case "client":
      return strikeClient(draft);
    default:
      return [];
  }
}

function strikeProcess(draft: Draft): string[] {
  const server = someone(draft);
  if (!server.isUp) return [start(server)];
  if (server.isFrozen) {
    server.isFrozen = false;
    return [`fault resume ${server.name}`];
  }
  if (pick(draft, 3) === 0) {
    server.isFrozen = true;
    return [`fault freeze ${server.name}`];
  }
  server.isUp = false;
  return [`fault kill ${server.name}`];
}

function strikePower(draft: Draft): string[] {
  const server = someone(draft);
  if (!server.isUp) return [start(server)];
  server.isUp = false;
  server.isFrozen = false;
  draft.lostPower = true;
  const torn = pick(draft, 2) === 0 ? " --torn" : "";
  return [`fault power-off ${server.name}${torn}`];
}

function start(server: Server): string {
  server.isUp = true;
  server.isFrozen = false;
  return `fault start ${server.name}`;
}

function strikeNetwork(draft: Draft): string[] {
  const { name } = someone(draft);
  const other = otherThan(draft, name);
  switch (pick(draft, 6)) {
    case 0:
      return [`fault cut ${name} --from not:${name}`];
    case 1:
      return [`fault cut ${name} --from ${other} --one-way`];
    case 2:
      return [`fault cut ${name} --from not:${name} --one-way`];
    case 3:
      return [`fault link ${name} ${other} --latency ${1 + pick(draft, 200)}ms --jitter 5ms`];
    case 4:
      return [`fault link ${name} ${other} --loss ${1 + pick(draft, 20)}%`];
    default:
      return ["fault heal"];
  }
}

const dropped = ["publish", "puback", "delivery", "ack", "pull"] as const;

function strikeClient(draft: Draft): string[] {
  const kind = dropped[pick(draft, dropped.length)] ?? "ack";
  const { name } = someone(draft);
  switch (pick(draft, 4)) {
    case 0:
      return [`fault cut desk --from ${name}`];
    case 1:
      return ["fault heal desk"];
    default:
      return [`fault drop ${kind} --count ${1 + pick(draft, 3)}`];
  }
}

function mend({ servers, lines }: Draft): void {
  lines.push(`${mendedAt}s fault heal`);
  for (const server of servers) {
    if (server.isFrozen && server.isUp) lines.push(`${mendedAt}s fault resume ${server.name}`);
    else if (!server.isUp) lines.push(`${mendedAt}s ${start(server)}`);
  }
}

function at(draft: Draft, ms: number, line: string): void {
  draft.lines.push(`${ms}ms ${line}`);
}

function pick({ kernel }: Draft, below: number): number {
  return drawBelow(kernel.random, "weather", below);
}

function someone(draft: Draft): Server {
  const { servers } = draft;
  return servers[pick(draft, servers.length)] as Server;
}

function otherThan(draft: Draft, name: string): string {
  const others = draft.servers.filter((one) => one.name !== name);
  return others[pick(draft, others.length)]?.name ?? name;
}

/**
 * The JetStream API of a cluster: the same requests to three nats-servers and to three of ours,
 * the same replies but for names, ids, times and what elections and placement leave to chance.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ClusterSide,
  startOurCluster,
  startRealCluster,
  storePlace,
} from "./cluster-sides.ts";
import { natsServerPath } from "./real-server.ts";

const conf = `
jetstream { store_dir: "${storePlace}", max_memory_store: 268435456, max_file_store: 1073741824 }
accounts {
  SYS { users: [{ user: sys, password: sys }] }
  APP { jetstream: enabled, users: [{ user: app, password: app }] }
}
system_account: SYS
no_auth_user: app
`;

/**
 * `SUBJECT BODY`: a request; `pub SUBJECT TEXT`: a message that asks for an acknowledgement;
 * `kill 2`, `start 2` and `wait 15s` act on servers and time.
 */
type Program = readonly string[];

const stream = (name: string, fields: object = {}): string =>
  JSON.stringify({ name, subjects: [`${name.toLowerCase()}.>`], num_replicas: 3, ...fields });

const consumer = (of: string, config: object, action = ""): string =>
  JSON.stringify({ stream_name: of, config: { ack_policy: "explicit", ...config }, action });

const listed = ["L1", "L2", "L3", "L4"];

const programs: Readonly<Record<string, Program>> = {
  "streams are made, changed and removed": [
    "INFO",
    `STREAM.CREATE.ORDERS ${stream("ORDERS")}`,
    `STREAM.CREATE.ORDERS ${stream("ORDERS")}`,
    `STREAM.CREATE.ORDERS ${stream("ORDERS", { max_msgs: 10 })}`,
    `STREAM.CREATE.SOLO ${stream("SOLO", { num_replicas: 1 })}`,
    `STREAM.CREATE.MEM ${stream("MEM", { storage: "memory" })}`,
    `STREAM.CREATE.FIVE ${stream("FIVE", { num_replicas: 5 })}`,
    `STREAM.CREATE.SIX ${stream("SIX", { num_replicas: 6 })}`,
    `STREAM.CREATE.TAG ${stream("TAG", { placement: { tags: ["nosuch"] } })}`,
    `STREAM.CREATE.FAR ${stream("FAR", { placement: { cluster: "nosuch" } })}`,
    `STREAM.CREATE.BIG ${stream("BIG", { max_bytes: 2_000_000_000 })}`,
    `STREAM.CREATE.OVER ${stream("OVER", { subjects: ["orders.a"] })}`,
    `STREAM.CREATE.OTHER ${stream("ORDERS2")}`,
    "STREAM.CREATE.BAD {",
    "STREAM.CREATE.BAD",
    `STREAM.CREATE.SEALED ${stream("SEALED", { sealed: true })}`,
    "STREAM.NAMES",
    'STREAM.NAMES {"subject":"orders.>"}',
    'STREAM.NAMES {"offset":2}',
    "STREAM.LIST",
    "STREAM.INFO.ORDERS",
    "STREAM.INFO.SOLO",
    "STREAM.INFO.nosuch",
    `STREAM.UPDATE.ORDERS ${stream("ORDERS", { max_msgs: 100 })}`,
    `STREAM.UPDATE.SOLO ${stream("SOLO", { num_replicas: 1, description: "alone" })}`,
    `STREAM.UPDATE.ORDERS ${stream("ORDERS", { storage: "memory" })}`,
    `STREAM.UPDATE.nosuch ${stream("nosuch")}`,
    "STREAM.DELETE.nosuch",
    'STREAM.DELETE.MEM {"x":1}',
    "STREAM.DELETE.MEM",
    "STREAM.DELETE.SOLO",
    "STREAM.NAMES",
    "STREAM.DELETE.ORDERS",
    "STREAM.LIST",
  ],
  // The first of a list is at some time on the server that collects it.
  "lists are whole, whoever holds what": [
    ...listed.map((name) => `STREAM.CREATE.${name} ${stream(name, { num_replicas: 1 })}`),
    ...listed.flatMap((name) => ["STREAM.LIST", `STREAM.DELETE.${name}`]),
  ],
  "messages are stored, read and removed by the stream's leader": [
    `STREAM.CREATE.M ${stream("M", { allow_direct: true })}`,
    "pub m.a one",
    "pub m.b two",
    "pub m.a three",
    "pub nobody x",
    'STREAM.MSG.GET.M {"seq":2}',
    'STREAM.MSG.GET.M {"last_by_subj":"m.a"}',
    'STREAM.MSG.GET.M {"seq":9}',
    "STREAM.MSG.GET.M",
    'STREAM.MSG.GET.nosuch {"seq":1}',
    'STREAM.MSG.DELETE.M {"seq":2}',
    'STREAM.MSG.DELETE.M {"seq":2}',
    'STREAM.MSG.DELETE.nosuch {"seq":1}',
    'STREAM.INFO.M {"subjects_filter":">","deleted_details":true}',
    'STREAM.PURGE.M {"filter":"m.b"}',
    'STREAM.PURGE.M {"seq":1,"keep":1}',
    "STREAM.PURGE.M",
    "STREAM.PURGE.nosuch",
    "STREAM.INFO.M",
    "STREAM.SNAPSHOT.M",
    "STREAM.DELETE.M",
  ],
  "consumers are made, changed and removed": [
    `STREAM.CREATE.C ${stream("C")}`,
    "pub c.a one",
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur" }, "create")}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur" }, "create")}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur", max_deliver: 5 }, "create")}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur", max_deliver: 5 })}`,
    `CONSUMER.CREATE.C.dur ${consumer("C", { durable_name: "dur", ack_policy: "none" })}`,
    `CONSUMER.CREATE.C.new ${consumer("C", { durable_name: "new" }, "update")}`,
    `CONSUMER.CREATE.C.one ${consumer("C", { durable_name: "one", num_replicas: 1 })}`,
    `CONSUMER.CREATE.C.one ${consumer("C", { durable_name: "one", num_replicas: 1, max_deliver: 2 })}`,
    `CONSUMER.CREATE.C.five ${consumer("C", { durable_name: "five", num_replicas: 5 })}`,
    `CONSUMER.CREATE.C.eph ${consumer("C", { name: "eph", inactive_threshold: 60_000_000_000 })}`,
    `CONSUMER.DURABLE.CREATE.C.old ${consumer("C", { durable_name: "old" })}`,
    `CONSUMER.CREATE.nosuch.x ${consumer("nosuch", { durable_name: "x" })}`,
    `CONSUMER.CREATE.C.y ${consumer("other", { durable_name: "y" })}`,
    "CONSUMER.CREATE.C.bad {",
    "CONSUMER.INFO.C.dur",
    "CONSUMER.INFO.C.one",
    "CONSUMER.INFO.C.nosuch",
    "CONSUMER.INFO.nosuch.x",
    'CONSUMER.INFO.C.dur {"x":1}',
    "CONSUMER.NAMES.C",
    "CONSUMER.NAMES.nosuch",
    "CONSUMER.LIST.C",
    'CONSUMER.LIST.C {"offset":3}',
    "STREAM.INFO.C",
    'CONSUMER.PAUSE.C.dur {"pause_until":"2100-01-01T00:00:00Z"}',
    "CONSUMER.INFO.C.dur",
    "CONSUMER.PAUSE.C.dur",
    "CONSUMER.PAUSE.C.nosuch",
    "CONSUMER.DELETE.C.nosuch",
    "CONSUMER.DELETE.C.one",
    "CONSUMER.DELETE.C.dur",
    "CONSUMER.NAMES.C",
    "STREAM.DELETE.C",
    "CONSUMER.NAMES.C",
  ],
  "leaders hand over": [
    `STREAM.CREATE.L ${stream("L")}`,
    `CONSUMER.CREATE.L.d ${consumer("L", { durable_name: "d" })}`,
    'STREAM.LEADER.STEPDOWN.L {"placement":{"preferred":"n9"}}',
    "STREAM.LEADER.STEPDOWN.nosuch",
    "STREAM.LEADER.STEPDOWN.L {",
    "STREAM.LEADER.STEPDOWN.L",
    "pub l.a one",
    "CONSUMER.LEADER.STEPDOWN.L.nosuch",
    'CONSUMER.LEADER.STEPDOWN.L.d {"placement":{"tags":["nosuch"]}}',
    "CONSUMER.LEADER.STEPDOWN.L.d",
    "CONSUMER.INFO.L.d",
    'STREAM.PEER.REMOVE.L {"peer":"nosuch"}',
    'STREAM.PEER.REMOVE.L {"peer":"n1"}',
    "STREAM.PEER.REMOVE.L",
    "META.LEADER.STEPDOWN",
    "STREAM.DELETE.L",
  ],
};

/** What JetStream tells while it does these things; the order within a step is left to chance. */
const told: Program = [
  `STREAM.CREATE.A ${stream("A")}`,
  `STREAM.CREATE.B ${stream("B", { num_replicas: 1 })}`,
  "pub a.a one",
  `STREAM.UPDATE.A ${stream("A", { max_msgs: 5 })}`,
  `CONSUMER.CREATE.A.d ${consumer("A", { durable_name: "d" })}`,
  `CONSUMER.CREATE.A.r ${consumer("A", { durable_name: "r", num_replicas: 1 })}`,
  `CONSUMER.CREATE.A.d ${consumer("A", { durable_name: "d", max_deliver: 3 })}`,
  'CONSUMER.PAUSE.A.d {"pause_until":"2100-01-01T00:00:00Z"}',
  "CONSUMER.PAUSE.A.d",
  "STREAM.INFO.A",
  "STREAM.INFO.nosuch",
  "STREAM.LEADER.STEPDOWN.A",
  "CONSUMER.LEADER.STEPDOWN.A.d",
  "STREAM.PURGE.A",
  "CONSUMER.DELETE.A.d",
  "CONSUMER.DELETE.A.r",
  "STREAM.DELETE.B",
  "STREAM.DELETE.A",
];

/** Server 1 is left alone, and later not. Facts: shared/facts/raft.md 9, what is so after 17 s. */
const outage: Program = [
  `STREAM.CREATE.Q ${stream("Q")}`,
  `CONSUMER.CREATE.Q.d ${consumer("Q", { durable_name: "d" })}`,
  "pub q.a one",
  "kill 2",
  "kill 3",
  "wait 30s",
  "INFO",
  "STREAM.NAMES",
  "STREAM.LIST",
  `STREAM.CREATE.NEW ${stream("NEW")}`,
  `STREAM.UPDATE.Q ${stream("Q", { max_msgs: 5 })}`,
  "STREAM.DELETE.Q",
  "STREAM.INFO.Q",
  "STREAM.INFO.nosuch",
  'STREAM.MSG.GET.Q {"seq":1}',
  'STREAM.MSG.DELETE.Q {"seq":1}',
  "STREAM.PURGE.Q",
  "STREAM.PURGE.nosuch",
  "STREAM.LEADER.STEPDOWN.Q",
  `CONSUMER.CREATE.Q.e ${consumer("Q", { durable_name: "e" })}`,
  "CONSUMER.INFO.Q.d",
  "CONSUMER.INFO.Q.nosuch",
  "CONSUMER.NAMES.Q",
  "CONSUMER.LIST.Q",
  "CONSUMER.DELETE.Q.d",
  "CONSUMER.PAUSE.Q.d",
  "CONSUMER.LEADER.STEPDOWN.Q.d",
  "CONSUMER.MSG.NEXT.Q.d",
  "pub q.a two",
  "start 2",
  "start 3",
  "wait 15s",
  "STREAM.NAMES",
  "STREAM.INFO.Q",
  "CONSUMER.INFO.Q.d",
  "pub q.a three",
  'STREAM.MSG.GET.Q {"last_by_subj":"q.a"}',
  "STREAM.DELETE.Q",
];

describe.skipIf(natsServerPath === null)("the JetStream API of a cluster", () => {
  let real: ClusterSide;
  beforeAll(async () => {
    real = await startRealCluster(conf);
    await ready(real);
  }, 60_000);
  afterAll(() => real?.stop());

  test("advisories come from one server each", { timeout: 180_000 }, async () => {
    const ours = await startOurCluster(conf);
    await ready(ours);
    const recorded = await play(real, told, advisories);
    expect(script(told, await play(ours, told, advisories))).toEqual(script(told, recorded));
  });

  for (const [title, program] of Object.entries(programs)) {
    test(title, { timeout: 180_000 }, async () => {
      const ours = await startOurCluster(conf);
      await ready(ours);
      const recorded = await play(real, program);
      const played = await play(ours, program);
      expect(script(program, played)).toEqual(script(program, recorded));
    });
  }
});

/** How often mail is looked for before a request counts as not answered. */
const patience = 16;

const hello = 'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';

test.skipIf(natsServerPath === null)(
  "without a quorum the same is refused, and with it all is back",
  { timeout: 240_000 },
  async () => {
    const sides = [await startRealCluster(conf), await startOurCluster(conf)] as const;
    try {
      for (const side of sides) await ready(side);
      const [recorded, played] = await Promise.all(sides.map((side) => play(side, outage)));
      expect(script(outage, played ?? [])).toEqual(script(outage, recorded ?? []));
    } finally {
      for (const side of sides) await side.stop();
    }
  },
);

/** Asks until JetStream answers: a meta leader was elected, and knows what the servers have. */
async function ready(side: ClusterSide): Promise<void> {
  await side.open("r", 1);
  await side.send("r", `${hello}SUB inbox 1\r\n`);
  for (let i = 0; i < 50; i++) {
    await side.send("r", "PUB $JS.API.INFO inbox 0\r\n\r\n");
    const { r = "" } = await side.settle();
    if (r.includes('"memory"')) break;
  }
  for (let i = 0; i < 12; i++) await side.settle();
  await side.hangUp();
}

/** What each line of a program brings to a client of server 1, as `show` sees its mail. */
async function play(side: ClusterSide, program: Program, show = shown): Promise<string[]> {
  await side.open("a", 1);
  const more = show === advisories ? "SUB $JS.EVENT.ADVISORY.> 2\r\n" : "";
  await side.send("a", `${hello}SUB inbox 1\r\n${more}`);
  await side.settle();
  const replies: string[] = [];
  for (const line of program) {
    if (await actOn(side, line)) {
      replies.push("");
      continue;
    }
    await side.send("a", requestText(line));
    let mail = "";
    // A group of busy processes takes its time to elect a first leader.
    for (let tries = 0; shown(mail) === "" && tries < patience; tries++) {
      mail += (await side.settle()).a ?? "";
    }
    // What is told of it may come later than the answer.
    if (show === advisories) {
      await side.wait(600);
      mail += (await side.settle()).a ?? "";
    }
    replies.push(show(mail));
  }
  await side.hangUp();
  return replies;
}

/** A program with what came of each line. */
function script(program: Program, replies: readonly string[]): string[] {
  return program.map((line, i) => `${line}\n${replies[i]}`);
}

/** Performs a line that is no request; true when it was one of those. */
async function actOn(side: ClusterSide, line: string): Promise<boolean> {
  const [, verb, number] = /^(kill|start|wait) (\d+)s?$/.exec(line) ?? [];
  if (verb === "kill") await side.kill(Number(number));
  else if (verb === "start") await side.start(Number(number));
  else if (verb === "wait") await side.wait(Number(number) * 1000);
  else return false;
  return true;
}

function requestText(line: string): string {
  const [first = "", ...rest] = line.split(" ");
  const isMessage = first === "pub";
  const subject = isMessage ? rest[0] : `$JS.API.${first}`;
  const body = (isMessage ? rest.slice(1) : rest).join(" ");
  return `PUB ${subject} inbox ${body.length}\r\n${body}\r\n`;
}

/** The first reply in a client's mail: in nats-server a second may slip through beside it. */
function shown(mail: string): string {
  const [, text = ""] = /^H?MSG inbox 1 [\d ]+\r\n([\s\S]*?)\r\n(?=H?MSG|$)/m.exec(mail) ?? [];
  return replyText(text);
}

/** What was told, sorted: subject and fields. Who else asked is not compared. */
function advisories(mail: string): string {
  const found = mail.matchAll(/^MSG (\$JS\.EVENT\S+) 2 +\d+\r\n(.*)\r\n/gm);
  return [...found]
    .map(([, subject, text = ""]) => `${subject} ${JSON.stringify(JSON.parse(text, untold))}`)
    .sort()
    .join("\n");
}

function untold(key: string, value: unknown): unknown {
  if (key === "id" || key === "timestamp" || key === "server") return `<${key}>`;
  // The requester's facts, and the reply once more.
  if (key === "client" || key === "response") return `<${key}>`;
  return withoutChance(key, value);
}

function replyText(text: string): string {
  if (!text.startsWith("{")) return text;
  return JSON.stringify(JSON.parse(text, withoutChance), null, 1);
}

const times = new Set(["created", "ts", "time", "first_ts", "last_ts"]);
/** What elections and the moment of a request decide. */
const moments = new Set(["active", "current", "lag", "pause_remaining", "last_active"]);
// A leader is named before it says since when: raft.switchToLeader, raft.Applied.
moments.add("leader_since");

function withoutChance(key: string, value: unknown): unknown {
  if (moments.has(key)) return undefined;
  if (times.has(key)) return "<time>";
  if (key === "leader" || key === "peer") return `<${key}>`;
  if (key === "raft_group") return String(value).replace(/-\w{8}$/, "-<group>");
  if (key === "name" && /^n[123]$/.test(String(value))) return "<server>";
  // Counted on the server that answers, and told to the others now and then.
  if (key === "api") return "<counts>";
  return value;
}

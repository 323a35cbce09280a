/**
 * The JetStream API of a cluster: the same requests to three nats-servers and to three of ours,
 * the same replies but for names, ids, times and what elections and placement leave to chance.
 * Every server hears each request; that exactly as many replies come is part of it.
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

/** `SUBJECT BODY`: a request; `pub SUBJECT TEXT`: a message that asks for an acknowledgement. */
type Program = readonly string[];

const stream = (name: string, fields: object = {}): string =>
  JSON.stringify({ name, subjects: [`${name.toLowerCase()}.>`], num_replicas: 3, ...fields });

const consumer = (of: string, config: object, action = ""): string =>
  JSON.stringify({ stream_name: of, config: { ack_policy: "explicit", ...config }, action });

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

describe.skipIf(natsServerPath === null)("the JetStream API of a cluster", () => {
  let real: ClusterSide;
  beforeAll(async () => {
    real = await startRealCluster(conf);
    await ready(real);
  }, 60_000);
  afterAll(() => real?.stop());

  for (const [title, program] of Object.entries(programs)) {
    test(title, { timeout: 180_000 }, async () => {
      const ours = await startOurCluster(conf);
      await ready(ours);
      const recorded = await play(real, program);
      const played = await play(ours, program);
      for (const [i, line] of program.entries()) {
        expect(`${line}\n${played[i]}`).toBe(`${line}\n${recorded[i]}`);
      }
    });
  }
});

/** How often mail is looked for before a request counts as not answered. */
const patience = 6;

const hello = 'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';

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

/** What each line of a program brings to a client of server 1. */
async function play(side: ClusterSide, program: Program): Promise<string[]> {
  await side.open("a", 1);
  await side.send("a", `${hello}SUB inbox 1\r\n`);
  await side.settle();
  const replies: string[] = [];
  for (const line of program) {
    await side.send("a", requestText(line));
    let reply = "";
    // A group of busy processes takes its time to elect a first leader.
    for (let tries = 0; reply === "" && tries < patience; tries++) {
      reply = shown((await side.settle()).a ?? "");
    }
    replies.push(reply);
  }
  await side.hangUp();
  return replies;
}

function requestText(line: string): string {
  const [first = "", ...rest] = line.split(" ");
  const isMessage = first === "pub";
  const subject = isMessage ? rest[0] : `$JS.API.${first}`;
  const body = (isMessage ? rest.slice(1) : rest).join(" ");
  return `PUB ${subject} inbox ${body.length}\r\n${body}\r\n`;
}

/** The replies in a client's mail, sorted: who of several is first is left to chance. */
function shown(mail: string): string {
  const replies = [...mail.matchAll(/^H?MSG inbox 1 ([\d ]+)\r\n([\s\S]*?)\r\n(?=H?MSG|$)/gm)];
  return replies
    .map(([, , text = ""]) => replyText(text))
    .sort()
    .join("\n");
}

function replyText(text: string): string {
  if (!text.startsWith("{")) return text;
  return JSON.stringify(JSON.parse(text, withoutChance), null, 1);
}

const times = new Set(["created", "ts", "leader_since", "time", "first_ts", "last_ts"]);
/** What elections and the moment of a request decide. */
const moments = new Set(["active", "current", "lag", "pause_remaining", "last_active"]);

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

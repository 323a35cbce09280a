/** Programs of requests to the JetStream API of a cluster, and playing them on either side. */
import { type ClusterSide, storePlace } from "./cluster-sides.ts";

export const conf = `
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
export type Program = readonly string[];

export const stream = (name: string, fields: object = {}): string =>
  JSON.stringify({ name, subjects: [`${name.toLowerCase()}.>`], num_replicas: 3, ...fields });

export const consumer = (of: string, config: object, action = ""): string =>
  JSON.stringify({ stream_name: of, config: { ack_policy: "explicit", ...config }, action });

/** How often mail is looked for before a request counts as not answered. */
const patience = 16;

export const hello =
  'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';

/** Asks until JetStream answers: a meta leader was elected, and knows what the servers have. */
export async function ready(side: ClusterSide): Promise<void> {
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
export async function play(side: ClusterSide, program: Program, show = shown): Promise<string[]> {
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
export function script(program: Program, replies: readonly string[]): string[] {
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
export function advisories(mail: string): string {
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

export function withoutChance(key: string, value: unknown): unknown {
  if (moments.has(key)) return undefined;
  if (times.has(key)) return "<time>";
  if (key === "leader" || key === "peer") return `<${key}>`;
  if (key === "raft_group") return String(value).replace(/-\w{8}$/, "-<group>");
  if (key === "name" && /^n[123]$/.test(String(value))) return "<server>";
  // Counted on the server that answers, and told to the others now and then.
  if (key === "api") return "<counts>";
  return value;
}

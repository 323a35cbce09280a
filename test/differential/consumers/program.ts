// A program of client actions, and the text of everything that a server answers to it.

import type { Clock, Peer, Received } from "./peer.ts";

/** `$IN5s` in a body becomes the time of the server's clock in five seconds. */
export type Step =
  | { readonly do: "sub"; readonly sid: string; readonly subject: string; readonly queue?: string }
  | { readonly do: "unsub"; readonly sid: string }
  | {
      readonly do: "pub";
      readonly subject: string;
      readonly body?: string;
      readonly headers?: readonly (readonly [string, string])[];
      readonly reply?: string;
    }
  /** Answers the last flow control request that a subscription got. */
  | {
      readonly do: "flow";
      readonly sid: string;
      readonly headers?: readonly (readonly [string, string])[];
    }
  /** Published with a reply subject of its own; the answer shows up under `r`. */
  | { readonly do: "req"; readonly subject: string; readonly body?: string }
  /** A pull request whose reply subject is `I.<inbox>`. */
  | {
      readonly do: "pull";
      readonly consumer: string;
      readonly body: string;
      readonly inbox: string;
    }
  /** To the ack subject of the last delivery of a stream sequence by a consumer. */
  | {
      readonly do: "ack";
      readonly consumer: string;
      readonly seq: number;
      readonly body?: string;
      readonly reply?: string;
    }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "restart" };

/** How long a server has for whatever a step sets off, in milliseconds. */
const settle = 25;
/** How long a server may take for an answer that must come. */
const patience = 3000;

/** What came, by subscription, in order within each. */
export type Transcript = ReadonlyMap<string, readonly string[]>;

/** Runs a program; answers what every subscription got, times and ids taken out. */
export async function runProgram(
  peer: Peer,
  clock: Clock,
  program: readonly Step[],
): Promise<Transcript> {
  const run: Run = { peer, clock, acks: new Map(), names: new Map(), heard: new Map() };
  await subscribe(run);
  for (const [i, step] of program.entries()) await perform(run, step, i);
  await collect(run, settle);
  return run.heard;
}

interface Run {
  readonly peer: Peer;
  readonly clock: Clock;
  /** The last ack subject of each delivered message. */
  readonly acks: Map<string, string>;
  readonly names: Map<string, string>;
  readonly heard: Map<string, string[]>;
}

async function subscribe(run: Run): Promise<void> {
  run.peer.send("SUB A.* acks\r\n");
  run.peer.send("SUB $JS.EVENT.ADVISORY.CONSUMER.> advisories\r\n");
  run.peer.send("SUB $JS.EVENT.METRIC.> metrics\r\n");
  await collect(run, settle);
}

/** Takes in what comes for so long; answers the subscriptions that got something. */
async function collect(run: Run, millis: number): Promise<Set<string>> {
  const sids = new Set<string>();
  for (const message of await run.peer.wait(millis)) {
    noteAck(run.acks, message);
    sids.add(message.sid);
    // Consumers tell of themselves in an order of their own.
    const { sid, subject } = message;
    const key = sid === "advisories" ? `${sid} ${stripNames(subject, run.names)}` : sid;
    const lines = run.heard.get(key) ?? [];
    lines.push(renderOne(message, run.names));
    run.heard.set(key, lines);
  }
  return sids;
}

async function collectUntil(run: Run, sid: string): Promise<void> {
  for (let waited = 0; waited < patience; waited += settle) {
    if ((await collect(run, settle)).has(sid)) return;
  }
}

async function perform(run: Run, step: Step, i: number): Promise<void> {
  const { peer } = run;
  const body = (text: string | undefined): string => withTimes(text ?? "", run.clock);
  switch (step.do) {
    case "sub": {
      const queue = step.queue === undefined ? "" : `${step.queue} `;
      peer.send(`SUB ${step.subject} ${queue}${step.sid}\r\n`);
      break;
    }
    case "unsub":
      peer.send(`UNSUB ${step.sid}\r\n`);
      break;
    case "pub":
      peer.send(publish(step.subject, step.reply ?? null, body(step.body), step.headers));
      break;
    case "flow":
      peer.send(publish(run.acks.get(`flow ${step.sid}`) ?? "none", null, "", step.headers));
      break;
    case "req": {
      const sid = `${i} ${step.subject} ${(step.body ?? "").slice(0, 300)}`.replaceAll(" ", "_");
      peer.send(`SUB R.${i} ${sid}\r\nUNSUB ${sid} 1\r\n`);
      peer.send(publish(step.subject, `R.${i}`, body(step.body)));
      return collectUntil(run, sid);
    }
    case "pull": {
      const { inbox } = step;
      if (inbox !== "none") peer.send(`SUB I.${inbox} pull-${inbox}\r\n`);
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${step.consumer}`;
      peer.send(publish(subject, `I.${inbox}`, body(step.body)));
      break;
    }
    case "ack": {
      const subject = run.acks.get(`${step.consumer}.${step.seq}`);
      const to = subject ?? `$JS.ACK.${step.consumer}.none`;
      peer.send(publish(to, step.reply ?? null, body(step.body)));
      break;
    }
    case "wait":
      await collect(run, step.ms);
      break;
    default:
      await peer.restart();
      await subscribe(run);
  }
  await collect(run, settle);
}

function publish(
  subject: string,
  reply: string | null,
  body: string,
  headers?: readonly (readonly [string, string])[],
): string {
  const to = `${subject} ${reply === null ? "" : `${reply} `}`;
  const size = Buffer.byteLength(body);
  if (headers === undefined) return `PUB ${to}${size}\r\n${body}\r\n`;
  const block = `NATS/1.0\r\n${headers.map(([n, v]) => `${n}: ${v}\r\n`).join("")}\r\n`;
  return `HPUB ${to}${block.length} ${block.length + size}\r\n${block}${body}\r\n`;
}

function withTimes(text: string, clock: Clock): string {
  return text.replace(/\$IN(-?\d+)ms/g, (_, ms: string) =>
    new Date(clock.now() + Number(ms)).toISOString(),
  );
}

function noteAck(acks: Map<string, string>, message: Received): void {
  const tokens = message.reply?.split(".") ?? [];
  if (tokens[1] === "FC") acks.set(`flow ${message.sid}`, message.reply ?? "");
  if (tokens[1] !== "ACK") return;
  acks.set(`${tokens[2]}.${tokens[3]}.${tokens[5]}`, message.reply ?? "");
}

function renderOne(message: Received, names: Map<string, string>): string {
  const { subject, reply, headers, payload } = message;
  const shownReply = reply === null ? "" : ` reply=${stripReply(reply)}`;
  const shownHeaders = headers === null ? "" : ` [${stripHeaders(headers)}]`;
  return `${stripNames(subject, names)}${shownReply}${shownHeaders} ${stripNames(
    stripBody(payload),
    names,
  )}`;
}

function stripReply(reply: string): string {
  return reply
    .replace(/^(\$JS\.ACK\..*)\.\d{19}\.(\d+)$/, "$1.<time>.$2")
    .replace(/^(\$JS\.FC\..*\.)\w{4}$/, "$1<id>");
}

function stripHeaders(headers: string): string {
  return headers
    .replace(/\r\n/g, "|")
    .replace(/(Nats-Consumer-Stalled: .*\.)\w{4}\|/, "$1<id>|")
    .replace(/Nats-Pin-Id: \w{22}/, "Nats-Pin-Id: <id>");
}

const unstable = new Set(["id", "ack_time", "pause_remaining", "pinned_id", "pinned_client_id"]);
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function stripBody(payload: string): string {
  if (payload.length > 100_000) return `${payload.slice(0, 8)}… ${payload.length} bytes`;
  if (!payload.startsWith("{")) return payload;
  try {
    return JSON.stringify(JSON.parse(payload), (key, value: unknown) => {
      if (unstable.has(key)) return `<${key}>`;
      if (typeof value === "string" && time.test(value) && !value.startsWith("0001"))
        return "<time>";
      return value;
    });
  } catch {
    return payload;
  }
}

/** Names that a server makes up are eight letters and digits; no word of ours is like that. */
function stripNames(text: string, names: Map<string, string>): string {
  return text.replace(/(?<=[."])[A-Za-z0-9]{8}(?=["]|$)/g, (name) => {
    if (/^[a-z]+$/.test(name)) return name;
    const known = names.get(name) ?? `<name${names.size + 1}>`;
    names.set(name, known);
    return known;
  });
}

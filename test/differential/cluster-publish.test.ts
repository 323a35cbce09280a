/**
 * What a replicated stream says to publishers: its leader checks in another order than a single
 * server does. The same messages to three nats-servers and to three of ours, the same answers.
 */
import { compareClusters } from "./cluster-compare.ts";
import type { ClusterSide } from "./cluster-sides.ts";

type Headers = Readonly<Record<string, string>>;

/** A stream's configuration, then messages for it: subject, body, headers. */
interface Program {
  readonly config: object;
  readonly messages: readonly (readonly [subject: string, body: string, headers?: Headers])[];
}

const last = "Nats-Expected-Last-Sequence";
const lastOfSubject = "Nats-Expected-Last-Subject-Sequence";
const increase = "Nats-Incr";

const programs: Readonly<Record<string, Program>> = {
  "ids and expectations": {
    config: { duplicate_window: 60_000_000_000 },
    messages: [
      ["p.a", "1", { "Nats-Msg-Id": "one" }],
      ["p.a", "1", { "Nats-Msg-Id": "one" }],
      ["p.a", "2", { "Nats-Msg-Id": "two", [last]: "1" }],
      ["p.a", "x", { [last]: "1" }],
      ["p.a", "x", { [last]: "rubbish" }],
      ["p.a", "3", { "Nats-Expected-Last-Msg-Id": "two" }],
      ["p.a", "x", { "Nats-Expected-Stream": "other" }],
      ["p.b", "4", { [lastOfSubject]: "0" }],
      ["p.b", "x", { [lastOfSubject]: "3" }],
      ["p.b", "x", { [lastOfSubject]: "4", "Nats-Expected-Last-Subject-Sequence-Subject": "p.a" }],
      ["p.b", "x", { "Nats-Expected-Last-Subject-Sequence-Subject": "p.a" }],
      // Wrong in two ways: which is found first differs from a single server.
      ["p.a", "x", { "Nats-Msg-Id": "one", [last]: "77" }],
      ["p.a", "x", { "Nats-Rollup": "sub", [last]: "77" }],
      ["p.a", "x", { "Nats-Rollup": "sub" }],
      ["p.a", "x", { "Nats-TTL": "1h" }],
      ["p.a", "x", { "Nats-TTL": "rubbish" }],
      ["p.a", "x", { [increase]: "1" }],
      ["p.a", "x", { "Nats-Stream-Source": "S 1" }],
      ["p.a", "5"],
      // Last, since nats-server's stream answers nobody after this: docs/differences.md.
      ["p.a", "x", { "Nats-Expected-Last-Msg-Id": "one" }],
    ],
  },
  limits: {
    config: { max_msgs: 3, max_msg_size: 64, discard: "new" },
    messages: [
      ["p.a", "x".repeat(80)],
      ["p.a", "1"],
      ["p.b", "2"],
      ["p.c", "3"],
      ["p.d", "4"],
      ["p.a", "5"],
    ],
  },
  "limits of a subject": {
    config: { max_msgs_per_subject: 1, discard: "new", discard_new_per_subject: true },
    messages: [
      ["p.a", "1"],
      ["p.a", "2"],
      ["p.b", "3"],
    ],
  },
  counters: {
    config: { allow_msg_counter: true },
    messages: [
      ["p.a", "", { [increase]: "5" }],
      ["p.a", "", { [increase]: "+7" }],
      ["p.a", "", { [increase]: "-20" }],
      ["p.b", "", { [increase]: "1" }],
      ["p.a", "", { [increase]: "x" }],
      ["p.a", "body", { [increase]: "1" }],
      ["p.a", "", { [increase]: "1", [last]: "1" }],
      ["p.a", "plain"],
    ],
  },
  rollups: {
    config: { allow_rollup_hdrs: true, allow_msg_ttl: true },
    messages: [
      ["p.a", "1"],
      ["p.a", "2"],
      ["p.a", "3", { "Nats-Rollup": "sub" }],
      ["p.b", "4", { "Nats-Rollup": "all" }],
      ["p.b", "x", { "Nats-Rollup": "rubbish" }],
      ["p.b", "5", { "Nats-TTL": "1h" }],
      ["p.b", "x", { "Nats-TTL": "rubbish" }],
      ["p.b", "x", { "Nats-TTL": "1ms" }],
    ],
  },
  "an atomic batch": {
    config: { allow_atomic: true },
    messages: [
      ["p.a", "1", { "Nats-Batch-Id": "b", "Nats-Batch-Sequence": "1" }],
      ["p.a", "2", { "Nats-Batch-Id": "b", "Nats-Batch-Sequence": "2" }],
      ["p.b", "3", { "Nats-Batch-Id": "b", "Nats-Batch-Sequence": "3", "Nats-Batch-Commit": "1" }],
      ["p.a", "1", { "Nats-Batch-Id": "c", "Nats-Batch-Sequence": "1", [last]: "9" }],
      ["p.a", "2", { "Nats-Batch-Id": "c", "Nats-Batch-Sequence": "2", "Nats-Batch-Commit": "1" }],
      ["p.a", "x", { "Nats-Batch-Id": "d", "Nats-Batch-Sequence": "2" }],
    ],
  },
};

/** Bytes of a request with headers. */
function request([subject, body, headers]: Program["messages"][number]): string {
  if (headers === undefined) return `PUB ${subject} told ${body.length}\r\n${body}\r\n`;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const block = `NATS/1.0\r\n${lines.join("")}\r\n`;
  return `HPUB ${subject} told ${block.length} ${block.length + body.length}\r\n${block}${body}\r\n`;
}

async function answers(side: ClusterSide, { config, messages }: Program): Promise<string[]> {
  await side.open("c", 1);
  await side.send("c", 'CONNECT {"headers":true,"no_responders":true,"verbose":false}\r\n');
  await side.send("c", "SUB told 1\r\n");
  const body = JSON.stringify({ name: "P", subjects: ["p.*"], num_replicas: 3, ...config });
  await side.send("c", `PUB $JS.API.STREAM.CREATE.P made ${body.length}\r\n${body}\r\n`);
  await side.wait(1500);
  await side.settle();
  const heard: string[] = [];
  for (const message of messages) {
    await side.send("c", request(message));
    const { c = "" } = await side.settle();
    heard.push(`${JSON.stringify(message)}\n  ${c.replace(/^.*told 1 (\d+ )?\d+\r\n/, "").trim()}`);
  }
  await side.send("c", "PUB $JS.API.STREAM.DELETE.P made 0\r\n\r\n");
  await side.settle();
  await side.hangUp();
  return heard;
}

compareClusters("publishing to a replicated stream", {
  programs,
  run: answers,
  sign: '{"stream":"P"',
});

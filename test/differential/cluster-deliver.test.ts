/**
 * What a replicated consumer delivers, acknowledges and delivers again: the same requests to three
 * nats-servers and to three of ours, the same messages.
 */
import { compareClusters } from "./cluster-compare.ts";
import type { ClusterSide } from "./cluster-sides.ts";

/** Ack subjects of what was delivered so far, in order. */
type Acks = readonly string[];
type Action = (acks: Acks) => string;

const publish = (subject: string, body: string, reply = ""): string =>
  `PUB ${subject} ${reply}${reply === "" ? "" : " "}${body.length}\r\n${body}\r\n`;
const pull = (body: object): Action => {
  return () => publish("$JS.API.CONSUMER.MSG.NEXT.P.C", JSON.stringify(body), "told");
};
const message = (text: string): Action => {
  return () => publish("p.a", text);
};
/** Answers the delivery of this number, counted from 0. */
const ack = (delivery: number, word: string, reply = ""): Action => {
  return (acks) => publish(acks[delivery] ?? "nothing.was.delivered", word, reply);
};
const info: Action = () => publish("$JS.API.CONSUMER.INFO.P.C", "", "told");

interface Program {
  readonly config: object;
  readonly stream?: object;
  readonly actions: readonly Action[];
}

const three = [message("1"), message("2"), message("3")];

const programs: Readonly<Record<string, Program>> = {
  "pulls and acknowledgements": {
    config: { ack_policy: "explicit" },
    actions: [
      ...three,
      pull({ batch: 2, expires: 500_000_000 }),
      ack(0, "+ACK", "told"),
      ack(1, "-NAK"),
      pull({ batch: 2, expires: 500_000_000 }),
      ack(2, "+TERM", "told"),
      ack(3, "+NXT", "told"),
      pull({ batch: 1, no_wait: true }),
      info,
    ],
  },
  "acknowledgements of all before": {
    config: { ack_policy: "all" },
    actions: [
      ...three,
      pull({ batch: 3, expires: 500_000_000 }),
      ack(1, "+ACK", "told"),
      info,
      ack(2, "", "told"),
      info,
    ],
  },
  "a work queue": {
    config: { ack_policy: "explicit" },
    stream: { retention: "workqueue" },
    actions: [
      ...three,
      pull({ batch: 3, expires: 500_000_000 }),
      ack(1, "+ACK", "told"),
      ack(0, "", "told"),
      () => publish("$JS.API.STREAM.INFO.P", "", "told"),
    ],
  },
  "a limit of deliveries": {
    config: { ack_policy: "explicit", max_deliver: 2 },
    actions: [
      message("1"),
      pull({ batch: 1, expires: 500_000_000 }),
      ack(0, "-NAK"),
      pull({ batch: 1, expires: 500_000_000 }),
      ack(1, "-NAK"),
      pull({ batch: 1, no_wait: true }),
      info,
    ],
  },
  "requests that cannot be met": {
    config: { ack_policy: "explicit", max_ack_pending: 1, max_waiting: 1 },
    actions: [
      pull({ batch: 1, no_wait: true }),
      pull({ batch: 0 }),
      ...three,
      pull({ batch: 2, no_wait: true }),
      pull({ batch: 1, expires: 60_000_000_000 }),
      pull({ batch: 1, expires: 60_000_000_000 }),
      ack(0, "+ACK", "told"),
      info,
    ],
  },
};

async function run(side: ClusterSide, program: Program): Promise<string[]> {
  const { config, actions, stream } = program;
  await side.open("c", 1);
  await side.send("c", 'CONNECT {"headers":true,"no_responders":true,"verbose":false}\r\n');
  await side.send("c", "SUB told 1\r\n");
  const made = { name: "P", subjects: ["p.*"], num_replicas: 3, ...stream };
  await side.send("c", publish("$JS.API.STREAM.CREATE.P", JSON.stringify(made), "made"));
  await side.wait(1500);
  const asked = { stream_name: "P", config: { durable_name: "C", ...config } };
  const subject = "$JS.API.CONSUMER.DURABLE.CREATE.P.C";
  await side.send("c", publish(subject, JSON.stringify(asked), "made"));
  await side.wait(1500);
  await side.settle();
  const acks: string[] = [];
  const heard: string[] = [];
  for (const [i, action] of actions.entries()) {
    await side.send("c", action(acks));
    const { c = "" } = await side.settle();
    acks.push(...[...c.matchAll(/\$JS\.ACK\.\S+/g)].map(([reply]) => reply));
    heard.push(`${i}: ${plain(c)}`);
  }
  await side.send("c", publish("$JS.API.STREAM.DELETE.P", "", "made"));
  await side.settle();
  await side.hangUp();
  return heard;
}

/** Without times, ids and what the cluster leaves to chance. */
function plain(text: string): string {
  return text
    .replaceAll(/\b\d{19}\b/g, "<time>")
    .replaceAll(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"<time>"')
    .replaceAll(/,?"cluster":\{.*?\]\}/g, "")
    .replaceAll(/(MSG told 1 )(\d+ )*\d+/g, "$1");
}

compareClusters("delivering from a replicated stream", { programs, run, sign: "$JS.ACK.P.C." });

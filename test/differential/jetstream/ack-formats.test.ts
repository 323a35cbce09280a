/** Acks and flow control in both formats, as bytes, beside nats-server. */
import { describe, test } from "vitest";
import { shortHash } from "../../../src/protocol/index.ts";
import { compareServers, type Line } from "../both-servers.ts";
import { natsServerPath } from "../real-server.ts";

const conf = (more = "", domain = ""): string => `
  server_name: n1
  jetstream {
    store_dir: "$FOLDER"
    ${domain === "" ? "" : `domain: ${domain}`}
  }
  ${more}
  accounts { A: { jetstream: enabled, users: [ {user: a, password: a} ] } }
`;
const flag = (value: boolean): string => `feature_flags { js_ack_fc_v2: ${value} }`;

const publish = (subject: string, payload: unknown, reply = ""): string => {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return `PUB ${subject} ${reply} ${text.length}\r\n${text}\r\n`;
};
const pull = (batch: number): string =>
  publish("$JS.API.CONSUMER.MSG.NEXT.S.C", { batch, no_wait: true }, "in.pull");
const info = `a>${publish("$JS.API.CONSUMER.INFO.S.C", "", "in.info")}`;

function ground(config: Record<string, unknown> = {}): Line[] {
  const stream = { name: "S", subjects: ["s.*"], storage: "memory" };
  const consumer = { durable_name: "C", ack_policy: "explicit", ...config };
  const create = { stream_name: "S", config: consumer };
  const connect = '{"verbose":false,"user":"a","pass":"a","headers":true,"no_responders":true}';
  return [
    `a>CONNECT ${connect}\r\nSUB in.* 1\r\nPING\r\n`,
    `a>${publish("$JS.API.STREAM.CREATE.S", stream)}`,
    `a>${publish("$JS.API.CONSUMER.CREATE.S.C", create)}`,
    ...[1, 2, 3, 4].map((n) => `a>${publish("s.a", `message ${n}`)}`),
  ];
}

/** Times of messages, of infos, and what is drawn. */
const tidy = (text: string): string =>
  text
    .replace(/(\$JS\.ACK\.[\w.]*?)\.\d{19}\./g, "$1.TIME.")
    .replace(/(\$JS\.FC\.[\w.]*)\.\w+/g, "$1.ID")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/HMSG (\S+) (\d+) [\d ]+/g, "HMSG $1 $2 SIZE ")
    .replace(/MSG (in\.info) (\d+) \d+/g, "MSG $1 $2 SIZE");

const second = (seq: number, domain = "_", account = "A"): string =>
  `$JS.ACK.${domain}.${shortHash(account)}.S.C.1.${seq}.${seq}.1700000000000000000.0`;

/** Acks in both formats, with more at the end, of another owner, and with too little. */
const acks = (domain = "_"): Line[] => [
  `a>${pull(4)}`,
  `a>${publish("$JS.ACK.S.C.1.1.1.1700000000000000000.0", "", "in.1")}`,
  `a>${publish(second(2, domain), "+ACK", "in.2")}`,
  info,
  `a>${publish(`${second(3, domain)}.more.and.more`, "-NAK", "in.3")}`,
  `a>${publish(second(4, "other"), "", "in.4")}`,
  `a>${publish(second(4, domain, "B"), "", "in.5")}`,
  `a>${publish(second(4, domain).split(".").slice(0, -1).join("."), "", "in.6")}`,
  `a>SUB $JS.ACK.> 7\r\n${publish(second(4, domain), "", "in.7")}`,
  info,
];

describe.skipIf(natsServerPath === null)("formats of acks beside nats-server", () => {
  test.each([
    ["by default", conf()],
    ["with a domain", conf("", "hub")],
    ["with the flag", conf(flag(true))],
    ["with the flag unset", conf(flag(false))],
  ])("are both heard, %s", async (_when, text) => {
    const domain = text.includes("hub") ? "hub" : "_";
    await compareServers(text, [...ground(), ...acks(domain), { get: "/varz" }], shownFlags);
  });

  test.each([flag(true), flag(false)])(
    "flow control asks in the format of the flag: %s",
    async (more) => {
      const push = { deliver_subject: "in.push", flow_control: true, idle_heartbeat: 500_000_000 };
      const large = "x".repeat(40_000);
      const many = Array.from({ length: 2 }, (): Line => `a>${publish("s.b", large)}`);
      await compareServers(conf(more), [...ground({ ...push, ack_policy: "none" }), ...many], tidy);
    },
  );
});

/** Of a page, its flags alone. */
function shownFlags(text: string): string {
  if (!text.includes('"feature_flags"')) return tidy(text);
  return JSON.stringify(/"feature_flags": ?\{[^}]*\}/.exec(text)?.[0].replace(/\s/g, ""));
}

/** Pull requests as bytes, beside nats-server: many in one write, and from another account. */
import { describe, test } from "vitest";
import { compareServers } from "../both-servers.ts";
import { natsServerPath } from "../real-server.ts";

const conf = `
  server_name: n1
  jetstream { store_dir: "$FOLDER" }
  accounts {
    A: {
      jetstream: enabled
      users: [ {user: a, password: a} ]
      exports: [ {service: "$JS.API.CONSUMER.MSG.NEXT.>", response_type: stream} ]
    }
    B: {
      users: [ {user: b, password: b} ]
      imports: [
        {service: {account: A, subject: "$JS.API.CONSUMER.MSG.NEXT.S.C"}, to: next}
      ]
    }
  }
`;

const publish = (subject: string, payload: unknown, reply = ""): string => {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  return `PUB ${subject} ${reply} ${text.length}\r\n${text}\r\n`;
};
const pull = (reply: string, request: unknown): string =>
  publish("$JS.API.CONSUMER.MSG.NEXT.S.C", request, reply);
const hello = (name: string, subs: string): string =>
  `${name}>CONNECT {"verbose":false,"user":"${name}","pass":"${name}","headers":true,` +
  `"no_responders":true}\r\n${subs}PING\r\n`;

/** A stream of so many messages and a pull consumer on it. */
function ground(messages: number, config: Record<string, unknown> = {}): string[] {
  const stream = { name: "S", subjects: ["s.*"], storage: "memory" };
  const consumer = { durable_name: "C", ack_policy: "explicit", ...config };
  const create = { stream_name: "S", config: consumer };
  const filled = Array.from({ length: messages }, (_, i) => publish("s.a", `message ${i + 1}`));
  return [
    hello("a", "SUB in.* 1\r\n"),
    `a>${publish("$JS.API.STREAM.CREATE.S", stream)}`,
    `a>${publish("$JS.API.CONSUMER.CREATE.S.C", create)}`,
    ...filled.map((text) => `a>${text}`),
  ];
}

/** Times of messages and counts of the server's own ids. */
const tidy = (text: string): string =>
  text.replace(/(\$JS\.ACK\.[\w.]*?)\.\d{19}\./g, "$1.TIME.").replace(/_R_\.[\w.]+/g, "_R_");

const prioritized = { priority_policy: "prioritized", priority_groups: ["A"] };
const ranked = (priority: number, more: Record<string, unknown> = {}): unknown => {
  return { batch: 2, expires: 2_000_000_000, group: "A", priority, ...more };
};

describe.skipIf(natsServerPath === null)("pull requests beside nats-server", () => {
  test("those of one write wait together before the first is served", async () => {
    await compareServers(
      conf,
      [
        ...ground(3, prioritized),
        `a>${pull("in.low", ranked(5))}${pull("in.high", ranked(1))}${pull("in.none", ranked(3))}`,
        `a>${publish("s.a", "message 4")}`,
        `a>${pull("in.late", ranked(9))}${pull("in.bad", ranked(10))}`,
        `a>${publish("s.a", "message 5")}${publish("s.a", "message 6")}`,
      ],
      tidy,
    );
  });

  test("those of one write are served in their order where there are no priorities", async () => {
    const two = { batch: 2, expires: 1_000_000_000 };
    await compareServers(
      conf,
      [
        ...ground(3),
        `a>${pull("in.1", two)}${pull("in.2", two)}${pull("in.bad", "{")}`,
        `a>${pull("in.3", { batch: 1, no_wait: true })}${pull("in.4", { batch: 0, no_wait: true })}`,
      ],
      tidy,
    );
  });

  test("a request whose requester stopped listening is answered, though nobody hears it", async () => {
    await compareServers(
      conf,
      [
        ...ground(0),
        "a>SUB _R_.> 2\r\n",
        hello("b", "SUB in.b 1\r\n"),
        `b>${publish("next", { batch: 1, expires: 2_000_000_000 }, "in.b")}`,
        "b>UNSUB 1\r\nPING\r\n",
        `a>${publish("s.a", "message 1")}`,
        `a>${pull("in.1", { batch: 1, no_wait: true })}`,
      ],
      tidy,
    );
  });
});

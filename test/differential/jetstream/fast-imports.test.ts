/** Fast batches published to a stream of another account, beside nats-server. */
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
      exports: [ {service: once}, {service: many, response_type: stream} ]
    }
    B: {
      users: [ {user: b, password: b} ]
      imports: [ {service: {account: A, subject: once}}, {service: {account: A, subject: many}} ]
      exports: [ {service: many, response_type: stream} ]
    }
    C: {
      users: [ {user: c, password: c} ]
      imports: [ {service: {account: B, subject: many}} ]
    }
  }
`;

const hello = (name: string): string =>
  `${name}>CONNECT {"verbose":false,"user":"${name}","pass":"${name}","headers":true,` +
  '"no_responders":true}\r\nSUB in.> 1\r\nPING\r\n';
const publish = (subject: string, reply: string, text: string): string =>
  `PUB ${subject} ${reply} ${text.length}\r\n${text}\r\n`;
const stream = JSON.stringify({ name: "S", subjects: ["once", "many"], allow_batched: true });

/** Three messages of a batch and its end, in one account. */
const batch = (name: string): string[] => [
  `${name}>${publish("many", `in.${name}.1.fail.1.0.$FI`, "1")}`,
  `${name}>${publish("many", `in.${name}.1.fail.2.1.$FI`, "2")}`,
  `${name}>${publish("many", `in.${name}.1.fail.4.1.$FI`, "gap")}`,
  `${name}>${publish("many", `in.${name}.1.fail.1.9.$FI`, "pattern")}`,
];

// Evidence: nats-server 2.15.2 in the same run (`processServiceImport`, `getFastBatch`).
describe.skipIf(natsServerPath === null)("a fast batch for another account", () => {
  test("is steered by the reply that its publisher gave", async () => {
    await compareServers(conf, [
      hello("a"),
      hello("b"),
      hello("c"),
      `a>${publish("$JS.API.STREAM.CREATE.S", "in.made", stream)}`,
      `b>${publish("once", "in.one.1.fail.1.2.$FI", "only")}`,
      `b>${publish("once", "in.plain", "x")}`,
      ...batch("b"),
      ...batch("c"),
    ]);
  });
});

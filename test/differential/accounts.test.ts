/** Limits, permissions and sharing of accounts beside nats-server: the same bytes. */
import { describe, test } from "vitest";
import { compareServers, type Line } from "./both-servers.ts";
import { natsServerPath } from "./real-server.ts";

const connect = (user: string): string =>
  `CONNECT {"verbose":false,"user":"${user}","pass":"${user}","headers":true,` +
  '"no_responders":true}\r\n';

const programs: Readonly<Record<string, readonly [string, readonly Line[]]>> = {
  "limits of an account": [
    `accounts { A: {
      users: [ {user: a, password: a} ]
      limits { max_connections: 2, max_subscriptions: 2, max_payload: 10 }
    } }`,
    [
      `a>${connect("a")}PING\r\n`,
      "a>SUB x 1\r\nSUB y 2\r\nSUB z 3\r\n",
      `b>${connect("a")}PING\r\n`,
      `c>${connect("a")}PING\r\n`,
      "b>SUB x 1\r\nSUB y 2\r\nUNSUB 1\r\nSUB w 4\r\n",
      "a>PUB x 11\r\n",
    ],
  ],
  "a user for those without a name": [
    `accounts { A: { users: [ {user: a, password: a, permissions {publish: {deny: nope}}} ] } }
    no_auth_user: a
    authorization { timeout: "300ms" }`,
    [
      "a>PING\r\n",
      "a>SUB x 1\r\nPUB x 1\r\nq\r\nPUB nope 1\r\nq\r\n",
      { wait: 500 },
      'b>CONNECT {"verbose":false}\r\nPING\r\n',
      'c>CONNECT {"verbose":false,"user":"x","pass":"y"}\r\nPING\r\n',
      'd>CONNECT {"verbose":false,"auth_token":"y"}\r\nPING\r\n',
    ],
  ],
  "default permissions, answers, queues": [
    `authorization {
      default_permissions { publish: "a.>", subscribe: "b.>" }
      users: [
        {user: a, password: a}
        {user: b, password: b, permissions {publish: "c.>"}}
        {user: c, password: c, permissions {
          allow_responses: {max: 2, expires: "30s"}, subscribe: "svc.>"
        }}
        {user: d, password: d, permissions {
          subscribe: ["q.* g1", "q.x g2", "plain"]
          publish: {allow: ">", deny: ["no.*", "x.>"]}
        }}
      ]
    }`,
    [
      `a>${connect("a")}`,
      "a>SUB b.x 1\r\nSUB c.x 2\r\nPUB a.x 1\r\nq\r\nPUB c.x 1\r\nq\r\n",
      `b>${connect("b")}`,
      "b>SUB b.x 1\r\nSUB c.x 2\r\nPUB c.x 1\r\nq\r\nPUB a.x 1\r\nq\r\n",
      `c>${connect("c")}SUB svc.> 1\r\n`,
      `d>${connect("d")}`,
      "d>PUB svc.one rep.1 1\r\nq\r\n",
      "c>PUB rep.1 1\r\n1\r\n",
      "c>PUB rep.1 1\r\n2\r\n",
      "c>PUB rep.1 1\r\n3\r\n",
      "d>SUB q.x g1 1\r\nSUB q.x g2 2\r\nSUB q.y g2 3\r\nSUB q.x 4\r\nSUB plain g 6\r\n",
      "d>PUB no.1 1\r\nq\r\nPUB x.1.2 1\r\nq\r\nPUB no 1\r\nq\r\n",
    ],
  ],
  "streams and services of another account": [
    `accounts {
      A: {
        users: [ {user: a, password: a} ]
        exports: [
          {service: "req.*.*", response_type: stream}
          {stream: "pub.*.>", accounts: [B]}
          {service: "pos.*.x", account_token_position: 2}
        ]
      }
      B: {
        users: [ {user: b, password: b} ]
        imports: [
          {service: {account: A, subject: "req.*.*"}, to: "r.$2.$1"}
          {stream: {account: A, subject: "pub.*.>"}, to: "p.*.>"}
          {service: {account: A, subject: "pos.B.x"}, to: pos}
        ]
      }
    }`,
    [
      `a>${connect("a")}SUB req.> 1\r\nSUB pos.> 2\r\n`,
      `b>${connect("b")}SUB inbox 1\r\nSUB p.> 2\r\nSUB p.x.y 3\r\n`,
      "b>PUB r.one.two inbox 1\r\nq\r\n",
      "a>ANSWER one",
      "a>ANSWER two",
      "a>PUB pub.x.y 1\r\nq\r\n",
      "b>PUB pos inbox 1\r\nq\r\n",
      "a>ANSWER one",
      "a>ANSWER two",
      "b>PUB r.x inbox 1\r\nq\r\n",
    ],
  ],
  "a stream of one subject, under a name that reads like a pattern": [
    `accounts {
      A: { users: [ {user: a, password: a} ], exports: [ {stream: "deliver.*"}, {stream: one} ] }
      B: {
        users: [ {user: b, password: b} ]
        imports: [
          {stream: {account: A, subject: "deliver.ORDERS"}, to: "d.*"}
          {stream: {account: A, subject: one}, to: "t.$1"}
        ]
      }
    }`,
    [
      `a>${connect("a")}`,
      `b>${connect("b")}SUB d.ORDERS 1\r\nSUB d.* 2\r\nSUB d.> 3\r\nSUB d.x.y 4\r\n`,
      "b>SUB t.$1 5\r\nSUB t.* 6\r\nSUB t.one 7\r\nSUB d.ORDERS g 8\r\n",
      "a>PUB deliver.ORDERS 1\r\nq\r\n",
      "a>PUB deliver.OTHER 1\r\nq\r\n",
      "a>PUB one 1\r\nq\r\n",
    ],
  ],
  // nats-server: enableJetStreamInfoServiceImportOnly.
  "the API of another account, in part or as a whole": [
    `jetstream { store_dir: "$FOLDER", max_mem: 256M, max_file: 1G }
    accounts {
      A: {
        users: [ {user: a, password: a} ]
        jetstream: enabled
        exports: [
          {service: "$JS.API.INFO"}, {service: "$JS.API.STREAM.NAMES"}, {service: "$JS.API.>"}
        ]
      }
      B: {
        users: [ {user: b, password: b} ]
        imports: [
          {service: {account: A, subject: "$JS.API.INFO"}}
          {service: {account: A, subject: "$JS.API.STREAM.NAMES"}}
        ]
      }
      C: {
        users: [ {user: c, password: c} ]
        imports: [ {service: {account: A, subject: "$JS.API.>"}} ]
      }
      D: {
        users: [ {user: d, password: d} ]
        imports: [ {service: {account: A, subject: "$JS.API.STREAM.NAMES"}, to: "names"} ]
      }
    }`,
    ["b", "c", "d"].flatMap((user) => [
      `${user}>${connect(user)}SUB r.* 1\r\n`,
      ...["INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.S"].map(
        (what, at) => `${user}>PUB $JS.API.${what} r.${at} 0\r\n\r\n`,
      ),
      `${user}>PUB names r.9 0\r\n\r\n`,
    ]),
  ],
  "ways to come in": [
    `authorization { users: [
      {user: a, password: a, allowed_connection_types: [WEBSOCKET]}
      {user: b, password: b, allowed_connection_types: [standard]}
    ] }`,
    [`a>${connect("a")}PING\r\n`, `b>${connect("b")}PING\r\n`],
  ],
};

describe.skipIf(natsServerPath === null)("accounts beside nats-server", () => {
  test.each(Object.entries(programs))(
    "%s",
    async (_title, [conf, lines]) => {
      await compareServers(conf, lines);
    },
    30_000,
  );
});

/** The same bytes to nats-server and to our server: the same bytes back, and the same ends. */
import type { AddressInfo, Server } from "node:net";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Machine } from "../../src/node/serve/machine.ts";
import { createTcpListener } from "../../src/node/serve/tcp.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { type Answer, normalised, RawClient } from "./raw-client.ts";
import {
  checkWithNatsServer,
  natsServerPath,
  type RealServer,
  startNatsServer,
} from "./real-server.ts";

const there = natsServerPath !== null;

interface OurServer {
  readonly port: number;
  stop(): Promise<void>;
}

async function startOurs(conf: string): Promise<OurServer> {
  const { config } = serverConfigFromText(`host: 127.0.0.1\n${conf}`);
  const machine = new Machine(config, () => {});
  machine.start();
  const listener: Server = createTcpListener(() => machine);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    async stop() {
      machine.shutDown();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** Lines sent one after the other on connections by name; `a>text` speaks as a. */
type Script = readonly string[];

/** `patience` lengthens the silence after which an answer counts as whole. */
async function play(
  port: number,
  script: Script,
  patience: number,
): Promise<Record<string, Answer[]>> {
  const clients = new Map<string, RawClient>();
  const answers: Record<string, Answer[]> = {};
  for (const line of script) {
    const [, name = "a", text = ""] = /^(?:(\w)>)?([\s\S]*)$/.exec(line) ?? [];
    let client = clients.get(name);
    if (client === undefined) {
      client = await RawClient.open(port);
      clients.set(name, client);
      answers[name] = [await client.say("", patience * 35)];
    }
    await client.say(text, 0);
    for (const [one, other] of clients)
      answers[one]?.push(await other.say("", patience * (one === name ? 35 : 12)));
  }
  for (const client of clients.values()) client.close();
  return answers;
}

const quiet = 'CONNECT {"verbose":false,"pedantic":false,"headers":true,"no_responders":true}\r\n';
const modern = `${quiet.slice(0, -3)},"protocol":1}\r\n`;

/** Configuration by title, and the conversations held with it. */
const suites: readonly (readonly [string, string, Readonly<Record<string, Script>>])[] = [
  [
    "plain",
    "",
    {
      "CONNECT {} is verbose": [
        "CONNECT {}\r\n",
        "PING\r\n",
        "SUB a 1\r\n",
        "PUB a 1\r\nx\r\n",
        "UNSUB 1\r\n",
      ],
      "no CONNECT at all": ["PING\r\n", "SUB a 1\r\n", "PUB a 1\r\nx\r\n"],
      "the second INFO": [modern, "PING\r\n", "PING\r\n"],
      "no second INFO for protocol 0": [quiet, "PING\r\n"],
      "publish and subscribe": [
        quiet,
        "SUB foo.* 1\r\nSUB foo.> q 2\r\nPING\r\n",
        "PUB foo.a r.1 5\r\nhello\r\nPING\r\n",
      ],
      "headers through and stripped": [
        quiet,
        'b>CONNECT {"verbose":false}\r\n',
        "SUB h 1\r\n",
        "b>SUB h 7\r\n",
        "HPUB h 18 20\r\nNATS/1.0\r\nA: 1\r\n\r\nok\r\n",
        "HPUB h 0 2\r\nok\r\n",
      ],
      "no responders": [
        quiet,
        "SUB _INBOX.x 3\r\n",
        "PUB nobody.here _INBOX.x 0\r\n\r\n",
        "PUB nobody.here 0\r\n\r\n",
      ],
      "no responders goes to plain subscriptions only": [
        quiet,
        "SUB _INBOX.x q 3\r\n",
        "PUB nobody.here _INBOX.x 0\r\n\r\n",
      ],
      "echo off": [
        'CONNECT {"verbose":false,"echo":false,"headers":true,"no_responders":true}\r\n',
        "SUB a 1\r\nSUB r 2\r\n",
        "PUB a r 1\r\nx\r\n",
      ],
      "unsub max": [
        quiet,
        "SUB a 1\r\nUNSUB 1 2\r\n",
        "PUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n",
        "UNSUB 1 9\r\nUNSUB 77\r\nPING\r\n",
      ],
      "unsub max already reached": [
        quiet,
        "SUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nUNSUB 1 2\r\nPUB a 1\r\n3\r\nPING\r\n",
      ],
      "a used sid is not taken again": [
        quiet,
        "SUB a 1\r\nSUB b 1\r\n",
        "PUB a 1\r\na\r\nPUB b 1\r\nb\r\nPING\r\n",
      ],
      "bad subjects, pedantic": [
        'CONNECT {"verbose":false,"pedantic":true}\r\n',
        "SUB a..b 1\r\n",
        "SUB a.>.b 1\r\n",
        "SUB > 2\r\n",
        "PUB a..b 1\r\nx\r\n",
        "PUB a.* 1\r\nx\r\n",
        "PUB > 1\r\nx\r\n",
      ],
      "bad subjects, not pedantic": [
        quiet,
        "SUB a..b 1\r\n",
        "SUB > 2\r\n",
        "PUB a..b 1\r\nx\r\n",
        "PUB a.* 1\r\nx\r\n",
        "PUB .a 1\r\nx\r\n",
      ],
      "wildcards published are literal": [
        quiet,
        "SUB a.* 1\r\nSUB a.b 2\r\n",
        "PUB a.* 1\r\nx\r\nPUB a.> 1\r\ny\r\nPING\r\n",
      ],
      "verbose errors": [
        'CONNECT {"verbose":true,"pedantic":true}\r\n',
        "SUB a..b 1\r\n",
        "PUB a..b 1\r\nx\r\n",
        "SUB a 1\r\n",
        "SUB a 1\r\n",
        "UNSUB 9\r\n",
      ],
      "unknown verb": [quiet, "BOGUS\r\n"],
      "MSG from a client": [quiet, "MSG a 1 1\r\nx\r\n"],
      "HMSG from a client": [quiet, "HMSG a 1 1 1\r\n\r\nPING\r\n"],
      "payload without its line end": [quiet, "PUB a 1\r\nxyz\r\n"],
      "CONNECT that is no JSON": ["CONNECT {bad\r\n"],
      "CONNECT without argument": ["CONNECT\r\n"],
      "CONNECT with a wrong type": ['CONNECT {"verbose":"yes"}\r\n'],
      "a second CONNECT": [quiet, "SUB a 1\r\n", modern, "PUB a 1\r\nx\r\nPING\r\n"],
      "missing size": [quiet, "PUB a\r\n"],
      "negative size": [quiet, "PUB a -1\r\n"],
      "bad size": [quiet, "PUB a x\r\n"],
      "too many arguments": [quiet, "PUB a b c 1\r\n"],
      "SUB with one argument": [quiet, "SUB a\r\n"],
      "HPUB with more header than total": [quiet, "HPUB a 9 5\r\n"],
      "HPUB without headers": [
        'CONNECT {"verbose":false}\r\n',
        "HPUB a 12 12\r\nNATS/1.0\r\n\r\n\r\n",
      ],
      "-ERR from a client": [quiet, "-ERR 'no'\r\n"],
      "+OK and INFO from a client": [quiet, "+OK\r\nINFO {}\r\nPING\r\n"],
      "INFO that is no JSON": [quiet, "INFO x\r\n"],
      "INFO that is no object": [quiet, "INFO 1\r\nPING\r\n"],
      "INFO with a wrong type": [quiet, 'INFO {"connect_urls":["a",1]}\r\nPING\r\n'],
      "INFO that makes sense": [quiet, 'INFO {"connect_urls":["a"],"x":1}\r\nPING\r\n'],
      "UNSUB and SUB without an argument": [quiet, "UNSUB \r\nPING\r\n"],
      "a stray CR parts the arguments of SUB": [quiet, "SUB a 1\r2 3\r\nPING\r\n"],
      "a stray CR belongs to an argument of PUB": [quiet, "PUB a\rb 1\r\nx\r\nPING\r\n"],
      "a bad subject is told of before its payload": [
        'CONNECT {"verbose":true,"pedantic":true}\r\n',
        "PUB a..b 5\r\nxx",
        "yyz\r\nPING\r\n",
        "PUB a..b 2\r\nxyz\r\n",
      ],
      "CONNECT with a protocol of no integer": ['CONNECT {"protocol":1e0}\r\nPING\r\n'],
      "CONNECT with what leaf nodes say": ['CONNECT {"import":{"allow":"x"}}\r\nPING\r\n'],
      "quotes and controls in a refused subject": [
        quiet,
        'SUB a"\x07é\\ _sys_ 1\r\n',
        'PUB $NRG.\x01"é 1\r\nx\r\n',
      ],
      "no_responders without headers": ['CONNECT {"verbose":false,"no_responders":true}\r\n'],
      "protocol 2": ['CONNECT {"verbose":false,"protocol":2}\r\n'],
      "an account in CONNECT": ['CONNECT {"verbose":false,"account":"A"}\r\n'],
      "a control line too long": [quiet, `SUB ${"a".repeat(5000)} 1\r\n`],
      "a control line too long without an end": [quiet, `PUB ${"a".repeat(5000)}`],
      "a payload too large": [quiet, "PUB a 1048577\r\n"],
      "case and blanks": [quiet, "sUb  \t a \t 1 \r\npub\ta   1\r\nx\r\nping\r\n"],
      "a line end without CR": [quiet, "SUB a 1\nPUB a 1\r\nx\r\nPING\n"],
      "bytes one by one": [quiet, ..."SUB a 1\r\nPUB a 1\r\nx\r\n"],
      "reserved replies": [
        quiet,
        "PUB a $JS.ACK.x.y 1\r\nx\r\n",
        "PUB a _R_.x 1\r\nx\r\n",
        "PUB $NRG.x 1\r\nx\r\n",
        "PUB _GR_.x 1\r\nx\r\n",
      ],
      "queue subscriptions to a group of servers": [quiet, "SUB a _sys_ 1\r\n"],
      "many plain subscribers": [quiet, "SUB a 1\r\nSUB a.> 2\r\nSUB * 3\r\nSUB > 4\r\nPING\r\n"],
      "user info": [quiet, "SUB r 1\r\nPUB $SYS.REQ.USER.INFO r 0\r\n\r\n"],
      "JetStream that is off": [quiet, "SUB r 1\r\nPUB $JS.API.INFO r 0\r\n\r\n"],
      "subjects that are not UTF-8": [
        quiet,
        "SUB a.* 1\r\n",
        "PUB a.\x80 r.\xc3 1\r\nx\r\nHPUB a.\xff 12 12\r\nNATS/1.0\r\n\r\n\r\nPING\r\n",
      ],
      "PUB with an empty first line": [quiet, "PUB \n 1\r\n", "x\r\nPING\r\n"],
    },
  ],
  [
    "small limits",
    "max_payload: 10\nmax_control_line: 96\nmax_subscriptions: 2\nmax_sub_tokens: 3",
    {
      "payload at the limit and over": [
        quiet,
        "SUB a 1\r\nPUB a 10\r\n0123456789\r\n",
        "PUB a 11\r\n",
      ],
      "a payload over the limit, in one read and in more": [
        quiet,
        `b>${quiet}`,
        `PUB a 400\r\n${"x".repeat(400)}\r\n`,
        `b>PUB a 600\r\n${"x".repeat(600)}\r\n`,
      ],
      "a payload over the limit, when reads have become shorter": [
        ...[quiet, "PING\r\n", "PING\r\n", "PING\r\n"],
        `PUB a 300\r\n${"x".repeat(300)}\r\n`,
      ],
      "subscriptions at the limit and over": [
        quiet,
        "SUB a 1\r\nSUB b 2\r\n",
        "SUB c 3\r\n",
        "PUB c 1\r\nx\r\nPING\r\n",
      ],
      "tokens over the limit": [quiet, "SUB a.b.c 1\r\n", "SUB a.b.c.d 2\r\n"],
    },
  ],
  ["one connection", "max_connections: 1", { "a connection too many": [quiet, "b>PING\r\n"] }],
  [
    "one user",
    'authorization { user: u, password: p, timeout: "300ms" }',
    {
      "right credentials": ['CONNECT {"verbose":true,"user":"u","pass":"p"}\r\n', "PING\r\n"],
      "wrong credentials": ['CONNECT {"verbose":true,"user":"u","pass":"x"}\r\n'],
      "no credentials": ["CONNECT {}\r\n"],
      "PING first": ["PING\r\n"],
    },
  ],
  [
    "someone for who names nobody",
    "authorization { users: [{user: a, password: b}, {user: c, password: d}] }, no_auth_user: a",
    {
      "a key where nobody has one": [
        'CONNECT {"verbose":true,"nkey":"UX","sig":"x"}\r\n',
        "PING\r\n",
      ],
      "a key beside a user": ['CONNECT {"verbose":true,"nkey":"UX","user":"c","pass":"d"}\r\n'],
      "a token that nobody knows": ['CONNECT {"verbose":true,"auth_token":"x"}\r\n'],
    },
  ],
  [
    "a token",
    "authorization { token: secret }",
    {
      "right token": ['CONNECT {"verbose":true,"auth_token":"secret"}\r\n'],
      "wrong token": ['CONNECT {"verbose":true,"auth_token":"x"}\r\n'],
    },
  ],
  [
    "users with permissions",
    `authorization {
      users [
        { user: a, password: a, permissions {
          publish: ["ok.>", "_INBOX.>"]
          subscribe: { allow: ["ok.>", "q.* group", "_INBOX.>"], deny: "ok.no" }
        } }
        { user: b, password: b, permissions { publish { deny: "no.>" }, subscribe: ">" } }
        { user: c, password: c, permissions {
          subscribe: ["svc", "_INBOX.>"], allow_responses: true
        } }
      ]
    }`,
    {
      "publish allowed and denied": [
        'CONNECT {"verbose":true,"user":"a","pass":"a"}\r\n',
        "PUB ok.x 1\r\nx\r\n",
        "PUB no 1\r\nx\r\n",
        "PUB ok.x other 1\r\nx\r\n",
      ],
      "subscribe allowed and denied": [
        'CONNECT {"verbose":true,"user":"a","pass":"a"}\r\n',
        "SUB ok.a 1\r\n",
        "SUB ok.no 2\r\n",
        "SUB ok.no g 2\r\n",
        "SUB q.a 3\r\n",
        "SUB q.a group 4\r\n",
        "SUB q.a other 5\r\n",
        "SUB > 6\r\n",
        "SUB ok.> 7\r\n",
      ],
      "what is denied is held back from wildcards": [
        'CONNECT {"verbose":false,"user":"a","pass":"a"}\r\n',
        "SUB ok.> 1\r\n",
        'b>CONNECT {"verbose":false,"user":"b","pass":"b"}\r\n',
        "b>PUB ok.no 1\r\nx\r\nPUB ok.yes 1\r\ny\r\nPUB no.x 1\r\nz\r\n",
      ],
      "the right to respond once": [
        'CONNECT {"verbose":false,"user":"c","pass":"c"}\r\n',
        "SUB svc 1\r\n",
        'b>CONNECT {"verbose":false,"user":"b","pass":"b"}\r\n',
        "b>SUB r 9\r\n",
        "PUB r 1\r\nx\r\n",
        "b>PUB svc r 1\r\nq\r\n",
        "PUB r 1\r\n1\r\n",
        "PUB r 1\r\n2\r\n",
      ],
      "user info of a user": [
        'CONNECT {"verbose":false,"user":"b","pass":"b"}\r\n',
        "SUB r 1\r\nPUB $SYS.REQ.USER.INFO r 0\r\n\r\n",
      ],
    },
  ],
  [
    "accounts",
    `accounts {
      SYS { users [ { user: sys, password: sys } ] }
      APP {
        users [ { user: app, password: app } ]
        mappings { "map.*.in": "mapped.{{wildcard(1)}}" }
      }
      TWO { users [ { user: two, password: two } ] }
    }
    system_account: SYS
    no_auth_user: app`,
    {
      "no_auth_user without CONNECT": ["PING\r\n", "SUB mapped.* 1\r\n", "PUB map.x.in 1\r\nx\r\n"],
      "no_auth_user with CONNECT": [
        modern,
        "PING\r\n",
        "SUB mapped.* 1\r\n",
        "PUB map.x.in 1\r\nx\r\n",
      ],
      "the system account": [
        'CONNECT {"verbose":false,"user":"sys","pass":"sys","protocol":1}\r\n',
        "PING\r\n",
      ],
      "accounts are apart": [
        'CONNECT {"verbose":false,"user":"two","pass":"two"}\r\n',
        "SUB > 1\r\n",
        "b>PUB a 1\r\nx\r\n",
        "PUB a 1\r\ny\r\n",
      ],
      "a user that is not known": ['CONNECT {"verbose":false,"user":"x","pass":"y"}\r\n'],
    },
  ],
  [
    "users of the system account alone",
    "accounts { $SYS { users [ { user: sys, password: sys } ] } }",
    {
      "who names nobody, without CONNECT": ["PING\r\n", "SUB > 1\r\n", "PUB a 1\r\nx\r\n"],
      "who names nobody": [modern, "PING\r\n", "SUB a 1\r\n", "PUB a 1\r\nx\r\n"],
      "the system account": [
        'CONNECT {"verbose":false,"user":"sys","pass":"sys","protocol":1}\r\n',
        "PING\r\n",
      ],
      "a user that is not known": ['CONNECT {"verbose":false,"user":"x","pass":"y"}\r\n'],
      "a wrong password": ['CONNECT {"verbose":false,"user":"sys","pass":"y"}\r\n'],
    },
  ],
];

describe.skipIf(!there)("beside nats-server", () => {
  for (const [title, conf, scripts] of suites) {
    describe(title, () => {
      let real: RealServer;
      let ours: OurServer;
      beforeAll(async () => {
        [real, ours] = await Promise.all([startNatsServer(conf), startOurs(conf)]);
      });
      afterAll(async () => {
        await real.stop();
        await ours.stop();
      });
      test.each(Object.keys(scripts))("%s", async (name) => {
        const script = scripts[name] ?? [];
        const both = (patience: number): Promise<Record<string, Answer[]>[]> =>
          Promise.all([real, ours].map(({ port }) => play(port, script, patience)));
        let [expected = {}, got = {}] = await both(1);
        // On a busy machine an answer may need longer than the silence that ends it.
        if (!isDeepStrictEqual(readable(got), readable(expected))) {
          [expected = {}, got = {}] = await both(6);
        }
        expect(readable(got)).toEqual(readable(expected));
      });
    });
  }
});

function readable(answers: Record<string, Answer[]>): Record<string, string[]> {
  const shown: Record<string, string[]> = {};
  for (const [name, list] of Object.entries(answers)) {
    shown[name] = list.map(({ text, closed, reset }) => {
      const end = reset ? " (reset)" : " (closed)";
      return `${userInfo(normalised(text))}${closed ? end : ""}`;
    });
  }
  return shown;
}

/** The server's part of a user info answer names features that are no business of ours. */
function userInfo(text: string): string {
  return text.replace(
    /MSG r 1 \d+\r\n\{"server":\{.*?\},"data"/,
    'MSG r 1 n\r\n{"server":{},"data"',
  );
}

describe.skipIf(!there)("configuration files are refused in the same words", () => {
  test.each([
    "foo: 1",
    "port: abc",
    'debug: "x"',
    "listen: a:b",
    "listen: abc",
    "ping_interval: 5x",
    "jetstream: maybe",
    "jetstream { nope: 1 }",
    "jetstream { max_mem: 2x }",
    "authorization { users: 1 }",
    "authorization { users [ { password: p } ] }",
    "authorization { users [ { user: u, nope: 1 } ] }",
    "authorization { users [ { user: u, permissions { nope: 1 } } ] }",
    'authorization { users [ { user: u, permissions { publish: "a b" } } ] }',
    "authorization { users [ { user: u, permissions { publish { nope: a } } } ] }",
    "accounts { A: 1 }",
    "accounts { $G { } }",
    "accounts { A { nope: 1 } }",
    'accounts { A { mappings { "a.*": "b.{{nope(1)}}" } } }',
    "mappings { a: [ { destination: b } ] }",
    "mappings { a: [ { destination: b, weight: x } ] }",
    "mappings { a: [ { destination: b, weight: 101 } ] }",
    "mappings { a: [ { destination: b, nope: 1 } ] }",
    "mappings { a: [ { destination: b, weight: 60 }, { destination: c, weight: 60 } ] }",
    "mappings { a: [ { destination: b, weight: 6 }, { destination: b, weight: 6 } ] }",
    "mappings { a: [ b ] }",
    "mappings { a: b..c }",
    "mappings { a..b: c }",
    "lame_duck_duration: 10s",
    "lame_duck_grace_period: -1s",
    "server_name: a b",
    'server_name: "a b"',
    "port: 1\nfoo {\n  a: 1\n}\nbar: 2",
    "a: $x",
    "{",
    "foo",
  ])("%j", (conf) => {
    const sorted = (text: string): string[] => text.split("\n").toSorted();
    expect(sorted(checkOurs(conf))).toEqual(sorted(checkWithNatsServer(conf)));
  });
});

function checkOurs(conf: string): string {
  try {
    return serverConfigFromText(conf, { file: "my.conf" }).warnings.join("\n");
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

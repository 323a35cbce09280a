/** What the system account is told and may ask, beside nats-server: the same documents. */
import { describe, test } from "vitest";
import { compareServers, type Line } from "./both-servers.ts";
import { natsServerPath } from "./real-server.ts";

const conf = `
  server_name: n1
  server_tags: [ "a:b" ]
  jetstream { store_dir: "$FOLDER", max_mem: 256M, max_file: 1G }
  accounts {
    SYS: { users: [ {user: s, password: s} ] }
    A: { jetstream: enabled, users: [ {user: a, password: a} ] }
  }
  system_account: SYS
`;

const hello = (name: string, more = ""): string =>
  `${name}>CONNECT {"verbose":false,"user":"${name}","pass":"${name}","headers":true,` +
  `"no_responders":true${more}}\r\nSUB r.> 1\r\nPING\r\n`;
const asker = hello("s");
const other = hello("a", ',"name":"cli","lang":"go","version":"1.0"');
const ask = (subject: string, body = "", as = "s"): string =>
  `${as}>PUB $SYS.${subject} r.1 ${body.length}\r\n${body}\r\n`;

const api = (as: string, subject: string, body = ""): string =>
  `${as}>PUB $JS.API.${subject} r.1 ${body.length}\r\n${body}\r\n`;

const askFor = (encoding: string, subject: string, body = ""): string => {
  const headers = `NATS/1.0\r\nAccept-Encoding: ${encoding}\r\n\r\n`;
  const sizes = `${headers.length} ${headers.length + body.length}`;
  return `s>HPUB $SYS.${subject} r.1 ${sizes}\r\n${headers}${body}\r\n`;
};

/** Subscribers inside the server are its own affair; so are the bytes that all this makes. */
function tidy(text: string): string {
  return text
    .replace(
      /(HMSG \S+ \d+ )[\s\S]*?(Content-Encoding: (gzip|snappy))[\s\S]*?(?=\r\nH?MSG|\r\nPONG|$)/g,
      "$1$2",
    )
    .replace(
      /"(num_)?subscriptions": ?\d+(?=,"(?:num|sent|slow|mappings|imports|exports))/g,
      '"$1subs":0',
    )
    .replace(/"(num_subscriptions|num_inserts|num_removes|num_cache|num_matches)":\d+/g, '"$1":0')
    .replace(
      /"(cache_hit_rate|max_fanout|avg_fanout|bytes|out_bytes|out_client_bytes)":[\d.]+/g,
      '"$1":0',
    )
    .replace(
      /"subscriptions":\d+,"http_req_stats":\{.*?\}/g,
      '"subscriptions":0,"http_req_stats":{}',
    )
    .replace(/"(imports|exports)":\[.*?\}\]/g, (found) => sortedList(found))
    .replace(/(?<="account_statz":\[).*(?=\])/, (found) => sortedAccounts(found))
    .replace(/"accounts":\[("[^"]*",?)+\]/g, (found) => found.length.toString());
}

/** nats-server lists accounts as its maps come. */
function sortedAccounts(text: string): string {
  return text
    .split(/,?(?=\{"acc":)/)
    .toSorted()
    .join();
}

/** nats-server lists these as its maps come. */
function sortedList(text: string): string {
  return text
    .split(/(?<=\}),/)
    .map((one) => one.replace(/^"\w+":\[|\]$/g, ""))
    .toSorted()
    .join();
}

const programs: Readonly<Record<string, readonly Line[]>> = {
  "pages of every server": [
    ...["", ".IDZ", ".STATSZ", ".VARZ", ".CONNZ", ".SUBSZ", ".ROUTEZ", ".GATEWAYZ", ".LEAFZ"].map(
      (page) => ask(`REQ.SERVER.PING${page}`),
    ),
    ...[".JSZ", ".HEALTHZ", ".RAFTZ", ".ACCOUNTZ", ".NOPE"].map((page) =>
      ask(`REQ.SERVER.PING${page}`),
    ),
  ],
  "pages and orders of one server": [
    ask("REQ.SERVER.$ID.IDZ"),
    ask("REQ.SERVER.$ID.STATSZ"),
    ask("REQ.SERVER.XX.IDZ"),
    ask("REQ.SERVER.$ID.NOPE"),
    ask("REQ.SERVER.$ID.KICK", '{"cid":99}'),
    ask("REQ.SERVER.$ID.KICK", "x"),
    ask("REQ.SERVER.$ID.LDM", '{"cid":99}'),
    ask("REQ.SERVER.$ID.KICK", '{"tags":["x"],"cid":99}'),
  ],
  "options of /connz": [
    ...[
      '{"subscriptions":true,"auth":true}',
      '{"limit":"x"}',
      '{"limit":1}',
      '{"offset":1}',
      '{"cid":-1}',
      '{"cid":1.5}',
      '{"sort":"zzz"}',
      '{"sort":"stop"}',
      '{"sort":"reason","state":1}',
      '{"state":1}',
      '{"state":2}',
      '{"user":"a"}',
      '{"acc":"A"}',
      '{"filter_subject":"foo.x"}',
      '{"filter_subject":"r.x","acc":"A"}',
      '{"filter_subject":"foo.x","acc":"A"}',
      '{"filter_subject":"foo.x","acc":"NOPE"}',
      "{bad",
      "[]",
      '"s"',
      "null",
    ].map((body) => ask("REQ.SERVER.PING.CONNZ", body)),
  ],
  "which servers are meant": [
    '{"server_name":"n"}',
    '{"server_name":"n","exact_match":true}',
    '{"host":"127"}',
    '{"tags":["a:b"]}',
    '{"tags":["a:c"]}',
    '{"tags":3}',
    '{"tags":[3]}',
    '{"domain":"D"}',
    '{"cluster":"D"}',
    "x",
  ].map((body) => ask("REQ.SERVER.PING.HEALTHZ", body)),
  "other options": [
    ask("REQ.SERVER.PING.ACCOUNTZ", '{"account":"NOPE"}'),
    ask("REQ.SERVER.PING.SUBSZ", '{"test":"a.*"}'),
    ask("REQ.SERVER.PING.HEALTHZ", '{"account":"NOPE"}'),
    ask("REQ.SERVER.PING.HEALTHZ", '{"account":"NOPE","details":true}'),
    ask("REQ.SERVER.PING.HEALTHZ", '{"js-enabled-only":true}'),
    ask("REQ.SERVER.PING.JSZ", '{"accounts":true}'),
    ask("REQ.SERVER.PING.JSZ", '{"leader_only":true}'),
    ask("REQ.SERVER.PING.JSZ", '{"account":"A","streams":true}'),
  ],
  "answers in another encoding": [
    askFor("gzip", "REQ.SERVER.PING.HEALTHZ"),
    askFor("Snappy, gzip", "REQ.SERVER.PING.HEALTHZ"),
    askFor("s2", "REQ.SERVER.PING.VARZ"),
    askFor("br", "REQ.SERVER.PING.HEALTHZ"),
    askFor("", "REQ.SERVER.PING.HEALTHZ"),
    askFor("gzip", "REQ.SERVER.PING.HEALTHZ", "{bad"),
    askFor("gzip", "REQ.SERVER.PING.IDZ"),
    askFor("gzip", "REQ.SERVER.PING.STATSZ"),
    askFor("gzip", "REQ.SERVER.$ID.KICK", '{"cid":99}'),
    askFor("gzip", "REQ.ACCOUNT.A.CONNS"),
    askFor("gzip", "REQ.ACCOUNT.A.JSZ"),
    askFor("gzip", "REQ.USER.INFO"),
  ],
  "one account": [
    ...["CONNZ", "JSZ", "INFO", "STATZ", "CONNS", "LEAFZ", "NOPE"].map((page) =>
      ask(`REQ.ACCOUNT.A.${page}`),
    ),
    ...["CONNZ", "SUBSZ", "JSZ", "INFO", "STATZ", "CONNS"].map((page) =>
      ask(`REQ.ACCOUNT.ZZ.${page}`),
    ),
    ask("REQ.ACCOUNT.PING.STATZ"),
    ask("REQ.ACCOUNT.PING.CONNZ"),
    ask("REQ.USER.INFO"),
    ask("REQ.USER.A.INFO"),
    ask("DEBUG.SUBSCRIBERS", "r.x"),
    ask("DEBUG.SUBSCRIBERS", "r.*"),
  ],
  "all streams of an account go": [
    api("a", "STREAM.CREATE.S", '{"name":"S","subjects":["s"]}'),
    api("a", "STREAM.CREATE.T", '{"name":"T","subjects":["t"],"storage":"memory"}'),
    "a>PUB s r.1 2\r\nhi\r\n",
    api("a", "ACCOUNT.PURGE.A"),
    api("s", "ACCOUNT.PURGE.NOPE"),
    api("s", "ACCOUNT.PURGE.A/B", "x"),
    api("s", "ACCOUNT.PURGE.A.B"),
    api("a", "STREAM.NAMES"),
    api("s", "ACCOUNT.PURGE.A", '{"x":1}'),
    api("a", "STREAM.NAMES"),
    api("a", "INFO"),
    api("s", "ACCOUNT.PURGE.SYS"),
  ],
  "what any account may ask of itself": [
    ...["REQ.ACCOUNT.PING.CONNZ", "REQ.SERVER.PING.CONNZ", "REQ.ACCOUNT.PING.STATZ"].map(
      (subject) => ask(subject, "", "a"),
    ),
    ask("REQ.USER.INFO", "", "a"),
    ask("REQ.SERVER.PING.VARZ", "", "a"),
    ask("REQ.ACCOUNT.A.INFO", "", "a"),
  ],
};

describe.skipIf(natsServerPath === null)("the system account beside nats-server", () => {
  test.each(Object.entries(programs))("%s", async (_title, lines) => {
    await compareServers(conf, [asker, other, ...lines], tidy);
  });

  test("clients that come, go and are refused", async () => {
    await compareServers(
      conf,
      [
        asker,
        "s>SUB $SYS.ACCOUNT.> 9\r\nSUB $SYS.SERVER.*.CLIENT.> 10\r\nSUB $SYS.SERVER.ACCOUNT.> 11\r\n",
        other,
        "a>PUB x 2\r\nhi\r\n",
        { close: "a" },
        'b>CONNECT {"verbose":false,"user":"zz","pass":"zz","name":"bad"}\r\n',
        "c>PING\r\n",
      ],
      (text) => tidy(text).replace(/"subscriptions":\d+/g, ""),
    );
  }, 20_000);
});

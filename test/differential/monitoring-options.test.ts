/** Every option of the monitoring pages beside nats-server: the same rows and the same refusals. */
import { describe, test } from "vitest";
import { compareServers, type Line } from "./both-servers.ts";
import { natsServerPath } from "./real-server.ts";

const conf = `
  server_name: n1
  jetstream { store_dir: "$FOLDER", max_mem: 256M, max_file: 1G }
  accounts {
    A: {
      jetstream: enabled
      users: [ {user: a, password: a} ]
      exports: [ {stream: x.>}, {service: q, accounts: [B], latency: lat} ]
      mappings: { m: [ {destination: n, weight: 50%}, {destination: o, weight: 50%} ] }
    }
    B: {
      users: [ {user: b, password: b} ]
      imports: [
        {stream: {account: A, subject: x.>}, prefix: p}
        {service: {account: A, subject: q}}
      ]
    }
  }
`;

const hello = (name: string, as: string, more: string): string =>
  `${name}>CONNECT {"verbose":false,"user":"${as}","pass":"${as}","headers":true,` +
  `"no_responders":true,"name":"${name}","lang":"go","version":"1"}\r\n${more}PING\r\n`;
const api = (subject: string, body: string): string =>
  `a1>PUB $JS.API.${subject} r.1 ${body.length}\r\n${body}\r\n`;

const setup: readonly Line[] = [
  hello("a1", "a", "SUB r.> 1\r\nSUB foo.* q 2\r\n"),
  hello("a2", "a", "SUB foo.x 9\r\nUNSUB 9 5\r\n"),
  hello("b1", "b", "SUB p.> 1\r\n"),
  hello("gone", "b", "SUB z 1\r\n"),
  { close: "gone" },
  "a2>PUB foo.x 5\r\nhello\r\n",
  api("STREAM.CREATE.S", '{"name":"S","subjects":["s.*"],"storage":"memory"}'),
  api(
    "CONSUMER.CREATE.S.c",
    '{"stream_name":"S","config":{"name":"c","durable_name":"c","ack_policy":"explicit"}}',
  ),
  "a1>PUB s.1 2\r\nhi\r\n",
];

const of = (page: string, ...queries: readonly string[]): Line[] =>
  ["", ...queries.map((query) => `?${query}`)].map((query) => ({ get: `/${page}${query}` }));

/** Subscribers inside the server, counters of caches, and lists that come as Go's maps do. */
function tidy(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(
      /"(subscriptions|num_subscriptions|num_inserts|num_removes|num_cache)": \d+/g,
      '"$1": 0',
    )
    .replace(
      /"(num_matches|cache_hit_rate|max_fanout|avg_fanout|out_bytes|out_client_bytes|bytes)": [\d.]+/g,
      '"$1": 0',
    )
    .replace(/"http_req_stats": \{.*?\}/g, '"http_req_stats": {}')
    .replace(
      /"(imports|exports|accounts|subscriptions_list|subscriptions_list_detail|account_statz)": \[.*?\](?=[,} ])/g,
      (found) => [...found].toSorted().join("").trim(),
    )
    .replace(/"total": \d+, "offset"/, '"total": 0, "offset"')
    .replace(/"(last_activity|start|created|ts|first_ts|last_ts)": "[^"]*"/g, '"$1": ""');
}

/** At their ends, and beyond; text that Go does not take for a number. */
const integers = [
  ...["0", "+1", "-1", "1.5", "0x1", "1e3", "", "abc", "%C3%A9", "%22"],
  ...["9223372036854775807", "9223372036854775808", "-9223372036854775809"],
  ...["18446744073709551615", "18446744073709551616"],
];
const truths = ["1", "t", "TRUE", "True", "tRue", "0", "f", "False", "yes", "2", "", "%20", "1%20"];

const pages: Readonly<Record<string, readonly Line[]>> = {
  connz: of(
    "connz",
    ...["auth=1", "subs=1", "subs=detail", "subs=x", "auth=x", "state=closed", "state=any"],
    ...["state=x", "state=closed&auth=1&subs=detail", "limit=1", "limit=1&offset=1", "offset=9"],
    ...["limit=-1", "limit=x", "offset=-1", "cid=x", "cid=999", "acc=A", "acc=A&auth=true"],
    ...["acc=NOPE", "user=a", "user=nope", "sort=cid", "sort=subs", "sort=msgs_from", "sort=x"],
    ...["sort=stop", "sort=reason", "sort=stop&state=closed", "sort=start", "callback=f"],
    ...["filter_subject=foo.x", "acc=A&filter_subject=foo.x", "sort=bytes_from", "sort=msgs_to"],
    ...["sort=uptime", "state=any&sort=uptime", "sort=idle", "state=ALL&sort=last", "state=Closed"],
    ...["mqtt_client=x", "mqtt_client=", "user=a&acc=B", "user=%61&auth=1", "%6cimit=1"],
    ...[
      "limit=1&limit=2",
      "limit=1;offset=1",
      "limit=%zz",
      "limit=%00",
      "limit=1_000",
      "limit=%201",
    ],
  ),
  "numbers and truths": [
    ...of("connz", ...integers.map((n) => `limit=${n}`), ...integers.map((n) => `cid=${n}`)),
    ...of("subsz", ...integers.map((n) => `offset=${n}`)),
    ...of("jsz", ...integers.map((n) => `accounts=1&offset=${n}`)),
    ...of("jsz", ...truths.map((text) => `leader-only=${text}`)),
    ...of("healthz", ...truths.map((text) => `js-server-only=${text}`)),
    ...of("accstatz", ...truths.map((text) => `unused=${text}`), "acc=B"),
    ...of("leafz", ...truths.map((text) => `subs=${text}`), "acc=A"),
    ...of("gatewayz", ...truths.map((text) => `accs=${text}`), "subs=x", "subs=Detail"),
  ],
  subsz: of("subsz", "subs=x", "test=a.*", "limit=x", "offset=x", "acc=NOPE", "acc=NOPE&subs=1"),
  jsz: of(
    "jsz",
    ...["accounts=1", "accounts=x", "streams=1", "consumers=1", "consumers=1&config=1"],
    ...["acc=A", "acc=A&streams=1", "acc=NOPE", "acc=NOPE&streams=1", "acc=B", "offset=1"],
    ...["accounts=1&offset=1", "accounts=1&limit=1", "limit=x", "leader-only=1", "raft=1"],
    ...["streams=1&raft=1", "stream-leader-only=1&streams=1", "direct-consumers=1&consumers=1"],
  ),
  accountz: of("accountz", "acc=A", "acc=B", "acc=NOPE"),
  accstatz: of("accstatz", "unused=x"),
  healthz: of(
    "healthz",
    ...["js-enabled=1", "js-enabled-only=1", "js-server-only=1", "js-meta-only=1", "js-enabled=x"],
    ...["account=A", "account=NOPE", "account=NOPE&details=1", "stream=S", "stream=S&details=1"],
    ...["account=A&stream=S", "account=A&stream=T", "account=A&stream=T&details=true"],
    ...["account=A&stream=S&consumer=c", "account=A&stream=S&consumer=d", "details=1"],
    ...["account=A&stream=S&consumer=d&details=1", "account=A&consumer=c", "details=x"],
  ),
  "routez and others": [
    ...of("routez", "subs=1", "subs=detail", "subs=x"),
    ...of("leafz", "subs=1"),
    ...of("gatewayz"),
    ...of("raftz", "acc=A", "group=x"),
    ...of("ipqueuesz"),
    ...of("varz"),
    ...of("nope"),
  ],
};

describe.skipIf(natsServerPath === null)("options of the monitoring pages", () => {
  test.each(Object.entries(pages))(
    "%s",
    async (_name, lines) => {
      await compareServers(conf, [...setup, ...lines], tidy);
    },
    60_000,
  );

  test("streams that copy, and limits that are set", { timeout: 60_000 }, async () => {
    const limits = `jetstream { store_dir: "$FOLDER", max_mem: 256M, max_file: 1G, limits {
      max_ack_pending: 100, max_ha_assets: 5, max_request_batch: 50, default_max_consumers: 7
      duplicate_window: "1m"
    } }`;
    const copying = conf.replace(/jetstream \{ store_dir.*/, limits);
    const mirror = '{"name":"M","mirror":{"name":"S","filter_subject":"s.1"},"storage":"memory"}';
    const source = '{"name":"Z","sources":[{"name":"S"},{"name":"Q"}],"storage":"memory"}';
    const made = [api("STREAM.CREATE.M", mirror), api("STREAM.CREATE.Z", source)];
    const copies = "consumers=1&config=1&direct-consumers=1";
    const asked = of("jsz", "streams=1", "streams=1&direct-consumers=1", copies, `acc=A&${copies}`);
    await compareServers(copying, [...setup, ...made, { wait: 1500 }, ...asked], withoutOrder);
  });
});

/** Streams come as Go's maps do, and names of copying consumers are drawn. */
function withoutOrder(text: string): string {
  return tidy(text)
    .replace(/"active": \d+/g, '"active": 0')
    .replace(/(JS_(?:SRC|MIRROR)_)[\w-]+/g, "$1")
    .replace(/\$JS\.[SM]\.\w+/g, "$JS.<inbox>")
    .replace(/(?<="account_details": \[).*(?=\])/, (found) =>
      [...found].toSorted().join("").trim(),
    );
}

import { describe, expect, test } from "vitest";
import { minutes, plus } from "../../kernel/index.ts";
import { serverConfigFromText } from "../config/from-conf.ts";
import { type Bench, bench, open, say, take } from "../test-bench.ts";
import { nameThere, subjectPair, transformHere, transformThere } from "./import-subjects.ts";
import { compileStreamImports, shadowSubject } from "./stream-imports.ts";

const accounts = `
  accounts {
    S: {
      users: [{user: s, password: s}]
      exports: [{service: "q.>"}, {service: "many.>", response_type: stream}, {stream: "news.>"}]
    }
    A: {
      users: [{user: a, password: a}]
      imports: [
        {service: {account: S, subject: "q.>"}, to: "ask.>"}
        {service: {account: S, subject: "many.>"}}
        {stream: {account: S, subject: "news.>"}, prefix: "from"}
      ]
    }
  }`;

function started(text = accounts): Bench {
  return bench(serverConfigFromText(text).config);
}

const as = (user: string): string =>
  `CONNECT {"verbose":false,"user":"${user}","pass":"${user}","headers":true,"no_responders":true}\r\n`;

/** The answer's subject, in a message with a reply. */
function replyOf(text: string): string {
  return /_R_\.\w+\.\w+/.exec(text)?.[0] ?? "";
}

// Evidence for all: nats-server client.go processServiceImport, addShadowSubscriptions; the cross
// account cases of nats.js's jetstream and kv suites pass on both servers.
describe("services of other accounts", () => {
  test("a request comes under its name there, and says who asks", () => {
    const on = started();
    open(on, 1, as("s"));
    open(on, 2, as("a"));
    say(on, 1, "SUB q.hello 1\r\n");
    say(on, 2, "SUB inbox 7\r\nPUB ask.hello inbox 2\r\nhi\r\n");
    const got = take(on, 1);
    expect(got).toMatch(/^HMSG q\.hello 1 _R_\.\w+\.\w+ \d+ \d+\r\n/);
    expect(got).toContain('Nats-Request-Info: {"acc":"A","rtt":1}\r\n\r\nhi\r\n');
    say(on, 1, `PUB ${replyOf(got)} 3\r\nyes\r\n`);
    expect(take(on, 2)).toBe("MSG inbox 7 3\r\nyes\r\n");
  });

  test("a service answers once, one of many answers again", () => {
    const on = started();
    open(on, 1, as("s"));
    open(on, 2, as("a"));
    say(on, 1, "SUB > 1\r\n");
    say(on, 2, "SUB inbox 7\r\nPUB ask.x inbox 0\r\n\r\n");
    const once = replyOf(take(on, 1));
    say(on, 1, `PUB ${once} 1\r\n1\r\nPUB ${once} 1\r\n2\r\n`);
    expect(take(on, 2)).toBe("MSG inbox 7 1\r\n1\r\n");
    take(on, 1);
    say(on, 2, "PUB many.x inbox 0\r\n\r\n");
    const many = replyOf(take(on, 1));
    say(on, 1, `PUB ${many} 1\r\n1\r\nPUB ${many} 1\r\n2\r\n`);
    expect(take(on, 2)).toBe("MSG inbox 7 1\r\n1\r\nMSG inbox 7 1\r\n2\r\n");
  });

  test("without a responder there the requester gets a 503", () => {
    const on = started();
    open(on, 2, as("a"));
    say(on, 2, "SUB inbox 7\r\nPUB ask.x inbox 0\r\n\r\n");
    expect(take(on, 2)).toContain("NATS/1.0 503\r\nNats-Subject: ask.x");
    expect(on.server.accounts.get("S")?.responses.size).toBe(0);
  });

  test("what nobody answers is forgotten after two minutes", () => {
    const on = started();
    open(on, 1, as("s"));
    open(on, 2, as("a"));
    say(on, 1, "SUB q.> 1\r\n");
    say(on, 2, "PUB ask.x inbox 0\r\n\r\n");
    on.now = plus(on.now, minutes(3));
    say(on, 2, "PUB ask.x inbox 0\r\n\r\n");
    expect(on.server.accounts.get("S")?.responses.size).toBe(1);
  });
});

describe("streams of other accounts", () => {
  test("messages come under their name here, for as long as there is a subscription", () => {
    const on = started();
    open(on, 1, as("s"));
    open(on, 2, as("a"));
    say(on, 2, "SUB from.news.* 7\r\n");
    say(on, 1, "PUB news.today 1\r\n1\r\nPUB other 1\r\n2\r\n");
    expect(take(on, 2)).toBe("MSG from.news.today 7 1\r\n1\r\n");
    say(on, 2, "UNSUB 7\r\n");
    say(on, 1, "PUB news.today 1\r\n1\r\n");
    expect(take(on, 2)).toBe("");
    const news = on.server.accounts.get("S")?.interest.root.value.literals?.get("news");
    expect(news).toBeUndefined();
  });

  test("a maximum counts what came from there", () => {
    const on = started();
    open(on, 1, as("s"));
    open(on, 2, as("a"));
    say(on, 2, "SUB from.news.* 7\r\nUNSUB 7 1\r\n");
    say(on, 1, "PUB news.a 1\r\n1\r\nPUB news.b 1\r\n2\r\n");
    expect(take(on, 2)).toBe("MSG from.news.a 7 1\r\n1\r\n");
  });

  // Source: nats-server addShadowSubscriptions: equal, wider, narrower, overlapping, apart.
  test.each([
    ["from.news.>", "news.>"],
    [">", "news.>"],
    ["from.news.a.*", "news.a.*"],
    ["*.news.b", "news.b"],
    ["from.*.c.>", "news.c.>"],
    ["from.old.x", null],
  ])("a subscription to %s is one to %s there", (subject, there) => {
    const shared = { kind: "stream", share: false } as const;
    const [one] = compileStreamImports([
      { ...shared, account: "S", subject: "news.>", to: "from.news.>" },
    ]);
    expect(one === undefined ? "" : shadowSubject(one, subject)).toBe(there);
  });
});

describe("names of imports", () => {
  test("wildcards may change places", () => {
    const pair = subjectPair("a.*.b.*", "x.$2.$1");
    expect(pair.to).toBe("x.*.*");
    expect(transformHere(pair)?.destination).toBe("x.{{wildcard(2)}}.{{wildcard(1)}}");
    expect(transformThere(pair)?.destination).toBe("a.{{wildcard(2)}}.b.{{wildcard(1)}}");
    expect(nameThere(pair, "x.two.*")).toBe("a.*.b.two");
  });

  // Source: nats-server parseAccounts, in its words.
  test.each([
    ["imports: [{stream: {account: N, subject: x}}]", '"N" account not defined for stream import'],
    ["exports: [{service: x, accounts: [N]}]", '"N" account not defined for service export'],
    [
      "imports: [{service: {account: B, subject: x}}]",
      'Error adding service import "x": service import not authorized',
    ],
    ["exports: [{service: x, response: lots}]", 'Unknown response type: "lots"'],
    ["imports: [{stream: {account: B}}]", "Expect an account name and a subject"],
  ])("%s is refused", (line, complaint) => {
    const text = `accounts { A: { users: [], ${line} }, B: { users: [] } }`;
    expect(() => serverConfigFromText(text)).toThrow(complaint);
  });
});

// Evidence: nats-server jetstream_api.go generateJSMappingTable; nats.js "jetstream - domain".
test("JetStream answers under the name of its domain", () => {
  const on = started("jetstream { domain: hub, store_dir: x }");
  open(on, 1);
  say(on, 1, "SUB inbox 1\r\nPUB $JS.hub.API.INFO inbox 0\r\n\r\n");
  expect(take(on, 1)).toContain('"domain":"hub"');
});

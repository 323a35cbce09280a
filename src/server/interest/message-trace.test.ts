import { describe, expect, test } from "vitest";
import { serverConfigFromText } from "../config/from-conf.ts";
import { type Bench, bench, open, say, take } from "../test-bench.ts";

const text = `
  no_auth_user: a
  jetstream { store_dir: x }
  accounts { A: {
    jetstream: enabled
    users: [{user: a, password: a, permissions: {publish: {deny: "no"}}}]
    mappings: {m: mm}
  } }`;

function started(): Bench {
  const on = bench(serverConfigFromText(text).config);
  open(on, 1, 'CONNECT {"verbose":false,"headers":true,"no_responders":true,"name":"me"}\r\n');
  say(on, 1, "SUB t 1\r\nSUB foo 2\r\nSUB foo q 3\r\nSUB mm 4\r\nSUB _I 5\r\n");
  return on;
}

function publish(on: Bench, subject: string, headers: string, reply = ""): string {
  const block = `NATS/1.0\r\n${headers}\r\n`;
  say(on, 1, `HPUB ${subject} ${reply} ${block.length} ${block.length + 1}\r\n${block}x\r\n`);
  return take(on, 1);
}

interface Report {
  readonly request: unknown;
  readonly events: readonly Record<string, unknown>[];
}

/** The one report among what was sent, without times. */
function reportOf(sent: string): Report {
  const [json] = /\{"server".*\}/.exec(sent) ?? [""];
  const report = JSON.parse(json) as Report;
  return { ...report, events: report.events.map(({ ts: _, ...event }) => event) };
}

const arrived = (subj: string): object => ({
  type: "in",
  kind: 0,
  cid: 1,
  name: "me",
  acc: "A",
  subj,
});
const left = { type: "eg", kind: 0, cid: 1, name: "me" };

// Evidence for all: a run of nats-server 2.15.2 with this configuration and these messages.
describe("message tracing", () => {
  test("reports where it came in and whom it reached, headers sorted by name", () => {
    const sent = publish(started(), "foo", "Nats-Trace-Dest: t\r\nB: 1\r\nA: 2\r\nA: 3\r\n");
    const { request, events } = reportOf(sent);
    expect(JSON.stringify(request)).toBe(
      '{"header":{"A":["2","3"],"B":["1"],"Nats-Trace-Dest":["t"]},"msgsize":51}',
    );
    expect(events).toEqual([
      arrived("foo"),
      { ...left, sub: "foo" },
      { ...left, sub: "foo", queue: "q" },
    ]);
    expect(sent).toMatch(/^HMSG foo 2 50 51\r\n/);
  });

  test("delivers nothing when only the trace is wanted", () => {
    const sent = publish(started(), "foo", "Nats-Trace-Dest: t\r\nNats-Trace-Only: true\r\n");
    expect(sent).toMatch(/^MSG t 1 \d+\r\n/);
    expect(reportOf(sent).events).toHaveLength(3);
  });

  test("refuses what is asked for in the older way, and says so to servers behind it", () => {
    const on = started();
    const older = "Nats-Trace-Origin-Account: X\r\n";
    const got = publish(on, "foo", `Nats-Trace-Dest: t\r\n${older}A: 2\r\n`);
    expect(got).not.toContain('{"server"');
    expect(got).toContain(
      `\r\nNATS/1.0\r\n${older}A: 2\r\nNats-Trace-Dest: trace disabled\r\n\r\nx`,
    );
    const only = "Nats-Trace-Only: 1\r\n";
    expect(publish(on, "foo", `Nats-Trace-Dest: t\r\n${only}${older}`)).toBe("");
    expect(publish(on, "foo", older)).toContain(`NATS/1.0\r\n${older}\r\nx`);
  });

  test("tells why a message was refused", () => {
    const [event] = reportOf(publish(started(), "no", "Nats-Trace-Dest: t\r\n")).events;
    const error = 'Permissions Violation for Publish to "no"';
    expect(event).toEqual({ ...arrived("no"), error });
  });

  test("refuses the message whose report may not be published", () => {
    const sent = publish(started(), "foo", "Nats-Trace-Dest: no\r\n");
    expect(sent).toBe("-ERR 'Permissions Violation for Publish to \"no\"'\r\n");
  });

  test("tells of mappings, and of nobody", () => {
    const on = started();
    const mapped = reportOf(publish(on, "m", "Nats-Trace-Dest: t\r\n")).events;
    expect(mapped).toEqual([arrived("m"), { type: "sm", to: "mm" }, { ...left, sub: "mm" }]);
    const sent = publish(on, "nobody", "Nats-Trace-Dest: t\r\n", "_I");
    expect(sent).toMatch(/^HMSG _I 5 38 38\r\nNATS\/1.0 503/);
    expect(reportOf(sent).events).toEqual([arrived("nobody")]);
  });

  test("follows it into a stream, past the acknowledgement", () => {
    const on = started();
    const config = '{"name":"S","subjects":["s.>"],"storage":"memory"}';
    say(on, 1, `PUB $JS.API.STREAM.CREATE.S _I ${config.length}\r\n${config}\r\n`);
    take(on, 1);
    const stored = publish(on, "s.1", "Nats-Trace-Dest: t\r\n", "_I");
    expect(stored).toMatch(/^MSG _I 5 22\r\n\{"stream":"S","seq":1\}\r\nMSG t 1 /);
    const step = { type: "js", stream: "S", subject: "s.1" };
    expect(reportOf(stored).events).toEqual([arrived("s.1"), step]);
    const only = "Nats-Trace-Dest: t\r\nNats-Trace-Only: 1\r\n";
    const traced = publish(on, "s.1", only, "_I");
    expect(traced).toMatch(/^MSG t 1 /);
    expect(reportOf(traced).events).toEqual([arrived("s.1"), step]);
  });

  test("shows the API as a service of the system account", () => {
    const on = started();
    const only = "Nats-Trace-Dest: t\r\nNats-Trace-Only: 1\r\n";
    const sent = publish(on, "$JS.API.INFO", only, "_I");
    expect(sent).toContain("NATS/1.0 503");
    const step = { type: "si", acc: "$SYS", from: "$JS.API.INFO", to: "$JS.API.INFO" };
    expect(reportOf(sent).events).toEqual([arrived("$JS.API.INFO"), step]);
  });
});

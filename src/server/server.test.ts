/** The server's entry points on a machine made of lists: no sockets, time moved by hand. */
import { describe, expect, test } from "vitest";
import { fork, minutes, plus, seconds, type VirtualNanos } from "../kernel/index.ts";
import { defaultJetStream } from "./config/jetstream-config.ts";
import { defaultServerConfig } from "./config/server-config.ts";
import { acceptConn, connClosed, fireTimer, lameDuckServer, shutDownServer } from "./server.ts";
import { type Bench, bench, open, peer, quiet, say, take } from "./test-bench.ts";

/** Lets time pass; timers fire in order. */
function pass(on: Bench, until: VirtualNanos): void {
  for (;;) {
    let next: { name: string; at: VirtualNanos } | null = null;
    for (const [name, { at }] of on.timers) {
      if (at <= until && (next === null || at < next.at)) next = { name, at };
    }
    if (next === null) break;
    const due = on.timers.get(next.name);
    on.timers.delete(next.name);
    on.now = next.at;
    if (due !== undefined) fireTimer(on.server, on.io, due.timer);
  }
  on.now = until;
}

const at = (n: number): VirtualNanos => plus(0 as VirtualNanos, seconds(n));

// Evidence: runs of nats-server 2.15.2; server.go createClientEx, client.go processPingTimer.
describe("connections in time", () => {
  test("the first INFO has its fields in order, and ends with a blank", () => {
    const on = bench();
    acceptConn(on.server, on.io, 1, peer);
    const info = take(on, 1);
    expect(info.startsWith('INFO {"server_id":"N')).toBe(true);
    expect(info.endsWith("} \r\n")).toBe(true);
    expect([...info.matchAll(/"(\w+)":/g)].map(([, key]) => key)).toEqual([
      "server_id",
      "server_name",
      "version",
      "proto",
      "go",
      "host",
      "port",
      "headers",
      "max_payload",
      "client_id",
      "client_ip",
      "api_lvl",
      "xkey",
    ]);
  });

  test("a silent client is pinged after two seconds or a little more, then every two minutes", () => {
    const on = bench();
    open(on, 1);
    pass(on, at(1.9));
    expect(take(on, 1)).toBe("");
    pass(on, at(2.5));
    expect(take(on, 1)).toBe("PING\r\n");
    say(on, 1, "PONG\r\n");
    pass(on, at(121.9));
    expect(take(on, 1)).toBe("");
    pass(on, at(123));
    expect(take(on, 1)).toBe("PING\r\n");
  });

  test("a client that answers no ping is stale at the third", () => {
    const on = bench();
    open(on, 1);
    pass(on, at(240));
    expect(on.closed.has(1)).toBe(false);
    pass(on, at(245));
    expect(take(on, 1)).toBe("PING\r\nPING\r\n-ERR 'Stale Connection'\r\n");
    expect(on.closed.get(1)).toBe("Stale Connection");
    expect(on.server.totals.staleConnections).toBe(1);
  });

  test("a client that talks is not pinged again for an hour", () => {
    const on = bench();
    open(on, 1);
    pass(on, at(3));
    say(on, 1, "PONG\r\n");
    take(on, 1);
    for (let minute = 1; minute < 59; minute++) {
      pass(on, plus(0 as VirtualNanos, minutes(minute)));
      say(on, 1, "PUB a 1\r\nx\r\n");
    }
    expect(take(on, 1)).toBe("");
    pass(on, plus(0 as VirtualNanos, minutes(64)));
    expect(take(on, 1)).toContain("PING\r\n");
  });

  test("credentials that do not come in time end the connection", () => {
    const { authorization } = defaultServerConfig("");
    const on = bench({ authorization: { ...authorization, username: "u", password: "p" } });
    acceptConn(on.server, on.io, 1, peer);
    expect(take(on, 1)).toContain('"auth_required":true');
    pass(on, at(1.9));
    expect(on.closed.size).toBe(0);
    pass(on, at(2));
    expect(take(on, 1)).toBe("-ERR 'Authentication Timeout'\r\n");
    expect(on.closed.get(1)).toBe("Authentication Timeout");
  });

  test("a closed connection leaves no timer, no interest and no state behind", () => {
    const on = bench();
    const before = on.server.accounts.get("$G")?.interest.subs.size;
    open(on, 1);
    say(on, 1, "SUB a.> 1\r\nSUB b q 2\r\n");
    connClosed(on.server, on.io, 1, "");
    expect(on.timers.size).toBe(0);
    expect(on.server.conns.size).toBe(0);
    expect(on.server.accounts.get("$G")?.interest.subs.size).toBe(before);
    expect(on.server.closed.at(-1)?.reason).toBe("Client Closed");
  });
});

// Evidence: client.go queueOutbound: MaxPending; no -ERR is promised.
describe("slow consumers", () => {
  test("a client with too much pending is closed, and the others are not", () => {
    const limits = { ...defaultServerConfig("").limits, maxPending: 1000 };
    const on = bench({ limits });
    open(on, 1);
    open(on, 2);
    say(on, 1, "SUB a 1\r\n");
    say(on, 2, "SUB a 1\r\n");
    on.pending.set(1, 990);
    open(on, 3);
    say(on, 3, "PUB a 5\r\nhello\r\n");
    expect(on.closed.get(1)).toBe("Slow Consumer (Pending Bytes)");
    expect(take(on, 1)).toBe("");
    expect(take(on, 2)).toBe("MSG a 1 5\r\nhello\r\n");
    expect(on.server.totals.slowConsumers).toBe(1);
    expect(on.server.conns.has(1)).toBe(false);
  });

  // Evidence: client.go flushSignal: the writer sends while more is queued.
  test("one that reads meanwhile gets all that an event has for it", () => {
    const limits = { ...defaultServerConfig("").limits, maxPending: 1000 };
    for (const readsMeanwhile of [true, false]) {
      const made = bench({ limits });
      const on = { ...made, io: { ...made.io, readsMeanwhile } };
      open(on, 1);
      open(on, 2);
      say(on, 1, "SUB a 1\r\n");
      say(on, 2, "PUB a 5\r\nhello\r\n".repeat(100));
      expect(take(on, 1)).toBe(readsMeanwhile ? "MSG a 1 5\r\nhello\r\n".repeat(100) : "");
      expect(on.server.totals.slowConsumers).toBe(readsMeanwhile ? 0 : 1);
    }
  });
});

describe("routing", () => {
  test("each message goes to one member of a queue group, chosen by its own random stream", () => {
    const on = bench();
    for (const conn of [1, 2, 3]) {
      open(on, conn);
      say(on, conn, "SUB work q 1\r\n");
    }
    open(on, 4);
    on.draws.length = 0;
    for (let i = 0; i < 300; i++) say(on, 4, "PUB work 1\r\nx\r\n");
    const counts = [1, 2, 3].map((conn) => take(on, conn).split("MSG").length - 1);
    expect(counts.reduce((a, b) => a + b)).toBe(300);
    for (const count of counts) expect(count).toBeGreaterThan(60);
    expect(new Set(on.draws)).toEqual(new Set(["queue-groups"]));
  });

  test("a lone member costs no draw", () => {
    const on = bench();
    open(on, 1);
    on.draws.length = 0;
    say(on, 1, "SUB work q 1\r\nPUB work 1\r\nx\r\n");
    expect(take(on, 1)).toBe("MSG work 1 1\r\nx\r\n");
    expect(on.draws).toEqual([]);
  });

  test("all output of one arrival leaves in one piece a connection", () => {
    const on = bench();
    open(on, 1);
    open(on, 2);
    let pieces = 0;
    const { send } = on.io;
    on.io.send = (conn, bytes) => {
      pieces++;
      send(conn, bytes);
    };
    say(on, 2, "SUB a 1\r\n");
    say(on, 1, "PUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\nPING\r\n");
    expect(pieces).toBe(2);
    expect(take(on, 2)).toBe("MSG a 1 1\r\n1\r\nMSG a 1 1\r\n2\r\nMSG a 1 1\r\n3\r\n");
    expect(take(on, 1)).toBe("PONG\r\n");
  });

  test("a forked server goes on exactly as the original", () => {
    const on = bench();
    open(on, 1);
    open(on, 2);
    say(on, 1, "SUB a.* 1\r\nUNSUB 1 3\r\nPUB b 10\r\nhalf a");
    say(on, 2, "PUB a.x 1\r\n1\r\n");
    take(on, 1);
    const original = on.server;
    const copy = fork(original);
    const goOn = (): string => {
      say(on, 1, "abcd\r\nPING\r\n");
      say(on, 2, "PUB a.x 1\r\n2\r\nPUB a.x 1\r\n3\r\nPUB a.x 1\r\n4\r\n");
      return take(on, 1);
    };
    const first = goOn();
    on.server = copy;
    expect(goOn()).toBe(first);
    expect(first).toBe("PONG\r\nMSG a.x 1 1\r\n2\r\nMSG a.x 1 1\r\n3\r\n");
    expect(copy).toEqual(original);
  });

  test("nothing waits inside the server when an entry point has returned", () => {
    const on = bench();
    open(on, 1);
    say(on, 1, "SUB r 1\r\nPUB $SYS.REQ.USER.INFO r 0\r\n\r\n");
    expect(take(on, 1)).toContain('"account":"$G"');
    expect(on.server.inbox).toEqual([]);
    expect(on.server.dirty).toEqual([]);
    for (const client of on.server.conns.values()) expect(client.out).toBeNull();
  });
});

// Evidence: server.go lameDuckMode.
describe("the end of a server", () => {
  test("lame duck mode tells its clients, waits, and closes them one by one", () => {
    const on = bench();
    const modern = `${quiet.slice(0, -3)},"protocol":1}\r\nPING\r\n`;
    for (const conn of [1, 2, 3]) open(on, conn, modern);
    lameDuckServer(on.server, on.io);
    for (const conn of [1, 2, 3]) expect(take(on, conn)).toContain('"ldm":true');
    acceptConn(on.server, on.io, 4, peer);
    expect(on.closed.get(4)).toBe("Server Shutdown");
    pass(on, at(9.9));
    expect(on.server.conns.size).toBe(3);
    pass(on, at(10));
    expect(on.server.conns.size).toBe(2);
    pass(on, at(13));
    expect(on.server.conns.size).toBe(0);
    expect(on.server.phase).toBe("stopped");
  });

  test("shutting down closes everybody", () => {
    const on = bench();
    open(on, 1);
    shutDownServer(on.server, on.io);
    expect(on.closed.get(1)).toBe("Server Shutdown");
    expect(on.server.phase).toBe("stopped");
  });

  // Evidence: a run of nats-server 2.15.2 that was sent SIGTERM; jetstream.go signalPullConsumers.
  test("shutting down tells those who wait for messages what they will not get", () => {
    const on = bench({ jetstream: defaultJetStream });
    open(on, 1);
    const stream = '{"name":"S","subjects":["s"],"storage":"memory"}';
    const consumer = '{"stream_name":"S","config":{"durable_name":"w","ack_policy":"explicit"}}';
    say(on, 1, "SUB box.> 1\r\n");
    say(on, 1, pub("$JS.API.STREAM.CREATE.S", "box.a", stream));
    say(on, 1, pub("$JS.API.CONSUMER.CREATE.S.w", "box.b", consumer));
    say(on, 1, pub("$JS.API.CONSUMER.MSG.NEXT.S.w", "box.c", '{"batch":5,"max_bytes":1000}'));
    take(on, 1);
    shutDownServer(on.server, on.io);
    expect(take(on, 1)).toContain(
      "NATS/1.0 409 Server Shutdown\r\nNats-Pending-Messages: 5\r\nNats-Pending-Bytes: 1000\r\n",
    );
    expect(on.closed.get(1)).toBe("Server Shutdown");
  });
});

function pub(subject: string, reply: string, body: string): string {
  return `PUB ${subject} ${reply} ${body.length}\r\n${body}\r\n`;
}

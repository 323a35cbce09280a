import fc from "fast-check";
import { expect, test } from "vitest";
import { subjectMatches } from "../../protocol/index.ts";
import type { ServerState } from "../state.ts";
import {
  breakLinks,
  type ClusterBench,
  client,
  clusterBench,
  heard,
  leave,
  pass,
  say,
  serverOf,
  settle,
} from "./cluster-bench.ts";
import { broadcastToPeers, sendToPeer } from "./peers.ts";

const names = ["n1", "n2", "n3"] as const;

function meshed(): ClusterBench {
  const bench = clusterBench(names);
  settle(bench);
  bench.wire.length = 0;
  return bench;
}

/** The other servers that each one has a route to. */
function routesOf(bench: ClusterBench): string[] {
  return names.map((name) => {
    const { routes } = serverOf(bench, name);
    return `${name}: ${[...(routes?.peers.keys() ?? [])].sort().join(" ")}`;
  });
}

function interestSent(bench: ClusterBench): string[] {
  return bench.wire.flatMap(({ from, to, record }) => {
    if (record.kind !== "sub") return [];
    const { subject, queue, weight } = record;
    return [`${from}>${to} ${subject}${queue === null ? "" : ` ${queue}`} ${weight}`];
  });
}

// Our model: of two links that cross, the one stays that the lesser name dialled.
test("all dial all at once, and one route a pair of servers is left", () => {
  const bench = clusterBench(names);
  settle(bench);
  expect(routesOf(bench)).toEqual(["n1: n2 n3", "n2: n1 n3", "n3: n1 n2"]);
  const open = [...bench.links.values()].map(({ from, to }) => [from, to].sort().join("-"));
  expect(open.sort()).toEqual(["n1-n2", "n1-n3", "n2-n3"]);
});

// Source: nats-server `updateRouteSubscriptionMap`: plain interest at 0 and 1, weights always.
test("only the first and the last plain subscription of a subject are told", () => {
  const bench = meshed();
  const a = client(bench, "n1");
  say(bench, "n1", a, "SUB x 1\r\nSUB x 2\r\nUNSUB 1\r\nUNSUB 2\r\n");
  settle(bench);
  expect(interestSent(bench)).toEqual(["n1>n2 x 1", "n1>n2 x 0", "n1>n3 x 1", "n1>n3 x 0"]);
});

test("a group's weight is its members", () => {
  const bench = meshed();
  const a = client(bench, "n1");
  say(bench, "n1", a, "SUB x q 1\r\nSUB x q 2\r\n");
  leave(bench, "n1", a);
  settle(bench);
  const told = interestSent(bench).filter((line) => line.startsWith("n1>n2"));
  expect(told).toEqual(["n1>n2 x q 1", "n1>n2 x q 2", "n1>n2 x q 1", "n1>n2 x q 0"]);
});

// Source: nats-server `processInboundRoutedMsg`: what came over a route goes to no other route.
test("a message goes over each route once, and no further", () => {
  const bench = meshed();
  const [a, b, c] = [client(bench, "n1"), client(bench, "n2"), client(bench, "n3")] as const;
  say(bench, "n2", b, "SUB x 1\r\nSUB > 2\r\nSUB x q 3\r\n");
  say(bench, "n3", c, "SUB x 1\r\n");
  settle(bench);
  bench.wire.length = 0;
  say(bench, "n1", a, "PUB x 2\r\nhi\r\n");
  settle(bench);
  expect(bench.wire.map(({ from, to }) => `${from}>${to}`)).toEqual(["n1>n2", "n1>n3"]);
  expect(heard(bench, b).split("MSG x").length - 1).toBe(3);
  expect(heard(bench, c)).toBe("MSG x 1 2\r\nhi\r\n");
});

// Source: nats-server `processMsgResults`: `rsub` when no local member is left.
test("a group that has gone from one server is found at another", () => {
  const bench = meshed();
  const [a, b, c] = [client(bench, "n1"), client(bench, "n2"), client(bench, "n3")] as const;
  say(bench, "n2", b, "SUB x q 1\r\n");
  settle(bench);
  say(bench, "n3", c, "SUB x q 1\r\n");
  say(bench, "n2", b, "");
  // n1 has not heard of n3's member when it sends; n2's goes before the message is there.
  const link = [...bench.links.values()].find(
    ({ from, to }) => [from, to].sort().join() === "n1,n3",
  );
  const late = link?.flying.splice(0) ?? [];
  settle(bench);
  say(bench, "n1", a, "PUB x 1\r\n1\r\n");
  say(bench, "n2", b, "UNSUB 1\r\n");
  link?.flying.push(...late);
  settle(bench);
  expect(heard(bench, c)).toBe("MSG x 1 1\r\n1\r\n");
});

test("peer messages keep their order, and are dropped when there is no route", () => {
  const bench = meshed();
  const n1 = serverOf(bench, "n1");
  const io = bench.ios.get("n1");
  if (io === undefined) throw new Error("n1 has no machine");
  const message = { kind: "proposal", group: "none", data: 1, bytes: 1 } as const;
  expect(sendToPeer(n1, io, "n2", message, 1)).toBe(true);
  broadcastToPeers(n1, io, { ...message, data: 2 }, 1);
  expect(sendToPeer(n1, io, "n9", message, 1)).toBe(false);
  // They leave with what the next entry point sends.
  client(bench, "n1");
  const sent = bench.wire.map(({ to, record }) => {
    const inner = record.kind === "peer" ? record.message : null;
    return `${to} ${inner?.kind === "proposal" ? inner.data : record.kind}`;
  });
  expect(sent).toEqual(["n2 1", "n2 2", "n3 2"]);
});

// Source: const.go DEFAULT_ROUTE_RECONNECT 1 s, route.go reConnectToRoute: up to 100 ms more.
test("a route that is lost is dialled again, and takes its interest away meanwhile", () => {
  const bench = meshed();
  const b = client(bench, "n2");
  say(bench, "n2", b, "SUB x 1\r\n");
  settle(bench);
  bench.unreachable.add("n2");
  breakLinks(bench, "n1", "n2");
  expect(remoteInterest(serverOf(bench, "n1"))).toEqual([]);
  pass(bench, 5_000);
  expect(routesOf(bench)[0]).toBe("n1: n3");
  bench.unreachable.delete("n2");
  pass(bench, 1_100);
  expect(routesOf(bench)[0]).toBe("n1: n2 n3");
  expect(remoteInterest(serverOf(bench, "n1"))).toEqual(["n2 x 1"]);
});

// Evidence: cluster/README.md 21: about 88 s; two pings of 30 s unanswered, then the third is due.
test("a route that stays silent is stale within 90 s", () => {
  const bench = meshed();
  pass(bench, 40_000);
  bench.silent.add("n3");
  pass(bench, 58_000);
  expect(routesOf(bench)[0]).toBe("n1: n2 n3");
  bench.unreachable.add("n3");
  pass(bench, 33_000);
  expect(routesOf(bench)[0]).toBe("n1: n2");
  expect(serverOf(bench, "n1").routes?.totals.stale).toBe(1);
});

test("an idle cluster says nothing but pings", () => {
  const bench = meshed();
  pass(bench, 10_000);
  bench.wire.length = 0;
  pass(bench, 60_000);
  const kinds = bench.wire.map(({ record }) => record.kind);
  // Three routes, both ends, two rounds of thirty seconds, ping and pong.
  expect(kinds.filter((kind) => kind === "ping")).toHaveLength(12);
  expect(kinds.filter((kind) => kind !== "ping" && kind !== "pong")).toEqual([]);
});

/** Subjects that other servers hear, as one server knows them. */
function remoteInterest(server: ServerState): string[] {
  const found: string[] = [];
  const interest = server.accounts.get("$G")?.interest;
  for (const { subject, queue, remote } of interest?.subs.values() ?? []) {
    if (remote === undefined) continue;
    const name = server.routes?.conns.get(remote.conn)?.remoteName ?? "?";
    found.push(`${name} ${subject}${queue === null ? "" : ` ${queue}`} ${remote.weight}`);
  }
  return found.sort();
}

type Act =
  | {
      readonly kind: "sub";
      readonly server: number;
      readonly subject: string;
      readonly queue: string;
    }
  | { readonly kind: "unsub"; readonly server: number; readonly pick: number }
  | { readonly kind: "break"; readonly one: number; readonly other: number }
  | { readonly kind: "settle" };

const server = fc.nat(2);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("sub" as const),
      server,
      subject: fc.constantFrom("a", "a.*", "b", ">"),
      queue: fc.constantFrom("", "", "q", "r"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("unsub" as const), server, pick: fc.nat(20) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("break" as const), one: server, other: server }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: "settle" as const }) },
);

// Our model of `acc.rm`: plain interest counts once, a group by its members.
test("whatever comes and goes, all servers know in the end what the others hear", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const bench = meshed();
      const held = names.map((name) => ({
        conn: client(bench, name),
        subs: new Map<number, string>(),
      }));
      let sid = 0;
      for (const one of acts) {
        const at = one.kind === "sub" || one.kind === "unsub" ? held[one.server] : undefined;
        if (one.kind === "sub" && at !== undefined) {
          at.subs.set(++sid, `${one.subject} ${one.queue}`.trim());
          say(
            bench,
            names[one.server] ?? "",
            at.conn,
            `SUB ${one.subject} ${one.queue} ${sid}\r\n`,
          );
        } else if (one.kind === "unsub" && at !== undefined) {
          const gone = [...at.subs.keys()][one.pick % Math.max(1, at.subs.size)];
          if (gone === undefined) continue;
          at.subs.delete(gone);
          say(bench, names[one.server] ?? "", at.conn, `UNSUB ${gone}\r\n`);
        } else if (one.kind === "break" && one.one !== one.other) {
          breakLinks(bench, names[one.one] ?? "", names[one.other] ?? "");
        } else if (one.kind === "settle") settle(bench);
      }
      settle(bench);
      pass(bench, 3_000);
      for (const [i, name] of names.entries()) {
        const expected = held.flatMap(({ subs }, j) =>
          i === j ? [] : known(names[j] ?? "", subs),
        );
        expect(remoteInterest(serverOf(bench, name))).toEqual(expected.sort());
      }
    }),
    { numRuns: 60 },
  );
});

function known(name: string, subs: ReadonlyMap<number, string>): string[] {
  const counts = new Map<string, number>();
  for (const wanted of subs.values()) counts.set(wanted, (counts.get(wanted) ?? 0) + 1);
  return [...counts].map(([wanted, count]) => {
    return `${name} ${wanted} ${wanted.includes(" ") ? count : 1}`;
  });
}

const wish = fc.record({
  server,
  subject: fc.constantFrom("a", "a.*", "a.b", "*", ">"),
  queue: fc.constantFrom("", "", "q", "r"),
});

// Source: nats-server `processMsgResults`: a queue group is one by name, whatever its subjects.
test("each plain subscriber of the cluster gets a message once, each group once", () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 25 }), server, (wishes, at) => {
      const bench = meshed();
      const held = wishes.map((one) => {
        const name = names[one.server] ?? "";
        const conn = client(bench, name);
        say(bench, name, conn, `SUB ${one.subject} ${one.queue} 1\r\n`);
        return { ...one, conn };
      });
      settle(bench);
      const publisher = client(bench, names[at] ?? "");
      for (const subject of ["a", "a.b"]) {
        say(bench, names[at] ?? "", publisher, `PUB ${subject} 1\r\nx\r\n`);
        settle(bench);
        const wanted = held.filter((one) => subjectMatches(one.subject, subject));
        const groups = new Map<string, number>();
        for (const { conn, queue, ...one } of held) {
          const got = takeCount(bench, conn);
          if (queue === "") expect(got).toBe(subjectMatches(one.subject, subject) ? 1 : 0);
          else groups.set(queue, (groups.get(queue) ?? 0) + got);
        }
        for (const [queue, got] of groups) {
          expect(got).toBe(wanted.some((one) => one.queue === queue) ? 1 : 0);
        }
      }
    }),
    { numRuns: 80 },
  );
});

function takeCount(bench: ClusterBench, conn: number): number {
  return heard(bench, conn).split("MSG ").length - 1;
}

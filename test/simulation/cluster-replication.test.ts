/** Replicated streams and consumers under faults: what is acknowledged, kept, lost and repaired. */
import { afterEach, expect, test } from "vitest";
import { virtualNanos } from "../../src/kernel/index.ts";
import type { Session } from "../../src/scenario/index.ts";
import type { RaftGroup, StreamAsset } from "../../src/server/index.ts";
import { openText } from "./ground.ts";

const open = new Set<Session>();

afterEach(async () => {
  for (const session of open) await session.dispose();
  open.clear();
});

/** A cluster of three that has run these lines up to a time. */
async function run(lines: string, until: number, seed = 7, servers = 3): Promise<Session> {
  const head = `windtunnel 1\nseed    ${seed}\nworld   cluster east ${servers}\n`;
  const session = await openText(`${head}${lines}`, { record: false });
  open.add(session);
  await session.runUntil(virtualNanos(until * 1e9));
  return session;
}

const addStream = `0s nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults\n`;

/** The replicas of a stream on the servers that are up, by server. */
function replicas(session: Session, stream: string): Map<string, StreamAsset> {
  const found = new Map<string, StreamAsset>();
  for (const [name, { server }] of session.world.hosts) {
    const asset = server?.jetstream?.accounts.get("$G")?.streams.get(stream);
    if (asset !== undefined) found.set(name, asset);
  }
  return found;
}

/** The members of the group whose name begins so, by server. */
function members(session: Session, prefix: string): Map<string, RaftGroup> {
  const found = new Map<string, RaftGroup>();
  for (const [name, { server }] of session.world.hosts) {
    for (const group of server?.groups?.values() ?? []) {
      if (group.name.startsWith(prefix)) found.set(name, group);
    }
  }
  return found;
}

function leaderOf(session: Session, prefix: string): string {
  const leaders = [...members(session, prefix)].filter(([, { leaderSince }]) => leaderSince);
  return leaders.map(([name]) => name).join(",");
}

function counts(session: Session, stream: string): number[] {
  return [...replicas(session, stream).values()].map(({ state }) => state.store.messages);
}

function broken(session: Session): number {
  const { ledger } = session.world;
  return ledger.broken + (ledger.raft?.violations ?? 0);
}

function outputOf(session: Session, part: string): { exit: number | null; text: string } {
  for (const terminal of session.world.terminals.values()) {
    for (const command of terminal.commands) {
      if (!command.line.includes(part)) continue;
      return { exit: command.exit, text: `${command.stdout}${command.stderr}` };
    }
  }
  throw new Error(`nobody ran ${part}`);
}

test("all replicas hold what is acknowledged, and answer for it when the leader is gone", async () => {
  const session = await run(
    `${addStream}1s load publisher P --subject orders.new --rate 50/s --count 300 --msg-id --retry
5s fault kill leader:ORDERS\n`,
    30,
  );
  expect(counts(session, "ORDERS")).toEqual([300, 300]);
  expect(leaderOf(session, "S-")).toMatch(/^n[123]$/);
  expect(broken(session)).toBe(0);
});

// Evidence: test/transcripts/raft/kill-leader-3.json: 3118 to 8037 ms after the kill.
test.each([1, 2, 3, 4, 5, 6])(
  "elects 3 to 9.1 s after the leader's end (seed %i)",
  async (seed) => {
    const lines = `${addStream}10.3s fault kill leader:ORDERS\n`;
    const session = await run(lines, 13.2, seed);
    expect(leaderOf(session, "S-")).toBe("");
    await session.runUntil(virtualNanos(19.4e9));
    expect(leaderOf(session, "S-")).toMatch(/^n[123]$/);
  },
);

// raft.go: the lost-quorum ticker starts with the leader; measured: remainder 0 in 28 of 28 cases.
test("an isolated leader acknowledges nothing and steps down on a multiple of 10 s", async () => {
  const lines = `${addStream}1s load publisher P --subject orders.new --rate 20/s
13s fault cut leader:ORDERS\n`;
  const session = await run(lines, 12.9);
  const leader = leaderOf(session, "S-");
  const group = members(session, "S-").get(leader);
  const electedAt = electionOf(group);
  const at = electedAt + Math.ceil((13e9 + 10e9 - electedAt) / 10e9) * 10e9;
  await session.runUntil(virtualNanos(at - 1e6));
  expect(members(session, "S-").get(leader)?.leaderSince).not.toBeNull();
  const stored = replicas(session, "ORDERS").get(leader)?.state.store.messages ?? 0;
  await session.runUntil(virtualNanos(at + 1e6));
  const cut = members(session, "S-").get(leader);
  expect(cut?.leaderSince).toBeNull();
  expect(cut?.core.role).toBe("follower");
  // 12 s at 20 a second, and nothing since the cut.
  expect(stored).toBeLessThanOrEqual(241);
  expect(broken(session)).toBe(0);
});

/** When a leader's tickers were started: its election, which its announcement follows at once. */
function electionOf(group: RaftGroup | undefined): number {
  const since = group?.leaderSince;
  if (since == null) throw new Error("no leader");
  return (since.s - 1_767_225_600) * 1e9 + since.n;
}

test("what was never committed is cut off when its leader comes back", async () => {
  const session = await run(
    `${addStream}1s load publisher P --subject orders.new --rate 20/s --msg-id --retry
10s fault cut leader:ORDERS
25s fault heal\n`,
    70,
  );
  const all = [...members(session, "S-").values()];
  expect(all).toHaveLength(3);
  expect(new Set(all.map(({ core }) => core.stable.term)).size).toBe(1);
  const logs = all.map(({ core }) => `${core.lastTerm}/${core.lastIndex}`);
  expect(new Set(logs).size).toBe(1);
  expect(new Set(counts(session, "ORDERS")).size).toBe(1);
  expect(broken(session)).toBe(0);
});

test("a follower that was away gets the log, and when that is gone a snapshot", async () => {
  const lines = `${addStream}1s load publisher P --subject orders.new --rate 50/s --count 100 --msg-id
4s fault kill follower:ORDERS:1
5s load publisher Q --subject orders.new --rate 50/s --count 100 --msg-id
8s fault start n1 || fault start n2 || fault start n3\n`;
  const session = await run(lines, 12);
  expect(counts(session, "ORDERS")).toEqual([200, 200, 200]);
  const [group] = members(session, "S-").values();
  expect(group?.core.stable.snapshot).toBeNull();
});

test("a snapshot takes the place of a long log, also for whoever was away", async () => {
  // 8 MiB of log are due for a snapshot: monitorStream, compactSizeMin.
  const lines = `${addStream}1s load publisher P --subject orders.new --rate 50/s --count 10 --msg-id
2s fault kill follower:ORDERS:1
3s load publisher Q --subject orders.new --rate 50/s --size 100KB --count 120 --msg-id
9s fault start n1 || fault start n2 || fault start n3\n`;
  const session = await run(lines, 20);
  expect(counts(session, "ORDERS")).toEqual([130, 130, 130]);
  for (const { core } of members(session, "S-").values()) {
    expect(core.stable.snapshot?.lastIndex).toBeGreaterThan(0);
  }
});

const three = "n1 n2 n3";

test("killing every process loses nothing", async () => {
  const session = await run(
    `${addStream}1s load publisher P --subject orders.new --rate 50/s --count 200 --msg-id --retry
4s fault kill ${three}
5s fault start ${three}\n`,
    30,
  );
  expect(counts(session, "ORDERS")).toEqual([200, 200, 200]);
  expect(broken(session)).toBe(0);
});

// docs.nats.io: `sync_interval` 2m by default, so what is acknowledged may not be on disk yet.
test("power lost on all servers takes what was not synced with it", async () => {
  const session = await run(
    `${addStream}1s load publisher P --subject orders.new --rate 50/s --count 200 --msg-id
130s load publisher Q --subject orders.new --rate 50/s --count 200 --msg-id
140s fault power-off ${three}
141s fault start ${three}\n`,
    165,
  );
  expect(counts(session, "ORDERS")).toEqual([200, 200, 200]);
  expect(broken(session)).toBeGreaterThan(0);
});

test("streams in memory are empty when all processes have ended, and work on", async () => {
  const session = await run(
    `0s nats stream add MEM --subjects 'mem.>' --replicas 3 --storage memory --defaults
1s load publisher P --subject mem.new --rate 50/s --count 100 --msg-id --retry
5s fault kill leader:MEM
14s fault start n1 || fault start n2 || fault start n3
18s fault kill ${three}
19s fault start ${three}
35s nats pub mem.new again -J\n`,
    17,
  );
  // One that comes back empty is brought up to date by the others.
  expect(counts(session, "MEM")).toEqual([100, 100, 100]);
  await session.runUntil(virtualNanos(37e9));
  expect(counts(session, "MEM")).toEqual([1, 1, 1]);
});

// Evidence: a run of nats-server: acks processed before are kept, what was held comes again.
test("a new leader of a consumer delivers again what was held, and nothing that was acked", async () => {
  const session = await run(
    `${addStream}1s nats consumer add ORDERS C --pull --ack explicit --wait 5s --defaults
2s nats pub orders.new x --count 20
4s nats consumer next ORDERS C --count 5
5s nats consumer next ORDERS C --count 10 --no-ack\n`,
    7,
  );
  for (const asset of replicas(session, "ORDERS").values()) {
    const store = asset.consumers.get("C")?.store;
    expect(store?.floorStream).toBe(5);
    expect(store?.pending.size).toBe(10);
    expect(store?.deliveredStream).toBe(15);
  }
  await session.input(`fault kill ${leaderOf(session, "C-")}`);
  await session.runUntil(virtualNanos(25e9));
  await session.input("nats consumer next ORDERS C --count 12");
  await session.runUntil(virtualNanos(27e9));
  const { text } = outputOf(session, "--count 12");
  const delivered = [...text.matchAll(/tries: (\d+) .*str seq: (\d+)/g)];
  const tries = new Map(delivered.map(([, count, seq]) => [Number(seq), Number(count)]));
  expect([...tries.keys()].sort((x, y) => x - y)).toEqual([
    6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
  ]);
  for (const [seq, count] of tries) expect(count).toBe(seq <= 15 ? 2 : 1);
});

/** A stream of its own kind, two consumers, and what they acknowledged. */
function retained(retention: string): string {
  const [first, second] = retention === "work" ? ["work.a", "work.b"] : ["work.>", "work.>"];
  return `0s nats stream add WORK --subjects 'work.>' --replicas 3 --retention ${retention} --defaults
1s nats consumer add WORK A --pull --ack explicit --filter '${first}' --defaults
2s nats consumer add WORK B --pull --ack explicit --filter '${second}' --defaults
3s nats pub work.a x --count 6
4s nats pub work.b x --count 4
5s nats consumer next WORK A --count 5
6s nats consumer next WORK B --count 3\n`;
}

test("a work queue loses on all replicas what was acknowledged", async () => {
  const session = await run(retained("work"), 8);
  expect(counts(session, "WORK")).toEqual([2, 2, 2]);
});

test("an interest stream loses what all its consumers acknowledged, also under a new leader", async () => {
  const session = await run(`${retained("interest")}8s fault kill leader:WORK\n`, 9);
  // A has the first five, B the first three.
  expect(counts(session, "WORK")).toEqual([7, 7]);
  await session.runUntil(virtualNanos(20e9));
  await session.input("nats consumer next WORK B --count 2");
  await session.runUntil(virtualNanos(23e9));
  expect(outputOf(session, "WORK B --count 2").exit).toBe(0);
  expect(counts(session, "WORK")).toEqual([5, 5]);
});

// Evidence: a run of nats-server: 409 / 10158 while the first attempt hangs in the log.
test("an id that is on its way is refused, and known when it has arrived", async () => {
  const session = await run(addStream, 2);
  const leader = leaderOf(session, "S-");
  const others = ["n1", "n2", "n3"].filter((name) => name !== leader);
  await session.input(`fault kill ${others.join(" ")}`);
  const port = 4222 + Number(leader.slice(1)) - 1;
  const publish = `nats --server nats://127.0.0.1:${port} req orders.new x -H Nats-Msg-Id:one`;
  await session.input(`${publish} --timeout 1s`);
  await session.runUntil(virtualNanos(4e9));
  await session.input(`${publish} --timeout 2s`);
  await session.runUntil(virtualNanos(5e9));
  expect(outputOf(session, "--timeout 2s").text).toContain('"err_code":10158');
  await session.input(`fault start ${others.join(" ")}`);
  await session.runUntil(virtualNanos(9e9));
  await session.input(`${publish} --timeout 3s`);
  await session.runUntil(virtualNanos(12e9));
  expect(outputOf(session, "--timeout 3s").text).toContain('"duplicate": true');
  expect(counts(session, "ORDERS")).toEqual([1, 1, 1]);
});

test("purges and deletes reach all replicas, and are answered when they have", async () => {
  const session = await run(
    `${addStream}1s nats pub orders.a x --count 10
2s nats stream rmm ORDERS 3 --force
3s nats stream purge ORDERS --seq 6 --force
4s nats stream rmm ORDERS 3 --force\n`,
    6,
  );
  expect(outputOf(session, "rmm ORDERS").exit).toBe(0);
  for (const { state } of replicas(session, "ORDERS").values()) {
    expect(state.store.seqFirst).toBe(6);
    expect(state.store.messages).toBe(5);
  }
});

const markers = "--subject-del-markers-ttl 1m --allow-rollup --allow-msg-ttl";

test("messages grow old on every replica, markers are the leader's to leave", async () => {
  const session = await run(
    `0s nats stream add OLD --subjects 'old.>' --replicas 3 --max-age 2s --defaults
1s nats stream add MARK --subjects 'mark.>' --replicas 3 --max-age 2s ${markers} --defaults
2s nats pub old.a x --count 5
3s nats pub mark.a x --count 3\n`,
    6,
  );
  expect(counts(session, "OLD")).toEqual([0, 0, 0]);
  for (const { state } of replicas(session, "MARK").values()) {
    // The marker, which took the last message away.
    expect(state.store.seqFirst).toBe(4);
    expect(state.store.messages).toBe(1);
  }
  await session.runUntil(virtualNanos(10e9));
  expect(counts(session, "MARK")).toEqual([0, 0, 0]);
});

test("one replica lives on one server, and comes back with it", async () => {
  const session = await run(
    `0s nats stream add ONE --subjects 'one.>' --defaults
1s nats consumer add ONE C --pull --ack explicit --defaults
2s nats pub one.a x --count 5
3s nats consumer next ONE C --count 2\n`,
    5,
  );
  const [[name] = [""]] = replicas(session, "ONE");
  expect(replicas(session, "ONE").size).toBe(1);
  await session.input(`fault kill ${name}`);
  await session.runUntil(virtualNanos(6e9));
  await session.input(`fault start ${name}`);
  await session.runUntil(virtualNanos(20e9));
  const asset = replicas(session, "ONE").get(name);
  expect(asset?.state.store.messages).toBe(5);
  expect(asset?.consumers.get("C")?.store?.floorStream).toBe(2);
});

test("a stream that went while a server was down does not come back with it", async () => {
  const session = await run(
    `${addStream}1s nats pub orders.a x --count 5
2s fault kill follower:ORDERS:1
14s nats stream rm ORDERS --force
16s nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
30s nats pub orders.a y --count 2
32s fault start n1 || fault start n2 || fault start n3\n`,
    45,
  );
  expect(counts(session, "ORDERS")).toEqual([2, 2, 2]);
  expect(new Set([...members(session, "S-").values()].map(({ name }) => name)).size).toBe(1);
});

const stormy = `${addStream}1s nats consumer add ORDERS C --pull --ack explicit --defaults
1.5s load worker W --stream ORDERS --consumer C --work 20ms
2s load publisher P --subject orders.new --rate 20/s --for 6s --msg-id --retry
5s fault kill leader:ORDERS
16s fault start n1 || fault start n2 || fault start n3\n`;

test("one journal gives one state, twice and after going back", async () => {
  const end = virtualNanos(18e9);
  const first = await openText(`windtunnel 1\nseed    7\nworld   cluster east 3\n${stormy}`);
  open.add(first);
  await first.runUntil(end);
  const second = await run(stormy, 18);
  expect(second.hash()).toBe(first.hash());
  await first.seek(virtualNanos(9e9));
  await first.seek(virtualNanos(4e9));
  await first.seek(end);
  expect(first.hash()).toBe(second.hash());
});

test("with sync always nothing is lost with the power", async () => {
  const session = await run(
    `${addStream}0.5s world set all sync_interval always
1s load publisher P --subject orders.new --rate 50/s --count 200 --msg-id --retry
4s fault power-off ${three}
5s fault start ${three}\n`,
    30,
  );
  expect(counts(session, "ORDERS")).toEqual([200, 200, 200]);
  expect(broken(session)).toBe(0);
});

// ADR-50: an atomic batch is stored whole at its commit, a fast one as it comes.
test("batches are stored on all replicas, and acknowledged when they are", async () => {
  const part = (seq: number, more = ""): string =>
    `nats req at.x p${seq} -H Nats-Batch-Id:b1 -H Nats-Batch-Sequence:${seq} ${more} --timeout 300ms`;
  const fast = (seq: number, operation: number): string =>
    `nats pub at.x f${seq} --reply 'told.b2.10.fail.${seq}.${operation}.$FI'`;
  const session = await run(
    `0s nats stream add AT --subjects 'at.>' --replicas 3 --allow-batch --allow-fast --defaults
0.5s nats stream info AT --json
1s ${part(1)}
2s ${part(2)}
3s ${part(3, "-H Nats-Batch-Commit:1")}
4s @t2 nats sub 'told.>' --count 3 --raw
5s ${fast(1, 0)}
6s ${fast(2, 1)}
7s ${fast(3, 2)}\n`,
    9,
  );
  expect(outputOf(session, "Batch-Commit").text).toContain('"seq":3,"batch":"b1","count":3}');
  const told = outputOf(session, "told.>").text;
  expect(told).toContain('{"type":"ack","seq":0,"msgs":10}');
  expect(told).toContain('"seq":6,"batch":"b2","count":3}');
  expect(counts(session, "AT")).toEqual([6, 6, 6]);
});

test("a mirror and a source of a replicated stream go on under a new leader", async () => {
  const session = await run(
    `${addStream}0.5s nats stream add MIR --mirror ORDERS --replicas 3 --defaults
1s nats stream add SRC --source ORDERS --replicas 3 --defaults
2s nats pub orders.a x --count 10
4s fault kill leader:MIR\n`,
    5,
  );
  expect(counts(session, "MIR")).toEqual([10, 10]);
  await session.runUntil(virtualNanos(40e9));
  await session.input("nats pub orders.a y --count 10");
  await session.runUntil(virtualNanos(110e9));
  expect(counts(session, "ORDERS")).toEqual([20, 20]);
  expect(counts(session, "MIR")).toEqual([20, 20]);
  expect(counts(session, "SRC")).toEqual([20, 20]);
});

/** Which promises of a replicated stream hold when its servers die, and what the ledger shows. */
import { expect, test } from "vitest";
import { failuresOf, leadersOf, ledgerOf, membersOf } from "./look.ts";
import { openStory, runTo } from "./story.ts";

const setup = `
0s     nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
1s     load publisher P --subject orders.new --rate 20/s --for 16s`;
const power = `${setup}
17.5s  fault power-off all
19s    fault start all`;
/** Instead of two minutes, so that the story is short. */
const tenSeconds = ["cluster east 3", "set all sync_interval 10s"].join("\nworld ");
const always = ["cluster east 3", "set all sync_interval always"].join("\nworld ");

// Evidence: the recording power-loss-all: acked messages are missing in the leader's log (516 and
// 522 of some 860), all servers agree, and publishing goes on.
test("a power cut of all three takes what was not synced, and the ledger says which", async () => {
  const session = await openStory(11, power, tenSeconds);
  const before = await runTo(session, 17.4);
  expect(leadersOf(before, "ORDERS")).toHaveLength(1);
  expect(ledgerOf(await runTo(session, 18)).broken).toBe(0);
  const world = await runTo(session, 40);
  const [leader] = leadersOf(world, "ORDERS");
  const last = Number(leader?.stream?.store.seqLast);
  const acked = world.actors.get("P")?.counters.acked ?? 0;
  expect(acked).toBe(320);
  expect(last).toBeGreaterThan(0);
  expect(last).toBeLessThan(acked);
  const { broken, breaks } = ledgerOf(world);
  expect(broken).toBe(acked - last);
  expect(breaks[0]).toMatchObject({ stream: "ORDERS", seq: last + 1 });
  expect(breaks[0]?.why).toMatch(
    /n1 lost entries \d+ to \d+, not synced, with the power at 17\.5s/,
  );
  const ends = membersOf(world, "ORDERS").map(({ stream }) => Number(stream?.store.seqLast));
  expect(ends).toEqual([last, last, last]);
  await session.dispose();
});

// Evidence: sync_interval always writes through before it acknowledges (nats-server, filestore.go
// `SyncAlways`); our model of the disk.
test("with sync_interval always a power cut of all three takes nothing", async () => {
  const session = await openStory(11, power, always);
  const world = await runTo(session, 40);
  const acked = world.actors.get("P")?.counters.acked ?? 0;
  const [leader] = leadersOf(world, "ORDERS");
  expect(acked).toBe(320);
  expect(Number(leader?.stream?.store.seqLast)).toBeGreaterThanOrEqual(acked);
  expect(ledgerOf(world)).toMatchObject({ made: 320, broken: 0, raft_violations: 0 });
  await session.dispose();
});

// Evidence: the recording restart-all: kill -9 of all three, lost_acked 0 / 0 / 0.
test("killing all three processes takes nothing", async () => {
  const session = await openStory(12, power.replace("power-off", "kill"));
  const world = await runTo(session, 40);
  const [leader] = leadersOf(world, "ORDERS");
  const acked = world.actors.get("P")?.counters.acked ?? 0;
  expect(acked).toBe(320);
  expect(Number(leader?.stream?.store.seqLast)).toBeGreaterThanOrEqual(acked);
  expect(ledgerOf(world)).toMatchObject({ broken: 0, raft_violations: 0 });
  await session.dispose();
});

// Evidence: the recording power-loss-one-follower: repaired from the others, lost 0 / 0 / 0.
test("one power cut takes nothing that a quorum still has", async () => {
  const story = power
    .replaceAll("all", "follower:ORDERS:1")
    .replace("start follower:ORDERS:1", "start down");
  const session = await openStory(13, story);
  const world = await runTo(session, 40);
  expect(failuresOf(session)).toEqual([]);
  expect(ledgerOf(world)).toMatchObject({ broken: 0, raft_violations: 0 });
  const ends = membersOf(world, "ORDERS").map(({ stream }) => Number(stream?.store.seqLast));
  expect(new Set(ends).size).toBe(1);
  await session.dispose();
});

// Evidence: a run of nats-server: all peers of a memory stream restart, and only its config stays.
test("memory storage loses what it holds when all its servers restart", async () => {
  const story = power
    .replace("--replicas 3", "--replicas 3 --storage memory")
    .replace("power-off", "kill");
  const session = await openStory(14, story);
  const world = await runTo(session, 45);
  const [leader] = leadersOf(world, "ORDERS");
  expect(Number(leader?.stream?.store.seqLast)).toBe(0);
  const { broken, breaks } = ledgerOf(world);
  expect(broken).toBe(320);
  expect(breaks[0]?.why).toContain("lost its memory with the process");
  await session.dispose();
});

// Evidence: the meta group's log is synced no sooner than the rest (default
// sync_interval), so a young stream is forgotten with its rack's power; our model of the disk.
test("a stream that the meta group forgets ends all that was promised of it", async () => {
  const session = await openStory(15, power);
  const world = await runTo(session, 40);
  const acked = world.actors.get("P")?.counters.acked ?? 0;
  expect(acked).toBe(320);
  expect(membersOf(world, "ORDERS")).toEqual([]);
  const { broken, breaks } = ledgerOf(world);
  expect(broken).toBe(acked);
  expect(breaks[0]?.why).toMatch(/^n\d leads the meta group, whose log was not synced: no ORDERS/);
  await session.dispose();
});

// Evidence: our model: who deletes a stream takes the promises back.
test("a stream that was deleted is not missed after a power cut", async () => {
  const story = power.replace("17.5s", "17.3s  nats stream rm ORDERS --force\n17.5s");
  const session = await openStory(15, story);
  expect(ledgerOf(await runTo(session, 40)).broken).toBe(0);
  await session.dispose();
});

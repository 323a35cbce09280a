/** When leaders fall and rise, against what a cluster of nats-server 2.15.2 was seen to do. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawBetween, millis, seconds, type VirtualNanos } from "../../../src/kernel/index.ts";
import { kolmogorovSmirnov } from "./distribution.ts";
import { isolate, kill } from "./faults.ts";
import { boot, createGroup, type Group, leaderOf, memberOf, runFor } from "./group.ts";

/** A group of three with a leader, idle for a while that ends at a random moment. */
function idleGroup(seed: number): Group {
  const group = createGroup({ seed, size: 3 });
  for (const id of group.members.keys()) boot(group, id, { campaign: true });
  runFor(group, seconds(5));
  runFor(group, drawBetween(group.kernel.random, "moment", seconds(20), seconds(40)));
  return group;
}

test("the test itself tells distributions apart", () => {
  const even = Array.from({ length: 200 }, (_, i) => i);
  expect(kolmogorovSmirnov(even, even)).toBeGreaterThan(0.99);
  expect(
    kolmogorovSmirnov(
      even,
      even.map((n) => n * 0.7),
    ),
  ).toBeLessThan(0.01);
});

// Evidence: the recording kill-leader-random-phase-3, 84 elections.
test("after the leader is killed the next leads as soon as in the recording, seeds 1 to 400", () => {
  const file = new URL("kill-leader-3.json", import.meta.url);
  const recorded = JSON.parse(readFileSync(file, "utf8")) as { new_leader_ms: number[] };
  const ours: number[] = [];
  for (let seed = 1; seed <= 400; seed++) {
    const group = idleGroup(seed);
    const killedAt = group.kernel.now;
    kill(group, (leaderOf(group) as { id: string }).id);
    while (leaderOf(group) === null) runFor(group, millis(1));
    ours.push((group.kernel.now - killedAt) / millis(1));
  }
  expect(Math.min(...ours)).toBeGreaterThan(3_000);
  expect(Math.max(...ours)).toBeLessThan(9_100);
  expect(kolmogorovSmirnov(ours, recorded.new_leader_ms)).toBeGreaterThan(0.01);
});

// Evidence: the recording isolate-leader-random-phase, 28 step-downs, remainder 0 / 0 / 0.
test("an isolated leader steps down on a multiple of 10 s after its election", () => {
  for (let seed = 1; seed <= 100; seed++) {
    const electedAt: VirtualNanos[] = [];
    const group = createGroup({
      seed,
      size: 3,
      watch: (_, effect) => {
        if (effect.kind === "leader-tickers" && effect.run) electedAt.push(group.kernel.now);
      },
    });
    for (const id of group.members.keys()) boot(group, id, { campaign: true });
    runFor(group, seconds(25) + drawBetween(group.kernel.random, "moment", 0, seconds(10)));
    const leader = memberOf(group, (leaderOf(group) as { id: string }).id);
    const [since, cutAt] = [electedAt.at(-1) as number, group.kernel.now];
    isolate(group, leader.id);
    while (leader.core?.role === "leader") runFor(group, millis(1));
    const after = group.kernel.now - cutAt;
    expect((group.kernel.now - since) % seconds(10), `seed ${seed}`).toBeLessThan(millis(1));
    expect(after).toBeGreaterThanOrEqual(seconds(9));
    expect(after).toBeLessThanOrEqual(seconds(20));
  }
});

// Our goal: an idle group does nothing but its heartbeats, one round of three members a second.
test("an idle group costs a round of heartbeats a second", () => {
  const group = idleGroup(1);
  const [steps, events] = [group.steps, group.kernel.eventsRun];
  runFor(group, seconds(100));
  // A tick, two append entries, two answers; every ten seconds the look for a quorum.
  expect(group.steps - steps).toBe(100 * 5 + 10);
  expect(group.kernel.eventsRun - events).toBe(100 * 5 + 10);
});

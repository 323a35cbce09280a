/** World = f(behaviour, seed, files, inputs): however the moment was reached, the hash is one. */
import { expect, test } from "vitest";
import {
  type DrawRecord,
  firstDifferentDraw,
  logEach,
  type VirtualNanos,
  virtualNanos,
} from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { library, Session } from "../../src/scenario/index.ts";
import { chooser, ground, openText } from "./ground.ts";
import { eventTrail, firstDifference, pastDifference } from "./trail.ts";

const seed = 20_261_121;

/** Something of everything: clients, actors, a fault, several terminals, a loop, a Ctrl-C. */
const busy = `windtunnel 1
seed    9
world   server
file    hello.txt <<END
hello
END
0s      nats stream add ORDERS --subjects 'orders.>' --storage file --defaults
0.4s    nats consumer add ORDERS W --pull --ack explicit --deliver all --wait 2s --defaults
0.8s    load worker w --stream ORDERS --consumer W --batch 2 --work 30ms --nak 10%
1s      load publisher p --subject orders.new --rate 20/s --for 4s --msg-id --retry
1.2s    @t2 nats sub 'orders.>'
1.5s    for i in 1 2 3; do echo $i > n.txt; sleep 0.3; done; cat hello.txt n.txt
2s      fault drop ack --stream ORDERS --consumer W --count 2
3s      @t2 signal INT
3.5s    nats consumer info ORDERS W
6s      @t3 nats pub orders.late x --count 3
`;

async function hashAt(text: string, at: VirtualNanos): Promise<string> {
  const session = await openText(text, { record: false });
  await session.runUntil(at);
  const hash = session.hash();
  await session.dispose();
  return hash;
}

/** The hashes at several moments of one straight run. */
async function hashesAt(
  text: string,
  moments: readonly VirtualNanos[],
): Promise<ReadonlyMap<VirtualNanos, string>> {
  const session = await openText(text, { record: false });
  const hashes = new Map<VirtualNanos, string>();
  for (const at of moments.toSorted((a, b) => a - b)) {
    await session.runUntil(at);
    hashes.set(at, session.hash());
  }
  await session.dispose();
  return hashes;
}

const lastOf = (text: string): number => (parseScenario(text).entries.at(-1)?.at ?? 0) + 1.5e9;

const everything = [{ id: "busy", text: busy }, ...library];

for (const { id, text } of everything) {
  test(`${id}: one journal twice in one realm gives one state hash`, async () => {
    const end = virtualNanos(lastOf(text));
    const first = await hashAt(text, end);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    if ((await hashAt(text, end)) !== first) {
      const trails = [await eventTrail(text, ground), await eventTrail(text, ground)] as const;
      expect.fail(`the runs part here:\n${firstDifference(...trails)}`);
    }
    expect(await hashAt(text.replace(/^seed .*$/m, "seed 999"), end)).not.toBe(first);
  });

  test(`${id}: seeking back and forth equals straight runs (seed ${seed})`, async () => {
    const choose = chooser(seed);
    const end = lastOf(text);
    const moments = Array.from({ length: 8 }, () => virtualNanos(choose(end)));
    const straight = await hashesAt(text, moments);
    const session = await openText(text);
    await session.runUntil(virtualNanos(end));
    const newest = session.hash();
    for (const at of moments) {
      await session.seek(at);
      expect([session.now, session.live]).toEqual([at, false]);
      if (session.hash() === straight.get(at)) continue;
      expect.fail(`at ${at} the past is another:\n${await pastDifference(session, ground)}`);
    }
    await session.seek(virtualNanos(end));
    expect([session.live, session.hash()]).toEqual([true, newest]);
    expect(session.branches).toHaveLength(1);
    await session.dispose();
  });

  test(`${id}: a branch equals a straight run of its journal (seed ${seed})`, async () => {
    const session = await openText(text);
    await session.runUntil(virtualNanos(lastOf(text)));
    // In the middle, where processes are alive that must be built again.
    const at = virtualNanos(chooser(seed)(lastOf(text) / 2) + lastOf(text) / 4);
    await session.seek(at);
    await session.input('nats pub somewhere.else "another choice"', "t9");
    expect(session.branches).toHaveLength(2);
    const end = virtualNanos(at + 3e9);
    await session.runUntil(end);
    if (session.hash() !== (await hashAt(session.journalText(), end))) {
      expect.fail(`the branch is another:\n${await pastDifference(session, ground)}`);
    }
    await session.dispose();
  });
}

test(`acting in the past equals a straight run of the new journal (seed ${seed})`, async () => {
  const choose = chooser(seed);
  const session = await openText(busy);
  await session.runUntil(virtualNanos(8e9));
  let branches = 1;
  for (let i = 0; i < 5; i++) {
    const at = virtualNanos(choose(6e9));
    // Beyond the newest moment of the branch there is nothing to branch from.
    if (at < session.newest) branches += 1;
    await session.seek(at);
    await session.input(`nats pub orders.branch "${i}"`, "t4");
    expect(session.live).toBe(true);
    const end = virtualNanos(at + 3e9);
    await session.runUntil(end);
    const straight = await openText(session.journalText(), { record: false });
    await straight.runUntil(end);
    expect(session.hash(), session.journalText()).toBe(straight.hash());
    await straight.dispose();
  }
  expect(branches).toBeGreaterThan(3);
  expect(session.branches.length).toBe(branches);
  await session.switchBranch(0);
  expect(session.hash()).toBe(await hashAt(busy, virtualNanos(8e9)));
  await session.dispose();
});

test("undo equals a run without the last input, and redo returns", async () => {
  const session = await openText("windtunnel 1\nworld server\n");
  const lines = ["nats stream add A --subjects a --defaults", "nats pub a 1", "nats pub a 2"];
  for (const line of lines) {
    await session.input(line);
    await session.runUntil(virtualNanos(session.now + 1e9));
  }
  const done = session.hash();
  expect(await session.undo()).toBe(true);
  expect(session.now).toBe(2e9);
  const without = session.journalText();
  expect(without).not.toContain("nats pub a 2");
  expect(session.hash()).toBe(await hashAt(without, session.now));
  await session.input("nats pub a 3");
  await session.runUntil(virtualNanos(4e9));
  expect(session.hash()).toBe(await hashAt(session.journalText(), virtualNanos(4e9)));
  expect(await session.redo()).toBe(false);
  expect(await session.undo()).toBe(true);
  expect(await session.undo()).toBe(true);
  expect(await session.redo()).toBe(true);
  expect(await session.redo()).toBe(true);
  expect(session.now).toBe(4e9);
  await session.switchBranch(0);
  expect(session.hash()).toBe(done);
  await session.dispose();
});

test("inputs between two events of an instant replay exactly there", async () => {
  const session = await openText(busy);
  await session.runUntil(virtualNanos(2.1e9));
  for (let i = 0; i < 40; i++) {
    await session.runEvents(7);
    if (i % 4 === 0) await session.input(`nats pub orders.step ${i}`, `t${5 + i}`);
    if (i % 8 === 0) await session.input("sim now", "t2");
  }
  const end = virtualNanos(session.now + 2e9);
  await session.runUntil(end);
  expect(session.journalText()).toMatch(/s#\d+ /);
  expect(session.hash()).toBe(await hashAt(session.journalText(), end));
  await session.seek(virtualNanos(1e9));
  await session.seek(virtualNanos(end - 1));
  expect(session.hash()).toBe(await hashAt(session.journalText(), virtualNanos(end - 1)));
  await session.dispose();
});

test("two checked runs draw the same, draw by draw", async () => {
  const draws = async (text: string): Promise<DrawRecord[]> => {
    const session = await openText(text, { options: { checking: true } });
    await session.runUntil(virtualNanos(5e9));
    const list: DrawRecord[] = [];
    const { draws: log } = session.world.kernel.random;
    if (log !== null) logEach(log, (draw) => void list.push(draw));
    await session.dispose();
    return list;
  };
  const first = await draws(busy);
  expect(first.length).toBeGreaterThan(10);
  expect(firstDifferentDraw(first, await draws(busy))).toBeNull();
  const other = await draws(busy.replace("--work 30ms", "--work 31ms"));
  expect(firstDifferentDraw(first, other)?.index).toBeGreaterThan(0);
});

test("stepping back and forward ends where it began", async () => {
  const session = await openText(busy);
  await session.runUntil(virtualNanos(3e9));
  const marks: [number, string][] = [];
  for (const kind of ["event", "instant", "notable", "tick"] as const) {
    await session.stepBack(kind);
    marks.push([session.now, session.hash()]);
  }
  for (let i = 1; i < marks.length; i++) {
    expect(marks[i]?.[0]).toBeLessThanOrEqual(marks[i - 1]?.[0] ?? 0);
  }
  await session.step("notable");
  await session.step("event");
  await session.seek(virtualNanos(3e9));
  expect(session.hash()).toBe(await hashAt(busy, virtualNanos(3e9)));
  await session.dispose();
});

test("a thousand virtual hours of an idle world are its pings and nothing else", async () => {
  const hours = 1_000;
  const session = await Session.create({ ...ground, seed: 1, worldLine: "server" });
  await session.input("nats stream add IDLE --subjects idle --defaults");
  await session.runUntil(virtualNanos(1e9));
  await session.input("nats consumer add IDLE C --pull --defaults");
  await session.runUntil(virtualNanos(2e9));
  await session.input("nats sub idle");
  await session.runUntil(virtualNanos(3e9));
  const began = session.world.kernel.eventsRun;
  await session.runUntil(virtualNanos(hours * 3_600e9));
  // Both sides ping every two minutes (nats.js and nats-server defaults), and nothing else happens:
  // what that takes in seconds is `world.idle_with_client.factor` of `npm run bench`.
  const pings = 2 * 30 * hours;
  const events = session.world.kernel.eventsRun - began;
  expect(events).toBeGreaterThan(2 * pings);
  expect(events).toBeLessThan(2.1 * pings);
  await session.dispose();
});

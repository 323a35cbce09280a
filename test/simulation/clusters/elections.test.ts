/** How leaders fall and rise in whole clusters, as clients and the state object see it. */
import { expect, test } from "vitest";
import { seconds } from "../../../src/kernel/index.ts";
import { stateObject, type World } from "../../../src/world/index.ts";
import { leadersOf, leadsSince, ledgerOf, membersOf } from "./look.ts";
import { openStory, runTo } from "./story.ts";

const setup = `
0s     nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults`;

interface StreamView {
  readonly leader: string;
  readonly stale: boolean;
  readonly state: { readonly messages: number };
}

function streamOf(world: World): StreamView {
  return (stateObject(world).streams as Record<string, StreamView>).ORDERS as StreamView;
}

function ackedBy(world: World, actor: string): number {
  return world.actors.get(actor)?.counters.acked ?? 0;
}

// Evidence: the recordings isolate-leader-blackhole (isolated_acks_during_partition 0 / 0 / 0) and
// isolate-leader-random-phase (step-down 10.3 to 19.9 s after the cut, always on an exact multiple
// of 10 s after its election: remainder 0 / 0 / 0, n=28).
test("an isolated leader acks nothing, and steps down at a check of its own", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const cutAt = 20 + ((seed * 1.37) % 10);
    const session = await openStory(
      seed,
      `${setup}
5s     load publisher inside --subject orders.new --rate 2/s --server leader:ORDERS
${cutAt.toFixed(3)}s fault cut leader:ORDERS --from not:leader:ORDERS`,
    );
    const before = await runTo(session, cutAt - 0.001);
    const [old] = leadersOf(before, "ORDERS");
    const host = old?.host ?? "";
    const electedAt = Number(old === undefined ? null : leadsSince(old));
    const world = await runTo(session, cutAt + 0.6);
    const acked = ackedBy(world, "inside");
    const stepsDown = { at: 0 };
    await session.runUntilTrue(() => {
      const leads = leadersOf(world, "ORDERS").some((one) => one.host === host);
      if (!leads) stepsDown.at = world.kernel.now;
      return !leads;
    });
    const after = (stepsDown.at - cutAt * 1e9) / 1e9;
    // It is announced a moment after its election, when its first entry has been applied.
    const past = (stepsDown.at - electedAt) % seconds(10);
    expect(Math.min(past, seconds(10) - past), `seed ${seed}`).toBeLessThan(5e6);
    expect(after, `seed ${seed}`).toBeGreaterThanOrEqual(9);
    expect(after, `seed ${seed}`).toBeLessThanOrEqual(20.001);
    expect(ackedBy(world, "inside"), `seed ${seed}`).toBe(acked);
    // Two leaders of different terms for a while: the majority has elected long before.
    const [fresh] = leadersOf(world, "ORDERS");
    expect(fresh?.host).not.toBe(host);
    expect(streamOf(world)).toMatchObject({ leader: fresh?.host, stale: false });
    expect(ledgerOf(world)).toMatchObject({ broken: 0, raft_violations: 0 });
    await session.dispose();
  }
}, 240_000);

// Evidence: a cluster of nats-servers that was cut in two: on the minority side
// reads answer while the old leader believes that it leads; after its step-down they do not.
test("until it steps down, an isolated leader answers reads with what it knew", async () => {
  const session = await openStory(
    5,
    `${setup}
2s     nats pub -J orders.new before
9.9s   load publisher outside --subject orders.new --rate 5/s --retry --server not:leader:ORDERS
10s    fault cut leader:ORDERS --from not:leader:ORDERS
19.5s  @a nats stream info ORDERS --json`,
  );
  const world = await runTo(session, 9.8);
  const [old] = leadersOf(world, "ORDERS");
  const port = 4222 + Number(old?.host.slice(1)) - 1;
  await session.runUntil(seconds(19) as never);
  const url = `nats://127.0.0.1:${port}`;
  await session.input(`nats --server ${url} stream info ORDERS --json`, "b");
  await runTo(session, 24);
  const answer = world.terminals.get("b")?.commands.at(-1);
  const stale = JSON.parse(answer?.stdout ?? "{}") as {
    readonly cluster: { readonly leader: string };
    readonly state: { readonly messages: number };
  };
  expect(stale.cluster.leader).toBe(old?.host);
  expect(stale.state.messages).toBeLessThan(streamOf(world).state.messages);
  await session.dispose();
});

// Evidence: the recording kill-leader-5 and statement 7: without a leader clients hear 503; the
// state object shows the most advanced replica that is left.
test("without a leader the state object shows a replica, and says that it is stale", async () => {
  const session = await openStory(
    3,
    `${setup}
1s     load publisher P --subject orders.new --rate 20/s --for 8s
10s    fault kill leader:ORDERS`,
  );
  const world = await runTo(session, 10.5);
  expect(streamOf(world)).toMatchObject({ leader: "", stale: true, state: { messages: 160 } });
  const groups = Object.values(stateObject(world).raft as Record<string, RaftView>);
  const group = groups.find(({ asset }) => asset === "ORDERS");
  const roles = Object.values(group?.members ?? {}).map(({ role }) => role);
  expect(roles.toSorted()).toEqual(["down", "follower", "follower"]);
  for (const { last, term } of Object.values(group?.members ?? {})) {
    expect(last).toBeGreaterThanOrEqual(160);
    expect(term).toBe(1);
  }
  const later = await runTo(session, 20);
  expect(streamOf(later)).toMatchObject({ stale: false, state: { messages: 160 } });
  expect(leadersOf(later, "ORDERS")[0]?.group.core.stable.term).toBeGreaterThan(1);
  await session.dispose();
});

interface RaftView {
  readonly asset: string;
  readonly members: Record<string, { role: string; term: number; last: number }>;
}

// Evidence: the recording kill-meta-leader: streams led elsewhere do not notice; the next meta
// leader is there after 4.6 to 7.5 s.
test("selectors name the meta leader, followers in order, and what is down", async () => {
  const session = await openStory(4, setup);
  const world = await runTo(session, 5);
  const meta = stateObject(world).meta as { leader: string; term: number; peers: object };
  expect(Object.keys(meta.peers)).toEqual(["n1", "n2", "n3"]);
  const [leader] = leadersOf(world, "ORDERS");
  const followers = membersOf(world, "ORDERS")
    .map(({ host }) => host)
    .filter((host) => host !== leader?.host);
  const said = async (line: string): Promise<string> => {
    await session.input(line);
    return world.terminals.get("t1")?.commands.at(-1)?.stderr ?? "";
  };
  expect(await said("fault kill follower:ORDERS:3")).toContain("has 2 followers");
  expect(await said("fault start down")).toContain("every server runs");
  expect(await said("fault kill follower:ORDERS:2")).toBe("");
  expect(world.hosts.get(followers[1] ?? "")?.up).toBe(false);
  expect(await said("fault start down")).toBe("");
  expect(world.hosts.get(followers[1] ?? "")?.up).toBe(true);
  expect(await said("fault freeze meta-leader")).toBe("");
  expect(world.hosts.get(meta.leader)?.frozen).toBe(true);
  await session.dispose();
});

// Evidence: nats-server `selectPeerGroup` takes servers that have all tags of the placement; the
// selector is our model (design 7).
test("zones are tags of servers: streams are placed by them, and faults find them", async () => {
  const story = "0s nats stream add ORDERS --subjects o --replicas 2 --tag zone:a --defaults";
  const session = await openStory(4, story, "cluster east 5 --zones a,b,c");
  const world = await runTo(session, 5);
  const upIn = (): string[] => {
    return [...world.hosts.values()].filter(({ up }) => up).map(({ name }) => name);
  };
  expect(membersOf(world, "ORDERS").map(({ host }) => host)).toEqual(["n1", "n4"]);
  const said = async (line: string): Promise<string> => {
    await session.input(line);
    return world.terminals.get("t1")?.commands.at(-1)?.stderr ?? "";
  };
  expect(await said("fault kill zone:d")).toContain('no server is in zone "d"');
  expect(await said("fault kill zone:b")).toBe("");
  expect(upIn()).toEqual(["n1", "n3", "n4"]);
  expect(await said("fault cut zone:a --from not:zone:a")).toBe("");
  const { links } = stateObject(world) as { readonly links: Record<string, { cut: string }> };
  const cut = Object.entries(links).filter(([, link]) => link.cut === "both");
  expect(cut.map(([name]) => name)).toEqual(expect.arrayContaining(["n1-n3", "n3-n4"]));
  expect(links["n1-n4"]?.cut ?? "no").toBe("no");
  await session.dispose();
});

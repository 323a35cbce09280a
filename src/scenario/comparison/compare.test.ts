/** Two branches of one session side by side. What is compared is our model. */
import { expect, test } from "vitest";
import { installRealm } from "../../clients/index.ts";
import { virtualNanos } from "../../kernel/index.ts";
import { parseScenario } from "../../link/index.ts";
import { programs } from "../../shell/index.ts";
import { type BranchComparison, Session, type SessionGround } from "../index.ts";

const ground: SessionGround = { programs, realm: installRealm({ strict: false }) };
const second = (s: number) => virtualNanos(s * 1e9);

const orders = `windtunnel 1
seed    4
world   server
0s      nats stream add ORDERS --subjects 'orders.>' --defaults
0.5s    nats consumer add ORDERS W --pull --ack explicit --deliver all --defaults
1s      nats pub -J orders.new "one {{Count}}" --count 4
3s      nats consumer next ORDERS W --ack
4s      nats pub orders.late x
`;

/** `main` kills the server at 2 s and starts it at 5 s; `branch 2`, from 1.5 s, purges instead. */
async function twoBranches(): Promise<Session> {
  const session = await Session.open(parseScenario(orders), ground);
  await session.runUntil(second(2));
  await session.input("fault power-off n1", "t2");
  await session.runUntil(second(5));
  await session.input("fault start n1", "t2");
  await session.runUntil(second(8));
  await session.seek(second(1.5));
  await session.input("nats stream purge ORDERS -f", "t2");
  await session.runUntil(second(7));
  return session;
}

function fieldsOf(comparison: BranchComparison | null): Record<string, unknown[]> {
  const fields: Record<string, unknown[]> = {};
  for (const { section, name, field, left, right } of comparison?.differences ?? []) {
    fields[`${section} ${name} ${field}`] = [left, right];
  }
  return fields;
}

test("branches have names, which can be changed but not taken away", async () => {
  const session = await twoBranches();
  expect(session.branches.map(({ name }) => name)).toEqual(["main", "branch 2"]);
  session.renameBranch(1, "  purge instead ");
  session.renameBranch(0, " ");
  expect(session.branches.map(({ name }) => name)).toEqual(["main", "purge instead"]);
  expect(session.branches[1]).toMatchObject({ parent: 0, forkedAt: second(1.5) });
  await session.dispose();
});

test("a comparison names the parting, the inputs of each since then, and what differs", async () => {
  const session = await twoBranches();
  const comparison = await session.compare(0, 1);
  expect(comparison?.parted.at).toBe(second(1.5));
  // The newest instant that both have reached.
  expect(comparison?.at).toBe(second(7));
  const typed = (side: "left" | "right") =>
    comparison?.[side].inputs.map(({ entry, script, shared }) => {
      return [entry.at / 1e9, entry.text, script, shared];
    });
  expect(typed("left")).toEqual([
    [2, "fault power-off n1", false, false],
    [3, "nats consumer next ORDERS W --ack", true, true],
    [4, "nats pub orders.late x", true, true],
    [5, "fault start n1", false, false],
  ]);
  expect(typed("right")).toEqual([
    [1.5, "nats stream purge ORDERS -f", false, false],
    [3, "nats consumer next ORDERS W --ack", true, true],
    [4, "nats pub orders.late x", true, true],
  ]);
  expect([comparison?.left.name, comparison?.right.name]).toEqual(["main", "branch 2"]);
  expect(comparison?.left.hash).not.toBe(comparison?.right.hash);
  const fields = fieldsOf(comparison);
  // Nothing was synced within the two minutes of the default: with the power went the stream.
  expect(fields["ledger  broken"]).toEqual([4, 0]);
  expect(fields["streams ORDERS last_seq"]).toEqual([0, 4]);
  expect(fields["consumers ORDERS/W ack_floor.stream_seq"]).toEqual([0, 4]);
  await session.dispose();
});

test("at an earlier instant each side is what it was then, and what is shown stays", async () => {
  const session = await twoBranches();
  const shown = [session.now, session.live, session.branch, session.hash()];
  const then = await session.compare(0, 1, second(3.5));
  expect(then?.at).toBe(second(3.5));
  expect(fieldsOf(then)["hosts n1 up"]).toEqual([false, true]);
  expect(then?.right.inputs).toHaveLength(2);
  // Until they part there is nothing to tell.
  const before = await session.compare(0, 1, second(1.2));
  expect(before?.differences).toEqual([]);
  expect(before?.left.hash).toBe(before?.right.hash);
  expect([session.now, session.live, session.branch, session.hash()]).toEqual(shown);
  await session.runUntil(second(9));
  expect(session.now).toBe(second(9));
  await session.switchBranch(0);
  expect((await session.compare(0, 1, second(3.5)))?.left.hash).toBe(then?.left.hash);
  await session.dispose();
});

test("for each counter it is told when it was first not the same", async () => {
  const session = await twoBranches();
  const shown = [session.now, session.live, session.branch, session.hash()];
  const list = (await session.firstApart(0, 1)) ?? [];
  const when = new Map(list.map(({ name, field, at }) => [`${name} ${field}`, at / 1e9]));
  // The purge of the one, the power loss of the other: each within a 1,200th of 5.5 s.
  expect(when.get("ORDERS messages")).toBeCloseTo(1.5, 1);
  expect(when.get("n1 up")).toBeGreaterThanOrEqual(2);
  expect(when.get("n1 up")).toBeLessThan(2.01);
  expect(list.map(({ at }) => at)).toEqual(list.map(({ at }) => at).toSorted((a, b) => a - b));
  expect([session.now, session.live, session.branch, session.hash()]).toEqual(shown);
  expect(await session.firstApart(1, 1)).toEqual([]);
  expect(await session.firstApart(0, 9)).toBeNull();
  await session.dispose();
});

test("two branches of one branch part where the earlier of them left", async () => {
  const session = await twoBranches();
  await session.seek(second(0.8));
  await session.input("nats pub orders.new early", "t2");
  await session.runUntil(second(7));
  await session.switchBranch(1);
  await session.seek(second(6));
  await session.input("nats pub orders.new grandchild", "t2");
  await session.runUntil(second(7));
  expect((await session.compare(1, 2))?.parted.at).toBe(second(0.8));
  expect((await session.compare(3, 2))?.parted.at).toBe(second(0.8));
  expect((await session.compare(0, 3))?.parted.at).toBe(second(1.5));
  expect((await session.compare(3, 1))?.parted.at).toBe(second(6));
  expect((await session.compare(2, 2))?.differences).toEqual([]);
  expect(await session.compare(0, 9)).toBeNull();
  await session.dispose();
});

const five = `windtunnel 1
seed    4
world   cluster east 5
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 5 --defaults
1s      load publisher P --subject orders.new --rate 10/s
`;

test("five servers: a killed leader beside two killed followers, each as if it had run alone", async () => {
  const session = await Session.open(parseScenario(five), ground);
  await session.runUntil(second(4));
  await session.input("fault kill leader:ORDERS");
  await session.runUntil(second(12));
  await session.seek(second(3.9));
  await session.input("fault kill follower:ORDERS:1 follower:ORDERS:2");
  const straight = parseScenario(session.journalText());
  await session.runUntil(second(12));
  const comparison = await session.compare(0, 1);
  expect([comparison?.parted.at, comparison?.at]).toEqual([second(3.9), second(12)]);
  const downIn = (side: "left" | "right"): string[] => {
    const hosts = [...(comparison?.[side].world.hosts.values() ?? [])];
    return hosts.filter(({ kind, up }) => kind === "server" && !up).map(({ name }) => name);
  };
  expect([downIn("left").length, downIn("right").length]).toEqual([1, 2]);
  const fields = fieldsOf(comparison);
  // Three of five go on as if nothing were; without their leader four refuse until they elect one.
  const [refused, none] = fields["actors P refused"] as [number, number];
  expect(refused).toBeGreaterThan(20);
  expect(none).toBe(0);
  expect(fields["streams ORDERS leader"]).toEqual([
    expect.stringMatching(/^n\d$/),
    downIn("left")[0],
  ]);
  const alone = await Session.open(straight, { ...ground, record: false });
  await alone.runUntil(second(12));
  expect(alone.hash()).toBe(comparison?.right.hash);
  await alone.dispose();
  await session.dispose();
});

/** `expect`: predicates over the state object, at their time and not a moment later. */
import { expect, test } from "vitest";
import { stateObject, submitLine, worldCommand } from "../../src/world/index.ts";
import { type Bench, command, run } from "./driver.ts";
import { stageOrders } from "./orders.ts";

const second = 1_000_000_000;

/** Types a line; answers its exit code and what it said. */
function type(bench: Bench, line: string): string {
  const index = submitLine(bench.world, bench.doors, "t1", line);
  const shown = bench.world.terminals.get("t1")?.commands[index ?? -1];
  return `${shown?.exit} ${shown?.stdout}${shown?.stderr}`.trim();
}

test("holds or fails at once, and says what it saw", async () => {
  const bench = await stageOrders({ messages: 5 });
  expect(type(bench, "expect 'streams.ORDERS.state.messages == 5'")).toBe("0");
  expect(type(bench, `expect 'leader("ORDERS") == "n1" && hosts.n1.up'`)).toBe("0");
  expect(type(bench, `expect 'message("ORDERS", 2).data == "order 2"'`)).toBe("0");
  expect(type(bench, `expect 'consumer("ORDERS", "W").num_pending == 5'`)).toBe("0");
  expect(type(bench, "expect 'ledger.made / 2 == 2.5 && ledger.made * 2 - 1 == 9'")).toBe("0");
  expect(type(bench, "expect 'ledger.broken > 0'")).toBe(
    "1 expect: failed: ledger.broken > 0 is false",
  );
  expect(type(bench, "expect 'streams.NOPE.state.messages == 0'")).toBe(
    "1 expect: failed: streams.NOPE.state.messages == 0 is No such key: NOPE",
  );
  expect(type(bench, "expect 'ledger.broken =='")).toMatch(
    /^1 expect: this predicate does not parse/,
  );
  expect(bench.world.failures.map((one) => one.value)).toEqual(["false", "No such key: NOPE"]);
});

test("within waits for its time, and fails at its deadline", async () => {
  const bench = await stageOrders();
  const start = bench.world.kernel.now;
  command(bench, "load publisher P --subject orders.new --rate 10/s");
  command(bench, "expect --within 2s 'actors.P.acked >= 10'");
  command(bench, "expect --within 2s 'actors.P.acked >= 100'");
  await run(bench, start + 1.5 * second);
  expect(bench.world.expectations.map((one) => one.status)).toEqual(["held", "pending"]);
  await run(bench, start + 3 * second);
  expect(bench.world.failures).toMatchObject([
    { at: start + 2 * second, line: "expect --within 2s 'actors.P.acked >= 100'", value: "false" },
  ]);
});

test("always fails at the first moment that breaks it", async () => {
  const bench = await stageOrders();
  const start = bench.world.kernel.now;
  command(bench, "load publisher P --subject orders.new --rate 10/s");
  command(bench, "expect --always 5s 'streams.ORDERS.state.messages < 20'");
  await run(bench, start + 4 * second);
  const [failure] = bench.world.failures;
  expect(failure?.at).toBeGreaterThan(start + 1.8 * second);
  expect(failure?.at).toBeLessThan(start + 2.1 * second);
});

test("was() is the value before the first line of the instant", async () => {
  const bench = await stageOrders({ messages: 3 });
  expect(type(bench, "expect 'hosts.n1.up'")).toBe("0");
  type(bench, "fault kill n1");
  expect(type(bench, "expect '!hosts.n1.up && was(hosts.n1.up)'")).toBe("0");
  expect(type(bench, `expect 'leader("ORDERS") != was(leader("ORDERS"))'`)).toBe("0");
  await run(bench, bench.world.kernel.now + second);
  expect(type(bench, "expect 'was(hosts.n1.up)'")).toMatch(/^1 expect: failed/);
});

test("the state object is plain, whole and changed by nobody who looks", async () => {
  const bench = await stageOrders({ messages: 2 });
  const { world, doors } = bench;
  const hash = worldCommand(world, doors, "sim hash").stdout;
  const state = JSON.parse(JSON.stringify(stateObject(world)));
  expect(Object.keys(state)).toEqual([
    "now",
    "hosts",
    "links",
    "meta",
    "streams",
    "consumers",
    "kv",
    "raft",
    "clients",
    "drops",
    "actors",
    "advisories",
    "terminals",
    "ledger",
  ]);
  expect(state.streams.ORDERS).toMatchObject({ leader: "n1", stale: false });
  expect(state.terminals.t1.commands).toMatchObject([{ line: "run", exit: 0 }]);
  expect(state.hosts.n1.varz.server_name).toBe("n1");
  // Counting the line itself is the only change between the two.
  world.inputs--;
  expect(worldCommand(world, doors, "sim hash").stdout).toBe(hash);
});

/** Code that loads with its first use: the world must not be able to tell. */
import { expect, test } from "vitest";
import { installRealm } from "../clients/index.ts";
import { seconds, virtualNanos } from "../kernel/index.ts";
import { parseScenario } from "../link/index.ts";
import { programs } from "../shell/index.ts";
import { needsPredicates } from "../world/index.ts";
import { Session } from "./session.ts";

// Every kind of lazy code: `nats`, a text tool, `which`, a predicate typed and one asked for by
// the shell, a library of nats.js that one command needs.
const story = `windtunnel 1
title lazy code
seed 5
world server
0s nats stream add ORDERS --subjects 'orders.>' --defaults
1s nats pub orders.new hello && nats stream info ORDERS --json | jq .state.messages
2s which jq nats
3s true && expect 'streams.ORDERS.state.messages == 1'
4s expect --within 2s 'streams.ORDERS.state.messages == was(streams.ORDERS.state.messages)'
5s nats kv add CONFIG
6s nats kv put CONFIG a 1
7s timeout 2 nats kv watch CONFIG
`;

async function run(): Promise<{ hash: string; events: number; said: string; failed: number }> {
  const realm = installRealm({ strict: true });
  const session = await Session.open(parseScenario(story), { programs, realm });
  await session.runUntil(virtualNanos(seconds(10)));
  const { kernel, failures, terminals } = session.world;
  const said = JSON.stringify(terminals.get("t1")?.commands);
  const result = { hash: session.hash(), events: kernel.eventsRun, said, failed: failures.length };
  await session.dispose();
  realm.uninstall();
  return result;
}

test("a world hashes alike whether its code had to be loaded or was there", async () => {
  expect(needsPredicates("expect 'true'")).toBe(true);
  const first = await run();
  expect(needsPredicates("expect 'true'")).toBe(false);
  expect(first.failed).toBe(0);
  expect(first.said).toContain("/bin/jq");
  expect(first.said).toContain("CONFIG > a");
  expect(await run()).toEqual(first);
});

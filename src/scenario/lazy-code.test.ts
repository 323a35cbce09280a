/** Code that loads with its first use: the world must not be able to tell. */
import { expect, test } from "vitest";
import { installRealm, load, type Program } from "../clients/index.ts";
import { seconds, virtualNanos } from "../kernel/index.ts";
import { parseScenario } from "../link/index.ts";
import { programs } from "../shell/index.ts";
import { needsPredicates } from "../world/index.ts";
import { Session } from "./session.ts";

// Every kind of lazy code: `nats`, JetStream, a text tool, `which`, a page of the server, a predicate
// typed and one asked for by the shell, a library of nats.js that one command needs.
const story = `windtunnel 1
title lazy code
seed 5
world server
0s nats pub early hello && nats stream add ORDERS --subjects 'orders.>' --defaults
1s nats pub orders.new hello && nats stream info ORDERS --json | jq .state.messages
2s which jq nats && curl -s http://127.0.0.1:8222/varz | jq .server_name && nats account info
3s true && expect 'streams.ORDERS.state.messages == 1'
4s expect --within 2s 'streams.ORDERS.state.messages == was(streams.ORDERS.state.messages)'
5s nats kv add CONFIG
6s nats kv put CONFIG a 1
7s timeout 2 nats kv watch CONFIG
`;

async function run(): Promise<{ hash: string; events: number; said: string; failed: number }> {
  const realm = installRealm({ strict: false });
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
  expect(first.said).toContain('\\"n1\\"');
  expect(first.said).toContain("CONFIG > a");
  expect(await run()).toEqual(first);
});

test("how long code takes to load, and what its loader does, leaves no trace", async () => {
  const hashWith = async (start: () => Promise<string>): Promise<string> => {
    const realm = installRealm({ strict: false });
    const fetched: Program = async (context) => {
      await context.write(await load(start));
      await context.sleep(5);
      return 0;
    };
    const text = "windtunnel 1\ntitle t\nseed 1\nworld server\n0s yes | cat\n";
    const session = await Session.open(parseScenario(text), {
      programs: { ...programs, yes: fetched },
      realm,
    });
    await session.runUntil(virtualNanos(seconds(1)));
    expect(JSON.stringify(session.world.terminals.get("t1")?.commands)).toContain("loaded");
    const hash = session.hash();
    await session.dispose();
    realm.uninstall();
    return hash;
  };
  const atOnce = await hashWith(async () => "loaded");
  // A loader with timers and chance of its own: neither is the process's.
  const slowly = await hashWith(async () => {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5 * Math.random()));
    }
    return "loaded";
  });
  expect(slowly).toBe(atOnce);
});

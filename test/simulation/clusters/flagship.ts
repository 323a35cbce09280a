/**
 * The flagship story over a range of seeds, as a program of its own: bundled, it runs three times
 * as fast as through the test runner. Prints one JSON line a seed.
 */
import { installRealm } from "../../../src/clients/index.ts";
import { loadMessage, type StreamState } from "../../../src/jetstream/index.ts";
import { virtualNanos } from "../../../src/kernel/index.ts";
import { parseScenario } from "../../../src/link/index.ts";
import { getHeader } from "../../../src/protocol/index.ts";
import { Session } from "../../../src/scenario/index.ts";
import { programs } from "../../../src/shell/index.ts";
import { failuresOf, leadersOf, leadsSince, ledgerOf, ms } from "./look.ts";

/** What a run came to. */
export interface FlagshipRun {
  readonly seed: number;
  /** From the kill to the announcement of the next leader. */
  readonly electedMs: number;
  readonly failures: readonly string[];
  readonly broken: number;
  readonly raftViolations: number;
  readonly acked: number;
  readonly stored: number;
  /** Message ids that are stored more than once. */
  readonly twice: number;
}

/** What killing the leader of idle groups came to: each group that it led, and was led again. */
export interface IdleRun {
  readonly seed: number;
  readonly electedMs: readonly number[];
}

const idleStreams = ["I1", "I2", "I3", "I4", "I5", "I6"];

const [first = 1, last = 1, ...flags] = process.argv.slice(2);
const realm = installRealm({ strict: false });
for (let seed = Number(first); seed <= Number(last); seed++) {
  const run = flags[0] === "idle" ? await playIdle(seed) : await play(seed, flags.join(" "));
  process.stdout.write(`${JSON.stringify(run)}\n`);
}

/** The story as a scenario, with what is asked of the publisher. */
function storyOf(seed: number, publisher: string): string {
  return `windtunnel 1
title   A leader dies in the middle of a publish
seed    ${seed}
world   cluster east 3
0s      nats stream add ORDERS --subjects 'orders.>' --replicas 3 --defaults
1s      load publisher P --subject orders.new ${publisher}
10s     expect --within 12s 'leader("ORDERS") != "" && leader("ORDERS") != was(leader("ORDERS"))'
10s     fault kill leader:ORDERS
40s     expect 'ledger.broken == 0'
`;
}

async function play(seed: number, publisher: string): Promise<FlagshipRun> {
  const ground = { programs, realm, tracing: false, record: false };
  const session = await Session.open(parseScenario(storyOf(seed, publisher)), ground);
  await session.runUntil(virtualNanos(40e9));
  const { world } = session;
  const [leader] = leadersOf(world, "ORDERS");
  const since = leader === undefined ? null : leadsSince(leader);
  const ids = leader === undefined ? [] : idsOf(leader.stream);
  const { broken, raft_violations: raftViolations } = ledgerOf(world);
  await session.dispose();
  return {
    seed,
    electedMs: since === null ? -1 : ms(since - 10e9),
    failures: failuresOf(session),
    broken,
    raftViolations,
    acked: world.actors.get("P")?.counters.acked ?? 0,
    stored: ids.length,
    twice: ids[0] === "" ? 0 : ids.length - new Set(ids).size,
  };
}

/** As the recording was made: the meta group and six idle streams, a kill at a random moment. */
async function playIdle(seed: number): Promise<IdleRun> {
  const killAt = 20e9 + ((seed * 619) % 1_000) * 1e6;
  const lines = idleStreams.map((name, i) => {
    return `${i * 100}ms nats stream add ${name} --subjects ${name} --replicas 3 --defaults`;
  });
  const header = `windtunnel 1\nseed ${seed}\nworld cluster east 3\n`;
  const ground = { programs, realm, tracing: false, record: false };
  const session = await Session.open(parseScenario(`${header}${lines.join("\n")}\n`), ground);
  await session.runUntil(virtualNanos(killAt));
  const names = ["", ...idleStreams];
  const killed = leadersOf(session.world, "I1")[0]?.host;
  const led = names.filter((name) => leadersOf(session.world, name)[0]?.host === killed);
  await session.input(`fault kill ${killed}`);
  await session.runUntil(virtualNanos(killAt + 15e9));
  const electedMs = led.map((name) => {
    const [leader] = leadersOf(session.world, name);
    const since = leader === undefined ? null : leadsSince(leader);
    return since === null ? -1 : ms(since - killAt);
  });
  await session.dispose();
  return { seed, electedMs };
}

function idsOf(stream: StreamState | null): string[] {
  const ids: string[] = [];
  if (stream === null) return ids;
  const { store } = stream;
  for (let seq = store.seqFirst as number; seq <= store.seqLast; seq++) {
    const message = loadMessage(store, seq as never);
    if (message !== null) ids.push(getHeader(message.headers, "Nats-Msg-Id") ?? "");
  }
  return ids;
}

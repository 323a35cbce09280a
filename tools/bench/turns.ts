/** What ten hours of a busy nats.js client cost: all its turns are kept, for seek and branch. */
import { installRealm } from "../../src/clients/index.ts";
import { virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session } from "../../src/scenario/index.ts";
import { programs } from "../../src/shell/index.ts";
import { usedMegabytes } from "./memory.ts";
import { add, type Report } from "./report.ts";

const hours = 10;
// The stream keeps little, so that what is measured is the client's.
const busy = `windtunnel 1
title bench
seed  1
world server
0s    nats stream add ORDERS --subjects 'orders.>' --storage file --max-msgs 1000 --defaults
0.5s  nats sub 'orders.>' > /dev/null &
1s    load publisher P --subject orders.new --rate 10/s --size 128B
`;

/** Adds `turns.*` to the report. */
export async function benchTurns(report: Report): Promise<void> {
  const realm = installRealm({ strict: false });
  const memory: Record<string, number> = {};
  for (const record of [false, true]) {
    const before = usedMegabytes();
    const ground = { programs, realm, record, tracing: false };
    const session = await Session.open(parseScenario(busy), ground);
    await session.runUntil(virtualNanos(hours * 3_600e9));
    memory[`${record}`] = usedMegabytes() - before;
    if (record) await benchBranch(report, session, realm.original.now);
    await session.dispose();
  }
  const value = (memory.true ?? 0) - (memory.false ?? 0);
  add(report, { name: `turns.${hours}h_history_mb`, value, unit: "MB" });
  add(report, { name: `turns.${hours}h_world_mb`, value: memory.false ?? 0, unit: "MB" });
  realm.uninstall();
}

/** Acting in the past builds the client again from everything it was told. */
async function benchBranch(report: Report, session: Session, now: () => number): Promise<void> {
  const client = [...session.world.processes.values()].find((one) => one.program === "nats");
  add(report, { name: "turns.of_the_client", value: client?.turns ?? 0, unit: "turns" });
  await session.seek(virtualNanos((hours - 1) * 3_600e9));
  const begin = now();
  await session.input("sim time", "t2");
  add(report, { name: "turns.branch_after_9h_ms", value: now() - begin, unit: "ms" });
}

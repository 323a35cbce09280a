/** How long it takes to show another moment, and what remembering costs. */
import { installRealm, type Realm } from "../../src/clients/index.ts";
import { virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session } from "../../src/scenario/index.ts";
import { programs } from "../../src/shell/index.ts";
import { usedMegabytes } from "./memory.ts";
import { add, median, type Report } from "./report.ts";

const busy = `windtunnel 1
title bench
seed  1
world server
0s    nats stream add ORDERS --subjects 'orders.>' --storage file --defaults
0.2s  nats consumer add ORDERS W --pull --ack explicit --deliver all --wait 30s --defaults
1s    load publisher P --subject orders.new --rate 500/s
1s    load worker A --stream ORDERS --consumer W --batch 100
`;
const seeks = 100;

/** Adds `seek.*` to the report: five busy minutes, then half an hour. */
export async function benchSeek(report: Report): Promise<void> {
  const realm = installRealm({ strict: false });
  for (const [name, seconds] of [
    ["5min", 300],
    ["30min", 1800],
  ] as const) {
    const before = usedMegabytes();
    const session = await Session.open(parseScenario(busy), { programs, realm });
    await session.runUntil(virtualNanos(seconds * 1e9));
    const { eventsRun } = session.world.kernel;
    add(report, { name: `seek.${name}.events`, value: eventsRun, unit: "events" });
    const value = usedMegabytes() - before;
    add(report, { name: `seek.${name}.memory_mb`, value, unit: "MB" });
    await benchSeeks(report, `seek.${name}`, { session, realm, seconds });
    await session.dispose();
  }
  realm.uninstall();
}

interface Played {
  readonly session: Session;
  readonly realm: Realm;
  readonly seconds: number;
}

/** From the request to the state, at moments all over the session in no order. */
async function benchSeeks(report: Report, name: string, played: Played): Promise<void> {
  const { session, seconds } = played;
  const times: number[] = [];
  for (let i = 0; i < seeks; i++) {
    const at = ((i * 37) % seeks) * (seconds / seeks) + 2.33;
    const begin = process.cpuUsage();
    await session.seek(virtualNanos(Math.floor(Math.min(at, seconds) * 1e9)));
    const { user, system } = process.cpuUsage(begin);
    times.push((user + system) / 1000);
  }
  // Processor time: the machine may be busy with something else.
  const ordered = times.toSorted((a, b) => a - b);
  add(report, { name: `${name}.median_ms`, value: median(times), unit: "ms" });
  const p95 = ordered[Math.floor(seeks * 0.95)] ?? 0;
  add(report, { name: `${name}.p95_ms`, value: p95, unit: "ms", goal: "150 in five minutes" });
  add(report, { name: `${name}.max_ms`, value: ordered.at(-1) ?? 0, unit: "ms" });
}

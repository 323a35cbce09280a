/** How much faster than the wall a world runs: idle and busy, with and without a nats.js client. */
import { installRealm } from "../../src/clients/index.ts";
import { virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session } from "../../src/scenario/index.ts";
import { programs } from "../../src/shell/index.ts";
import { add, type Report } from "./report.ts";

const setup = `
0s   nats stream add ORDERS --subjects 'orders.>' --storage file --defaults
0.2s nats consumer add ORDERS W --pull --ack explicit --deliver all --wait 30s --defaults`;
const client = "\n0.5s nats sub bench.nobody &";
const traffic = `
1s   load publisher P --subject orders.new --rate 500/s
1s   load worker A --stream ORDERS --consumer W --batch 100`;

const idleHours = 1000;
const busySeconds = 60;

/** Adds `world.*` to the report. */
export async function benchWorlds(report: Report): Promise<void> {
  const realm = installRealm({ strict: false });
  const { now } = realm.original;
  const open = (journal: string): Promise<Session> => {
    const text = `windtunnel 1\ntitle bench\nseed 1\nworld server${setup}${journal}\n`;
    return Session.open(parseScenario(text), { programs, realm });
  };
  const wallSeconds = async (session: Session, virtualSeconds: number): Promise<number> => {
    await session.runUntil(virtualNanos(2e9));
    const begin = now();
    await session.runUntil(virtualNanos(2e9 + virtualSeconds * 1e9));
    return (now() - begin) / 1000;
  };
  for (const [name, journal] of [
    ["idle", ""],
    ["idle_with_client", client],
  ] as const) {
    const session = await open(journal);
    const wall = await wallSeconds(session, idleHours * 3600);
    add(report, { name: `world.${name}.1000h_s`, value: wall, unit: "s", goal: "under 2" });
    add(report, { name: `world.${name}.factor`, value: (idleHours * 3600) / wall, unit: "x" });
    await session.dispose();
  }
  for (const [name, journal] of [
    ["busy", traffic],
    ["busy_with_client", client + traffic],
  ] as const) {
    const session = await open(journal);
    const before = session.world.kernel.eventsRun;
    const wall = await wallSeconds(session, busySeconds);
    const events = session.world.kernel.eventsRun - before;
    add(report, { name: `world.${name}.factor`, value: busySeconds / wall, unit: "x" });
    add(report, {
      name: `world.${name}.events_per_second`,
      value: events / wall,
      unit: "events/s",
    });
    await session.dispose();
  }
  realm.uninstall();
}

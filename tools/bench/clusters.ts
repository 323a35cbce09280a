/** What a cluster of three costs: idle, busy, as fast as it goes, and seeking in it. */
import { installRealm, type Realm } from "../../src/clients/index.ts";
import { virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session, type SessionGround } from "../../src/scenario/index.ts";
import { programs } from "../../src/shell/index.ts";
import { add, median, type Report } from "./report.ts";

/** Ten streams, as the goal for an idle cluster names them. */
const tenStreams = Array.from({ length: 10 }, (_, i) => {
  return `${i * 100}ms nats stream add S${i} --subjects 's${i}.>' --replicas 3 --defaults`;
});
const oneStream = ["0s nats stream add S --subjects s --replicas 3 --defaults"];
const busyLoad = "1s load publisher P --subject s --rate 500/s";
/** Ten publishers, each with a thousand a second: far more than it can do in real time. */
const flood = Array.from({ length: 10 }, (_, i) => {
  return `1s load publisher P${i} --subject s --rate 1000/s`;
});

const idleSeconds = 600;
const busySeconds = 30;
const floodSeconds = 3;
const seekSeconds = 300;
const seeks = 50;

/** Adds `cluster.*` to the report. Times are the processor's: the machine may be busy otherwise. */
export async function benchClusters(report: Report): Promise<void> {
  const realm = installRealm({ strict: false });
  const still = { programs, realm, tracing: false, record: false };
  const idle = await timed(tenStreams, still, idleSeconds);
  const factor = { name: "cluster.idle.factor", value: idleSeconds / idle.seconds, unit: "x" };
  add(report, { ...factor, goal: "500, better 2,000" });
  const busy = await timed([...oneStream, busyLoad], still, busySeconds);
  const busyFactor = busySeconds / busy.seconds;
  add(report, { name: "cluster.busy.factor", value: busyFactor, unit: "x", goal: "10" });
  const perSecond = busy.events / busy.seconds;
  add(report, { name: "cluster.busy.events_per_second", value: perSecond, unit: "events/s" });
  const flooded = await timed([...oneStream, ...flood], still, floodSeconds);
  const rate = flooded.acked / flooded.seconds;
  add(report, { name: "cluster.r3.messages_per_second", value: rate, unit: "msg/s" });
  await benchSeeks(report, realm);
  realm.uninstall();
}

async function timed(
  lines: readonly string[],
  ground: SessionGround,
  seconds: number,
): Promise<{ readonly seconds: number; readonly events: number; readonly acked: number }> {
  const session = await openCluster(lines, ground);
  await session.runUntil(virtualNanos(2e9));
  const before = { events: session.world.kernel.eventsRun, acked: ackedIn(session) };
  const begin = process.cpuUsage();
  await session.runUntil(virtualNanos((2 + seconds) * 1e9));
  const { user, system } = process.cpuUsage(begin);
  const events = session.world.kernel.eventsRun - before.events;
  const acked = ackedIn(session) - before.acked;
  await session.dispose();
  return { seconds: (user + system) / 1e6, events, acked };
}

function openCluster(lines: readonly string[], ground: SessionGround): Promise<Session> {
  const header = "windtunnel 1\ntitle bench\nseed 1\nworld cluster east 3\n";
  return Session.open(parseScenario(`${header}${lines.join("\n")}\n`), ground);
}

function ackedIn({ world }: Session): number {
  let acked = 0;
  for (const actor of world.actors.values()) acked += actor.counters.acked;
  return acked;
}

/** From the request to the state, all over five busy minutes of a cluster. */
async function benchSeeks(report: Report, realm: Realm): Promise<void> {
  const session = await openCluster([...oneStream, busyLoad], { programs, realm });
  await session.runUntil(virtualNanos(seekSeconds * 1e9));
  const times: number[] = [];
  for (let i = 0; i < seeks; i++) {
    const at = ((i * 37) % seeks) * (seekSeconds / seeks) + 2.33;
    const begin = process.cpuUsage();
    await session.seek(virtualNanos(Math.floor(at * 1e9)));
    const { user, system } = process.cpuUsage(begin);
    times.push((user + system) / 1000);
  }
  await session.dispose();
  const ordered = times.toSorted((a, b) => a - b);
  add(report, { name: "cluster.seek.median_ms", value: median(times), unit: "ms" });
  const p95 = ordered[Math.floor(seeks * 0.95)] ?? 0;
  add(report, { name: "cluster.seek.p95_ms", value: p95, unit: "ms", goal: "150" });
}

/** Every event of a run with the state after it: to name the first at which two runs part. */
import { nextEventAt, virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session, type SessionGround } from "../../src/scenario/index.ts";

/** One line an event: its number, instant, kind and host, and the hash after it. */
export async function eventTrail(text: string, ground: SessionGround): Promise<string[]> {
  const scenario = parseScenario(text);
  const end = virtualNanos(scenario.entries.at(-1)?.at ?? 0);
  const session = await Session.open(scenario, { ...ground, record: false });
  const trail: string[] = [];
  for (;;) {
    const { kernel } = session.world;
    const before = kernel.eventsRun;
    const next = nextEventAt(kernel);
    const [first] = kernel.queue.heap.chunks;
    const event = next === null ? undefined : first?.rows[0]?.event;
    await session.runUntilTrue(() => true, end);
    if (kernel.eventsRun === before) break;
    const hash = session.hash().slice(0, 16);
    trail.push(`${before} ${kernel.now} ${event?.kind} ${event?.host} ${hash}`);
  }
  await session.dispose();
  return trail;
}

/** The first line at which two trails differ, both ways round; empty when they agree. */
export function firstDifference(a: readonly string[], b: readonly string[]): string {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return `${a[i] ?? "(ended)"}\n${b[i] ?? "(ended)"}`;
  }
  return "";
}

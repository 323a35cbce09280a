/** Every event of a run with the state after it: to name the first at which two runs part. */
import { nextEventAt, virtualNanos } from "../../src/kernel/index.ts";
import { parseScenario } from "../../src/link/index.ts";
import { Session, type SessionGround } from "../../src/scenario/index.ts";

/** One line an event: its number, instant, kind and host, and the hash after it. */
export async function eventTrail(text: string, ground: SessionGround): Promise<string[]> {
  const scenario = parseScenario(text);
  const session = await Session.open(scenario, { ...ground, record: false });
  const trail = await trailOf(session, scenario.entries.at(-1)?.at ?? 0);
  await session.dispose();
  return trail;
}

/**
 * Where a session's past parts from a straight run of its journal; empty when it does not. Slow:
 * for saying more about two hashes that differ.
 */
export async function pastDifference(session: Session, ground: SessionGround): Promise<string> {
  const straight = await eventTrail(session.journalText(), ground);
  await session.seek(virtualNanos(0));
  return firstDifference(straight, await trailOf(session, session.newest));
}

/** The trail of a session from where it stands. */
async function trailOf(session: Session, until: number): Promise<string[]> {
  const end = virtualNanos(until);
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
  return trail;
}

/** The first line at which two trails differ, both ways round; empty when they agree. */
export function firstDifference(a: readonly string[], b: readonly string[]): string {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return `${a[i] ?? "(ended)"}\n${b[i] ?? "(ended)"}`;
  }
  return "";
}

/** Clusters for the tests of this folder, opened from the lines of a scenario. */
import { virtualNanos } from "../../../src/kernel/index.ts";
import { parseScenario } from "../../../src/link/index.ts";
import { Session } from "../../../src/scenario/index.ts";
import type { World } from "../../../src/world/index.ts";
import { ground } from "../ground.ts";

export async function openStory(
  seed: number,
  lines: string,
  world = "cluster east 3",
): Promise<Session> {
  const text = `windtunnel 1\ntitle story\nseed ${seed}\nworld ${world}\n${lines}\n`;
  return Session.open(parseScenario(text), { ...ground, tracing: false, record: false });
}

export async function runTo(session: Session, seconds: number): Promise<World> {
  await session.runUntil(virtualNanos(Math.round(seconds * 1e9)));
  return session.world;
}

/** Moments of any branch, replayed aside: what the session shows does not move. */
import type { VirtualNanos } from "../../kernel/index.ts";
import type { World } from "../../world/index.ts";
import type { Branch, Head } from "../branch.ts";
import { Driver } from "../driver.ts";
import type { SessionGround } from "../ground.ts";
import { createDoors, Listeners } from "../listeners.ts";
import { showPast } from "../time-machine.ts";

/** A moment: its world, to be read only, and how many inputs went into it. */
export interface Moment {
  readonly world: World;
  readonly applied: number;
}

/** The moment `at` of a branch, or its newest when that comes before. */
export async function momentOf(
  branch: Branch,
  head: Head,
  at: VirtualNanos,
  ground: SessionGround,
): Promise<Moment> {
  if (head.world.kernel.now <= at) return head;
  const doors = createDoors(new Listeners(), { ...ground, tracing: false }, () => {});
  const { programs, realm, lessons = null } = ground;
  const options = { programs, realm, record: false, lessons, moved: () => {} };
  const driver = new Driver(head.world, { ...branch, head: null }, doors, options);
  driver.applied = head.applied;
  await showPast(driver, at);
  return { world: driver.world, applied: driver.applied };
}

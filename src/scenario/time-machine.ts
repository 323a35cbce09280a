/** Ways to another moment of a branch, on a driver that is between two operations. */
import {
  advanceTo,
  assert,
  checkpointWithin,
  type VirtualNanos,
  virtualNanos,
  worldStart,
} from "../kernel/index.ts";
import type { World } from "../world/index.ts";
import type { Branch, Recorded } from "./branch.ts";
import type { Driver } from "./driver.ts";
import { positionBefore, type StepKind } from "./steps.ts";

const anyNumber = Number.POSITIVE_INFINITY;

/** The earliest instant that can still be shown. */
export function oldestOf({ checkpoints }: Branch): VirtualNanos {
  return checkpoints.kept[0]?.at ?? worldStart;
}

/**
 * Shows an instant before the newest, with everything known to happen in it; the oldest kept when
 * it lies before that.
 */
export async function showPast(driver: Driver, wanted: VirtualNanos): Promise<void> {
  const at = virtualNanos(Math.max(wanted, oldestOf(driver.branch)));
  // A moment that lies ahead, with no checkpoint on the way, is reached by going on.
  const nearest = checkpointWithin(driver.branch.checkpoints, at, anyNumber)?.at ?? worldStart;
  const { now } = driver.world.kernel;
  const isAhead = !driver.live && now <= at && nearest <= now;
  if (!isAhead) restoreWithin(driver, at, anyNumber);
  await driver.advance({ at, pastOnly: true });
}

/** Shows the moment one step before this one; 0s when there is none. */
export async function showStepBefore(
  driver: Driver,
  kind: Exclude<StepKind, "tick">,
): Promise<void> {
  const { from, events, at } = await positionBefore(driver, kind);
  driver.restore(from);
  if (from.eventsRun < events) {
    const reached = (world: World): boolean => world.kernel.eventsRun >= events;
    await driver.advance({ at: virtualNanos(anyNumber), reached, pastOnly: true });
  }
  const { kernel } = driver.world;
  if (kernel.now < at) advanceTo(kernel, at);
}

/** The last entry before this moment that somebody typed and that is kept; -1 when none is. */
export function lastTyped(driver: Driver): number {
  const { journal, checkpoints } = driver.branch;
  const first = checkpoints.kept[0]?.inputs ?? 0;
  let last = driver.applied - 1;
  while (last >= first && !isTyped(journal[last] as Recorded)) last -= 1;
  return last < first ? -1 : last;
}

/** The size of a screen is an input of the world, and yet nothing that anybody would take back. */
function isTyped({ script, entry }: Recorded): boolean {
  return !script && entry.kind !== "resize";
}

/** Shows the moment just before an entry of the journal was applied. */
export async function showBeforeInput(driver: Driver, input: number): Promise<void> {
  const entry = driver.branch.journal[input]?.entry;
  assert(entry !== undefined, `no entry ${input} in the journal`);
  restoreWithin(driver, entry.at, input);
  await driver.advance({ at: entry.at, beforeInput: input, pastOnly: true });
  assert(driver.applied === input, `entry ${input} was not met again`);
  const { kernel } = driver.world;
  if (kernel.now < entry.at) advanceTo(kernel, entry.at);
}

function restoreWithin(driver: Driver, at: VirtualNanos, inputs: number): void {
  const checkpoint = checkpointWithin(driver.branch.checkpoints, at, inputs);
  assert(checkpoint !== null, `no checkpoint before ${at}: the session keeps no past`);
  driver.restore(checkpoint);
}

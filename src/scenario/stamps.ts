/** The stamp of an input that is applied now: `T`, or `T#k` when events of T are still to run. */
import { nextEventAt, type Stamp } from "../kernel/index.ts";
import type { Driver } from "./driver.ts";

/**
 * Stamps an input at the driver's moment, before anything at or after `applied` in its journal.
 * Entries of the same instant that say "after all events" are made exact where this one has a k:
 * they came before it.
 */
export function stampHere(driver: Driver): Stamp {
  const { kernel } = driver.world;
  const { journal } = driver.branch;
  const { now: at } = kernel;
  const next = nextEventAt(kernel);
  const later = journal[driver.applied]?.entry;
  const isExactLater = later !== undefined && later.at === at && later.k !== null;
  if ((next === null || next > at) && !isExactLater) return { at, k: null };
  for (let i = driver.applied - 1; i >= 0; i--) {
    const one = journal[i];
    if (one === undefined || one.entry.at !== at) break;
    if (one.entry.k === null) journal[i] = { ...one, entry: { ...one.entry, k: one.ran } };
  }
  return { at, k: kernel.ranNow };
}

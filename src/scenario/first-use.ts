/** Code that comes with the first line that needs it: predicates, lessons, clusters. */
import type { Realm } from "../clients/index.ts";
import {
  needsClusterParts,
  needsPredicates,
  type ProcessEffect,
  provideClusterParts,
  providePredicates,
} from "../world/index.ts";
import type { LessonDoor } from "./ground.ts";

/** Settles when the world can run this line; the world stands still meanwhile. */
export async function readyForLine(ready: Ready, line: string): Promise<void> {
  const { realm, lessons } = ready;
  if (needsPredicates(line)) await realm.hold(loadPredicates());
  if (needsClusterParts(line)) await realm.hold(loadClusterParts());
  const coming = /^\s*lesson\b/.test(line) ? (lessons?.load() ?? null) : null;
  if (coming !== null) await realm.hold(coming);
}

export interface Ready {
  readonly realm: Realm;
  readonly lessons: LessonDoor | null;
}

/** The same for what a process asks of the world. */
export async function readyForEffects(
  ready: Ready,
  effects: readonly ProcessEffect[],
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind !== "request" || effect.request.what !== "world-line") continue;
    await readyForLine(ready, effect.request.line);
  }
}

/** Brings what servers of a cluster run. */
export async function loadClusterParts(): Promise<void> {
  const { clusterParts } = await import("../server/cluster-parts.ts");
  provideClusterParts(clusterParts);
}

/** Brings the library; ahead of its first use this saves the wait. */
export async function loadPredicates(): Promise<void> {
  providePredicates(await import("@marcbachmann/cel-js"));
}

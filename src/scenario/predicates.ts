/** The library of `expect` predicates comes with the first of them: it is 26 kB of the page. */
import type { Realm } from "../clients/index.ts";
import { needsPredicates, type ProcessEffect, providePredicates } from "../world/index.ts";

/** Settles when the world can run this line; the world stands still meanwhile. */
export async function readyForLine(realm: Realm, line: string): Promise<void> {
  if (needsPredicates(line)) await realm.hold(loadPredicates());
}

/** The same for what a process asks of the world. */
export async function readyForEffects(
  realm: Realm,
  effects: readonly ProcessEffect[],
): Promise<void> {
  for (const effect of effects) {
    if (effect.kind !== "request" || effect.request.what !== "world-line") continue;
    await readyForLine(realm, effect.request.line);
  }
}

/** Brings the library; ahead of its first use this saves the wait. */
export async function loadPredicates(): Promise<void> {
  providePredicates(await import("@marcbachmann/cel-js"));
}

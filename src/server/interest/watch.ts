/** Watches: who wants to know when interest in a subject comes or goes. */
import type { InternalTarget } from "../internal.ts";
import { hasListener } from "./match.ts";
import type { Interest, InterestWatch } from "./subscription.ts";

/** A watch whose answer has changed. */
export interface WatchFired {
  readonly subject: string;
  readonly watch: InterestWatch;
}

/** Tells `target` from now on when interest in a literal subject changes; answers how it stands. */
export function watchSubject(
  interest: Interest,
  subject: string,
  watch: { readonly target: InternalTarget; readonly queue: string | null },
): boolean {
  const present = hasListener(interest, subject, watch.queue);
  const added: InterestWatch = { target: watch.target, queue: watch.queue, present };
  const watches = interest.watches.get(subject);
  if (watches === undefined) interest.watches.set(subject, [added]);
  else watches.push(added);
  return present;
}

/** Takes back one watch of `target` on `subject`. */
export function unwatchSubject(
  interest: Interest,
  subject: string,
  isTarget: (target: InternalTarget) => boolean,
): void {
  const watches = interest.watches.get(subject);
  const index = watches?.findIndex((watch) => isTarget(watch.target)) ?? -1;
  if (watches === undefined || index < 0) return;
  watches.splice(index, 1);
  if (watches.length === 0) interest.watches.delete(subject);
}

/** Looks again at the watches that a change of interest in `pattern` may touch. */
export function checkWatches(interest: Interest, pattern: string, fired: WatchFired[]): void {
  if (interest.watches.size === 0) return;
  const exact = interest.watches.get(pattern);
  if (exact !== undefined) checkWatch(interest, pattern, exact, fired);
}

function checkWatch(
  interest: Interest,
  subject: string,
  watches: readonly InterestWatch[],
  fired: WatchFired[],
): void {
  for (const watch of watches) {
    const present = hasListener(interest, subject, watch.queue);
    if (present === watch.present) continue;
    watch.present = present;
    fired.push({ subject, watch });
  }
}

/**
 * Matches found before, by subject. Not state: what it holds follows from the index, and a restored
 * checkpoint, being another object, starts without it.
 */
import { isWildcard, subjectMatches } from "../../protocol/index.ts";
import type { Interest, Matches } from "./subscription.ts";

const caches = new WeakMap<Interest, Map<string, Matches>>();

// Source: nats-server server/sublist.go slCacheMax, slCacheSweep.
const subjectsMax = 1024;
const subjectsKept = 256;

export function cachedMatches(interest: Interest, subject: string): Matches | undefined {
  return caches.get(interest)?.get(subject);
}

export function rememberMatches(interest: Interest, subject: string, matches: Matches): void {
  let cache = caches.get(interest);
  if (cache === undefined) {
    cache = new Map();
    caches.set(interest, cache);
  }
  if (cache.size >= subjectsMax) sweep(cache);
  cache.set(subject, matches);
}

/** Forgets the subjects that a change of interest in `pattern` touches, and no others. */
export function dropCached(interest: Interest, pattern: string): void {
  const cache = caches.get(interest);
  if (cache === undefined) return;
  if (!isWildcard(pattern)) {
    cache.delete(pattern);
    return;
  }
  for (const subject of cache.keys()) {
    if (subjectMatches(pattern, subject)) cache.delete(subject);
  }
}

/** Drops the subjects that were remembered first. */
function sweep(cache: Map<string, Matches>): void {
  let surplus = cache.size - subjectsKept;
  for (const subject of cache.keys()) {
    if (surplus-- <= 0) return;
    cache.delete(subject);
  }
}

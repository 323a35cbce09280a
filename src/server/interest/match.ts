/** Who hears a subject. */
import { hasEmptyToken } from "../../protocol/index.ts";
import { cachedMatches, rememberMatches } from "./match-cache.ts";
import type { Interest, InterestNode, Matches, Subscription } from "./subscription.ts";

const noMatches: Matches = { plain: [], queues: [] };

/** Everyone that hears `subject`; a subject with an empty token reaches nobody. */
export function matchInterest(interest: Interest, subject: string): Matches {
  const cached = cachedMatches(interest, subject);
  if (cached !== undefined) return cached;
  const search: Search = { subject, plain: [], queues: [], names: null };
  if (!hasEmptyToken(subject)) collect(interest, interest.root.value, search, 0);
  const { plain, queues } = search;
  const matches = plain.length === 0 && queues.length === 0 ? noMatches : { plain, queues };
  // The subject of an acknowledgement comes once, or hardly ever again.
  if (!subject.startsWith("$JS.ACK.")) rememberMatches(interest, subject, matches);
  return matches;
}

/** Whether anyone, internal subscribers included, hears `subject`; with `queue`, in that group. */
export function hasMatch(
  interest: Interest,
  subject: string,
  queue: string | null = null,
): boolean {
  const matches = matchInterest(interest, subject);
  if (queue === null) return matches.plain.length > 0 || matches.queues.length > 0;
  return matches.queues.some((members) => members[0]?.queue === queue);
}

/**
 * Whether anyone subscribed to exactly this literal subject, plainly or in `queue`: what the
 * notifications of nats-server go by (`registerNotification`), which wildcards do not move.
 */
export function hasListener(interest: Interest, subject: string, queue: string | null): boolean {
  let node: InterestNode | undefined = interest.root.value;
  for (const token of subject.split(".")) {
    node = node.literals?.get(token);
    if (node === undefined) return false;
  }
  return queue === null ? node.plain !== null : node.queues?.has(queue) === true;
}

interface Search {
  readonly subject: string;
  readonly plain: Subscription[];
  readonly queues: Subscription[][];
  /** Where in `queues` a group stands; null while there is none. */
  names: Map<string, number> | null;
}

/** Gathers below `node` for the tokens from `at` on; past the end of the subject there are none. */
function collect(interest: Interest, node: InterestNode, search: Search, at: number): void {
  const { subject } = search;
  if (at > subject.length) {
    take(interest, node, search);
    return;
  }
  if (node.arrow !== null) take(interest, node.arrow, search);
  if (node.star === null && node.literals === null) return;
  const dot = subject.indexOf(".", at);
  const end = dot < 0 ? subject.length : dot;
  if (node.star !== null) collect(interest, node.star, search, end + 1);
  const literal = node.literals?.get(subject.slice(at, end));
  if (literal !== undefined) collect(interest, literal, search, end + 1);
}

/** A queue group may be subscribed with several patterns; its members form one list. */
function take(interest: Interest, node: InterestNode, search: Search): void {
  for (const id of node.plain ?? []) {
    const sub = interest.subs.get(id);
    if (sub !== undefined) search.plain.push(sub);
  }
  if (node.queues === null) return;
  search.names ??= new Map();
  for (const [queue, ids] of node.queues) {
    let index = search.names.get(queue);
    if (index === undefined) {
      index = search.queues.push([]) - 1;
      search.names.set(queue, index);
    }
    for (const id of ids) {
      const sub = interest.subs.get(id);
      if (sub !== undefined) search.queues[index]?.push(sub);
    }
  }
}

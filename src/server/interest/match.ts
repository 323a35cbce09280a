/** Who hears a subject. */
import { cachedMatches, rememberMatches } from "./match-cache.ts";
import type { Interest, InterestNode, Matches, Subscription } from "./subscription.ts";

const noMatches: Matches = { plain: [], queues: [] };

/** Everyone that hears `subject`; a subject with an empty token reaches nobody. */
export function matchInterest(interest: Interest, subject: string): Matches {
  const cached = cachedMatches(interest, subject);
  if (cached !== undefined) return cached;
  const found: { plain: Subscription[]; queues: Subscription[][]; names: Map<string, number> } = {
    plain: [],
    queues: [],
    names: new Map(),
  };
  const tokens = subject.split(".");
  const isValid = !tokens.includes("");
  if (isValid) collect(interest, interest.root.value, { tokens, at: 0, found });
  const isEmpty = found.plain.length === 0 && found.queues.length === 0;
  const matches = isEmpty ? noMatches : { plain: found.plain, queues: found.queues };
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
  readonly tokens: readonly string[];
  readonly at: number;
  readonly found: {
    readonly plain: Subscription[];
    readonly queues: Subscription[][];
    readonly names: Map<string, number>;
  };
}

function collect(interest: Interest, node: InterestNode, search: Search): void {
  const { tokens, at, found } = search;
  const token = tokens[at];
  if (token === undefined) {
    take(interest, node, found);
    return;
  }
  if (node.arrow !== null) take(interest, node.arrow, found);
  const deeper = { tokens, at: at + 1, found };
  if (node.star !== null) collect(interest, node.star, deeper);
  const literal = node.literals?.get(token);
  if (literal !== undefined) collect(interest, literal, deeper);
}

/** A queue group may be subscribed with several patterns; its members form one list. */
function take(interest: Interest, node: InterestNode, found: Search["found"]): void {
  for (const id of node.plain ?? []) {
    const sub = interest.subs.get(id);
    if (sub !== undefined) found.plain.push(sub);
  }
  if (node.queues === null) return;
  for (const [queue, ids] of node.queues) {
    let index = found.names.get(queue);
    if (index === undefined) {
      index = found.queues.push([]) - 1;
      found.names.set(queue, index);
    }
    for (const id of ids) {
      const sub = interest.subs.get(id);
      if (sub !== undefined) found.queues[index]?.push(sub);
    }
  }
}

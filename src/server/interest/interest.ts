/** The subject index of one account: who hears a message on this subject. */
import type { InternalTarget } from "../internal.ts";
import { cachedMatches, dropCached, rememberMatches } from "./match-cache.ts";

/** Plain data. The numbers in the tree are keys of `subs`, the one owner of each subscription. */
export interface Interest {
  readonly subs: Map<number, Subscription>;
  readonly root: InterestNode;
  /** Who wants to know when interest in a literal subject comes or goes. */
  readonly watches: Map<string, InterestWatch[]>;
  lastId: number;
}

/** One token deep: what is subscribed exactly here, and the tokens that go on. */
export interface InterestNode {
  readonly plain: Set<number>;
  readonly queues: Map<string, Set<number>>;
  readonly literals: Map<string, InterestNode>;
  star: InterestNode | null;
  arrow: InterestNode | null;
}

export interface Subscription {
  readonly id: number;
  readonly subject: string;
  readonly queue: string | null;
  /** The client's connection and its name for this; null and "" for an internal subscriber. */
  readonly conn: number | null;
  readonly sid: string;
  readonly target: InternalTarget | null;
  /** Messages after which it ends; 0 for never. */
  max: number;
  delivered: number;
}

export interface InterestWatch {
  readonly target: InternalTarget;
  readonly queue: string | null;
  present: boolean;
}

export interface Matches {
  readonly plain: readonly Subscription[];
  /** One list of members a queue group. */
  readonly queues: readonly (readonly Subscription[])[];
}

export type NewSubscription = Omit<Subscription, "id" | "max" | "delivered">;

/** A watch whose answer has changed. */
export interface WatchFired {
  readonly subject: string;
  readonly watch: InterestWatch;
}

export function createInterest(): Interest {
  return { subs: new Map(), root: createNode(), watches: new Map(), lastId: 0 };
}

/** Adds a subscription to a valid subject; watches that it fires are pushed onto `fired`. */
export function addSubscription(
  interest: Interest,
  wanted: NewSubscription,
  fired: WatchFired[],
): Subscription {
  const { subject, queue, conn, sid, target } = wanted;
  const id = ++interest.lastId;
  const sub: Subscription = { id, subject, queue, conn, sid, target, max: 0, delivered: 0 };
  interest.subs.set(id, sub);
  let node = interest.root;
  for (const token of subject.split(".")) node = childFor(node, token);
  if (queue === null) node.plain.add(id);
  else {
    const members = node.queues.get(queue);
    if (members === undefined) node.queues.set(queue, new Set([id]));
    else members.add(id);
  }
  dropCached(interest, subject);
  checkWatches(interest, subject, fired);
  return sub;
}

/** Removes a subscription if it is there, and the nodes that only it needed. */
export function removeSubscription(interest: Interest, id: number, fired: WatchFired[]): void {
  const sub = interest.subs.get(id);
  if (sub === undefined) return;
  interest.subs.delete(id);
  prune(interest.root, sub, sub.subject.split("."), 0);
  dropCached(interest, sub.subject);
  checkWatches(interest, sub.subject, fired);
}

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
  if (isValid) collect(interest, interest.root, { tokens, at: 0, found });
  const isEmpty = found.plain.length === 0 && found.queues.length === 0;
  const matches = isEmpty ? noMatches : { plain: found.plain, queues: found.queues };
  rememberMatches(interest, subject, matches);
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
  let node: InterestNode | undefined = interest.root;
  for (const token of subject.split(".")) {
    node = node.literals.get(token);
    if (node === undefined) return false;
  }
  return queue === null ? node.plain.size > 0 : node.queues.has(queue);
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

function createNode(): InterestNode {
  return { plain: new Set(), queues: new Map(), literals: new Map(), star: null, arrow: null };
}

function childFor(node: InterestNode, token: string): InterestNode {
  if (token === "*") {
    node.star ??= createNode();
    return node.star;
  }
  if (token === ">") {
    node.arrow ??= createNode();
    return node.arrow;
  }
  let child = node.literals.get(token);
  if (child === undefined) {
    child = createNode();
    node.literals.set(token, child);
  }
  return child;
}

/** Takes the subscription out of the tree below `node`; true when nothing is left there. */
function prune(
  node: InterestNode,
  sub: Subscription,
  tokens: readonly string[],
  at: number,
): boolean {
  const token = tokens[at];
  if (token === undefined) {
    node.plain.delete(sub.id);
    if (sub.queue !== null) {
      const members = node.queues.get(sub.queue);
      members?.delete(sub.id);
      if (members?.size === 0) node.queues.delete(sub.queue);
    }
  } else if (token === "*") {
    if (node.star !== null && prune(node.star, sub, tokens, at + 1)) node.star = null;
  } else if (token === ">") {
    if (node.arrow !== null && prune(node.arrow, sub, tokens, at + 1)) node.arrow = null;
  } else {
    const child = node.literals.get(token);
    if (child !== undefined && prune(child, sub, tokens, at + 1)) node.literals.delete(token);
  }
  const isEmpty = node.plain.size === 0 && node.queues.size === 0 && node.literals.size === 0;
  return isEmpty && node.star === null && node.arrow === null;
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
  const literal = node.literals.get(token);
  if (literal !== undefined) collect(interest, literal, deeper);
}

/** A queue group may be subscribed with several patterns; its members form one list. */
function take(interest: Interest, node: InterestNode, found: Search["found"]): void {
  for (const id of node.plain) {
    const sub = interest.subs.get(id);
    if (sub !== undefined) found.plain.push(sub);
  }
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

function checkWatches(interest: Interest, pattern: string, fired: WatchFired[]): void {
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

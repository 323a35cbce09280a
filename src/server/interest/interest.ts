/** The subject index of one account: who hears a message on this subject. */
import { createCell, ownCell } from "../../kernel/index.ts";
import { dropCached } from "./match-cache.ts";
import type {
  Interest,
  InterestNode,
  NewSubscription,
  RemoteInterest,
  Subscription,
} from "./subscription.ts";
import { checkWatches, type WatchFired } from "./watch.ts";

export function createInterest(): Interest {
  return { subs: new Map(), root: createCell(createNode()), watches: new Map(), lastId: 0 };
}

/** Adds a subscription to a valid subject; watches that it fires are pushed onto `fired`. */
export function addSubscription(
  interest: Interest,
  wanted: NewSubscription,
  fired: WatchFired[],
): Subscription {
  const { subject, queue, conn, sid, target } = wanted;
  const id = ++interest.lastId;
  const shadow = wanted.shadow ?? null;
  const { remote } = wanted;
  const told = { subject, queue, conn, sid, target, shadow, remote };
  const sub: Subscription = { id, ...told, max: 0, delivered: 0 };
  // Only a client's subscription counts what it gets; the others are shared by all checkpoints.
  interest.subs.set(id, conn === null ? Object.freeze(sub) : sub);
  let node = ownCell(interest.root);
  for (const token of subject.split(".")) node = childFor(node, token);
  if (queue === null) {
    node.plain ??= new Set();
    node.plain.add(id);
  } else {
    node.queues ??= new Map();
    const members = node.queues.get(queue);
    if (members === undefined) node.queues.set(queue, new Set([id]));
    else members.add(id);
  }
  dropCached(interest, subject);
  checkWatches(interest, subject, fired);
  return sub;
}

/** A server has more or fewer members of a queue group than it had. */
export function reweigh(interest: Interest, sub: Subscription, remote: RemoteInterest): void {
  // A new value: the old one is in every checkpoint, and in matches found before.
  interest.subs.set(sub.id, Object.freeze({ ...sub, remote }));
  dropCached(interest, sub.subject);
}

/** Removes a subscription if it is there, and the nodes that only it needed. */
export function removeSubscription(interest: Interest, id: number, fired: WatchFired[]): void {
  const sub = interest.subs.get(id);
  if (sub === undefined) return;
  interest.subs.delete(id);
  prune(ownCell(interest.root), sub, sub.subject.split("."), 0);
  dropCached(interest, sub.subject);
  checkWatches(interest, sub.subject, fired);
}

function createNode(): InterestNode {
  return { plain: null, queues: null, literals: null, star: null, arrow: null };
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
  node.literals ??= new Map();
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
  if (token === undefined) leave(node, sub);
  else if (token === "*") {
    if (node.star !== null && prune(node.star, sub, tokens, at + 1)) node.star = null;
  } else if (token === ">") {
    if (node.arrow !== null && prune(node.arrow, sub, tokens, at + 1)) node.arrow = null;
  } else if (node.literals !== null) {
    const child = node.literals.get(token);
    if (child !== undefined && prune(child, sub, tokens, at + 1)) node.literals.delete(token);
    if (node.literals.size === 0) node.literals = null;
  }
  const { plain, queues, literals, star, arrow } = node;
  return [plain, queues, literals, star, arrow].every((part) => part === null);
}

/** Takes the subscription off the node where its subject ends. */
function leave(node: InterestNode, { id, queue }: Subscription): void {
  if (queue === null) {
    node.plain?.delete(id);
    if (node.plain?.size === 0) node.plain = null;
    return;
  }
  const members = node.queues?.get(queue);
  members?.delete(id);
  if (members?.size === 0) node.queues?.delete(queue);
  if (node.queues?.size === 0) node.queues = null;
}

/** Adding and removing interest in an account, for clients and for subscribers in the server. */

import { assert } from "../../kernel/index.ts";
import { systemAccountName } from "../accounts/accounts.ts";
import { trackDown } from "../accounts/responses.ts";
import { shadowSubject } from "../accounts/stream-imports.ts";
import { clusterParts } from "../cluster-door.ts";
import type { InternalKind, InternalTarget } from "../internal.ts";
import type { Account, ClientConn, ServerState, Shadow } from "../state.ts";
import { addSubscription, removeSubscription } from "./interest.ts";
import { hasListener, hasMatch } from "./match.ts";
import type { NewSubscription, Subscription } from "./subscription.ts";
import { unwatchSubject, type WatchFired, watchSubject } from "./watch.ts";

export interface InternalSubscription {
  readonly subject: string;
  readonly target: InternalTarget;
  readonly queue?: string;
}

/** Lets `target` hear what comes on a subject; answers the number to unsubscribe it with. */
export function subscribeInternal(
  server: ServerState,
  account: string,
  { subject, target, queue }: InternalSubscription,
): number {
  const wanted = { subject, queue: queue ?? null, conn: null, sid: "", target };
  return insertSubscription(server, accountOf(server, account), wanted).id;
}

export function unsubscribeInternal(server: ServerState, account: string, id: number): void {
  dropSubscription(server, accountOf(server, account), id);
}

/** Whether anyone in the account hears a literal subject; with `queue`, as a member of it. */
export function hasInterest(
  server: ServerState,
  account: string,
  subject: string,
  queue: string | null = null,
): boolean {
  const found = server.accounts.get(account);
  if (found === undefined) return false;
  // An answer to another account is heard when its requester hears it.
  const at = trackDown(server, found, subject);
  return hasMatch(at.account.interest, at.subject, queue);
}

/** Whether anyone subscribed to exactly this subject; with `queue`, in that group. */
export function hasExactInterest(
  server: ServerState,
  account: string,
  subject: string,
  queue: string | null,
): boolean {
  const found = server.accounts.get(account);
  return found !== undefined && hasListener(found.interest, subject, queue);
}

/**
 * Sends `target` an event whenever interest in a literal subject comes or goes; answers whether
 * there is interest now. Source: nats-server `Sublist.RegisterNotification`.
 */
export function watchInterest(
  server: ServerState,
  account: string,
  { subject, target, queue }: InternalSubscription,
): boolean {
  const { interest } = accountOf(server, account);
  return watchSubject(interest, subject, { target, queue: queue ?? null });
}

/** Takes back a watch on `subject` of a target that reads like this one. */
export function unwatchInterest(
  server: ServerState,
  account: string,
  { subject, target }: InternalSubscription,
): void {
  unwatchSubject(accountOf(server, account).interest, subject, (one) => sameTarget(one, target));
}

export function insertSubscription(
  server: ServerState,
  account: Account,
  wanted: NewSubscription,
): Subscription {
  const fired: WatchFired[] = [];
  const sub = addSubscription(account.interest, wanted, fired);
  notify(server, account, fired);
  if (wanted.target === null && account.name === systemAccountName(server.config)) {
    const { subject } = wanted;
    const target = { kind: "system" } as const;
    server.inbox.push({ kind: "interest", target, account: account.name, subject, present: true });
  }
  if (server.routes !== undefined) clusterParts().noteInterest(server, account, sub, 1);
  if (account.streams.length > 0 && crossesAccounts(sub)) castShadows(server, account, sub);
  return sub;
}

/** Subscribers of JetStream hear what their account imports, as its clients do. */
const crossingKinds: ReadonlySet<InternalKind> = new Set([
  "stream",
  "direct-get",
  "origin",
  "ack",
  "flow-control",
  "next",
  "reset",
]);

function crossesAccounts({ conn, target, shadow }: Subscription): boolean {
  if (shadow !== null) return false;
  return conn !== null || (target !== null && crossingKinds.has(target.kind));
}

/** The accounts' stream imports are others now: what clients hear by them is found again. */
export function castShadowsAnew(server: ServerState): void {
  for (const account of server.accounts.values()) {
    for (const id of [...account.shadows.keys()]) dropShadows(server, account, id);
  }
  for (const account of server.accounts.values()) {
    if (account.streams.length === 0) continue;
    for (const sub of [...account.interest.subs.values()]) {
      if (crossesAccounts(sub)) castShadows(server, account, sub);
    }
  }
}

/** What the account imports is heard where it is exported. Source: `addShadowSubscriptions`. */
function castShadows(server: ServerState, account: Account, sub: Subscription): void {
  const shadows: Shadow[] = [];
  for (const from of account.streams) {
    const subject = shadowSubject(from, sub.subject);
    const exporter = server.accounts.get(from.account);
    if (subject === null || exporter === undefined) continue;
    const { queue, conn, sid } = sub;
    const shadow = { account: account.name, id: sub.id, transform: from.transform };
    const wanted = { subject, queue, conn, sid, target: null, shadow };
    const cast = insertSubscription(server, exporter, wanted);
    shadows.push({ account: exporter.name, id: cast.id });
  }
  if (shadows.length > 0) account.shadows.set(sub.id, shadows);
}

export function dropSubscription(server: ServerState, account: Account, id: number): void {
  const fired: WatchFired[] = [];
  const sub = account.interest.subs.get(id);
  removeSubscription(account.interest, id, fired);
  notify(server, account, fired);
  if (sub !== undefined && server.routes !== undefined) {
    clusterParts().noteInterest(server, account, sub, -1);
  }
  dropShadows(server, account, id);
}

function dropShadows(server: ServerState, account: Account, id: number): void {
  const shadows = account.shadows.get(id);
  if (shadows === undefined) return;
  account.shadows.delete(id);
  for (const shadow of shadows) {
    const exporter = server.accounts.get(shadow.account);
    if (exporter !== undefined) dropSubscription(server, exporter, shadow.id);
  }
}

/** What a client is subscribed to now. */
export function subscriptionsOf(
  server: ServerState,
  { account, subs }: Pick<ClientConn, "account" | "subs">,
): Subscription[] {
  const interest = server.accounts.get(account)?.interest;
  const found: Subscription[] = [];
  for (const id of subs.values()) {
    const sub = interest?.subs.get(id);
    if (sub !== undefined) found.push(sub);
  }
  return found;
}

export function accountOf(server: ServerState, name: string): Account {
  const account = server.accounts.get(name);
  assert(account !== undefined, `no account ${name}`);
  return account;
}

function notify(server: ServerState, account: Account, fired: readonly WatchFired[]): void {
  for (const { subject, watch } of fired) {
    const { target, present } = watch;
    server.inbox.push({ kind: "interest", target, account: account.name, subject, present });
  }
}

function sameTarget(a: InternalTarget, b: InternalTarget): boolean {
  if (a.kind !== b.kind) return false;
  const left = a as { stream?: string; consumer?: string; id?: number };
  const right = b as { stream?: string; consumer?: string; id?: number };
  const isSameAsset = left.stream === right.stream && left.consumer === right.consumer;
  return isSameAsset && left.id === right.id;
}

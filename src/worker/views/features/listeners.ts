/** Whose chair hears a subject: read from the subscriptions, so that looking changes nothing. */
import { subjectMatches } from "../../../protocol/index.ts";
import type { Host, World } from "../../../world/index.ts";
import { clientOf } from "../names.ts";

export interface Listeners {
  /** The client that hears a reply or deliver subject; null when nobody here does. */
  clientFor(subject: string): string | null;
}

/** Beyond this many subscriptions nobody is looked up: the picture then says "a client". */
const subsMost = 2000;

export function listenersOf(world: World, host: Host, account: string): Listeners {
  const subs = host.server?.accounts.get(account)?.interest.subs;
  const known = new Map<string, string | null>();
  const find = (subject: string): string | null => {
    if (subs === undefined || subs.size > subsMost) return null;
    for (const sub of subs.values()) {
      if (sub.conn === null || !subjectMatches(sub.subject, subject)) continue;
      const conn = world.conns.get(sub.conn);
      if (conn !== undefined) return clientOf(world, conn);
    }
    return null;
  };
  return {
    clientFor: (subject) => {
      if (!known.has(subject)) known.set(subject, find(subject));
      return known.get(subject) ?? null;
    },
  };
}

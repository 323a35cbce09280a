/**
 * The auditor of replicated streams. What was acknowledged is in a quorum's logs; it is lost when
 * a leader is announced whose log ends before it, for from then on that log is the stream. Logs
 * lose only their ends, so that is all there is to look at: what is missing further in front was
 * removed for a reason that NATS names.
 *
 *     acked 1..90 ── power off everywhere ── logs end at 60 ── a leader is announced ─► 61..90 lost
 */
import { seqSetAdd, seqSetEach, seqSetRemove } from "../../kernel/index.ts";
import type { WatchedGroup } from "../../server/index.ts";
import type { Host } from "../host.ts";
import { qualifiedName } from "../state/account.ts";
import type { Doors, World } from "../world.ts";
import { type Ledger, streamLedger } from "./ledger.ts";
import { tellBroken } from "./tell-broken.ts";

/** A member has just been announced as leader; everything before its election is applied. */
export function auditLeader(world: World, doors: Doors, host: Host, group: WatchedGroup): void {
  if (group.stream === "") auditAssignments(world, doors, host, group);
  else if (group.consumer === "") auditStream(world, doors, host, group);
}

/** Whether the group has lost entries since somebody looked: only then may a leader lack any. */
function hasLost({ raft }: Ledger, { name }: WatchedGroup): boolean {
  return raft?.groups.get(name)?.isForgiven === true;
}

/**
 * A meta leader whose log knows nothing of a stream ends it, with all that was promised of it.
 * What was deleted has no book any more (`noteAdvisory`).
 */
function auditAssignments(world: World, doors: Doors, host: Host, group: WatchedGroup): void {
  const { ledger } = world;
  const cluster = host.server?.jetstream?.cluster;
  if (cluster === undefined || !hasLost(ledger, group)) return;
  const known = new Set<string>();
  for (const [account, streams] of cluster.accounts) {
    for (const stream of streams.keys()) known.add(qualifiedName(host, account, stream));
  }
  for (const name of [...ledger.streams.keys()]) {
    if (known.has(name)) continue;
    const why = `${host.name} leads the meta group, whose log was not synced: no ${name} in it`;
    bookLost(world, doors, host, { name, last: 0, why });
    ledger.streams.delete(name);
  }
}

function auditStream(world: World, doors: Doors, host: Host, group: WatchedGroup): void {
  const account = host.server?.jetstream?.accounts.get(group.account);
  const asset = account?.streams.get(group.stream);
  if (asset === undefined) return;
  const { ledger } = world;
  const name = qualifiedName(host, group.account, group.stream);
  if (streamLedger(ledger, name).group !== group.name) {
    // A stream of this name was made anew: the promises of the one before went with it.
    ledger.streams.delete(name);
    streamLedger(ledger, name).group = group.name;
  }
  const cause = (streamLedger(ledger, name).crashes ?? []).join(", ");
  const why = `${host.name} leads term ${group.core.stable.term}, and its log ends before: ${cause}`;
  bookLost(world, doors, host, { name, last: asset.state.store.seqLast, why });
}

interface Loss {
  readonly name: string;
  /** The last message that is left of the stream. */
  readonly last: number;
  readonly why: string;
}

function bookLost(world: World, doors: Doors, host: Host, { name, last, why }: Loss): void {
  const { ledger } = world;
  const lost = ackedBehind(ledger, name, last);
  if (lost.length === 0) return;
  const book = streamLedger(ledger, name);
  for (const seq of lost) {
    seqSetRemove(book.acked, seq);
    seqSetAdd(book.lost, seq);
    tellBroken(world, doors, { host: host.name, stream: name, seq, why });
  }
  forgetDelivered(ledger, name, last);
}

function ackedBehind(ledger: Ledger, name: string, last: number): number[] {
  const lost: number[] = [];
  seqSetEach(streamLedger(ledger, name).acked, (first, end) => {
    for (let seq = Math.max(first, last + 1); seq <= end; seq++) lost.push(seq);
  });
  return lost;
}

/** Sequences that are given anew are other messages: their delivery is no second one. */
function forgetDelivered(ledger: Ledger, stream: string, last: number): void {
  for (const [name, consumer] of ledger.consumers) {
    if (!name.startsWith(`${stream}/`)) continue;
    const gone: number[] = [];
    seqSetEach(consumer.delivered, (first, end) => {
      for (let seq = Math.max(first, last + 1); seq <= end; seq++) gone.push(seq);
    });
    for (const seq of gone) seqSetRemove(consumer.delivered, seq);
    consumer.highest = Math.min(consumer.highest, last);
  }
}

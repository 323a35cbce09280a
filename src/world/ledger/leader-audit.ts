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
import { recordWorld } from "../record.ts";
import { qualifiedName } from "../state/account.ts";
import type { Doors, World } from "../world.ts";
import { breakPromise, type Ledger, streamLedger } from "./ledger.ts";

/** A member has just been announced as leader; everything before its election is applied. */
export function auditLeader(world: World, doors: Doors, host: Host, group: WatchedGroup): void {
  if (group.stream === "" || group.consumer !== "") return;
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
  const lost = ackedBehind(ledger, name, asset.state.store.seqLast);
  if (lost.length === 0) return;
  const book = streamLedger(ledger, name);
  const { stable } = group.core;
  const cause = (book.crashes ?? []).join(", ");
  const why = `${host.name} leads term ${stable.term}, and its log ends before: ${cause}`;
  for (const seq of lost) {
    seqSetRemove(book.acked, seq);
    seqSetAdd(book.lost, seq);
    breakPromise(ledger, { promise: "stored", at: world.kernel.now, stream: name, seq, why });
    const detail = `${name} ${seq}: ${why}`;
    recordWorld(world, doors.trace, { host: host.name, kind: "broken", subject: name, detail });
    world.notable++;
  }
  forgetDelivered(ledger, name, asset.state.store.seqLast);
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

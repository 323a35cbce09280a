/** What goes when a stream of limits becomes one of interest. */
import { nextMatch } from "../../../jetstream/index.ts";
import { type StreamSeq, tableHas } from "../../../kernel/index.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { isUnneeded } from "./consumer-effects.ts";

/**
 * What some consumer has acknowledged before and nobody else wants. What no consumer was ever
 * interested in stays. Source: nats-server `checkStateForInterestStream`, `ackMsg`.
 */
export function unneededSinceLimits(asset: StreamAsset): ReadonlySet<StreamSeq> {
  const { store } = asset.state;
  const unneeded = new Set<StreamSeq>();
  for (const consumer of asset.consumers.values()) {
    const kept = consumer.store;
    if (kept === null || kept.floorStream > store.seqLast) continue;
    const upTo = kept.pending.size === 0 ? kept.floorStream : kept.deliveredStream;
    let seq = nextMatch(store, consumer.filters, store.seqFirst);
    while (seq !== null && seq <= upTo) {
      const isAcked = seq <= kept.floorStream || !tableHas(kept.pending, seq);
      if (isAcked && isUnneeded(asset, seq)) unneeded.add(seq);
      seq = nextMatch(store, consumer.filters, (seq + 1) as StreamSeq);
    }
  }
  return unneeded;
}

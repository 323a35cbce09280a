/** Letting a consumer go, and what an interest stream held only for it. */

import type { StreamSeq } from "../../../kernel/index.ts";
import { clusterParts } from "../../cluster-door.ts";
import type { ServerIo } from "../../io.ts";
import type { ServerState } from "../../state.ts";
import type { StreamAsset } from "../jetstream-state.ts";
import { leadsStream } from "../replicas/stream-replica.ts";
import { applyUntold } from "../stream-apply.ts";
import { removeConsumer } from "./consumer-asset.ts";
import { type ConsumerPlace, unneededFrom } from "./consumer-effects.ts";

/**
 * Deletes a consumer. An interest stream loses what only it wanted, and everything when it was the
 * last.
 * Source: nats-server `stopWithFlags`, `cleanupNoInterestMessages`.
 */
export function dropConsumer(place: ConsumerPlace): void {
  const { server, io, asset, consumer } = place;
  removeConsumer(place);
  if (asset.state.config.retention !== "interest" || !leadsStream(asset)) return;
  if (asset.consumers.size === 0) {
    const seq = 0 as StreamSeq;
    const purge = { kind: "purge", filter: "", seq, keep: 0 } as const;
    if (asset.replica === undefined) applyUntold(server, io, asset, purge);
    else clusterParts().proposeChange(server, asset, purge);
    return;
  }
  removeUnneeded(server, io, asset, unneededFrom(asset, consumer.floorStream));
}

/** Removes messages that no consumer needs any more. */
export function removeUnneeded(
  server: ServerState,
  io: ServerIo,
  asset: StreamAsset,
  unneeded: readonly StreamSeq[],
): void {
  if (asset.replica !== undefined) {
    clusterParts().proposeRemovals(server, asset, unneeded);
    return;
  }
  for (const seq of unneeded) {
    applyUntold(server, io, asset, { kind: "remove", seq, reason: "acked" });
  }
}

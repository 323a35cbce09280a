/** What the meta group has agreed upon becomes part of this server's picture of the cluster. */
import { unreachable } from "../../../kernel/index.ts";
import type { MetaEntry, MetaSnapshot, Removal, StreamSnapshot } from "../assignments.ts";
import {
  type ClusterState,
  dropStream,
  findAssignment,
  putConsumer,
  putStream,
} from "../cluster-state.ts";
import { forgetProposal } from "./inflight.ts";

/** What changed in the picture, for whoever makes assets follow. */
export type MetaChange =
  | { readonly kind: "stream"; readonly account: string; readonly stream: string }
  | { readonly kind: "stream-updated"; readonly account: string; readonly stream: string }
  | {
      readonly kind: "consumer";
      readonly account: string;
      readonly stream: string;
      readonly consumer: string;
      /** The reply subject of the assignment before; null when there was none. */
      readonly replyBefore: string | null;
    }
  | { readonly kind: "removed"; readonly removal: Removal };

/**
 * Applies one entry; null when nothing follows from it.
 * Source: nats-server `processStreamAssignment`, `processUpdateStreamAssignment`,
 * `processConsumerAssignment`, `processStreamRemoval`, `processConsumerRemoval`.
 */
export function applyMetaEntry(cluster: ClusterState, entry: MetaEntry): MetaChange | null {
  forgetProposal(cluster, entry);
  switch (entry.op) {
    case "assign-stream": {
      const { account, config } = entry.spec;
      putStream(cluster, entry.spec);
      return { kind: "stream", account, stream: config.name };
    }
    case "update-stream": {
      const { account, config } = entry.spec;
      if (findAssignment(cluster, account, config.name) === null) return null;
      putStream(cluster, entry.spec).responded = false;
      return { kind: "stream-updated", account, stream: config.name };
    }
    case "assign-consumer": {
      const { account, stream, name } = entry.spec;
      const before = findAssignment(cluster, account, stream)?.consumers.get(name)?.spec;
      if (putConsumer(cluster, entry.spec) === null) return null;
      const replyBefore = before?.reply ?? null;
      return { kind: "consumer", account, stream, consumer: name, replyBefore };
    }
    case "remove":
      return { kind: "removed", removal: entry.removal };
    default:
      return unreachable(entry);
  }
}

/** Takes what was removed out of the picture; false when it was not there. */
export function forgetAssignment(cluster: ClusterState, removal: Removal): boolean {
  const { account, stream, consumer, created } = removal;
  const assignment = findAssignment(cluster, account, stream);
  if (assignment === null) return false;
  if (consumer === null) {
    dropStream(cluster, account, stream);
    return true;
  }
  const present = assignment.consumers.get(consumer)?.spec.created;
  // A newer consumer of the same name stays.
  if (present?.s !== created.s || present.n !== created.n) return false;
  return assignment.consumers.delete(consumer);
}

/** The picture as a value. Source: `metaSnapshot`. */
export function snapshotOf(cluster: ClusterState): MetaSnapshot {
  const streams: StreamSnapshot[] = [];
  for (const byName of cluster.accounts.values()) {
    for (const { spec, consumers } of byName.values()) {
      const specs = [...consumers.values()].map((one) => one.spec);
      streams.push(Object.freeze({ spec, consumers: Object.freeze(specs) }));
    }
  }
  return Object.freeze({ streams: Object.freeze(streams) });
}

/** Bytes that a stream and a consumer take in nats-server's compressed snapshot (our model). */
const streamBytes = 160;
const consumerBytes = 120;

export function snapshotBytes({ streams }: MetaSnapshot): number {
  let bytes = 0;
  for (const { consumers } of streams) bytes += streamBytes + consumers.length * consumerBytes;
  return bytes;
}

/** What servers tell each other about themselves: placement and `offline` come from it. */
import type { VirtualNanos } from "../../kernel/index.ts";
import type { ClusterState } from "./cluster-state.ts";

/** What a server says of itself in its statistics. Frozen: it crosses between servers. */
export interface PeerReport {
  readonly name: string;
  readonly id: string;
  readonly cluster: string;
  readonly tags: readonly string[];
  /** Bytes that its streams may use; and those they do, and have reserved. */
  readonly memoryMax: number;
  readonly storageMax: number;
  readonly memory: number;
  readonly storage: number;
  readonly memoryReserved: number;
  readonly storageReserved: number;
}

/** What an account uses on one server. */
export interface AccountUsage {
  readonly name: string;
  readonly memory: number;
  readonly storage: number;
  readonly apiTotal: number;
  readonly apiErrors: number;
}

/** A server as another knows it. Source: nats-server `nodeInfo`. */
export interface PeerFacts {
  readonly name: string;
  offline: boolean;
  heardAt: VirtualNanos;
  /** Null until its first statistics: nothing is placed there before. */
  report: PeerReport | null;
  /** As it told last. */
  usage: readonly AccountUsage[];
}

/** A server that was never heard of counts as offline. */
export function isOffline(cluster: ClusterState, name: string): boolean {
  return cluster.peers.get(name)?.offline ?? true;
}

/** Whether no server of a group is known to be up. Source: nats-server `allPeersOffline`. */
export function areAllOffline(
  cluster: ClusterState,
  group: { readonly peers: readonly string[] },
): boolean {
  return group.peers.every((name) => cluster.peers.get(name)?.offline !== false);
}

/** What a server with JetStream knows beside its connections: accounts, their streams, counters. */

import type { ConsumerState, StreamState } from "../../jetstream/index.ts";
import type { VirtualNanos } from "../../kernel/index.ts";
import type { NuidState, Transform } from "../../protocol/index.ts";
import type { Backups } from "../backups/backup-state.ts";
import type { ClusterState } from "../cluster/cluster-state.ts";
import type { DiskError } from "../io.ts";
import type { OriginLink } from "./origins/stream-origins.ts";
import type { StreamReplica } from "./replicas/stream-replica.ts";
import type { OpenBatches } from "./stream-batches.ts";

export interface JetStreamState {
  readonly storeDir: string;
  /** "" when there is none. */
  readonly domain: string;
  /** By account name; an account is here when JetStream is enabled for it. */
  readonly accounts: Map<string, JetStreamAccount>;
  /** Bytes that all streams together may use on this server. */
  memoryMax: number;
  storageMax: number;
  apiTotal: number;
  apiErrors: number;
  /** Ids of advisories and of unnamed consumers. */
  readonly nuid: NuidState;
  /** Absent outside of a cluster. */
  readonly cluster?: ClusterState;
  /** Absent, which no hash counts, until somebody asks for a snapshot or a restore. */
  backups?: Backups;
}

export interface JetStreamAccount {
  readonly name: string;
  readonly streams: Map<string, StreamAsset>;
  /** Bytes of messages held, overhead included. */
  memory: number;
  storage: number;
  apiTotal: number;
  apiErrors: number;
}

/** A disk refused a change of a stream. Source: nats-server `fileStore.werr`, `stream.werr`. */
export interface BrokenFile {
  readonly error: DiskError;
  /** When the log last told of a message that was not stored; null before the first one. */
  toldAt: VirtualNanos | null;
}

/** A stream on this server, with what is in memory only. */
export interface StreamAsset {
  readonly account: string;
  readonly name: string;
  /** A live object on the disk for file storage; gone with the process for memory storage. */
  readonly state: StreamState;
  /** Its file, or null for memory storage. */
  readonly path: string | null;
  /** Undefined, which no hash counts, for a stream with one replica. */
  readonly replica: StreamReplica | undefined;
  /** By consumer name. Those on disk come back with the stream. */
  readonly consumers: Map<string, ConsumerState>;
  /** Interest subscriptions of consumers, by consumer name. */
  readonly consumerSubs: Map<string, number[]>;
  /** Interest subscriptions: of the stream's subjects, and of direct gets. */
  readonly subs: Map<string, number>;
  readonly directSubs: number[];
  /** Compiled from the configuration. */
  transform: Transform | null;
  republish: Transform | null;
  /** Where it copies from: its mirror under "", its sources by their index names. */
  readonly origins: Map<string, OriginLink>;
  readonly mirrorDirectSubs: number[];
  /** What publishers have begun and not ended; forgotten when the process ends. */
  readonly batches: OpenBatches;
  /** Its file takes nothing more. Absent, which no hash counts, of all the others. */
  broken?: BrokenFile;
  /** What the expiry timer is set to, null when it is not. */
  expiryAt: VirtualNanos | null;
}

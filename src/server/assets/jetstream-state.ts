/** What a server with JetStream knows beside its connections: accounts, their streams, counters. */
import type { ConsumerState, StreamConfig, StreamState } from "../../jetstream/index.ts";
import type { Transform } from "../../protocol/index.ts";

export interface JetStreamState {
  readonly storeDir: string;
  readonly domain: string;
  /** By account name; an account is here when JetStream is enabled for it. */
  readonly accounts: Map<string, JetStreamAccount>;
  /** Bytes that all streams together may use on this server. */
  readonly memoryMax: number;
  readonly storageMax: number;
  apiTotal: number;
  apiErrors: number;
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

/** A stream on this server, with what is in memory only. */
export interface StreamAsset {
  readonly account: string;
  readonly name: string;
  /** A live object on the disk for file storage; gone with the process for memory storage. */
  readonly state: StreamState;
  /** Its file, or null for memory storage. */
  readonly path: string | null;
  /** By consumer name. Those on disk come back with the stream. */
  readonly consumers: Map<string, ConsumerState>;
  /** Interest subscriptions of subjects and of direct gets, by subject. */
  readonly subs: Map<string, number>;
  readonly directSubs: Map<string, number>;
  /** Compiled from the configuration. */
  transform: Transform | null;
  republish: Transform | null;
}

/** The parts of a configuration that other streams ask about. */
export type StreamLookup = (name: string) => StreamConfig | null;

/** JetStream's settings, of a server and of an account. */
import { type DurationNanos, minutes, seconds } from "../../kernel/index.ts";

/** Bytes and counts; -1 stands for no limit. */
export interface AccountJetStreamConfig {
  readonly maxMemory: number;
  readonly maxFile: number;
  readonly maxStreams: number;
  readonly maxConsumers: number;
  readonly maxAckPending: number;
  readonly maxMemoryStreamBytes: number;
  readonly maxFileStreamBytes: number;
  readonly maxBytesRequired: boolean;
}

export interface JetStreamConfig {
  readonly storeDir: string;
  /** Bytes; -1: derived from the host. */
  readonly maxMemory: number;
  readonly maxFile: number;
  readonly domain: string;
  /** Null is `sync_interval: always`. */
  readonly syncInterval: DurationNanos | null;
  readonly strict: boolean;
  readonly limits: JetStreamLimitsConfig;
}

/** Counts; 0 stands for nats-server's default. */
export interface JetStreamLimitsConfig {
  readonly maxRequestBatch: number;
  readonly maxAckPending: number;
  readonly maxHaAssets: number;
  /** Of each stream for which neither it nor its account says how many; -1: unlimited. */
  readonly defaultMaxConsumers: number;
  readonly duplicateWindow: DurationNanos;
  /** What a file says of batches; absent when it says nothing. */
  readonly batch?: BatchLimitsConfig;
}

/** Bounds of batches; what is 0 or absent is nats-server's default. Source: `JSLimitOpts`. */
export interface BatchLimitsConfig {
  /** Open at a time, of each kind. */
  readonly perStream?: number;
  readonly perServer?: number;
  /** Messages of an atomic one. */
  readonly size?: number;
  /** How long one stays open of which nothing is heard. */
  readonly timeout?: DurationNanos;
}

export const unlimitedJetStream: AccountJetStreamConfig = {
  maxMemory: -1,
  maxFile: -1,
  maxStreams: -1,
  maxConsumers: -1,
  maxAckPending: -1,
  maxMemoryStreamBytes: 0,
  maxFileStreamBytes: 0,
  maxBytesRequired: false,
};

export const defaultJetStream: JetStreamConfig = {
  storeDir: "",
  maxMemory: -1,
  maxFile: -1,
  domain: "",
  syncInterval: minutes(2),
  strict: true,
  limits: {
    maxRequestBatch: 0,
    maxAckPending: 0,
    maxHaAssets: 0,
    // Source: nats-server `JSDefaultMaxConsumersPerStream`.
    defaultMaxConsumers: 1000,
    duplicateWindow: seconds(0),
  },
};

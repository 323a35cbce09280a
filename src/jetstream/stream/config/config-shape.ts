/** The configuration of a stream as it stands on the wire: same names, same order. */
import type { Int64 } from "../../int64.ts";

export type RetentionPolicy = "limits" | "interest" | "workqueue";
export type DiscardPolicy = "old" | "new";
export type StorageType = "file" | "memory";
export type StoreCompression = "none" | "s2";
export type PersistMode = "default" | "async";

export interface Placement {
  readonly cluster?: string;
  readonly tags?: readonly string[];
  readonly preferred?: string;
}

export interface SubjectTransformConfig {
  readonly src: string;
  readonly dest: string;
}

export interface RePublish {
  readonly src?: string;
  readonly dest: string;
  readonly headers_only?: boolean;
}

export interface ExternalStream {
  readonly api: string;
  readonly deliver: string;
}

export interface StreamConsumerSource {
  readonly name?: string;
  readonly deliver_subject?: string;
}

/** Where a mirror or a source copies from. */
export interface StreamSource {
  readonly name: string;
  readonly opt_start_seq?: Int64;
  /** RFC 3339 text. */
  readonly opt_start_time?: string;
  readonly filter_subject?: string;
  readonly subject_transforms?: readonly SubjectTransformConfig[];
  readonly external?: ExternalStream;
  readonly consumer?: StreamConsumerSource;
}

export interface StreamConsumerLimits {
  /** Nanoseconds. */
  readonly inactive_threshold?: Int64;
  readonly max_ack_pending?: number;
}

/**
 * A stream's configuration with every field present; what is empty is left out when it is printed.
 * Durations are nanoseconds. Values are frozen: a change makes a new object.
 * Source: nats-server `server/stream.go` `StreamConfig`.
 */
export interface StreamConfig {
  readonly name: string;
  readonly description: string;
  readonly subjects: readonly string[];
  readonly retention: RetentionPolicy;
  readonly max_consumers: Int64;
  readonly max_msgs: Int64;
  readonly max_bytes: Int64;
  readonly max_age: Int64;
  readonly max_msgs_per_subject: Int64;
  readonly max_msg_size: number;
  readonly discard: DiscardPolicy;
  readonly storage: StorageType;
  readonly num_replicas: number;
  readonly no_ack: boolean;
  readonly duplicate_window: Int64;
  readonly placement: Placement | null;
  readonly mirror: StreamSource | null;
  readonly sources: readonly StreamSource[];
  readonly compression: StoreCompression;
  readonly first_seq: Int64;
  readonly subject_transform: SubjectTransformConfig | null;
  readonly republish: RePublish | null;
  readonly allow_direct: boolean;
  readonly mirror_direct: boolean;
  readonly discard_new_per_subject: boolean;
  readonly sealed: boolean;
  readonly deny_delete: boolean;
  readonly deny_purge: boolean;
  readonly allow_rollup_hdrs: boolean;
  readonly consumer_limits: StreamConsumerLimits;
  readonly allow_msg_ttl: boolean;
  readonly subject_delete_marker_ttl: Int64;
  readonly allow_msg_counter: boolean;
  readonly allow_atomic: boolean;
  readonly allow_msg_schedules: boolean;
  readonly persist_mode: PersistMode;
  readonly allow_batched: boolean;
  /** Null when the client gave none and the server added none. */
  readonly metadata: Readonly<Record<string, string>> | null;
}

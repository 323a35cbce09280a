// The parts of JetStream API messages that the commands read, with the names of the wire.

import type { ApiFault } from "./failures.ts";

export interface PeerInfo {
  readonly name: string;
  readonly current: boolean;
  readonly offline?: boolean;
  readonly active: number;
  readonly lag?: number;
  readonly peer?: string;
}

export interface ClusterInfo {
  readonly name?: string;
  readonly raft_group?: string;
  readonly leader?: string;
  readonly leader_since?: string;
  readonly replicas?: readonly PeerInfo[];
}

interface ExternalStream {
  readonly api: string;
  readonly deliver: string;
}

export interface SubjectTransform {
  readonly src: string;
  readonly dest: string;
}

export interface StreamSource {
  readonly name: string;
  readonly opt_start_seq?: number;
  readonly opt_start_time?: string;
  readonly filter_subject?: string;
  readonly external?: ExternalStream;
  readonly subject_transforms?: readonly SubjectTransform[];
  readonly consumer?: { readonly name?: string; readonly deliver_subject?: string };
}

export interface Placement {
  readonly cluster?: string;
  readonly tags?: readonly string[];
}

/** Numbers and flags are absent where a client leaves them out. */
export interface StreamConfig {
  readonly name: string;
  readonly description?: string;
  readonly subjects?: readonly string[];
  readonly retention: string;
  readonly max_consumers: number;
  readonly max_msgs_per_subject: number;
  readonly max_msgs: number;
  readonly max_bytes: number;
  readonly max_age: number;
  readonly max_msg_size?: number;
  readonly storage: string;
  readonly discard: string;
  readonly num_replicas: number;
  readonly no_ack?: boolean;
  readonly duplicate_window?: number;
  readonly placement?: Placement;
  readonly mirror?: StreamSource;
  readonly sources?: readonly StreamSource[];
  readonly compression?: string;
  readonly subject_transform?: SubjectTransform;
  readonly republish?: {
    readonly src?: string;
    readonly dest: string;
    readonly headers_only?: boolean;
  };
  readonly sealed: boolean;
  readonly deny_delete: boolean;
  readonly deny_purge: boolean;
  readonly allow_rollup_hdrs: boolean;
  readonly allow_direct: boolean;
  readonly mirror_direct: boolean;
  readonly discard_new_per_subject?: boolean;
  readonly first_seq?: number;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly allow_msg_ttl?: boolean;
  readonly subject_delete_marker_ttl?: number;
  readonly consumer_limits?: {
    readonly inactive_threshold?: number;
    readonly max_ack_pending?: number;
  };
  readonly allow_atomic?: boolean;
  readonly allow_msg_counter?: boolean;
  readonly allow_msg_schedules?: boolean;
  readonly persist_mode?: string;
  readonly allow_batched?: boolean;
}

export interface StreamSourceInfo {
  readonly name: string;
  readonly external?: ExternalStream;
  readonly lag: number;
  readonly active: number;
  readonly error?: ApiFault;
  readonly filter_subject?: string;
  readonly subject_transforms?: readonly SubjectTransform[];
}

interface StreamState {
  readonly messages: number;
  readonly bytes: number;
  readonly first_seq: number;
  readonly first_ts: string;
  readonly last_seq: number;
  readonly last_ts: string;
  readonly num_deleted?: number;
  readonly deleted?: readonly number[];
  readonly num_subjects?: number;
  readonly subjects?: Readonly<Record<string, number>>;
  readonly lost?: { readonly msgs: readonly number[] | null; readonly bytes: number };
  readonly consumer_count: number;
}

export interface StreamInfo {
  readonly config: StreamConfig;
  readonly created: string;
  readonly state: StreamState;
  readonly domain?: string;
  readonly cluster?: ClusterInfo;
  readonly mirror?: StreamSourceInfo;
  readonly sources?: readonly StreamSourceInfo[];
  readonly alternates?: readonly {
    readonly name: string;
    readonly domain?: string;
    readonly cluster: string;
  }[];
  readonly ts: string;
}

export interface ConsumerConfig {
  readonly description?: string;
  readonly ack_policy: string;
  readonly ack_wait?: number;
  readonly deliver_policy: string;
  readonly deliver_subject?: string;
  readonly deliver_group?: string;
  readonly durable_name?: string;
  readonly name?: string;
  readonly filter_subject?: string;
  readonly filter_subjects?: readonly string[];
  readonly flow_control?: boolean;
  readonly idle_heartbeat?: number;
  readonly max_ack_pending?: number;
  readonly max_deliver?: number;
  readonly backoff?: readonly number[];
  readonly max_waiting?: number;
  readonly opt_start_seq?: number;
  readonly opt_start_time?: string;
  readonly rate_limit_bps?: number;
  readonly replay_policy: string;
  readonly sample_freq?: string;
  readonly headers_only?: boolean;
  readonly max_batch?: number;
  readonly max_expires?: number;
  readonly max_bytes?: number;
  readonly inactive_threshold?: number;
  readonly num_replicas: number;
  readonly mem_storage?: boolean;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly pause_until?: string;
  readonly priority_groups?: readonly string[];
  readonly priority_policy?: string;
  readonly priority_timeout?: number;
  readonly direct?: boolean;
}

export interface SequenceInfo {
  readonly consumer_seq: number;
  readonly stream_seq: number;
  readonly last_active?: string;
}

interface PriorityGroupState {
  readonly group: string;
  readonly pinned_client_id?: string;
  readonly pinned_ts?: string;
}

export interface ConsumerInfo {
  readonly stream_name: string;
  readonly name: string;
  readonly config: ConsumerConfig;
  readonly created: string;
  readonly delivered: SequenceInfo;
  readonly ack_floor: SequenceInfo;
  readonly num_ack_pending: number;
  readonly num_redelivered: number;
  readonly num_waiting: number;
  readonly num_pending: number;
  readonly cluster?: ClusterInfo;
  readonly push_bound?: boolean;
  readonly paused?: boolean;
  readonly pause_remaining?: number;
  readonly ts: string;
  readonly priority_groups?: readonly PriorityGroupState[];
}

export interface StoredMessage {
  readonly subject: string;
  readonly seq: number;
  readonly hdrs?: string;
  readonly data?: string;
  readonly time: string;
}

export interface PubAck {
  readonly stream: string;
  readonly seq: number;
  readonly domain?: string;
  readonly duplicate?: boolean;
  readonly val?: string;
  readonly batch?: string;
  readonly count?: number;
}

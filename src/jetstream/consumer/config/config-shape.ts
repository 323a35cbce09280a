/** The configuration of a consumer as it stands on the wire: same names, same order. */
import type { Int64 } from "../../int64.ts";

export type DeliverPolicy =
  | "all"
  | "last"
  | "new"
  | "by_start_sequence"
  | "by_start_time"
  | "last_per_subject";
export type AckPolicy = "none" | "all" | "explicit" | "flow_control";
export type ReplayPolicy = "instant" | "original";
export type PriorityPolicy = "none" | "overflow" | "pinned_client" | "prioritized";
export type ConsumerAction = "" | "create" | "update";

/**
 * A consumer's configuration with every field present; what is empty is left out when it is
 * printed. Durations are nanoseconds, times RFC 3339 text as Go would print it. Values are frozen:
 * a change makes a new object. A list that is null was not given, which is not the same as empty.
 * Source: nats-server `server/consumer.go` `ConsumerConfig`.
 */
export interface ConsumerConfig {
  readonly durable_name: string;
  readonly name: string;
  readonly description: string;
  readonly deliver_policy: DeliverPolicy;
  readonly opt_start_seq: Int64;
  readonly opt_start_time: string | null;
  readonly ack_policy: AckPolicy;
  readonly ack_wait: Int64;
  readonly max_deliver: number;
  readonly backoff: readonly Int64[] | null;
  readonly filter_subject: string;
  readonly filter_subjects: readonly string[] | null;
  readonly replay_policy: ReplayPolicy;
  /** Bits a second. */
  readonly rate_limit_bps: Int64;
  readonly sample_freq: string;
  readonly max_waiting: number;
  readonly max_ack_pending: number;
  readonly flow_control: boolean;
  readonly headers_only: boolean;
  readonly max_batch: number;
  readonly max_expires: Int64;
  readonly max_bytes: number;
  readonly deliver_subject: string;
  readonly deliver_group: string;
  readonly idle_heartbeat: Int64;
  readonly inactive_threshold: Int64;
  readonly num_replicas: number;
  readonly mem_storage: boolean;
  readonly direct: boolean;
  readonly sourcing: boolean;
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly pause_until: string | null;
  readonly priority_groups: readonly string[] | null;
  readonly priority_policy: PriorityPolicy;
  readonly priority_timeout: Int64;
  /** Counts beyond 2^53 as they were written, by field; not there when there are none. */
  readonly exact?: Readonly<Record<string, string>>;
}

/** What Go's zero value of the structure holds. */
export const emptyConsumerConfig: ConsumerConfig = Object.freeze({
  durable_name: "",
  name: "",
  description: "",
  deliver_policy: "all",
  opt_start_seq: 0,
  opt_start_time: null,
  ack_policy: "none",
  ack_wait: 0,
  max_deliver: 0,
  backoff: null,
  filter_subject: "",
  filter_subjects: null,
  replay_policy: "instant",
  rate_limit_bps: 0,
  sample_freq: "",
  max_waiting: 0,
  max_ack_pending: 0,
  flow_control: false,
  headers_only: false,
  max_batch: 0,
  max_expires: 0,
  max_bytes: 0,
  deliver_subject: "",
  deliver_group: "",
  idle_heartbeat: 0,
  inactive_threshold: 0,
  num_replicas: 0,
  mem_storage: false,
  direct: false,
  sourcing: false,
  metadata: null,
  pause_until: null,
  priority_groups: null,
  priority_policy: "none",
  priority_timeout: 0,
});

/** Whether messages are sent as they come (push) rather than asked for (pull). */
export function isPush(config: ConsumerConfig): boolean {
  return config.deliver_subject !== "";
}

/** The filters of a consumer, from either field; empty when it takes everything. */
export function consumerFilters(config: ConsumerConfig): readonly string[] {
  const filters = config.filter_subjects ?? [];
  return config.filter_subject === "" ? filters : [...filters, config.filter_subject];
}

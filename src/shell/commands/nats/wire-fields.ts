// The order and emptiness of JetStream structs as jsm.go v0.4.1 marshals them, for `--json`.

import type { Field } from "../../render/json.ts";

const keep = (name: string, zero?: unknown): Field => ({ name, zero });
const omit = (name: string): Field => ({ name, omitEmpty: true });
const part = (name: string, fields: readonly Field[]): Field => ({ name, omitEmpty: true, fields });

const zeroTimeText = "0001-01-01T00:00:00Z";

const transformFields: readonly Field[] = [keep("src"), keep("dest")];
const externalFields: readonly Field[] = [keep("api"), keep("deliver")];

const sourceFields: readonly Field[] = [
  keep("name"),
  omit("opt_start_seq"),
  omit("opt_start_time"),
  omit("filter_subject"),
  part("external", externalFields),
  part("subject_transforms", transformFields),
  part("consumer", [omit("name"), keep("deliver_subject")]),
];

export const streamConfigFields: readonly Field[] = [
  keep("name"),
  omit("description"),
  omit("subjects"),
  keep("retention"),
  keep("max_consumers"),
  keep("max_msgs_per_subject"),
  keep("max_msgs"),
  keep("max_bytes"),
  keep("max_age"),
  omit("max_msg_size"),
  keep("storage"),
  keep("discard"),
  keep("num_replicas"),
  omit("no_ack"),
  omit("duplicate_window"),
  part("placement", [omit("cluster"), omit("tags"), omit("preferred")]),
  part("mirror", sourceFields),
  part("sources", sourceFields),
  { name: "compression", omitEmpty: true, empty: "none" },
  part("subject_transform", transformFields),
  part("republish", [omit("src"), keep("dest"), omit("headers_only")]),
  keep("sealed", false),
  keep("deny_delete", false),
  keep("deny_purge", false),
  keep("allow_rollup_hdrs", false),
  keep("allow_direct", false),
  keep("mirror_direct", false),
  omit("discard_new_per_subject"),
  omit("first_seq"),
  omit("metadata"),
  omit("allow_msg_ttl"),
  omit("subject_delete_marker_ttl"),
  {
    name: "consumer_limits",
    zero: {},
    fields: [omit("inactive_threshold"), omit("max_ack_pending")],
  },
  omit("allow_atomic"),
  omit("allow_msg_counter"),
  omit("allow_msg_schedules"),
  { name: "persist_mode", omitEmpty: true, empty: "default" },
  omit("allow_batched"),
];

const clusterFields: readonly Field[] = [
  omit("name"),
  omit("raft_group"),
  omit("leader"),
  omit("leader_since"),
  omit("system_account"),
  omit("traffic_account"),
  part("replicas", [
    keep("name"),
    keep("current"),
    omit("offline"),
    keep("active"),
    omit("lag"),
    keep("peer"),
  ]),
];

const sourceInfoFields: readonly Field[] = [
  keep("name"),
  part("external", externalFields),
  keep("lag"),
  keep("active"),
  part("error", [keep("code"), omit("err_code"), omit("description")]),
  omit("filter_subject"),
  part("subject_transforms", transformFields),
];

export const streamInfoFields: readonly Field[] = [
  { name: "config", fields: streamConfigFields },
  keep("created"),
  {
    name: "state",
    fields: [
      keep("messages"),
      keep("bytes"),
      keep("first_seq"),
      keep("first_ts"),
      keep("last_seq"),
      keep("last_ts"),
      omit("num_deleted"),
      omit("deleted"),
      omit("num_subjects"),
      omit("subjects"),
      omit("lost"),
      keep("consumer_count"),
    ],
  },
  omit("domain"),
  part("cluster", clusterFields),
  part("mirror", sourceInfoFields),
  part("sources", sourceInfoFields),
  part("alternates", [keep("name"), omit("domain"), keep("cluster")]),
  keep("ts", zeroTimeText),
];

export const consumerConfigFields: readonly Field[] = [
  omit("description"),
  keep("ack_policy"),
  omit("ack_wait"),
  keep("deliver_policy"),
  omit("deliver_subject"),
  omit("deliver_group"),
  omit("durable_name"),
  omit("name"),
  omit("filter_subject"),
  omit("filter_subjects"),
  omit("flow_control"),
  omit("idle_heartbeat"),
  omit("max_ack_pending"),
  omit("max_deliver"),
  omit("backoff"),
  omit("max_waiting"),
  omit("opt_start_seq"),
  omit("opt_start_time"),
  omit("rate_limit_bps"),
  keep("replay_policy"),
  omit("sample_freq"),
  omit("headers_only"),
  omit("max_batch"),
  omit("max_expires"),
  omit("max_bytes"),
  omit("inactive_threshold"),
  keep("num_replicas", 0),
  omit("mem_storage"),
  omit("metadata"),
  keep("pause_until", zeroTimeText),
  omit("priority_groups"),
  { name: "priority_policy", omitEmpty: true, empty: "none" },
  omit("priority_timeout"),
  omit("direct"),
];

const sequenceFields: readonly Field[] = [
  keep("consumer_seq"),
  keep("stream_seq"),
  omit("last_active"),
];

export const consumerInfoFields: readonly Field[] = [
  keep("stream_name"),
  keep("name"),
  { name: "config", fields: consumerConfigFields },
  keep("created"),
  { name: "delivered", fields: sequenceFields },
  { name: "ack_floor", fields: sequenceFields },
  keep("num_ack_pending"),
  keep("num_redelivered"),
  keep("num_waiting"),
  keep("num_pending"),
  part("cluster", clusterFields),
  omit("push_bound"),
  omit("paused"),
  omit("pause_remaining"),
  keep("ts", zeroTimeText),
  part("priority_groups", [
    keep("group"),
    omit("pinned_client_id"),
    keep("pinned_ts", zeroTimeText),
  ]),
];

export const storedMessageFields: readonly Field[] = [
  keep("subject"),
  keep("seq"),
  omit("hdrs"),
  omit("data"),
  keep("time"),
];

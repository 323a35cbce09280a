/** From the JSON of a request to a stream configuration, before any rule is applied to it. */
import type { Json } from "../../../protocol/index.ts";
import { type Decoded, decodeRequest } from "../../go-decode.ts";
import {
  enumOf,
  type GoStruct,
  goBool,
  goDuration,
  goInt,
  goInt32,
  goInt64,
  goString,
  goStrings,
  goTime,
  goUint64,
} from "../../go-types.ts";
import { type Int64, int64ToNumber } from "../../int64.ts";
import type {
  Placement,
  RePublish,
  StreamConfig,
  StreamConsumerLimits,
  StreamSource,
  SubjectTransformConfig,
} from "./config-shape.ts";

const placement: GoStruct = {
  go: "struct",
  name: "Placement",
  fields: { cluster: goString, tags: goStrings, preferred: goString },
};

const subjectTransform: GoStruct = {
  go: "struct",
  name: "SubjectTransformConfig",
  fields: { src: goString, dest: goString },
};

const external: GoStruct = {
  go: "struct",
  name: "ExternalStream",
  fields: { api: goString, deliver: goString },
};

const streamSource: GoStruct = {
  go: "struct",
  name: "StreamSource",
  fields: {
    name: goString,
    opt_start_seq: goUint64,
    opt_start_time: goTime,
    filter_subject: goString,
    subject_transforms: { go: "slice", of: subjectTransform },
    external,
    consumer: {
      go: "struct",
      name: "StreamConsumerSource",
      fields: { name: goString, deliver_subject: goString },
    },
  },
};

const republish: GoStruct = {
  go: "struct",
  name: "RePublish",
  fields: { src: goString, dest: goString, headers_only: goBool },
};

const consumerLimits: GoStruct = {
  go: "struct",
  name: "StreamConsumerLimits",
  fields: { inactive_threshold: goDuration, max_ack_pending: goInt },
};

/** Source: nats-server `server/stream.go` `StreamConfig`. */
export const streamConfigStruct: GoStruct = {
  go: "struct",
  name: "StreamConfig",
  fields: {
    name: goString,
    description: goString,
    subjects: goStrings,
    retention: enumOf("limits", "interest", "workqueue"),
    max_consumers: goInt,
    max_msgs: goInt64,
    max_bytes: goInt64,
    max_age: goDuration,
    max_msgs_per_subject: goInt64,
    max_msg_size: goInt32,
    discard: { go: "enum", values: { old: "old", new: "new" }, anyCase: true },
    storage: enumOf("file", "memory"),
    num_replicas: goInt,
    no_ack: goBool,
    duplicate_window: goDuration,
    placement,
    mirror: streamSource,
    sources: { go: "slice", of: streamSource },
    compression: {
      go: "text",
      values: { none: "none", s2: "s2" },
      error: "unknown compression algorithm",
    },
    first_seq: goUint64,
    subject_transform: subjectTransform,
    republish,
    allow_direct: goBool,
    mirror_direct: goBool,
    discard_new_per_subject: goBool,
    sealed: goBool,
    deny_delete: goBool,
    deny_purge: goBool,
    allow_rollup_hdrs: goBool,
    consumer_limits: consumerLimits,
    allow_msg_ttl: goBool,
    subject_delete_marker_ttl: goDuration,
    allow_msg_counter: goBool,
    allow_atomic: goBool,
    allow_msg_schedules: goBool,
    persist_mode: { go: "enum", values: { default: "default", "": "default", async: "async" } },
    allow_batched: goBool,
    metadata: { go: "map", of: goString },
  },
};

const streamConfigRequest: GoStruct = {
  go: "struct",
  name: "StreamConfigRequest",
  fields: { pedantic: goBool },
  embedded: streamConfigStruct,
};

/** The body of `STREAM.CREATE` and `STREAM.UPDATE`. */
export interface StreamConfigRequest {
  readonly config: StreamConfig;
  readonly pedantic: boolean;
  /** Without a kind of storage no limit on bytes applies yet. */
  readonly saysStorage: boolean;
}

/** Throws `GoDecodeError`. */
export function decodeStreamConfigRequest(text: string): StreamConfigRequest {
  const decoded = decodeRequest(text, streamConfigRequest);
  const { pedantic, storage } = decoded;
  const config = streamConfigFrom(decoded);
  return { config, pedantic: pedantic === true, saysStorage: storage !== undefined };
}

const lostData: GoStruct = {
  go: "struct",
  name: "LostStreamData",
  fields: { msgs: { go: "slice", of: goUint64 }, bytes: goUint64 },
};

/** Source: nats-server `server/store.go` `StreamState`. */
const streamState: GoStruct = {
  go: "struct",
  name: "StreamState",
  fields: {
    messages: goUint64,
    bytes: goUint64,
    first_seq: goUint64,
    first_ts: goTime,
    last_seq: goUint64,
    last_ts: goTime,
    num_subjects: goInt,
    subjects: { go: "map", of: goUint64 },
    num_deleted: goInt,
    deleted: { go: "slice", of: goUint64 },
    lost: lostData,
    consumer_count: goInt,
  },
};

const restoreRequest: GoStruct = {
  go: "struct",
  name: "JSApiStreamRestoreRequest",
  fields: { config: streamConfigStruct, state: streamState },
};

/** The stream that `STREAM.RESTORE` wants back. Throws `GoDecodeError`. */
export function decodeRestoreRequest(text: string): StreamConfig {
  const { config } = decodeRequest(text, restoreRequest);
  return streamConfigFrom((config as Decoded | undefined) ?? {});
}

/** What was decoded, with Go's zero values where nothing was given. */
export function streamConfigFrom(decoded: Decoded): StreamConfig {
  const at = <T>(field: string, zero: T): T => (decoded[field] as T | undefined) ?? zero;
  const flag = (field: string): boolean => at(field, false);
  const integer = (field: string): Int64 => at<Int64>(field, 0);
  return {
    name: at("name", ""),
    description: at("description", ""),
    subjects: at<readonly string[]>("subjects", []),
    retention: at("retention", "limits"),
    max_consumers: integer("max_consumers"),
    max_msgs: integer("max_msgs"),
    max_bytes: integer("max_bytes"),
    max_age: integer("max_age"),
    max_msgs_per_subject: integer("max_msgs_per_subject"),
    max_msg_size: at("max_msg_size", 0),
    discard: at("discard", "old"),
    storage: at("storage", "file"),
    num_replicas: int64ToNumber(integer("num_replicas")),
    no_ack: flag("no_ack"),
    duplicate_window: integer("duplicate_window"),
    placement: at<Placement | null>("placement", null),
    mirror: sourceFrom(decoded.mirror),
    sources: at<readonly Json[]>("sources", []).map((source) => sourceFrom(source) ?? { name: "" }),
    compression: at("compression", "none"),
    first_seq: integer("first_seq"),
    subject_transform: transformFrom(decoded.subject_transform),
    republish: republishFrom(decoded.republish),
    allow_direct: flag("allow_direct"),
    mirror_direct: flag("mirror_direct"),
    discard_new_per_subject: flag("discard_new_per_subject"),
    sealed: flag("sealed"),
    deny_delete: flag("deny_delete"),
    deny_purge: flag("deny_purge"),
    allow_rollup_hdrs: flag("allow_rollup_hdrs"),
    consumer_limits: at<StreamConsumerLimits>("consumer_limits", {}),
    allow_msg_ttl: flag("allow_msg_ttl"),
    subject_delete_marker_ttl: integer("subject_delete_marker_ttl"),
    allow_msg_counter: flag("allow_msg_counter"),
    allow_atomic: flag("allow_atomic"),
    allow_msg_schedules: flag("allow_msg_schedules"),
    persist_mode: at("persist_mode", "default"),
    allow_batched: flag("allow_batched"),
    metadata: at<Readonly<Record<string, string>> | null>("metadata", null),
  };
}

function sourceFrom(value: Json | undefined): StreamSource | null {
  if (value === undefined || value === null) return null;
  const { name, subject_transforms, external: outside, ...rest } = value as Decoded;
  const made = { name: (name as string | undefined) ?? "", ...rest } as StreamSource;
  return {
    ...made,
    ...(subject_transforms === undefined
      ? {}
      : {
          subject_transforms: (subject_transforms as readonly Json[]).map(
            (transform) => transformFrom(transform) ?? { src: "", dest: "" },
          ),
        }),
    ...(outside === undefined ? {} : { external: externalFrom(outside as Decoded) }),
  };
}

function externalFrom(value: Decoded): { api: string; deliver: string } {
  return { api: (value.api as string) ?? "", deliver: (value.deliver as string) ?? "" };
}

function transformFrom(value: Json | undefined): SubjectTransformConfig | null {
  if (value === undefined || value === null) return null;
  const { src, dest } = value as Decoded;
  return { src: (src as string) ?? "", dest: (dest as string) ?? "" };
}

function republishFrom(value: Json | undefined): RePublish | null {
  if (value === undefined || value === null) return null;
  const { dest, ...rest } = value as Decoded;
  return { ...rest, dest: (dest as string) ?? "" } as RePublish;
}

/** From the JSON of a request to a consumer configuration, before any rule is applied to it. */
import { type Decoded, decodeLoosely, decodeRequest } from "../../go-decode.ts";
import {
  enumOf,
  type GoStruct,
  goBool,
  goDuration,
  goInt,
  goInt64,
  goString,
  goStrings,
  goTime,
  goUint64,
} from "../../go-types.ts";
import { type Int64, int64ToNumber } from "../../int64.ts";
import { type ConsumerAction, type ConsumerConfig, emptyConsumerConfig } from "./config-shape.ts";

/** The body of `CONSUMER.CREATE` and `CONSUMER.DURABLE.CREATE`. */
export interface CreateConsumerRequest {
  readonly stream: string;
  readonly config: ConsumerConfig;
  readonly action: ConsumerAction;
  readonly pedantic: boolean;
}

/** Source: nats-server `server/consumer.go` `ConsumerConfig`. */
const consumerConfigStruct: GoStruct = {
  go: "struct",
  name: "ConsumerConfig",
  fields: {
    durable_name: goString,
    name: goString,
    description: goString,
    deliver_policy: {
      go: "enum",
      values: {
        ...enumOf("all", "last", "last_per_subject", "new", "by_start_sequence").values,
        by_start_time: "by_start_time",
        undefined: "all",
      },
    },
    opt_start_seq: goUint64,
    opt_start_time: goTime,
    ack_policy: enumOf("none", "all", "explicit", "flow_control"),
    ack_wait: goDuration,
    max_deliver: goInt,
    backoff: { go: "slice", of: goDuration },
    filter_subject: goString,
    filter_subjects: goStrings,
    replay_policy: enumOf("instant", "original"),
    rate_limit_bps: goUint64,
    sample_freq: goString,
    max_waiting: goInt,
    max_ack_pending: goInt,
    flow_control: goBool,
    headers_only: goBool,
    max_batch: goInt,
    max_expires: goDuration,
    max_bytes: goInt,
    deliver_subject: goString,
    deliver_group: goString,
    idle_heartbeat: goDuration,
    inactive_threshold: goDuration,
    num_replicas: goInt,
    mem_storage: goBool,
    direct: goBool,
    sourcing: goBool,
    metadata: { go: "map", of: goString },
    pause_until: goTime,
    priority_groups: goStrings,
    priority_policy: {
      ...enumOf("none", "overflow", "pinned_client", "prioritized"),
      error: "unknown priority policy: %s",
    },
    priority_timeout: goDuration,
  },
};

const createRequest: GoStruct = {
  go: "struct",
  name: "CreateConsumerRequest",
  fields: {
    stream_name: goString,
    config: consumerConfigStruct,
    action: {
      go: "enum",
      values: { "": "", create: "create", update: "update" },
      error: "unknown consumer action: %s",
    },
    pedantic: goBool,
  },
};

/** Throws `GoDecodeError`. */
export function decodeConsumerRequest(text: string): CreateConsumerRequest {
  const decoded = decodeRequest(text, createRequest);
  return {
    stream: (decoded.stream_name as string | undefined) ?? "",
    config: consumerConfigFrom((decoded.config as Decoded | undefined) ?? {}),
    action: (decoded.action as ConsumerAction | undefined) ?? "",
    pedantic: decoded.pedantic === true,
  };
}

const sequencePair: GoStruct = {
  go: "struct",
  name: "SequencePair",
  fields: { consumer_seq: goUint64, stream_seq: goUint64 },
};

/** Source: nats-server `SnapshotConsumerState`, `ConsumerState`, `Pending`. */
const savedConsumer: GoStruct = {
  go: "struct",
  name: "SnapshotConsumerState",
  fields: {
    config: consumerConfigStruct,
    state: {
      go: "struct",
      name: "ConsumerState",
      fields: {
        delivered: sequencePair,
        ack_floor: sequencePair,
        pending: {
          go: "map",
          of: {
            go: "struct",
            name: "Pending",
            fields: { Sequence: goUint64, Timestamp: goInt64 },
          },
        },
        redelivered: { go: "map", of: goUint64 },
      },
    },
  },
};

/** A consumer as a backup holds it; null for what is missing. Throws `GoDecodeError`. */
export function decodeSavedConsumer(text: string): {
  readonly config: ConsumerConfig | null;
  readonly state: Decoded | null;
} {
  const { config, state } = decodeLoosely(text, savedConsumer);
  return {
    config: config === undefined ? null : consumerConfigFrom(config as Decoded),
    state: state === undefined ? null : (state as Decoded),
  };
}

/** What was decoded, with Go's zero values where nothing was given. */
export function consumerConfigFrom(decoded: Decoded): ConsumerConfig {
  const made: { [field: string]: unknown } = { ...emptyConsumerConfig, ...decoded };
  const exact: { [field: string]: string } = {};
  for (const field of countFields) {
    const value = (decoded[field] ?? 0) as Int64;
    made[field] = int64ToNumber(value);
    if (typeof value !== "number") exact[field] = value.bigint;
  }
  return Object.freeze({
    ...made,
    ...(Object.keys(exact).length === 0 ? {} : { exact }),
  }) as unknown as ConsumerConfig;
}

/** What is a number everywhere but in print: nothing ever reaches counts beyond 2^53. */
const countFields = [
  "max_deliver",
  "max_waiting",
  "max_ack_pending",
  "max_batch",
  "max_bytes",
  "num_replicas",
] as const;

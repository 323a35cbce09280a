/** From the JSON of a request to a consumer configuration, before any rule is applied to it. */
import { type Decoded, decodeRequest } from "../../go-decode.ts";
import {
  type GoStruct,
  type GoType,
  goBool,
  goDuration,
  goInt,
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

/** What was decoded, with Go's zero values where nothing was given. */
export function consumerConfigFrom(decoded: Decoded): ConsumerConfig {
  const given = decoded as Partial<ConsumerConfig>;
  return Object.freeze({
    ...emptyConsumerConfig,
    ...given,
    max_deliver: count(given.max_deliver),
    max_waiting: count(given.max_waiting),
    max_ack_pending: count(given.max_ack_pending),
    max_batch: count(given.max_batch),
    max_bytes: count(given.max_bytes),
    num_replicas: count(given.num_replicas),
    opt_start_time: timeText(given.opt_start_time),
    pause_until: timeText(given.pause_until),
  }) as ConsumerConfig;
}

/** Counts beyond 2^53 are not kept exactly: nothing ever reaches them. */
function count(value: Int64 | undefined): number {
  return int64ToNumber(value ?? 0);
}

/** A time as Go prints it back: fraction without trailing zeros, UTC as `Z`, offsets kept. */
function timeText(text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  const parts = /^([^.Z+-]+-[^.Z+-]+-[^.Z+-]+)(?:\.(\d+))?(.*)$/.exec(text);
  if (parts === null) return text;
  const fraction = (parts[2] ?? "").slice(0, 9).replace(/0+$/, "");
  const zone = /^[+-]00:00$/.test(parts[3] ?? "") ? "Z" : (parts[3] ?? "Z");
  return `${parts[1] ?? ""}${fraction === "" ? "" : `.${fraction}`}${zone}`;
}

function enumOf(...names: readonly string[]): GoType & { readonly go: "enum" } {
  return { go: "enum", values: Object.fromEntries(names.map((name) => [name, name])) };
}

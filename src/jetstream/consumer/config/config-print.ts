/** A consumer configuration as the server prints it: its order, empty fields left out. */
import { bigInteger, type JsonLike } from "../../../protocol/index.ts";
import type { Int64 } from "../../int64.ts";
import { printInt64, printMetadata } from "../../stream/config/config-print.ts";
import type { ConsumerConfig } from "./config-shape.ts";

/** Source: the JSON tags of nats-server `server/consumer.go` `ConsumerConfig`. */
export function printConsumerConfig(config: ConsumerConfig): {
  readonly [field: string]: JsonLike;
} {
  const c = config;
  const count = (field: CountField): JsonLike => {
    const text = Number.isSafeInteger(c[field]) ? undefined : c.exact?.[field];
    return text === undefined ? orNothing(c[field]) : bigInteger(text);
  };
  return {
    durable_name: orNothing(c.durable_name),
    name: orNothing(c.name),
    description: orNothing(c.description),
    deliver_policy: c.deliver_policy,
    opt_start_seq: int64OrNothing(c.opt_start_seq),
    opt_start_time: c.opt_start_time ?? undefined,
    ack_policy: c.ack_policy,
    ack_wait: int64OrNothing(c.ack_wait),
    max_deliver: count("max_deliver"),
    backoff: listOrNothing(c.backoff?.map(printInt64)),
    filter_subject: orNothing(c.filter_subject),
    filter_subjects: listOrNothing(c.filter_subjects),
    replay_policy: c.replay_policy,
    rate_limit_bps: int64OrNothing(c.rate_limit_bps),
    sample_freq: orNothing(c.sample_freq),
    max_waiting: count("max_waiting"),
    max_ack_pending: count("max_ack_pending"),
    flow_control: orNothing(c.flow_control),
    headers_only: orNothing(c.headers_only),
    max_batch: count("max_batch"),
    max_expires: int64OrNothing(c.max_expires),
    max_bytes: count("max_bytes"),
    deliver_subject: orNothing(c.deliver_subject),
    deliver_group: orNothing(c.deliver_group),
    idle_heartbeat: int64OrNothing(c.idle_heartbeat),
    inactive_threshold: int64OrNothing(c.inactive_threshold),
    num_replicas: c.num_replicas,
    mem_storage: orNothing(c.mem_storage),
    direct: orNothing(c.direct),
    sourcing: orNothing(c.sourcing),
    metadata: printMetadata(c.metadata),
    pause_until: c.pause_until ?? undefined,
    priority_groups: listOrNothing(c.priority_groups),
    priority_policy: c.priority_policy === "none" ? undefined : c.priority_policy,
    priority_timeout: int64OrNothing(c.priority_timeout),
  };
}

type CountField = "max_deliver" | "max_waiting" | "max_ack_pending" | "max_batch" | "max_bytes";

function orNothing<T extends string | number | boolean>(value: T): T | undefined {
  return value === "" || value === 0 || value === false ? undefined : value;
}

function int64OrNothing(value: Int64): JsonLike {
  return value === 0 ? undefined : printInt64(value);
}

function listOrNothing<T extends JsonLike>(list: readonly T[] | null | undefined) {
  return list === null || list === undefined || list.length === 0 ? undefined : list;
}

/** A stream configuration as the server prints it: its order, empty fields left out. */

import { sortedKeys } from "../../../kernel/index.ts";
import { bigInteger, type JsonLike } from "../../../protocol/index.ts";
import type { Int64 } from "../../int64.ts";
import type { StreamConfig, StreamSource } from "./config-shape.ts";

type Printed = { readonly [field: string]: JsonLike };

/** Source: the JSON tags of nats-server `server/stream.go` `StreamConfig`. */
export function printStreamConfig(config: StreamConfig): Printed {
  const c = config;
  return {
    name: c.name,
    description: orNothing(c.description),
    subjects: listOrNothing(c.subjects),
    retention: c.retention,
    max_consumers: c.max_consumers,
    max_msgs: printInt64(c.max_msgs),
    max_bytes: printInt64(c.max_bytes),
    max_age: printInt64(c.max_age),
    max_msgs_per_subject: printInt64(c.max_msgs_per_subject),
    max_msg_size: orNothing(c.max_msg_size),
    discard: c.discard,
    storage: c.storage,
    num_replicas: c.num_replicas,
    no_ack: orNothing(c.no_ack),
    duplicate_window: int64OrNothing(c.duplicate_window),
    placement: c.placement === null ? undefined : printPlacement(c.placement),
    mirror: c.mirror === null ? undefined : printSource(c.mirror),
    sources: listOrNothing(c.sources.map(printSource)),
    compression: c.compression,
    first_seq: int64OrNothing(c.first_seq),
    subject_transform:
      c.subject_transform === null
        ? undefined
        : { src: c.subject_transform.src, dest: c.subject_transform.dest },
    republish: printRepublish(c),
    allow_direct: c.allow_direct,
    mirror_direct: c.mirror_direct,
    discard_new_per_subject: orNothing(c.discard_new_per_subject),
    sealed: c.sealed,
    deny_delete: c.deny_delete,
    deny_purge: c.deny_purge,
    allow_rollup_hdrs: c.allow_rollup_hdrs,
    consumer_limits: {
      inactive_threshold: int64OrNothing(c.consumer_limits.inactive_threshold ?? 0),
      max_ack_pending: orNothing(c.consumer_limits.max_ack_pending),
    },
    allow_msg_ttl: c.allow_msg_ttl,
    subject_delete_marker_ttl: int64OrNothing(c.subject_delete_marker_ttl),
    allow_msg_counter: orNothing(c.allow_msg_counter),
    allow_atomic: orNothing(c.allow_atomic),
    allow_msg_schedules: orNothing(c.allow_msg_schedules),
    persist_mode: c.persist_mode === "default" ? undefined : c.persist_mode,
    allow_batched: orNothing(c.allow_batched),
    metadata: printMetadata(c.metadata),
  };
}

/** A number, or the exact digits of one that no number holds. */
export function printInt64(value: Int64): JsonLike {
  return typeof value === "number" ? value : bigInteger(value.bigint);
}

/** Go prints maps in the order of their keys, and leaves empty ones out. */
export function printMetadata(
  metadata: Readonly<Record<string, string>> | null,
): Printed | undefined {
  if (metadata === null) return undefined;
  const keys = sortedKeys(metadata);
  if (keys.length === 0) return undefined;
  return Object.fromEntries(keys.map((key) => [key, metadata[key] ?? ""]));
}

/** Source: the JSON tags of `StreamSource`. */
export function printSource(source: StreamSource): Printed {
  return {
    name: source.name,
    opt_start_seq: int64OrNothing(source.opt_start_seq ?? 0),
    opt_start_time: source.opt_start_time,
    filter_subject: orNothing(source.filter_subject),
    subject_transforms: listOrNothing(
      (source.subject_transforms ?? []).map(({ src, dest }) => ({ src, dest })),
    ),
    external:
      source.external === undefined
        ? undefined
        : { api: source.external.api, deliver: source.external.deliver },
    consumer:
      source.consumer === undefined
        ? undefined
        : {
            name: orNothing(source.consumer.name),
            deliver_subject: orNothing(source.consumer.deliver_subject),
          },
  };
}

function printPlacement(placement: NonNullable<StreamConfig["placement"]>): Printed {
  return {
    cluster: orNothing(placement.cluster),
    tags: listOrNothing(placement.tags ?? []),
    preferred: orNothing(placement.preferred),
  };
}

function printRepublish({ republish }: StreamConfig): Printed | undefined {
  if (republish === null) return undefined;
  return {
    src: orNothing(republish.src),
    dest: republish.dest,
    headers_only: orNothing(republish.headers_only),
  };
}

function orNothing<T extends string | number | boolean>(value: T | undefined): T | undefined {
  return value === "" || value === 0 || value === false ? undefined : value;
}

function listOrNothing<T extends JsonLike>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function int64OrNothing(value: Int64): JsonLike {
  return value === 0 ? undefined : printInt64(value);
}

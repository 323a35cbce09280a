/**
 * Two settings together, every pair: what they forbid each other, which of two mistakes is told
 * first, and what becomes of them by an update.
 */
import { type Case, each } from "./notation.ts";

const streamSettings: readonly string[] = [
  '"subjects":["s.>"]',
  '"retention":"workqueue"',
  '"retention":"interest"',
  '"max_msgs":3',
  '"max_age":1000000000',
  '"max_msgs_per_subject":1',
  '"max_msg_size":8',
  '"discard":"new"',
  '"discard_new_per_subject":true',
  '"storage":"memory"',
  '"num_replicas":3',
  '"no_ack":true',
  '"duplicate_window":5000000000',
  '"compression":"s2"',
  '"first_seq":10',
  '"subject_transform":{"src":"s.*","dest":"t.{{wildcard(1)}}"}',
  '"republish":{"src":"s.*","dest":"r.{{wildcard(1)}}"}',
  '"republish":{"dest":"s.x"}',
  '"allow_direct":true',
  '"mirror_direct":true',
  '"sealed":true',
  '"deny_delete":true',
  '"deny_purge":true',
  '"allow_rollup_hdrs":true',
  '"consumer_limits":{"max_ack_pending":5,"inactive_threshold":1000000000}',
  '"allow_msg_ttl":true',
  '"subject_delete_marker_ttl":2000000000',
  '"allow_msg_counter":true',
  '"allow_atomic":true',
  '"allow_batched":true',
  '"allow_msg_schedules":true',
  '"persist_mode":"async"',
  '"placement":{"tags":["x"]}',
];

/** How it went with an origin is told some time later: these streams are made, and gone. */
const origins: readonly string[] = [
  '"mirror":{"name":"NONE"}',
  '"mirror":{"name":"NONE","filter_subject":"o.a","opt_start_seq":2}',
  '"sources":[{"name":"NONE"}]',
  '"sources":[{"name":"NONE","subject_transforms":[{"src":"o.*","dest":"s.$1"}]}]',
];

const consumerSettings: readonly string[] = [
  '"durable_name":"C"',
  '"deliver_policy":"new"',
  '"deliver_policy":"last_per_subject"',
  '"deliver_policy":"by_start_sequence","opt_start_seq":2',
  '"opt_start_seq":2',
  '"opt_start_time":"2024-01-01T00:00:00Z"',
  '"ack_policy":"none"',
  '"ack_policy":"all"',
  '"ack_policy":"explicit"',
  '"ack_policy":"flow_control"',
  '"ack_wait":2000000000',
  '"max_deliver":2',
  '"backoff":[1000000000,2000000000,3000000000]',
  '"filter_subject":"s.a"',
  '"filter_subject":"other"',
  '"filter_subjects":["s.a","s.b"]',
  '"filter_subjects":["s.a","s.*"]',
  '"replay_policy":"original"',
  '"rate_limit_bps":1000000',
  '"sample_freq":"50%"',
  '"max_waiting":5',
  '"max_ack_pending":5',
  '"flow_control":true',
  '"idle_heartbeat":1000000000',
  '"headers_only":true',
  '"max_batch":5',
  '"max_expires":1000000000',
  '"max_bytes":100',
  '"deliver_subject":"d"',
  '"deliver_subject":"s.a"',
  '"deliver_group":"g"',
  '"inactive_threshold":5000000000',
  '"num_replicas":3',
  '"mem_storage":true',
  '"direct":true',
  '"sourcing":true',
  '"pause_until":"2099-01-01T00:00:00Z"',
  '"priority_groups":["A"]',
  '"priority_policy":"overflow"',
  '"priority_policy":"pinned_client","priority_timeout":1000000000',
  '"priority_timeout":1000000000',
];

/** Pairs of `one` with itself and those behind it: both orders of the two are in each pair's case. */
function partners(settings: readonly string[], one: string): string[] {
  const behind = settings.slice(settings.indexOf(one));
  // What is given twice is put together there, member by member.
  return behind.filter((other) => other === one || keyOf(other) !== keyOf(one));
}

function keyOf(setting: string): string {
  return setting.slice(0, setting.indexOf(":"));
}

const streamPairs = each("stream with two settings, one of them", streamSettings, (one) =>
  partners(streamSettings, one).flatMap((other) => [
    `api STREAM.CREATE.S {"name":"S",${one},${other}}`,
    `api STREAM.UPDATE.S {"name":"S",${other},"description":"one less"}`,
    `api STREAM.UPDATE.S {"name":"S",${one}}`,
    "api STREAM.DELETE.S",
    `api STREAM.CREATE.S {"name":"S",${other},"pedantic":true,${one}}`,
    `api STREAM.UPDATE.S {"name":"S",${one}}`,
    "api STREAM.DELETE.S",
  ]),
);

const originPairs = each("stream with an origin", origins, (one) =>
  [...origins.filter((other) => keyOf(other) !== keyOf(one)), ...streamSettings].flatMap(
    (other) => [
      `api STREAM.CREATE.S {"name":"S",${one},${other}}`,
      "api STREAM.DELETE.S",
      `api STREAM.CREATE.S {"name":"S",${other},"pedantic":true,${one}}`,
      "api STREAM.DELETE.S",
    ],
  ),
);

const createBoth = (one: string, other: string): string[] => [
  `api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C",${one},${other}}}`,
  `api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C",${other}}}`,
  "api CONSUMER.DELETE.S.C",
];

const consumerPairs = each("consumer with two settings, one of them", consumerSettings, (one) => [
  'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"storage":"memory"}',
  ...partners(consumerSettings, one).flatMap((other) => [
    ...createBoth(one, other),
    'api CONSUMER.CREATE.S.C {"stream_name":"S","pedantic":true,' +
      `"config":{"name":"C","ack_policy":"explicit",${other},${one}}}`,
    `api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C",${one}}}`,
    "api CONSUMER.DELETE.S.C",
  ]),
]);

const workPairs = each("consumer of a work queue with two settings,", consumerSettings, (one) => [
  'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"retention":"workqueue",' +
    '"storage":"memory"}',
  ...partners(consumerSettings, one).flatMap((other) => createBoth(one, other)),
]);

export const pairCases: readonly Case[] = [
  ...streamPairs,
  ...originPairs,
  ...consumerPairs,
  ...workPairs,
];

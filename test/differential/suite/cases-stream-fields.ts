/** Every field of a stream's configuration at its edges: created, pedantic, updated. */
import {
  durationEdges,
  integerEdges,
  nameEdges,
  oddNumbers,
  subjectEdges,
  timeEdges,
} from "./edges.ts";
import { type Case, each } from "./notation.ts";

const integers = [...integerEdges, ...oddNumbers];
const durations = [...durationEdges, ...oddNumbers];

/** Sequences beyond 2^53 are a known difference: docs/differences.md. */
const beyondNumbers = [
  "9007199254740992",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551615",
];

/** Every field and its values, as JSON. */
const fields: Readonly<Record<string, readonly string[]>> = {
  max_consumers: integers,
  max_msgs: integers,
  max_bytes: integers,
  max_msgs_per_subject: integers,
  max_msg_size: integers,
  num_replicas: [...integers, "3", "5", "6"],
  first_seq: integers.filter((value) => !beyondNumbers.includes(value)),
  max_age: durations,
  duplicate_window: durations,
  subject_delete_marker_ttl: durations,
  retention: enumEdges("limits", "interest", "workqueue"),
  storage: enumEdges("file", "memory"),
  discard: enumEdges("old", "new"),
  compression: enumEdges("none", "s2"),
  persist_mode: enumEdges("default", "async"),
  description: ['""', '"x"', `"<<x:4096>>"`, `"<<x:4097>>"`, "5", '"\\u0000"', '"<>&\\u2028"'],
  metadata: ['{"a":"b"}', "{}", "null", '{"a":5}', '{"_nats.req.level":"9"}', '{"":""}', "[]"],
  placement: ["{}", '{"cluster":"x"}', '{"tags":["a"]}', '{"tags":[]}', '{"preferred":"n1"}', "5"],
  republish: [
    "{}",
    '{"src":">","dest":"r.>"}',
    '{"src":"s","dest":"r"}',
    '{"src":"S","dest":"S"}',
    '{"src":">","dest":""}',
    '{"dest":"r.>","headers_only":true}',
    '{"src":"a.*","dest":"r.{{wildcard(1)}}"}',
    '{"src":"a.*","dest":"r.{{wildcard(2)}}"}',
    '{"src":"a.*.*","dest":"r.$2.$1"}',
    "null",
    "5",
  ],
  subject_transform: [
    "{}",
    '{"src":">","dest":"t.>"}',
    '{"src":"S","dest":"t"}',
    '{"src":"S.*","dest":"t.{{partition(3,1)}}"}',
    '{"src":"S.*","dest":"t.{{split(1,-)}}"}',
    '{"src":"S.*","dest":"t.{{SplitFromLeft(1,2)}}"}',
    '{"src":"S.*","dest":"t.{{slicefromleft(1,2)}}"}',
    '{"src":"S.*","dest":"t.{{left(1,2)}}.{{right(1,1)}}"}',
    '{"src":"S.*","dest":"t.{{random(3)}}"}',
    '{"src":"S.*","dest":"t.*"}',
    '{"src":"S.*","dest":"t.{{wildcard(0)}}"}',
    '{"src":"S.*","dest":"t.{{wildcard(1,2)}}"}',
    '{"src":"S.*","dest":"t.{{wildcard()}}"}',
    '{"src":"S.*","dest":"t.{{wildcard(x)}}"}',
    '{"src":"S.*","dest":"t"}',
    '{"src":"","dest":"t.>"}',
    "null",
  ],
  consumer_limits: [
    "{}",
    '{"inactive_threshold":1000000000}',
    '{"inactive_threshold":-1}',
    '{"max_ack_pending":5}',
    '{"max_ack_pending":-1}',
    '{"max_ack_pending":-2}',
    '{"max_ack_pending":9223372036854775807}',
    '{"max_ack_pending":9223372036854775808}',
    '{"inactive_threshold":9223372036854775807}',
    '{"foo":1}',
    "null",
  ],
  mirror: [
    "{}",
    "null",
    '{"name":"M"}',
    '{"name":"S"}',
    '{"name":"M","opt_start_seq":18446744073709551615}',
    '{"name":"M","opt_start_seq":-1}',
    '{"name":"M","filter_subject":"a.>"}',
    '{"name":"M","filter_subject":"a..b"}',
    '{"name":"M","filter_subject":"a","subject_transforms":[{"src":"a","dest":"b"}]}',
    '{"name":"a b"}',
    '{"name":"M","domain":"x"}',
    '{"name":"M","external":{"api":"$JS.x.API","deliver":"d"}}',
    '{"name":"M","external":{"api":"","deliver":""}}',
    '{"name":"M","external":null}',
  ],
  sources: [
    "[]",
    "[{}]",
    "null",
    '[{"name":"M"}]',
    '[{"name":"M"},{"name":"M"}]',
    '[{"name":"M","opt_start_seq":9223372036854775808}]',
    '[{"name":"S"}]',
    '[{"name":"S","filter_subject":"x"}]',
    '[{"name":"a b"}]',
    '[{"name":"M","subject_transforms":[{"src":"a","dest":"b"},{"src":"a","dest":"c"}]}]',
    '[{"name":"M","subject_transforms":[]}]',
    "[null]",
  ],
  ...Object.fromEntries(
    [
      "no_ack",
      "sealed",
      "deny_delete",
      "deny_purge",
      "allow_rollup_hdrs",
      "allow_direct",
      "mirror_direct",
      "discard_new_per_subject",
      "allow_msg_ttl",
      "allow_msg_counter",
      "allow_atomic",
      "allow_batched",
      "allow_msg_schedules",
    ].map((name) => [name, ["true", "false", "null", "1", '"true"']]),
  ),
};

function enumEdges(...names: readonly string[]): string[] {
  const good = names.map((name) => `"${name}"`);
  return [...good, '""', '"foo"', `"${names[0]?.toUpperCase()}"`, "null", "0", "true"];
}

const fieldCases = Object.entries(fields).flatMap(([field, values]) =>
  each(`stream field ${field} is`, values, (value) => [
    `api STREAM.CREATE.S {"name":"S","${field}":${value}}`,
    "api STREAM.INFO.S",
    `api STREAM.CREATE.S {"name":"S","${field}":${value}}`,
    `api STREAM.CREATE.P {"name":"P","subjects":["p"],"${field}":${value},"pedantic":true}`,
    'api STREAM.CREATE.U {"name":"U","subjects":["u"]}',
    `api STREAM.UPDATE.U {"name":"U","subjects":["u"],"${field}":${value}}`,
    "api STREAM.INFO.U",
    'api STREAM.UPDATE.U {"name":"U","subjects":["u"]}',
  ]),
);

const nameCases = each("stream name", nameEdges, (name) => {
  const quoted = JSON.stringify(name);
  // A subject cannot hold every name.
  const token = /\s/.test(name) || name === "" || name.includes("\u0000") ? "S" : name;
  return [
    `api STREAM.CREATE.${token} {"name":${quoted},"subjects":["n"]}`,
    `api STREAM.CREATE.S {"name":${quoted},"subjects":["n"]}`,
    `api STREAM.INFO.${token}`,
    `api STREAM.UPDATE.${token} {"name":${quoted},"subjects":["n","m"]}`,
    `api STREAM.PURGE.${token}`,
    `api STREAM.MSG.GET.${token} {"seq":1}`,
    `api STREAM.MSG.DELETE.${token} {"seq":1}`,
    `api CONSUMER.NAMES.${token}`,
    `api CONSUMER.LIST.${token}`,
    `api STREAM.CREATE.M {"name":"M","mirror":{"name":${quoted}}}`,
    `api STREAM.CREATE.Q {"name":"Q","sources":[{"name":${quoted}}]}`,
    `api STREAM.DELETE.${token}`,
  ];
});

const subjectCases = each("stream subject", subjectEdges, (subject) => {
  const quoted = JSON.stringify(subject);
  return [
    `api STREAM.CREATE.S {"name":"S","subjects":[${quoted}]}`,
    `api STREAM.CREATE.N {"name":"N","subjects":[${quoted}],"no_ack":true}`,
    "api STREAM.DELETE.N",
    `api STREAM.CREATE.D {"name":"D","subjects":["d",${quoted},"d"]}`,
    `api STREAM.CREATE.W {"name":"W","subjects":["w.*",${quoted}]}`,
    `api STREAM.UPDATE.W {"name":"W","subjects":[${quoted},"w.1","w.2"]}`,
    `api STREAM.NAMES {"subject":${quoted}}`,
    // What such a stream has caught names clients and inboxes, whose lengths differ.
    ...(subject.startsWith("$JS.EVENT")
      ? ["api STREAM.DELETE.S"]
      : [`api STREAM.LIST {"subject":${quoted}}`]),
    `api STREAM.INFO.S {"subjects_filter":${quoted}}`,
    `api STREAM.PURGE.S {"filter":${quoted}}`,
    `api STREAM.MSG.GET.S {"last_by_subj":${quoted}}`,
    `api STREAM.MSG.GET.S {"next_by_subj":${quoted},"seq":1}`,
    `api STREAM.CREATE.T {"name":"T","subjects":["t"],"subject_transform":{"src":${quoted},` +
      `"dest":"x.>"}}`,
    `api STREAM.CREATE.R {"name":"R","subjects":["r"],"republish":{"src":${quoted},"dest":"x"}}`,
    `api STREAM.CREATE.M {"name":"M","mirror":{"name":"O","filter_subject":${quoted}}}`,
  ];
});

const timeCases = each("start time of a source", timeEdges, (value) => [
  'api STREAM.CREATE.O {"name":"O"}',
  "pub O 1",
  `api STREAM.CREATE.M {"name":"M","mirror":{"name":"O","opt_start_time":${value}}}`,
  "wait 30",
  `api STREAM.CREATE.S {"name":"S","sources":[{"name":"O","opt_start_time":${value}}]}`,
  `api STREAM.CREATE.S {"name":"S","sources":[{"name":"O","opt_start_seq":1,` +
    `"opt_start_time":${value}}]}`,
]);

export const streamFieldCases: readonly Case[] = [
  ...fieldCases,
  ...nameCases,
  ...subjectCases,
  ...timeCases,
];

/** Every field of a consumer's configuration at its edges: created, pedantic, updated. */
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
const switches = ["true", "false", "null", "1", '"true"'];

function enumEdges(...names: readonly string[]): string[] {
  const good = names.map((name) => `"${name}"`);
  return [...good, '""', '"foo"', `"${names[0]?.toUpperCase()}"`, "null", "0", "true"];
}

const lists = [
  "[]",
  '[""]',
  '["a"]',
  '["a","a"]',
  '["a","b"]',
  '["a.>","a.b"]',
  "null",
  "[5]",
  '"a"',
];

const fields: Readonly<Record<string, readonly string[]>> = {
  ack_wait: durations,
  max_deliver: integers,
  opt_start_seq: integers,
  rate_limit_bps: integers,
  max_waiting: integers,
  max_ack_pending: integers,
  max_batch: integers,
  max_expires: durations,
  max_bytes: integers,
  idle_heartbeat: durations,
  // A consumer that is forgotten within the second may be gone before it is looked at.
  inactive_threshold: durations.filter((text) => !(Number(text) > 0 && Number(text) < 1e9)),
  num_replicas: integers,
  priority_timeout: durations,
  backoff: [
    "[]",
    "[0]",
    "[-1]",
    "[1]",
    "[1000000000,2000000000]",
    "[9223372036854775807]",
    "[9223372036854775808]",
    "[1.5]",
    "null",
    "[null]",
    '["1s"]',
    "5",
  ],
  deliver_policy: enumEdges(
    "all",
    "last",
    "new",
    "by_start_sequence",
    "by_start_time",
    "last_per_subject",
    "undefined",
  ),
  ack_policy: enumEdges("none", "all", "explicit", "flow_control"),
  replay_policy: enumEdges("instant", "original"),
  priority_policy: enumEdges("none", "overflow", "pinned_client", "prioritized"),
  opt_start_time: timeEdges,
  pause_until: [...timeEdges, '"<<in:3600000>>"', '"<<in:-3600000>>"'],
  sample_freq: [
    '""',
    '"0"',
    '"1"',
    '"50%"',
    '"100"',
    '"101%"',
    '"-1"',
    '"x"',
    '"1.5"',
    "50",
    '" 5"',
  ],
  description: ['""', '"x"', `"<<x:4096>>"`, `"<<x:4097>>"`, "5"],
  metadata: ['{"a":"b"}', "{}", "null", '{"a":5}', '{"a":"<<x:131072>>"}', '{"a":"<<x:131073>>"}'],
  deliver_subject: [
    '""',
    '"d"',
    '"d.*"',
    '"d.>"',
    '"s.a"',
    '"s"',
    '"a..b"',
    '"a b"',
    '"$JS.x"',
    "5",
  ],
  deliver_group: ['""', '"g"', '"g h"', '"g.*"', "5"],
  filter_subject: subjectEdges.map((subject) => JSON.stringify(subject)),
  filter_subjects: lists,
  priority_groups: [
    ...lists,
    '["<<x:16>>"]',
    '["<<x:17>>"]',
    '["a b"]',
    '["A","B"]',
    '["a/b=_-9"]',
  ],
  flow_control: switches,
  headers_only: switches,
  mem_storage: switches,
  direct: switches,
  sourcing: switches,
  name: ['""', '"C"', '"D"', "5"],
  durable_name: ['""', '"C"', '"D"', "5"],
  foo: ["1"],
};

/** What some fields only make sense with. */
const company: Readonly<Record<string, string>> = {
  opt_start_seq: '"deliver_policy":"by_start_sequence",',
  opt_start_time: '"deliver_policy":"by_start_time",',
  priority_groups: '"priority_policy":"overflow",',
  priority_policy: '"priority_groups":["A"],',
  priority_timeout: '"priority_policy":"pinned_client","priority_groups":["A"],',
  flow_control: '"idle_heartbeat":1000000000,',
};

const fieldCases = Object.entries(fields).flatMap(([field, values]) =>
  each(`consumer field ${field} is`, values, (value) => {
    const given = `"${field}":${value}`;
    const full = `${company[field] ?? ""}${given}`;
    const create = (name: string, config: string, more = ""): string =>
      `api CONSUMER.CREATE.S.${name} {"stream_name":"S","config":{"name":"${name}",` +
      `${config}}${more}}`;
    return [
      'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"storage":"memory"}',
      "pub s.a 1",
      "pub s.b 2",
      create("C", given),
      create("E", `"ack_policy":"explicit",${full}`),
      create("P", `"deliver_subject":"push","ack_policy":"explicit",${full}`),
      create("N", `"deliver_subject":"push2",${full}`),
      create("Q", `"ack_policy":"explicit",${full}`, ',"pedantic":true'),
      `api CONSUMER.DURABLE.CREATE.S.D {"stream_name":"S","config":{"durable_name":"D",` +
        `"ack_policy":"explicit",${full}}}`,
      create("U", '"durable_name":"U","ack_policy":"explicit"'),
      create("U", `"durable_name":"U","ack_policy":"explicit",${given}`, ',"action":"update"'),
      create("V", '"durable_name":"V","deliver_subject":"v","ack_policy":"explicit"'),
      create("V", `"durable_name":"V","deliver_subject":"v","ack_policy":"explicit",${given}`),
      "api CONSUMER.LIST.S",
    ];
  }),
);

const nameCases = each("consumer name", nameEdges, (name) => {
  const quoted = JSON.stringify(name);
  const token = /\s/.test(name) || name === "" || name.includes("\u0000") ? "C" : name;
  const config = `"config":{"name":${quoted},"ack_policy":"explicit"}`;
  return [
    'api STREAM.CREATE.S {"name":"S","storage":"memory"}',
    `api CONSUMER.CREATE.S.${token} {"stream_name":"S",${config}}`,
    `api CONSUMER.CREATE.S {"stream_name":"S",${config}}`,
    `api CONSUMER.DURABLE.CREATE.S.${token} {"stream_name":"S",` +
      `"config":{"durable_name":${quoted}}}`,
    `api CONSUMER.CREATE.S.C {"stream_name":"S",${config}}`,
    `api CONSUMER.CREATE.S {"stream_name":${quoted},"config":{}}`,
    `api CONSUMER.INFO.S.${token}`,
    `api CONSUMER.PAUSE.S.${token} {}`,
    `api CONSUMER.UNPIN.S.${token} {"group":"A"}`,
    `api CONSUMER.RESET.S.${token}`,
    `pull S.${token} {"no_wait":true}`,
    `api CONSUMER.DELETE.S.${token}`,
    "api CONSUMER.NAMES.S",
  ];
});

/** The filter in the subject of a create. */
const filterTokens = ["s.a", "s.*", "s.>", ">", "*", "s..a", "other", "s.a.b", "s.$a"];

const filterCases = each(
  "consumer created with the filter in its subject:",
  filterTokens,
  (filter) => {
    const quoted = JSON.stringify(filter);
    const create = (config: string): string =>
      `api CONSUMER.CREATE.S.C.${filter} {"stream_name":"S","config":{"name":"C",${config}}}`;
    return [
      'api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"storage":"memory"}',
      create(`"filter_subject":${quoted}`),
      create(`"filter_subjects":[${quoted}]`),
      create('"filter_subject":"s.z"'),
      create('"ack_policy":"none"'),
      "api CONSUMER.LIST.S",
    ];
  },
);

export const consumerFieldCases: readonly Case[] = [...fieldCases, ...nameCases, ...filterCases];

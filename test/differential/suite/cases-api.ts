/** Every subject of the JetStream API with bodies good and bad. */
import { integerEdges, oddNumbers, timeEdges } from "./edges.ts";
import { type Case, cases, each } from "./notation.ts";

const ground = [
  'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"storage":"memory","allow_direct":true}',
  "pub s.a 1",
  "pub s.b 2",
  "pub s.a 3",
  'api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",' +
    '"ack_policy":"explicit"}}',
];

/** Every subject of the API; `S` exists, `C` is its consumer. */
const subjects: readonly string[] = [
  "INFO",
  "STREAM.CREATE.S",
  "STREAM.UPDATE.S",
  "STREAM.NAMES",
  "STREAM.LIST",
  "STREAM.INFO.S",
  "STREAM.DELETE.S",
  "STREAM.PURGE.S",
  "STREAM.MSG.DELETE.S",
  "STREAM.MSG.GET.S",
  "DIRECT.GET.S",
  "DIRECT.GET.S.s.a",
  "STREAM.LEADER.STEPDOWN.S",
  "STREAM.PEER.REMOVE.S",
  "STREAM.PEER.EVACUATE.S",
  "STREAM.CANCEL_MOVE.S",
  "CONSUMER.CREATE.S",
  "CONSUMER.CREATE.S.C",
  "CONSUMER.CREATE.S.C.s.a",
  "CONSUMER.DURABLE.CREATE.S.C",
  "CONSUMER.NAMES.S",
  "CONSUMER.LIST.S",
  "CONSUMER.INFO.S.C",
  "CONSUMER.DELETE.S.C",
  "CONSUMER.PAUSE.S.C",
  "CONSUMER.UNPIN.S.C",
  "CONSUMER.RESET.S.C",
  "CONSUMER.MSG.NEXT.S.C",
  "CONSUMER.LEADER.STEPDOWN.S.C",
  "CONSUMER.PEER.REMOVE.S.C",
  "CONSUMER.PEER.EVACUATE.S.C",
  "META.LEADER.STEPDOWN",
  "META.RESCUE",
  "SERVER.REMOVE",
  "SERVER.EVACUATE",
  "ACCOUNT.PURGE.PLAIN0",
  "ACCOUNT.STREAM.MOVE.PLAIN0.S",
  "ACCOUNT.STREAM.CANCEL_MOVE.PLAIN0.S",
  "STREAM.TEMPLATE.CREATE.T",
  "STREAM.SNAPSHOT.S",
  "STREAM.RESTORE.S",
];

/** What is no body of anything. */
const bodies: readonly string[] = [
  "",
  "{}",
  " {} ",
  "null",
  "[]",
  "5",
  "-1",
  '"x"',
  "x",
  "{",
  "}",
  '{"foo":1}',
  '{"foo":1} ',
  '{"a":1}{"b":2}',
  "{}{}",
  '{"seq":"x"}',
  '{"offset":-1}',
  '{"offset":1}',
  '{"offset":9223372036854775807}',
  '{"offset":9223372036854775808}',
  '{"offset":"1"}',
  '{"SEQ":1}',
  '{"seq":1,"seq":2}',
  '{"name":"S"}',
  '{"peer":"n1"}',
  '{"placement":{"preferred":"n1"}}',
  '{"config":null}',
  "\u00e4",
  "\\u0000",
];

const bodyCases = each("API subject", subjects, (subject) => [
  ...ground,
  ...bodies.map((body) => `api ${subject} ${body}`.trimEnd()),
  `hpub $JS.API.${subject} {"Nats-Required-Api-Level":"5"}`,
  `hpub $JS.API.${subject} {"Nats-Required-Api-Level":"6"}`,
  `hpub $JS.API.${subject} {"Nats-Required-Api-Level":"x"}`,
  `hpub $JS.API.${subject} {"Nats-Required-Api-Level":""}`,
  `hpub $JS.API.${subject} {"Nats-Required-Api-Level":"-1"}`,
]);

/** The same requests where there is nothing by that name. */
const missingCases = each(
  "API subject without its stream or consumer",
  subjects.filter((subject) => /\.S\b/.test(subject)),
  (subject) => [
    `api ${subject}`,
    `api ${subject} {}`,
    `api ${subject} {"seq":1}`,
    'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"storage":"memory"}',
    `api ${subject}`,
    `api ${subject} {"seq":1}`,
    `api ${subject} {"stream_name":"S","config":{}}`,
    `api ${subject} {"stream_name":"T","config":{}}`,
  ],
);

const integers = [...integerEdges, ...oddNumbers];

/** Positions there are rounded: docs/differences.md. */
const isBeyondNumbers = (text: string): boolean => Number(text) > Number.MAX_SAFE_INTEGER;

const numberCases: readonly Case[] = [
  ...each("message requests with seq", integers, (seq) => [
    ...ground,
    `api STREAM.MSG.GET.S {"seq":${seq}}`,
    `api STREAM.MSG.GET.S {"seq":${seq},"next_by_subj":"s.a"}`,
    `api STREAM.MSG.GET.S {"seq":${seq},"last_by_subj":"s.a"}`,
    `api DIRECT.GET.S {"seq":${seq}}`,
    `api DIRECT.GET.S {"seq":${seq},"next_by_subj":"s.a"}`,
    `api DIRECT.GET.S {"seq":${seq},"batch":2}`,
    `api DIRECT.GET.S {"multi_last":["s.*"],"up_to_seq":${seq}}`,
    ...(isBeyondNumbers(seq) ? [] : [`api CONSUMER.RESET.S.C {"seq":${seq}}`]),
    `api STREAM.MSG.DELETE.S {"seq":${seq}}`,
    `api STREAM.MSG.DELETE.S {"seq":${seq},"no_erase":true}`,
    ...(isBeyondNumbers(seq) ? [] : [`api STREAM.PURGE.S {"seq":${seq}}`]),
    // On memory nats-server goes through every number up to it: docs/differences.md.
    'api STREAM.CREATE.F {"name":"F","subjects":["f.*"]}',
    "pub f.a 1",
    "pub f.b 2",
    "pub f.a 3",
    `api STREAM.PURGE.F {"seq":${seq},"filter":"f.a"}`,
    "api STREAM.INFO.F",
    "api STREAM.INFO.S",
    "api CONSUMER.INFO.S.C",
  ]),
  ...each("requests with the count", integers, (count) => [
    ...ground,
    `api DIRECT.GET.S {"seq":1,"batch":${count}}`,
    `api DIRECT.GET.S {"seq":1,"batch":3,"max_bytes":${count}}`,
    `api STREAM.NAMES {"offset":${count}}`,
    `api STREAM.LIST {"offset":${count}}`,
    `api STREAM.INFO.S {"subjects_filter":">","offset":${count}}`,
    `api CONSUMER.NAMES.S {"offset":${count}}`,
    `api CONSUMER.LIST.S {"offset":${count}}`,
    `api STREAM.PURGE.S {"keep":${count},"filter":"s.a"}`,
    `api STREAM.PURGE.S {"keep":${count}}`,
    "api STREAM.INFO.S",
  ]),
  ...each("requests with the time", timeEdges, (value) => [
    ...ground,
    `api STREAM.MSG.GET.S {"start_time":${value}}`,
    `api STREAM.MSG.GET.S {"start_time":${value},"next_by_subj":"s.a"}`,
    `api DIRECT.GET.S {"start_time":${value}}`,
    `api DIRECT.GET.S {"start_time":${value},"batch":2}`,
    `api DIRECT.GET.S {"multi_last":["s.*"],"up_to_time":${value}}`,
    `api CONSUMER.PAUSE.S.C {"pause_until":${value}}`,
    "api CONSUMER.INFO.S.C",
  ]),
];

const subjectsOfApi = cases(
  "API subjects",
  `
of the wrong length
  api STREAM.CREATE
  api STREAM.CREATE.a.b
  api STREAM.INFO.a.b
  api CONSUMER.INFO.a
  api CONSUMER.CREATE.a
  api CONSUMER.DURABLE.CREATE.a
  api CONSUMER.DURABLE.CREATE.a.b.c
  api CONSUMER.MSG.NEXT.a
  api DIRECT.GET
with wildcards
  api STREAM.INFO.*
  api STREAM.INFO.>
  api STREAM.CREATE.> {"name":">"}
  api CONSUMER.INFO.*.* 
with no reply subject
  sub events $JS.EVENT.>
  say $JS.API.STREAM.CREATE.S {"name":"S","subjects":["s"]}
  wait 30
  api STREAM.NAMES
that are bad
  api STREAM..INFO
  api .
`,
);

const listings = cases(
  "lists",
  `
of streams by subject
  api STREAM.CREATE.A {"name":"A","subjects":["a.*","x"]}
  api STREAM.CREATE.B {"name":"B","subjects":["b.*"]}
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"A"}}
  api STREAM.CREATE.Z {"name":"Z","sources":[{"name":"A"}],"subjects":["z"]}
  wait 400
  api STREAM.NAMES {"subject":"a.1"}
  api STREAM.NAMES {"subject":"*.1"}
  api STREAM.NAMES {"subject":">"}
  api STREAM.NAMES {"subject":"a.*","offset":1}
  api STREAM.NAMES {"subject":"nobody"}
  api STREAM.NAMES {"subject":"M"}
  api STREAM.NAMES {"offset":2}
  api STREAM.NAMES {"offset":4}
  api STREAM.NAMES {"offset":5}
  api STREAM.LIST {"subject":"x"}
  api STREAM.LIST {"offset":3}
  api STREAM.LIST {"offset":40}
of consumers
  api STREAM.CREATE.S {"name":"S"}
  api CONSUMER.NAMES.S
  api CONSUMER.LIST.S
  api CONSUMER.CREATE.S.b {"stream_name":"S","config":{"name":"b"}}
  api CONSUMER.CREATE.S.a {"stream_name":"S","config":{"name":"a"}}
  api CONSUMER.CREATE.S.c {"stream_name":"S","config":{"name":"c"}}
  api CONSUMER.NAMES.S
  api CONSUMER.NAMES.S {"offset":2}
  api CONSUMER.LIST.S {"offset":2}
  api CONSUMER.LIST.S {"offset":3}
  api CONSUMER.LIST.S {"offset":30}
stream info with subjects and deleted messages
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"storage":"memory"}
  pub s.a 1
  pub s.b 2
  pub s.a 3
  pub s.c.d 4
  pub s.a 5
  api STREAM.INFO.S {"subjects_filter":">"}
  api STREAM.INFO.S {"subjects_filter":"s.*"}
  api STREAM.INFO.S {"subjects_filter":"s.a"}
  api STREAM.INFO.S {"subjects_filter":"nobody"}
  api STREAM.INFO.S {"subjects_filter":">","offset":1}
  api STREAM.INFO.S {"subjects_filter":">","offset":2}
  api STREAM.INFO.S {"subjects_filter":">","offset":9}
  api STREAM.INFO.S {"offset":1}
  api STREAM.MSG.DELETE.S {"seq":2}
  api STREAM.MSG.DELETE.S {"seq":4}
  api STREAM.INFO.S {"deleted_details":true}
  api STREAM.INFO.S {"deleted_details":true,"subjects_filter":">"}
  api STREAM.INFO.S {"deleted_details":false}
  api STREAM.MSG.DELETE.S {"seq":1}
  api STREAM.MSG.DELETE.S {"seq":5}
  api STREAM.INFO.S {"deleted_details":true}
`,
);

export const apiCases: readonly Case[] = [
  ...bodyCases,
  ...missingCases,
  ...numberCases,
  ...subjectsOfApi,
  ...listings,
];

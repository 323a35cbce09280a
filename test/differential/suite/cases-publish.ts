/** Publishing: every header of facts/headers.json, limits, and what a stream refuses. */
import { type Case, cases, each } from "./notation.ts";

const stream = (more = ""): string =>
  `api STREAM.CREATE.S {"name":"S","subjects":["s.>"]${more === "" ? "" : `,${more}`}}`;

const head = (name: string, value: string): string => JSON.stringify({ [name]: value });

const counts = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "+1",
  "x",
  "",
  " 1",
  "1 ",
  "01",
  "1.0",
  "9007199254740993",
  "9223372036854775807",
  "9223372036854775808",
  "18446744073709551615",
  "18446744073709551616",
];

/** Beyond 292 years they overflow in Go: docs/differences.md. */
const lifetimes = [
  "0",
  "1",
  "60",
  "-1",
  "1s",
  "999ms",
  "1500ms",
  "1h30m",
  "1.5h",
  "never",
  "NEVER",
  "x",
  "",
  " 5",
  "5 ",
  "100µs",
  "1y",
  "9223372036",
  "2562047h47m16.854775807s",
  "2562047h47m16.854775808s",
  "-1s",
  "+5",
  "1e3",
];

const headerCases: readonly Case[] = [
  ...each("publish with the expected last sequence", counts, (value) => [
    stream(),
    "pub s.a 1",
    "pub s.b 2",
    `hpub s.a ${head("Nats-Expected-Last-Sequence", value)} 3`,
    `hpub s.a ${head("Nats-Expected-Last-Subject-Sequence", value)} 4`,
    `hpub s.new ${head("Nats-Expected-Last-Subject-Sequence", value)} 5`,
    `hpub s.a {"Nats-Expected-Last-Subject-Sequence":${JSON.stringify(value)},` +
      `"Nats-Expected-Last-Subject-Sequence-Subject":"s.*"} 6`,
    "api STREAM.INFO.S",
  ]),
  ...each("publish with the lifetime", lifetimes, (value) => [
    stream('"allow_msg_ttl":true'),
    'api STREAM.CREATE.N {"name":"N"}',
    'api STREAM.CREATE.M {"name":"M","subjects":["m.*"],"subject_delete_marker_ttl":2000000000}',
    `hpub s.a ${head("Nats-TTL", value)} x`,
    `hpub N ${head("Nats-TTL", value)} x`,
    `hpub m.a ${head("Nats-TTL", value)} x`,
    'api STREAM.MSG.GET.S {"seq":1}',
    'api STREAM.MSG.GET.M {"seq":1}',
  ]),
  ...each(
    "publish with the increment",
    [...counts, "-5", "+18446744073709551616", "1e3", "0x1", "-"],
    (value) => [
      stream('"allow_msg_counter":true,"allow_direct":true'),
      `hpub s.a ${head("Nats-Incr", value)}`,
      `hpub s.a ${head("Nats-Incr", value)}`,
      `hpub s.a ${head("Nats-Incr", value)} body`,
      'api DIRECT.GET.S {"last_by_subj":"s.a"}',
      "api STREAM.INFO.S",
    ],
  ),
  ...each("publish with the rollup", ["sub", "all", "SUB", "All", "", "x", "sub "], (value) => [
    stream('"allow_rollup_hdrs":true'),
    'api STREAM.CREATE.N {"name":"N"}',
    "pub s.a 1",
    "pub s.b 2",
    "pub s.a 3",
    `hpub s.a ${head("Nats-Rollup", value)} 4`,
    `hpub N ${head("Nats-Rollup", value)} 4`,
    'api STREAM.INFO.S {"subjects_filter":">"}',
  ]),
  ...each("publish with the message id", ["a", "", " ", "a b", "ä", "<<x:1000>>"], (value) => [
    stream(),
    `hpub s.a ${head("Nats-Msg-Id", value)} 1`,
    `hpub s.b ${head("Nats-Msg-Id", value)} 2`,
    `hpub s.a ${head("nats-msg-id", value)} 3`,
    `hpub s.a ${head("Nats-Expected-Last-Msg-Id", value)} 4`,
    `hpub s.a ${head("Nats-Expected-Last-Msg-Id", value)} 5`,
    "api STREAM.INFO.S",
  ]),
  ...each("publish to an expected stream called", ["S", "s", "", "T", "S "], (value) => [
    stream(),
    `hpub s.a ${head("Nats-Expected-Stream", value)} 1`,
    "api STREAM.INFO.S",
  ]),
  ...each(
    "publish with the schedule",
    [
      "@at 2090-01-01T00:00:00Z",
      "@at 2090-01-01T00:00:00+02:00",
      "@at 2090-02-30T00:00:00Z",
      "@at",
      "@every 1s",
      "@every 999ms",
      "@every 1h30m",
      "@every 9223372036854775807ns",
      "@every -1s",
      "@hourly",
      "@HOURLY",
      "@yearly",
      "@fortnightly",
      "0 0 0 1 1 *",
      "0 0 0 30 2 *",
      "*/5 * * * * *",
      "0 0 0 * * 7",
      "0 0 0 * * sun-sat",
      "0 0 0 ? * *",
      "",
    ],
    (value) => [
      stream('"allow_msg_schedules":true,"allow_msg_ttl":true'),
      `hpub s.a {"Nats-Schedule":${JSON.stringify(value)},"Nats-Schedule-Target":"s.t"} x`,
      `hpub s.b {"Nats-Schedule":${JSON.stringify(value)},"Nats-Schedule-Target":"s.t",` +
        `"Nats-Schedule-Time-Zone":"UTC"} x`,
      `hpub s.c {"Nats-Schedule":${JSON.stringify(value)},"Nats-Schedule-Target":"s.t",` +
        `"Nats-Schedule-TTL":"5m","Nats-Rollup":"sub"} x`,
    ],
  ),
  ...each(
    "publish a schedule in the time zone",
    [
      ...["Europe/Berlin", "US/Eastern", "Etc/GMT+12", "Asia/Kathmandu", "UTC", "Local", "GMT"],
      ...["europe/berlin", "Berlin", "CET", "CEST", "Europe", "../UTC", "/UTC", "+01:00", " "],
    ],
    (value) => [
      stream('"allow_msg_schedules":true'),
      ...[
        "0 0 9 * * mon-fri",
        "@daily",
        "@every 5m",
        "@at 2099-01-01T00:00:00Z",
        "0 0 0 30 2 *",
      ].map(
        (pattern) =>
          `hpub s.a {"Nats-Schedule":"${pattern}","Nats-Schedule-Target":"s.t",` +
          `"Nats-Schedule-Time-Zone":${JSON.stringify(value)}} x`,
      ),
      `hpub s.b {"Nats-Schedule-Time-Zone":${JSON.stringify(value)}} x`,
    ],
  ),
  ...each("publish into a batch with the sequence", counts, (value) => [
    stream('"allow_atomic":true'),
    'hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"1"} 1',
    `hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":${JSON.stringify(value)}} 2`,
    `hpub s.a {"Nats-Batch-Id":"c","Nats-Batch-Sequence":${JSON.stringify(value)},` +
      `"Nats-Batch-Commit":"1"} 3`,
    "api STREAM.INFO.S",
  ]),
  ...each(
    "publish with a header called",
    [
      "X",
      "nats-ttl",
      "Nats-Stream-Source",
      "Nats-Counter-Sources",
      "Nats-Marker-Reason",
      "KV-Operation",
      "Nats-Scheduler",
      "Nats-Schedule-Next",
      "Nats-Response-Type",
      "Nats-Required-Api-Level",
      "Nats-Pin-Id",
      "Nats-Stream",
      "Nats-Sequence",
      "Nats-Time-Stamp",
      "Nats-Num-Pending",
      "Nats-Msg-Size",
      "Status",
      "Description",
    ],
    (name) => [
      stream(
        '"allow_msg_ttl":true,"allow_direct":true,"allow_msg_schedules":true,' +
          '"republish":{"src":"s.>","dest":"r.>"}',
      ),
      "sub r r.>",
      `hpub s.a ${head(name, "MaxAge")} body`,
      `hpub s.a ${head(name, "5")} body`,
      `hpub s.a ${head(name, "")} body`,
      'api STREAM.MSG.GET.S {"seq":1}',
      'api DIRECT.GET.S {"seq":1}',
      "api STREAM.INFO.S",
    ],
  ),
];

const refusals = cases(
  "publish",
  `
larger than a message may be
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_msg_size":20}
  pub s.a <<x:20>>
  pub s.a <<x:21>>
  hpub s.a {"A":"b"} <<x:2>>
  hpub s.a {"A":"b"} <<x:20>>
  api STREAM.INFO.S
with headers beyond 64 KiB
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  hpub s.a {"A":"<<x:65500>>"} x
  hpub s.a {"A":"<<x:65600>>"} x
  api STREAM.INFO.S
into a full stream that refuses
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_msgs":2,"discard":"new"}
  pub s.a 1
  pub s.a 2
  pub s.a 3
  api STREAM.INFO.S
into a full stream that forgets
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_msgs":2}
  pub s.a 1
  pub s.b 2
  pub s.a 3
  api STREAM.INFO.S {"subjects_filter":">"}
beyond the bytes of a stream
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_bytes":100,"storage":"memory"}
  pub s.a <<x:30>>
  pub s.a <<x:30>>
  pub s.a <<x:30>>
  pub s.a <<x:200>>
  api STREAM.INFO.S
beyond the bytes of a stream that refuses
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_bytes":100,"discard":"new"}
  pub s.a <<x:30>>
  pub s.a <<x:30>>
  pub s.a <<x:30>>
  pub s.a
  api STREAM.INFO.S
beyond the messages of a subject
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_msgs_per_subject":1}
  pub s.a 1
  pub s.a 2
  pub s.b 3
  api STREAM.INFO.S {"subjects_filter":">"}
beyond the messages of a subject that refuses
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_msgs_per_subject":1,"discard":"new",
      "discard_new_per_subject":true,"allow_rollup_hdrs":true}
  pub s.a 1
  pub s.a 2
  pub s.b 3
  hpub s.a {"Nats-Rollup":"sub"} 4
  api STREAM.INFO.S {"subjects_filter":">"}
beyond the messages of a subject and of the stream
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_msgs_per_subject":1,"max_msgs":2,
      "discard":"new"}
  pub s.a 1
  pub s.a 2
  pub s.b 3
  pub s.c 4
  pub s.a 5
  api STREAM.INFO.S {"subjects_filter":">"}
into a sealed stream
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  pub s.a 1
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"],"sealed":true}
  pub s.a 2
  api STREAM.PURGE.S
  api STREAM.MSG.DELETE.S {"seq":1}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"]}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>","t"],"sealed":true}
  api STREAM.INFO.S
into a stream that keeps quiet
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"no_ack":true}
  pub s.a 1
  hpub s.a {"Nats-Expected-Stream":"T"} 2
  wait 20
  api STREAM.INFO.S
into no stream
  pub nowhere 1
  hpub nowhere {"Nats-Msg-Id":"1"} 1
what others hear too
  sub heard s.>
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  pub s.a 1
  hpub s.b {"A":"b"} 2
  say s.c 3
through a transform
  api STREAM.CREATE.S {"name":"S","subjects":["s.*.*"],"subject_transform":{"src":"s.*.*",
      "dest":"t.{{wildcard(2)}}.{{wildcard(1)}}"},"allow_direct":true}
  pub s.a.b 1
  pub s.a.b 2
  api STREAM.INFO.S {"subjects_filter":">"}
  api DIRECT.GET.S.t.b.a
  hpub s.a.b {"Nats-Expected-Last-Subject-Sequence":"2"} 3
  api STREAM.PURGE.S {"filter":"t.b.a"}
and again on another subject
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"republish":{"src":"s.*",
      "dest":"r.{{wildcard(1)}}"}}
  sub r r.>
  pub s.a 1
  hpub s.a {"A":"b"} 2
  pub s.b 3
and its headers again on another subject
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"republish":{"src":"s.*",
      "dest":"r.{{wildcard(1)}}","headers_only":true}}
  sub r r.>
  pub s.a 12345
  hpub s.a {"A":"b"} 2
while nobody is interested
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"retention":"interest"}
  pub s.a 1
  api STREAM.INFO.S
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",
      "ack_policy":"explicit","filter_subject":"s.b"}}
  pub s.a 2
  pub s.b 3
  api STREAM.INFO.S
  pull S.C {"batch":1,"no_wait":true}
  ack S.C 3
  wait 20
  api STREAM.INFO.S
work for a queue
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"retention":"workqueue"}
  pub s.a 1
  pub s.b 2
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","durable_name":"A",
      "ack_policy":"explicit","filter_subject":"s.a"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","durable_name":"B",
      "ack_policy":"explicit","filter_subject":"s.*"}}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",
      "ack_policy":"explicit","filter_subject":"s.b"}}
  api CONSUMER.CREATE.S.D {"stream_name":"S","config":{"name":"D","durable_name":"D",
      "ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.E {"stream_name":"S","config":{"name":"E","durable_name":"E",
      "ack_policy":"none","filter_subject":"s.c"}}
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","durable_name":"F",
      "ack_policy":"explicit","filter_subject":"s.c","deliver_policy":"new"}}
  pull S.A {"batch":2,"no_wait":true}
  ack S.A 1
  wait 20
  api STREAM.INFO.S
  api CONSUMER.DELETE.S.C
  api STREAM.INFO.S
`,
);

export const publishCases: readonly Case[] = [...headerCases, ...refusals];

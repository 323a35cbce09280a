/** Delivery: pull requests and their statuses, push, acks of every kind, pause, reset, groups. */
import { durationEdges, integerEdges, oddNumbers } from "./edges.ts";
import { type Case, cases, each } from "./notation.ts";

const stream = 'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"storage":"memory"}';
const five = ["pub s.a 1", "pub s.b 22", "pub s.a 333", "pub s.b 4444", "pub s.a 55555"];

const consumer = (more = ""): string =>
  `api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",` +
  `"ack_policy":"explicit"${more === "" ? "" : `,${more}`}}}`;

const info = "api CONSUMER.INFO.S.C";
const pulled = [stream, ...five, consumer()];

/** Those that overflow in Go, or are rounded here, are left out: docs/differences.md. */
const leftOut = ["9007199254740993", "9223372036854775807", "-9223372036854775808"];
const integers = [...integerEdges, ...oddNumbers].filter((value) => !leftOut.includes(value));
/** A request for a few nanoseconds is over before its messages are looked for, there. */
const durations = [...durationEdges, ...oddNumbers].filter(
  (value) => !leftOut.includes(value) && !(Number(value) > 0 && Number(value) < 1_000_000),
);

const requestCases: readonly Case[] = [
  ...each("pull with batch", integers, (value) => [
    ...pulled,
    `pull S.C {"batch":${value},"no_wait":true}`,
    `pull S.C ${value}`,
    info,
  ]),
  ...each("pull with max_bytes", integers, (value) => [
    ...pulled,
    `pull S.C {"batch":3,"max_bytes":${value},"no_wait":true}`,
    info,
  ]),
  ...each("pull with expires", durations, (value) => [
    ...pulled,
    `pull S.C {"batch":3,"expires":${value}}`,
    `pull S.C {"batch":9,"no_wait":true,"expires":${value}}`,
    `pull S.C {"batch":1,"expires":${value},"idle_heartbeat":100000000}`,
    info,
  ]),
  ...each("pull with idle_heartbeat", durations, (value) => [
    ...pulled,
    `pull S.C {"batch":1,"expires":5000000000,"idle_heartbeat":${value}}`,
    `pull S.C {"batch":1,"idle_heartbeat":${value}}`,
    `pull S.C {"batch":9,"no_wait":true,"idle_heartbeat":${value}}`,
  ]),
  ...each("pull with min_pending", integers, (value) => [
    stream,
    ...five,
    consumer('"priority_policy":"overflow","priority_groups":["A"]'),
    `pull S.C {"batch":1,"no_wait":true,"group":"A","min_pending":${value}}`,
    `pull S.C {"batch":1,"no_wait":true,"group":"A","min_ack_pending":${value}}`,
    `pull S.C {"batch":1,"no_wait":true,"min_pending":${value}}`,
    info,
  ]),
  ...each("pull with priority", [...integers, "5", "9"], (value) => [
    stream,
    ...five,
    consumer('"priority_policy":"prioritized","priority_groups":["A"]'),
    `pull S.C {"batch":1,"no_wait":true,"group":"A","priority":${value}}`,
    info,
  ]),
  ...each("pull with group", ['""', '"A"', '"B"', '"a b"', "null", "5", '"<<x:17>>"'], (value) => [
    ...pulled,
    `pull S.C {"batch":1,"no_wait":true,"group":${value}}`,
    'api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P",' +
      '"ack_policy":"explicit","priority_policy":"pinned_client","priority_groups":["A"]}}',
    `pull S.P {"batch":1,"no_wait":true,"group":${value}}`,
    `pull S.P {"batch":1,"no_wait":true,"group":${value},"id":"x"}`,
    `api CONSUMER.UNPIN.S.P {"group":${value}}`,
    `api CONSUMER.UNPIN.S.C {"group":${value}}`,
    "api CONSUMER.INFO.S.P",
  ]),
  ...each(
    "pull with the body",
    [
      "",
      "{}",
      "x",
      "0",
      "-1",
      "2",
      "1 ",
      " 2",
      "+2",
      "2x",
      "null",
      "[]",
      '"2"',
      "{",
      '{"foo":1}',
      '{"batch":1}{"batch":2}',
      '{"batch":1} x',
      '{"id":"x"}',
      '{"no_wait":1}',
    ],
    (body) => [...pulled, `pull S.C ${body}`.trimEnd(), info],
  ),
];

/** Everything that a client may say to a delivered message. */
const acks = [
  "",
  "+ACK",
  "+OK",
  "-NAK",
  "+WPI",
  "+NXT",
  "+NXT 2",
  '+NXT {"batch":2,"no_wait":true}',
  "+NXT x",
  "+TERM",
  "+TERM because",
  "+ACK ",
  " +ACK",
  "+ack",
  "-NAK ",
  '-NAK {"delay":100000000}',
  '-NAK {"delay":-1}',
  '-NAK {"delay":9223372036854775807}',
  '-NAK {"delay":9223372036854775808}',
  '-NAK {"delay":"1s"}',
  "-NAK 100ms",
  "-NAK 1h",
  "-NAK x",
  "-NAKx",
  "+WPI x",
  "+TERMx",
  "nonsense",
];

const ackCases: readonly Case[] = [
  ...each("acknowledge with", acks, (body) => [
    stream,
    "sub events $JS.EVENT.ADVISORY.CONSUMER.>",
    "sub metrics $JS.EVENT.METRIC.>",
    ...five,
    consumer('"sample_freq":"100","ack_wait":60000000000,"max_deliver":2'),
    'pull S.C {"batch":3,"no_wait":true}',
    `ack S.C 1 ${body}`.trimEnd(),
    `ack! S.C 2 ${body}`.trimEnd(),
    info,
    "wait 180",
    'pull S.C {"batch":9,"no_wait":true}',
    `ack S.C 1 ${body}`.trimEnd(),
    `ack S.C 1 ${body}`.trimEnd(),
    info,
  ]),
  ...each("acknowledge all with", ["", "+ACK", "-NAK", "+TERM", "+WPI", "+NXT 1"], (body) => [
    stream,
    ...five,
    consumer('"ack_policy":"all","ack_wait":60000000000'),
    'pull S.C {"batch":4,"no_wait":true}',
    `ack S.C 3 ${body}`.trimEnd(),
    info,
    `ack S.C 1 ${body}`.trimEnd(),
    `ack S.C 4 ${body}`.trimEnd(),
    info,
  ]),
  ...each("acknowledge where nothing is to be with", ["", "-NAK", "+TERM", "+NXT 1"], (body) => [
    stream,
    ...five,
    consumer('"ack_policy":"none"'),
    'pull S.C {"batch":2,"no_wait":true}',
    `ack S.C 1 ${body}`.trimEnd(),
    info,
  ]),
  ...each(
    "acknowledge on the subject",
    [
      "$JS.ACK.S.C.1.1.1.1.0",
      "$JS.ACK.S.C.1.1.1.1",
      "$JS.ACK.S.C.1.1.1.1.0.x",
      "$JS.ACK.S.C.x.1.1.1.0",
      "$JS.ACK.S.C.1.x.1.1.0",
      "$JS.ACK.S.C.1.9.9.1.0",
      "$JS.ACK.S.C.1.0.0.1.0",
      "$JS.ACK.S.C.1.18446744073709551615.1.1.0",
      "$JS.ACK._.ABCDEFGH.S.C.1.1.1.1.0",
      "$JS.ACK._.ABCDEFGH.S.C.1.1.1.1.0.rnd",
      "$JS.ACK.T.C.1.1.1.1.0",
    ],
    (subject) => [...pulled, 'pull S.C {"batch":2,"no_wait":true}', `req ${subject}`, info],
  ),
];

const startCases = each(
  "deliver from",
  [
    '"deliver_policy":"all"',
    '"deliver_policy":"last"',
    '"deliver_policy":"new"',
    '"deliver_policy":"last_per_subject","filter_subject":"s.*"',
    '"deliver_policy":"last_per_subject"',
    '"deliver_policy":"by_start_sequence","opt_start_seq":3',
    '"deliver_policy":"by_start_sequence","opt_start_seq":99',
    '"deliver_policy":"by_start_time","opt_start_time":"<<mark:middle>>"',
    '"deliver_policy":"by_start_time","opt_start_time":"<<in:60000>>"',
    '"deliver_policy":"all","filter_subject":"s.b"',
    '"deliver_policy":"all","filter_subjects":["s.a","s.b"]',
    '"deliver_policy":"last","filter_subject":"s.b"',
    '"deliver_policy":"last","filter_subjects":["s.a","s.b"]',
    '"deliver_policy":"last_per_subject","filter_subjects":["s.a","s.b"]',
    '"headers_only":true',
    '"max_ack_pending":2',
    '"max_batch":2',
    '"max_bytes":60',
    '"max_expires":1000000000',
    '"max_waiting":1',
    '"mem_storage":true',
    '"inactive_threshold":60000000000',
    '"max_deliver":1',
    '"backoff":[1000000000,2000000000],"max_deliver":3',
  ],
  (config) => [
    stream,
    ...five.slice(0, 3),
    "mark middle",
    ...five.slice(3),
    consumer(config),
    'pull S.C {"batch":4,"no_wait":true}',
    'pull S.C {"batch":9,"no_wait":true,"max_bytes":80}',
    'pull S.C {"batch":1,"expires":2000000000}',
    info,
    `api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"none",` +
      `"deliver_subject":"d",${config}}}`,
    "sub pushed d",
    'hpub s.a {"A":"b"} 6',
    "wait 40",
    "api CONSUMER.INFO.S.P",
  ],
);

const stories = cases(
  "delivery",
  `
tells when a pull request has expired
  pull S.C {"batch":9,"expires":60000000}
  wait 150
  pull S.C {"batch":2,"expires":60000000}
  wait 150
  api CONSUMER.INFO.S.C
keeps the line warm
  pull S.C {"batch":9,"expires":600000000,"idle_heartbeat":200000000}
  wait 800
refuses more requests than may wait
  api CONSUMER.CREATE.S.W {"stream_name":"S","config":{"name":"W","ack_policy":"explicit",
      "max_waiting":1,"filter_subject":"s.z"}}
  pull S.W {"batch":1,"expires":5000000000}
  pull S.W {"batch":1,"expires":5000000000}
  pull S.W {"batch":1,"no_wait":true}
  api CONSUMER.INFO.S.W
tells a pull request that its consumer is gone
  pull S.C {"batch":9,"expires":5000000000}
  api CONSUMER.DELETE.S.C
  pull S.C {"batch":9,"expires":5000000000}
tells a pull request that its stream is gone
  pull S.C {"batch":9,"expires":5000000000}
  api STREAM.DELETE.S
refuses pulls from a push consumer
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","deliver_subject":"d"}}
  pull S.P {"batch":1}
  pull S.P {"batch":1,"no_wait":true}
gives again what was not acknowledged
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","ack_policy":"explicit",
      "ack_wait":100000000,"max_deliver":2}}
  sub events $JS.EVENT.ADVISORY.CONSUMER.>
  pull S.R {"batch":2,"no_wait":true}
  wait 250
  pull S.R {"batch":2,"no_wait":true}
  wait 250
  pull S.R {"batch":2,"no_wait":true}
  api CONSUMER.INFO.S.R
gives again after longer and longer
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","ack_policy":"explicit",
      "backoff":[100000000,600000000],"max_deliver":4}}
  pull S.R {"batch":1,"no_wait":true}
  wait 300
  pull S.R {"batch":1,"no_wait":true}
  wait 200
  pull S.R {"batch":2,"no_wait":true}
  api CONSUMER.INFO.S.R
waits while a worker says that it works
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","ack_policy":"explicit",
      "ack_wait":300000000}}
  pull S.R {"batch":1,"no_wait":true}
  wait 200
  ack S.R 1 +WPI
  wait 200
  api CONSUMER.INFO.S.R
  wait 300
  pull S.R {"batch":1,"no_wait":true}
stops at the number that may be open
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","ack_policy":"explicit",
      "max_ack_pending":2}}
  pull S.R {"batch":3,"expires":3000000000}
  ack S.R 1
  api CONSUMER.INFO.S.R
goes on when the number that may be open grows
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","durable_name":"R",
      "ack_policy":"explicit","max_ack_pending":2}}
  pull S.R {"batch":5,"expires":3000000000}
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","durable_name":"R",
      "ack_policy":"explicit","max_ack_pending":4}}
  api CONSUMER.INFO.S.R
pauses and resumes
  sub events $JS.EVENT.ADVISORY.CONSUMER.PAUSE.>
  api CONSUMER.PAUSE.S.C {"pause_until":"<<in:3600000>>"}
  pull S.C {"batch":1,"no_wait":true}
  pull S.C {"batch":1,"expires":2000000000}
  api CONSUMER.INFO.S.C
  api CONSUMER.PAUSE.S.C
  wait 20
  api CONSUMER.INFO.S.C
resumes by itself
  sub events $JS.EVENT.ADVISORY.CONSUMER.PAUSE.>
  api CONSUMER.PAUSE.S.C {"pause_until":"<<in:250>>"}
  pull S.C {"batch":1,"expires":2000000000}
  wait 500
  api CONSUMER.INFO.S.C
is not paused until a time that has passed
  api CONSUMER.PAUSE.S.C {"pause_until":"<<in:-5000>>"}
  pull S.C {"batch":1,"no_wait":true}
starts again where it is reset to
  pull S.C {"batch":4,"no_wait":true}
  ack S.C 1
  ack S.C 2
  api CONSUMER.RESET.S.C
  pull S.C {"batch":2,"no_wait":true}
  api CONSUMER.RESET.S.C {"seq":2}
  pull S.C {"batch":2,"no_wait":true}
  api CONSUMER.RESET.S.C {"seq":99}
  pull S.C {"batch":2,"no_wait":true}
  api CONSUMER.INFO.S.C
cannot be reset before its start
  api CONSUMER.CREATE.S.R {"stream_name":"S","config":{"name":"R","ack_policy":"explicit",
      "deliver_policy":"by_start_sequence","opt_start_seq":3}}
  api CONSUMER.RESET.S.R {"seq":2}
  api CONSUMER.RESET.S.R {"seq":4}
  api CONSUMER.CREATE.S.N {"stream_name":"S","config":{"name":"N","ack_policy":"explicit",
      "deliver_policy":"new"}}
  api CONSUMER.RESET.S.N {"seq":2}
  api CONSUMER.RESET.S.N
is pinned to one client
  sub events $JS.EVENT.ADVISORY.CONSUMER.>
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"explicit",
      "priority_policy":"pinned_client","priority_groups":["A"],"priority_timeout":60000000000}}
  pull S.P {"batch":1,"expires":3000000000,"group":"A"}
  pull S.P {"batch":1,"expires":3000000000,"group":"A"}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","id":"<<pin>>"}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","id":"AAAAAAAAAAAAAAAAAAAAAA"}
  api CONSUMER.INFO.S.P
  api CONSUMER.UNPIN.S.P {"group":"A"}
  wait 20
  api CONSUMER.INFO.S.P
overflows to those who wait for it
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"explicit",
      "priority_policy":"overflow","priority_groups":["A"]}}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","min_pending":10}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","min_pending":5}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","min_ack_pending":1}
  pull S.P {"batch":1,"expires":3000000000,"group":"A"}
  api CONSUMER.INFO.S.P
serves by priority
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"explicit",
      "priority_policy":"prioritized","priority_groups":["A"],"filter_subject":"s.q"}}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","priority":5}
  pull S.P {"batch":1,"expires":3000000000,"group":"A","priority":1}
  pull S.P {"batch":1,"expires":3000000000,"group":"A"}
  pub s.q 1
  pub s.q 2
  pub s.q 3
forgets a consumer that nobody uses
  sub events $JS.EVENT.ADVISORY.CONSUMER.>
  api CONSUMER.CREATE.S.I {"stream_name":"S","config":{"name":"I","inactive_threshold":100000000}}
  wait 1400
  api CONSUMER.NAMES.S
is held back by flow control
  sub pushed d
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","deliver_subject":"d",
      "flow_control":true,"idle_heartbeat":500000000}}
  wait 100
  flow pushed
  wait 20
  api CONSUMER.INFO.S.F
sends heartbeats
  sub pushed d
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","deliver_subject":"d",
      "idle_heartbeat":200000000}}
  wait 500
goes to a queue group only
  sub alone d
  api CONSUMER.CREATE.S.G {"stream_name":"S","config":{"name":"G","deliver_subject":"d",
      "deliver_group":"g"}}
  wait 20
  api CONSUMER.INFO.S.G
  sub member d g
  wait 40
  api CONSUMER.INFO.S.G
waits for somebody to listen
  api CONSUMER.CREATE.S.G {"stream_name":"S","config":{"name":"G","deliver_subject":"d",
      "durable_name":"G"}}
  wait 20
  api CONSUMER.INFO.S.G
  sub pushed d
  wait 40
  api CONSUMER.INFO.S.G
  unsub pushed
  wait 20
  pub s.a 6
  wait 20
  api CONSUMER.INFO.S.G
moves to another subject
  sub one d1
  sub two d2
  api CONSUMER.CREATE.S.G {"stream_name":"S","config":{"name":"G","deliver_subject":"d1",
      "durable_name":"G","ack_policy":"explicit"}}
  wait 20
  api CONSUMER.CREATE.S.G {"stream_name":"S","config":{"name":"G","deliver_subject":"d2",
      "durable_name":"G","ack_policy":"explicit"}}
  unsub one
  wait 20
  api CONSUMER.CREATE.S.G {"stream_name":"S","config":{"name":"G","deliver_subject":"d2",
      "durable_name":"G","ack_policy":"explicit"}}
  wait 50
  api CONSUMER.INFO.S.G
acknowledges by flow control
  sub pushed d
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","deliver_subject":"d",
      "ack_policy":"flow_control","flow_control":true,"idle_heartbeat":1000000000,
      "max_ack_pending":100}}
  wait 60
  api CONSUMER.INFO.S.F
loses what is deleted from the stream
  sub events $JS.EVENT.ADVISORY.CONSUMER.>
  pull S.C {"batch":2,"no_wait":true}
  api STREAM.MSG.DELETE.S {"seq":1}
  wait 20
  api CONSUMER.INFO.S.C
  api STREAM.PURGE.S {"keep":1}
  wait 20
  api CONSUMER.INFO.S.C
  pull S.C {"batch":9,"no_wait":true}
counts what is left after a purge of a subject
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","ack_policy":"explicit",
      "filter_subject":"s.a"}}
  api STREAM.PURGE.S {"filter":"s.a"}
  wait 20
  api CONSUMER.INFO.S.F
  api CONSUMER.INFO.S.C
  pull S.C {"batch":9,"no_wait":true}
takes another filter
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","durable_name":"F",
      "ack_policy":"explicit","filter_subject":"s.a"}}
  pull S.F {"batch":1,"no_wait":true}
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","durable_name":"F",
      "ack_policy":"explicit","filter_subject":"s.b"}}
  pull S.F {"batch":9,"no_wait":true}
  api CONSUMER.CREATE.S.F {"stream_name":"S","config":{"name":"F","durable_name":"F",
      "ack_policy":"explicit"}}
  pull S.F {"batch":9,"no_wait":true}
  api CONSUMER.INFO.S.F
is made only once
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",
      "ack_policy":"explicit"},"action":"create"}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",
      "ack_policy":"explicit","description":"x"},"action":"create"}
  api CONSUMER.CREATE.S.Z {"stream_name":"S","config":{"name":"Z","ack_policy":"explicit"},
      "action":"update"}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",
      "ack_policy":"explicit","description":"x"},"action":"update"}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",
      "ack_policy":"explicit"},"action":"x"}
`,
  { before: pulled },
);

export const deliverCases: readonly Case[] = [
  ...requestCases,
  ...ackCases,
  ...startCases,
  ...stories,
];

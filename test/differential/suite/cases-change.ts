/** What may be changed of streams and consumers, and what that does to what they hold. */
import { type Case, cases, each } from "./notation.ts";

/** Pairs of a field's values: made with the first, updated to the second. */
const streamChanges: readonly (readonly [string, string])[] = [
  ['"subjects":["s.*"]', '"subjects":["t.*"]'],
  ['"subjects":["s.*"]', '"subjects":["s.a"]'],
  ['"retention":"limits"', '"retention":"interest"'],
  ['"retention":"interest"', '"retention":"limits"'],
  ['"retention":"limits"', '"retention":"workqueue"'],
  ['"retention":"workqueue"', '"retention":"limits"'],
  ['"retention":"workqueue"', '"retention":"interest"'],
  ['"storage":"file"', '"storage":"memory"'],
  ['"storage":"memory"', '"storage":"file"'],
  ['"max_msgs":10', '"max_msgs":2'],
  ['"max_bytes":1000', '"max_bytes":80'],
  ['"max_age":0', '"max_age":3600000000000'],
  ['"max_age":1000000000', '"max_age":1000000000,"duplicate_window":2000000000'],
  ['"max_msgs_per_subject":-1', '"max_msgs_per_subject":1'],
  ['"max_msg_size":-1', '"max_msg_size":1'],
  ['"discard":"old"', '"discard":"new","max_msgs":3'],
  [
    '"discard":"new","max_msgs_per_subject":2',
    '"discard":"new","max_msgs_per_subject":2,"discard_new_per_subject":true',
  ],
  ['"max_consumers":5', '"max_consumers":1'],
  ['"num_replicas":1', '"num_replicas":3'],
  ['"no_ack":true', '"no_ack":false'],
  ['"duplicate_window":60000000000', '"duplicate_window":30000000000'],
  ['"compression":"none"', '"compression":"s2"'],
  ['"first_seq":5', '"first_seq":9'],
  ['"allow_direct":true', '"allow_direct":false'],
  ['"sealed":false', '"sealed":true'],
  ['"deny_delete":true', '"deny_delete":false'],
  ['"deny_delete":false', '"deny_delete":true'],
  ['"deny_purge":true', '"deny_purge":false'],
  ['"deny_purge":false', '"deny_purge":true,"allow_rollup_hdrs":true'],
  ['"allow_rollup_hdrs":true', '"allow_rollup_hdrs":false'],
  ['"allow_msg_ttl":true', '"allow_msg_ttl":false'],
  ['"allow_msg_ttl":false', '"allow_msg_ttl":true'],
  ['"allow_msg_counter":true', '"allow_msg_counter":false'],
  ['"allow_msg_counter":false', '"allow_msg_counter":true'],
  ['"allow_atomic":true', '"allow_atomic":false'],
  ['"allow_batched":true', '"allow_batched":false'],
  ['"allow_msg_schedules":true', '"allow_msg_schedules":false'],
  ['"allow_msg_schedules":false', '"allow_msg_schedules":true'],
  ['"subject_delete_marker_ttl":1000000000', '"subject_delete_marker_ttl":0'],
  ['"subject_delete_marker_ttl":0', '"subject_delete_marker_ttl":1000000000'],
  ['"persist_mode":"default"', '"persist_mode":"async"'],
  ['"persist_mode":"async"', '"persist_mode":"default"'],
  ['"metadata":{"a":"1"}', '"metadata":{"b":"2"}'],
  ['"metadata":{"a":"1"}', '"metadata":null'],
  ['"description":"x"', '"description":"y"'],
  ['"republish":{"src":"s.>","dest":"r.>"}', '"republish":{"src":"s.>","dest":"q.>"}'],
  [
    '"subject_transform":{"src":"s.*","dest":"t.$1"}',
    '"subject_transform":{"src":"s.*","dest":"u.$1"}',
  ],
  ['"placement":{"cluster":"x"}', '"placement":{"tags":["y"]}'],
  ['"name":"S"', '"name":"T"'],
];

const streamCases = each("stream update", streamChanges, ([before, after]) => {
  const subjects = (text: string): string =>
    text.includes('"subjects"') ? text : `"subjects":["s.*"],${text}`;
  return [
    "sub r r.>",
    "sub q q.>",
    `api STREAM.CREATE.S {"name":"S",${subjects(before)}}`,
    "pub s.a 1",
    "pub s.b 22",
    'hpub s.a {"Nats-Msg-Id":"x"} 333',
    'api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",' +
      '"ack_policy":"explicit"}}',
    "pub s.c 4444",
    'hpub s.c {"Nats-Incr":"5"}',
    `api STREAM.UPDATE.S {"name":"S",${subjects(after)}}`,
    "wait 20",
    'api STREAM.INFO.S {"subjects_filter":">"}',
    'hpub s.a {"Nats-Msg-Id":"x"} 55555',
    "pub s.b 666666",
    "pub t.a 7",
    "wait 10",
    'api STREAM.INFO.S {"subjects_filter":">"}',
    "api CONSUMER.INFO.S.C",
    `api STREAM.UPDATE.S {"name":"S",${subjects(before)}}`,
  ];
});

const consumerChanges: readonly (readonly [string, string])[] = [
  ['"filter_subject":"s.a"', '"filter_subject":"s.b"'],
  ['"filter_subject":"s.a"', '"filter_subjects":["s.a","s.b"]'],
  ['"filter_subjects":["s.a","s.b"]', '"description":"all"'],
  ['"description":"x"', '"description":"y"'],
  ['"ack_wait":1000000000', '"ack_wait":2000000000'],
  ['"max_deliver":5', '"max_deliver":1'],
  [
    '"backoff":[1000000000],"max_deliver":2',
    '"backoff":[1000000000,2000000000,3000000000],"max_deliver":2',
  ],
  ['"max_ack_pending":1', '"max_ack_pending":3'],
  ['"max_waiting":5', '"max_waiting":6'],
  ['"sample_freq":"10"', '"sample_freq":"100%"'],
  ['"headers_only":false', '"headers_only":true'],
  ['"inactive_threshold":60000000000', '"inactive_threshold":90000000000'],
  ['"deliver_policy":"all"', '"deliver_policy":"new"'],
  [
    '"deliver_policy":"by_start_sequence","opt_start_seq":1',
    '"deliver_policy":"by_start_sequence","opt_start_seq":2',
  ],
  ['"ack_policy":"explicit"', '"ack_policy":"all"'],
  ['"replay_policy":"instant"', '"replay_policy":"original"'],
  ['"max_batch":5', '"max_batch":1'],
  ['"max_expires":5000000000', '"max_expires":1000000000'],
  ['"max_bytes":500', '"max_bytes":60'],
  ['"mem_storage":false', '"mem_storage":true'],
  ['"metadata":{"a":"1"}', '"metadata":{"b":"2"}'],
  ['"deliver_subject":"d"', '"deliver_subject":"e"'],
  ['"deliver_subject":"d"', '"max_waiting":5'],
  ['"max_waiting":5', '"deliver_subject":"d"'],
  ['"deliver_subject":"d","deliver_group":"g"', '"deliver_subject":"d","deliver_group":"h"'],
  [
    '"deliver_subject":"d","idle_heartbeat":1000000000',
    '"deliver_subject":"d","idle_heartbeat":2000000000',
  ],
  [
    '"deliver_subject":"d","idle_heartbeat":1000000000,"flow_control":true',
    '"deliver_subject":"d","idle_heartbeat":1000000000',
  ],
  [
    '"deliver_subject":"d","rate_limit_bps":1000000',
    '"deliver_subject":"d","rate_limit_bps":2000000',
  ],
  [
    '"priority_policy":"overflow","priority_groups":["A"]',
    '"priority_policy":"pinned_client","priority_groups":["A"]',
  ],
  [
    '"priority_policy":"overflow","priority_groups":["A"]',
    '"priority_policy":"overflow","priority_groups":["B"]',
  ],
  ['"pause_until":"<<in:3600000>>"', '"description":"resumed?"'],
  ['"description":"running"', '"pause_until":"<<in:3600000>>"'],
  ['"num_replicas":0', '"num_replicas":1'],
];

const consumerCases = each("consumer update", consumerChanges, ([before, after]) => {
  const create = (config: string): string =>
    `api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","durable_name":"C",` +
    `"ack_policy":"explicit",${config}}}`;
  return [
    "sub d d",
    "sub e e",
    'api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"storage":"memory"}',
    "pub s.a 1",
    "pub s.b 22",
    "pub s.a 333",
    create(before),
    'pull S.C {"batch":2,"no_wait":true,"group":"A"}',
    create(after),
    "wait 20",
    "api CONSUMER.INFO.S.C",
    'pull S.C {"batch":2,"no_wait":true,"group":"A"}',
    create(before),
    "wait 10",
    "api CONSUMER.INFO.S.C",
  ];
});

const advisories = cases(
  "advisories",
  `
of streams and consumers
  sub events $JS.EVENT.>
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"]}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.*","t"]}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.*"],"storage":"memory"}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "sample_freq":"100"}}
  api CONSUMER.CREATE.S {"stream_name":"S","config":{"ack_policy":"explicit"}}
  pub s.a 1
  pub s.a 2
  pull S.C {"batch":2,"no_wait":true}
  ack S.C 1
  ack S.C 2 -NAK
  ack S.C 2 +TERM it is bad
  wait 20
  api CONSUMER.DELETE.S.C
  api STREAM.MSG.DELETE.S {"seq":1}
  api STREAM.PURGE.S
  api STREAM.DELETE.S
  wait 20
of requests
  sub events $JS.EVENT.>
  api INFO
  api STREAM.NAMES
  api STREAM.LIST
  api STREAM.INFO.S
  api STREAM.CREATE.S {
  api STREAM.CREATE.S {"name":"T"}
  api STREAM.MSG.GET.S {"seq":1}
  api CONSUMER.INFO.S.C
  api CONSUMER.RESET.S.C
  api DIRECT.GET.S {"seq":1}
  wait 20
of abandoned batches
  sub events $JS.EVENT.>
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"allow_atomic":true}
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"1"} 1
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"3"} 3
  wait 20
`,
);

const buckets = cases(
  "bucket",
  `
of keys and values
  api STREAM.CREATE.KV_B {"name":"KV_B","subjects":["$KV.B.>"],"max_msgs_per_subject":2,
      "allow_rollup_hdrs":true,"deny_delete":true,"discard":"new","allow_direct":true}
  pub $KV.B.k 1
  pub $KV.B.k 2
  pub $KV.B.k 3
  api DIRECT.GET.KV_B.$KV.B.k
  hpub $KV.B.k {"Nats-Expected-Last-Subject-Sequence":"3"} 4
  hpub $KV.B.k {"Nats-Expected-Last-Subject-Sequence":"3"} 5
  hpub $KV.B.new {"Nats-Expected-Last-Subject-Sequence":"0"} 1
  hpub $KV.B.new {"Nats-Expected-Last-Subject-Sequence":"0"} 1
  hpub $KV.B.k {"KV-Operation":"DEL"}
  hpub $KV.B.k {"KV-Operation":"PURGE","Nats-Rollup":"sub"}
  api CONSUMER.CREATE.KV_B.w.$KV.B.> {"stream_name":"KV_B","config":{"name":"w",
      "deliver_policy":"last_per_subject","deliver_subject":"watch","ack_policy":"none",
      "filter_subject":"$KV.B.>","mem_storage":true,"flow_control":true,
      "idle_heartbeat":5000000000}}
  sub watch watch
  wait 30
  pub $KV.B.live 1
  wait 10
  api STREAM.INFO.KV_B {"subjects_filter":">"}
  api STREAM.PURGE.KV_B {"filter":"$KV.B.k"}
  api STREAM.MSG.DELETE.KV_B {"seq":1}
of keys that vanish
  api STREAM.CREATE.KV_T {"name":"KV_T","subjects":["$KV.T.>"],"max_msgs_per_subject":1,
      "allow_rollup_hdrs":true,"allow_direct":true,"allow_msg_ttl":true,
      "subject_delete_marker_ttl":1000000000}
  hpub $KV.T.k {"Nats-TTL":"1s"} 1
  api DIRECT.GET.KV_T.$KV.T.k
  hpub $KV.T.k {"KV-Operation":"PURGE","Nats-Rollup":"sub","Nats-TTL":"60s"}
  api DIRECT.GET.KV_T.$KV.T.k
of objects
  api STREAM.CREATE.OBJ_O {"name":"OBJ_O","subjects":["$O.O.C.>","$O.O.M.>"],"discard":"new",
      "allow_rollup_hdrs":true,"allow_direct":true}
  pub $O.O.C.n1 <<x:1000>>
  pub $O.O.C.n1 <<x:500>>
  hpub $O.O.M.bmFtZQ {"Nats-Rollup":"sub"} {"name":"name","bucket":"O","nuid":"n1","size":1500,
      "chunks":2}
  api DIRECT.GET.OBJ_O.$O.O.M.bmFtZQ
  api CONSUMER.CREATE.OBJ_O.r.$O.O.C.n1 {"stream_name":"OBJ_O","config":{"name":"r",
      "deliver_subject":"chunks","ack_policy":"none","filter_subject":"$O.O.C.n1"}}
  sub chunks chunks
  wait 30
  api STREAM.PURGE.OBJ_O {"filter":"$O.O.C.n1"}
  api STREAM.INFO.OBJ_O {"subjects_filter":">"}
`,
);

const origins = cases(
  "origin",
  `
of a mirror
  api STREAM.CREATE.O {"name":"O","subjects":["o.*"],"allow_direct":true}
  pub o.a 1
  hpub o.b {"A":"b"} 2
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"O"}}
  wait 300
  api STREAM.MSG.GET.M {"seq":2}
  api STREAM.INFO.M
  pub o.c 3
  wait 60
  api STREAM.INFO.M {"subjects_filter":">"}
  pub M 4
  api STREAM.PURGE.O
  wait 60
  api STREAM.INFO.M
of a filtered mirror
  api STREAM.CREATE.O {"name":"O","subjects":["o.*"]}
  pub o.a 1
  pub o.b 2
  pub o.a 3
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"O","filter_subject":"o.a"}}
  api STREAM.CREATE.T {"name":"T","mirror":{"name":"O","subject_transforms":[{"src":"o.b",
      "dest":"t.b"}]}}
  api STREAM.CREATE.L {"name":"L","mirror":{"name":"O","opt_start_seq":3}}
  wait 300
  api STREAM.INFO.M {"subjects_filter":">"}
  api STREAM.INFO.T {"subjects_filter":">"}
  api STREAM.INFO.L {"subjects_filter":">"}
of a mirror that is promoted
  api STREAM.CREATE.O {"name":"O","subjects":["o.*"]}
  pub o.a 1
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"O"}}
  wait 300
  api STREAM.UPDATE.M {"name":"M","mirror":{"name":"O","filter_subject":"o.a"}}
  api STREAM.UPDATE.M {"name":"M","subjects":["m.*"]}
  pub m.a 2
  api STREAM.INFO.M {"subjects_filter":">"}
of a sourcing stream
  api STREAM.CREATE.O {"name":"O","subjects":["o.*"]}
  pub o.a 1
  pub o.b 2
  api STREAM.CREATE.S {"name":"S","subjects":["s.*"],"sources":[{"name":"O",
      "filter_subject":"o.a"}]}
  wait 300
  pub s.x 3
  pub o.a 4
  wait 60
  api STREAM.INFO.S {"subjects_filter":">"}
of a stream that sources what it transforms
  api STREAM.CREATE.O {"name":"O","subjects":["o.*"]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O","subject_transforms":[{"src":"o.*",
      "dest":"t.{{wildcard(1)}}"}]}]}
  wait 300
  pub o.a 1
  wait 60
  api STREAM.INFO.S {"subjects_filter":">"}
of a counter that sums counters
  api STREAM.CREATE.A {"name":"A","subjects":["a.*"],"allow_msg_counter":true}
  api STREAM.CREATE.S {"name":"S","allow_msg_counter":true,"allow_direct":true,
      "sources":[{"name":"A","subject_transforms":[{"src":"a.*","dest":"s.{{wildcard(1)}}"}]}]}
  wait 300
  hpub a.x {"Nats-Incr":"5"}
  hpub a.x {"Nats-Incr":"2"}
  wait 60
  api DIRECT.GET.S {"last_by_subj":"s.x","no_hdr":true}
  api STREAM.INFO.S
that does not exist
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"NOBODY"}}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"NOBODY"}]}
  wait 1200
  api STREAM.INFO.M
  api STREAM.INFO.S
in a circle
  api STREAM.CREATE.A {"name":"A","subjects":["x.*"],"sources":[{"name":"B"}]}
  api STREAM.CREATE.B {"name":"B","subjects":["y.*"],"sources":[{"name":"A"}]}
  api STREAM.CREATE.C {"name":"C","sources":[{"name":"C"}]}
`,
);

export const changeCases: readonly Case[] = [
  ...streamCases,
  ...consumerCases,
  ...advisories,
  ...buckets,
  ...origins,
];

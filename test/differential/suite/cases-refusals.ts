/** What is refused rarely: the errors of the server's table that no other case makes. */
import { type Case, cases } from "./notation.ts";

const plainRefusals = cases(
  "refused",
  `
a pull consumer of less than no requests
  api STREAM.CREATE.S {"name":"S"}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "max_waiting":-1}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "max_batch":-1}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "max_waiting":-1,"max_batch":-1,"deliver_subject":"to"}}
a consumer with more copies than its stream, or another number
  api STREAM.CREATE.S {"name":"S"}
  api STREAM.CREATE.I {"name":"I","retention":"interest"}
  api STREAM.CREATE.W {"name":"W","retention":"workqueue"}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","num_replicas":2}}
  api CONSUMER.CREATE.I.A {"stream_name":"I","config":{"name":"A","num_replicas":3}}
  api CONSUMER.CREATE.W.A {"stream_name":"W","config":{"name":"A","num_replicas":1,
      "ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","num_replicas":-1}}
a consumer with two names
  api STREAM.CREATE.S {"name":"S"}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","durable_name":"B"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"A","durable_name":"B"}}
  api CONSUMER.DURABLE.CREATE.S.B {"stream_name":"S","config":{"name":"A","durable_name":"B"}}
  api CONSUMER.CREATE.S {"stream_name":"S","config":{"name":"A","durable_name":"B"}}
a copy that takes no message as large as its origin has
  api STREAM.CREATE.O {"name":"O","subjects":["o.>"],"max_msg_size":100}
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"O"},"max_msg_size":99}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O"}],"max_msg_size":99}
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"O"},"max_msg_size":100}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O"}]}
  api STREAM.UPDATE.S {"name":"S","sources":[{"name":"O"}],"max_msg_size":50}
prefixes of other accounts that meet the stream's own subjects
  api STREAM.CREATE.O {"name":"O","subjects":["o.>",">"],"no_ack":true}
  api STREAM.DELETE.O
  api STREAM.CREATE.O {"name":"O","subjects":["o.>"]}
  api STREAM.CREATE.S {"name":"S","subjects":["a.>"],"sources":[{"name":"O",
      "external":{"api":"X.API","deliver":"a"}}]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O"},{"name":"P",
      "external":{"api":"X.API","deliver":"o"}}]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O"},{"name":"P",
      "external":{"api":"X.API","deliver":"o.*"}}]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"P","external":{"api":"X.>","deliver":"o"}}]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"P","external":{"api":"$JS.API"}}]}
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"P","external":{"api":"X.API","deliver":"*"}}}
one consumer for two sources
  api STREAM.CREATE.O {"name":"O","subjects":["o.>"]}
  api STREAM.CREATE.S {"name":"S","sources":[
      {"name":"O","consumer":{"name":"C","deliver_subject":"to.a"},"subject_transforms":[
      {"src":"o.a","dest":"a"}]},
      {"name":"O","consumer":{"name":"C","deliver_subject":"to.b"},"subject_transforms":[
      {"src":"o.b","dest":"b"}]}]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O",
      "consumer":{"name":"C","deliver_subject":"to.*"}}]}
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"O","filter_subject":"o.a",
      "consumer":{"name":"C","deliver_subject":"to.a"}}]}
a count on what is no number
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_msg_counter":true}
  hpub s.a {"Nats-Incr":"1","Nats-Counter-Sources":"none"}
  hpub s.a {"Nats-Incr":"1"}
  hpub s.b {"Nats-Incr":"1","Nats-Counter-Sources":"{}"}
  hpub s.b {"Nats-Incr":"1"}
  hpub s.c {"Nats-Incr":"1","Nats-Counter-Sources":"[]"}
  hpub s.c {"Nats-Incr":"1"}
  hpub s.d {"Nats-Incr":"1","Nats-Counter-Sources":"null"}
  hpub s.d {"Nats-Incr":"1"}
  hpub s.e {"Nats-Incr":"1","Nats-Counter-Sources":"{\\"A\\":1}"}
  hpub s.e {"Nats-Incr":"1"}
  hpub s.f {"Nats-Incr":"1","Nats-Counter-Sources":"{\\"A\\":{\\"a\\":1}}"}
  hpub s.f {"Nats-Incr":"1"}
  hpub s.g {"Nats-Incr":"1","Nats-Counter-Sources":"{\\"A\\":{\\"a\\":null},\\"B\\":null}"}
  hpub s.g {"Nats-Incr":"1"}
  api STREAM.MSG.GET.S {"last_by_subj":"s.g"}
  api STREAM.MSG.GET.S {"last_by_subj":"s.b"}
  api STREAM.INFO.S
whoever is in an account without JetStream
  open bare {"as":"bare"}
  as bare api INFO
  as bare api STREAM.NAMES
  as bare api STREAM.CREATE.S {"name":"S"}
  as bare api STREAM.INFO.S
  as bare api CONSUMER.CREATE.S {"stream_name":"S","config":{}}
  as bare api STREAM.MSG.GET.S {"seq":1}
  as bare api DIRECT.GET.S {"seq":1}
  as bare pull S.C 1
  as bare pub S 1
  as bare api BOGUS
a restore of what is no backup
  sub events $JS.EVENT.ADVISORY.>
  api STREAM.RESTORE.S {"config":{"name":"S","subjects":["s"],"storage":"file"},"state":{}}
  pub <<restore>> rubbish
  pub <<restore>>
  wait 50
  api STREAM.INFO.S
  api STREAM.RESTORE.S {"config":{"name":"S","subjects":["s"],"storage":"file"},"state":{}}
  pub <<restore>>
  wait 50
  api STREAM.INFO.S
a backup that nobody hears
  sub events $JS.EVENT.ADVISORY.STREAM.>
  api STREAM.CREATE.S {"name":"S","subjects":["s"]}
  pub s <<x:2000>>
  api STREAM.SNAPSHOT.S {"deliver_subject":"nobody"}
  wait 100
an origin that answers nonsense
  sub asked X.API.>
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"P","external":{"api":"X.API","deliver":"d"}}}
  wait 400
  answer asked {}
  wait 50
  api STREAM.INFO.M
  api STREAM.DELETE.M
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"P","external":{"api":"X.API",
      "deliver":"d"}}]}
  wait 400
  answer asked {}
  wait 50
  api STREAM.INFO.S
what an origin is asked for
  sub asked X.API.>
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"P","external":{"api":"X.API","deliver":"d"},
      "opt_start_seq":7,"filter_subject":"p.a"}}
  wait 400
  api STREAM.CREATE.N {"name":"N","mirror":{"name":"P","external":{"api":"X.API","deliver":"d"},
      "subject_transforms":[{"src":"p.a","dest":"a"},{"src":"p.b","dest":"b"}]}}
  wait 400
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"P","external":{"api":"X.API","deliver":"d"},
      "opt_start_time":"2020-01-01T00:00:00Z","filter_subject":"p.>"}]}
  wait 400
  api STREAM.CREATE.T {"name":"T","subjects":["t"],"sources":[{"name":"P",
      "external":{"api":"X.API"},"opt_start_seq":3}]}
  wait 400
  api STREAM.CREATE.V {"name":"V","subjects":["v"],"sources":[{"name":"Q",
      "external":{"api":"X.API"},"subject_transforms":[{"src":"q.>","dest":"r.>"}]}]}
  wait 400
  api STREAM.CREATE.U {"name":"U","mirror":{"name":"P","external":{"api":"X.API"},
      "consumer":{"name":"C","deliver_subject":"to.a"}}}
  wait 400
an origin whose consumer does not wait for answers
  sub asked X.API.>
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"P","external":{"api":"X.API"},
      "consumer":{"name":"C","deliver_subject":"to.a"}}]}
  wait 400
  answer asked {"type":"io.nats.jetstream.api.v1.consumer_reset_response","stream_name":"P",
      "name":"C","created":"2026-01-01T00:00:00Z","config":{"ack_policy":"none",
      "deliver_policy":"all","replay_policy":"instant"},"delivered":{"consumer_seq":0,
      "stream_seq":0},"ack_floor":{"consumer_seq":0,"stream_seq":0}}
  wait 50
  api STREAM.INFO.S
an origin that never hears the answers it waits for
  sub asked X.API.>
  sub answers stuck.>
  api STREAM.CREATE.S {"name":"S","sources":[{"name":"P","external":{"api":"X.API"},
      "consumer":{"name":"C","deliver_subject":"to.a"}}]}
  wait 400
  answer asked {"type":"io.nats.jetstream.api.v1.consumer_reset_response","stream_name":"P",
      "name":"C","created":"2026-01-01T00:00:00Z","config":{"ack_policy":"flow_control",
      "deliver_policy":"all","replay_policy":"instant"},"delivered":{"consumer_seq":0,
      "stream_seq":0},"ack_floor":{"consumer_seq":0,"stream_seq":0}}
  wait 50
  api STREAM.INFO.S
  raw HPUB to.a 63 63\\r\\nNATS/1.0 100 Idle Heartbeat\\r\\n
      Nats-Consumer-Stalled: stuck.a\\r\\n\\r\\n\\r\\n
  raw HPUB to.a 63 63\\r\\nNATS/1.0 100 Idle Heartbeat\\r\\n
      Nats-Consumer-Stalled: stuck.a\\r\\n\\r\\n\\r\\n
  wait 20
  api STREAM.INFO.S
  raw HPUB to.a 63 63\\r\\nNATS/1.0 100 Idle Heartbeat\\r\\n
      Nats-Consumer-Stalled: stuck.a\\r\\n\\r\\n\\r\\n
  wait 20
  api STREAM.INFO.S
  raw HPUB to.a 63 63\\r\\nNATS/1.0 100 Idle Heartbeat\\r\\n
      Nats-Consumer-Stalled: stuck.b\\r\\n\\r\\n\\r\\n
  wait 20
  api STREAM.INFO.S
  raw HPUB to.a 31 31\\r\\nNATS/1.0 100 Idle Heartbeat\\r\\n\\r\\n\\r\\n
  wait 20
  api STREAM.INFO.S
`,
);

const manySubjects = Array.from({ length: 1025 }, (_, i) => `PUB s.${i} 1\\r\\nx\\r\\n`).join("");

/** One answer holds the last messages of 1024 subjects. */
const tooMany: Case = {
  title: "refused: the last messages of more subjects than an answer holds",
  steps: [
    'api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_direct":true,"storage":"memory"}',
    `raw ${manySubjects}`,
    "wait 200",
    'api DIRECT.GET.S {"multi_last":["s.>"]}',
    'api DIRECT.GET.S {"multi_last":["s.>"],"batch":2}',
    'api DIRECT.GET.S {"multi_last":["s.1","s.1024"]}',
  ],
  ground: "plain",
};

const accountRefusals = cases(
  "refused by an account",
  `
a message for which there is no room
  api STREAM.CREATE.S {"name":"S","subjects":["s"],"max_bytes":65536,"discard":"new"}
  api STREAM.CREATE.T {"name":"T","subjects":["t"],"max_bytes":60000}
  pub s <<x:60000>>
  pub t <<x:50000>>
  pub s <<x:5000>>
  pub t <<x:9000>>
  pub t <<x:9000>>
  pub s <<x:500>>
  api STREAM.PURGE.S
  pub t <<x:9000>>
  api INFO
`,
  { ground: "tight" },
);

const serverRefusals = cases(
  "refused by a server",
  `
a message beyond its memory
  api STREAM.CREATE.M {"name":"M","subjects":["m"],"storage":"memory"}
  pub m <<x:600000>>
  pub m <<x:600000>>
  pub m <<x:10>>
  pub m 1
  api STREAM.INFO.M
  api STREAM.PURGE.M
  pub m 1
a message beyond its disk
  api STREAM.CREATE.F {"name":"F","subjects":["f"]}
  pub f <<x:600000>>
  pub f <<x:600000>>
  pub f <<x:10>>
  api STREAM.PURGE.F
  pub f 1
one atomic batch too many, and one message too many
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_atomic":true}
  api STREAM.CREATE.T {"name":"T","subjects":["t.>"],"allow_atomic":true}
  sub events $JS.EVENT.ADVISORY.STREAM.BATCH_ABANDONED.>
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"1"} 1
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"1"} 1
  hpub s.a {"Nats-Batch-Id":"c","Nats-Batch-Sequence":"1"} 1
  hpub t.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"1"} 1
  hpub t.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"1"} 1
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"2","Nats-Batch-Commit":"1"} 2
  hpub t.a {"Nats-Batch-Id":"c","Nats-Batch-Sequence":"1"} 1
  hpub t.a {"Nats-Batch-Id":"d","Nats-Batch-Sequence":"5"} 1
  hpub t.a {"Nats-Batch-Id":"d","Nats-Batch-Sequence":"4"} 1
  wait 1800
  api STREAM.INFO.S
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"1"} 1
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"2"} 2
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"3"} 3
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"4"} 4
  hpub s.a {"Nats-Batch-Id":"a","Nats-Batch-Sequence":"5","Nats-Batch-Commit":"eob"} 5
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"1"} 1
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"2"} 2
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"3"} 3
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"4"} 4
  hpub s.a {"Nats-Batch-Id":"b","Nats-Batch-Sequence":"5"} 5
  api STREAM.INFO.S
one fast batch too many
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_batched":true}
  api STREAM.CREATE.T {"name":"T","subjects":["t.>"],"allow_batched":true}
  sub flow F.>
  raw PUB s.a F.a.10.ok.1.0.$FI 1\\r\\n1\\r\\n
  raw PUB s.a F.b.10.ok.1.0.$FI 1\\r\\n1\\r\\n
  raw PUB s.a F.c.10.ok.1.0.$FI 1\\r\\n1\\r\\n
  raw PUB t.a F.d.10.ok.1.0.$FI 1\\r\\n1\\r\\n
  raw PUB t.a F.e.10.ok.1.0.$FI 1\\r\\n1\\r\\n
  wait 1800
  raw PUB s.a F.a.10.ok.2.1.$FI 1\\r\\n1\\r\\n
  raw PUB s.a F.f.10.ok.1.0.$FI 1\\r\\n1\\r\\n
`,
  { ground: "limited" },
);

export const refusalCases: readonly Case[] = [
  ...plainRefusals,
  tooMany,
  ...accountRefusals,
  ...serverRefusals,
];

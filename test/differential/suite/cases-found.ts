/** Programs in which random ones found a difference once, made small. */
import { cases } from "./notation.ts";

const plain = cases(
  "found",
  `
a stream of limits becomes one of interest: what nobody was interested in stays
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","filter_subject":"s.a",
      "ack_policy":"explicit"}}
  pub s.z 1
  pub s.a 2
  pub s.a 3
  pull S.A {"batch":1,"no_wait":true}
  ack S.A 2
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"],"retention":"interest"}
  wait 20
  api STREAM.INFO.S {"deleted_details":true}
a stream of limits becomes one of interest: what both had goes, what is open stays
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"storage":"memory"}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","ack_policy":"explicit"}}
  pub s.a 1
  pub s.a 2
  pub s.a 3
  pull S.A {"batch":3,"no_wait":true}
  pull S.B {"batch":3,"no_wait":true}
  ack S.A 1
  ack S.A 2
  ack S.B 1
  ack S.B 3
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"],"storage":"memory","retention":"interest"}
  wait 20
  api STREAM.INFO.S {"deleted_details":true}
  ack S.A 3
  ack S.B 2
  wait 20
  api STREAM.INFO.S {"deleted_details":true}
who may not subscribe to everything hears of that first, and then of a bad subject
  open few {"as":"few"}
  as few sub n0 a..b
  as few sub n1 a..b workers
  as few sub n2 a.
  as few sub n3 a.>.b
  as few say a..b 1
  as few say a. 1
  open answers {"as":"answers"}
  as answers sub n4 a..b
  as answers say a..b 1
  sub n5 a..b
a batch that ends before it began
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_atomic":true}
  hpub s.c {"Nats-Batch-Id":"y","Nats-Batch-Sequence":"0","Nats-Batch-Commit":"eob"} 1
  hpub s.c {"Nats-Batch-Id":"y","Nats-Batch-Sequence":"0","Nats-Batch-Commit":"1"} 1
where a consumer in memory stands after the purge of an empty stream
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"storage":"memory"}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","ack_policy":"explicit"}}
  api STREAM.PURGE.S {}
  pub s.z 1
  pub s.c.d <<x:40>>
  api STREAM.MSG.DELETE.S {"seq":1}
  pull S.B {"no_wait":true,"batch":1,"max_bytes":72}
  api CONSUMER.INFO.S.B
a fast batch ends whose last message was refused
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_batched":true}
  sub acks F.>
  raw PUB s.b F.x.3.ok.1.0.$FI 1\\r\\n0\\r\\n
  raw HPUB s.a F.x.3.ok.6.1.$FI 26 27\\r\\nNATS/1.0\\r\\nNats-TTL: 1h\\r\\n\\r\\n3\\r\\n
  raw PUB s.b F.x.3.ok.2.1.$FI 1\\r\\n5\\r\\n
  raw PUB s.b F.x.3.ok.7.1.$FI 1\\r\\n6\\r\\n
  raw PUB s.b F.x.3.ok.9.4.$FI 0\\r\\n\\r\\n
  api STREAM.INFO.S
the last messages of subjects up to one that is still to come
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_direct":true}
  pub s.a 1
  api DIRECT.GET.S {"multi_last":["s.*","t"],"up_to_seq":1}
  api DIRECT.GET.S {"multi_last":["s.*","t"],"up_to_seq":2}
  api DIRECT.GET.S {"multi_last":["s.*"],"up_to_seq":21}
what a stream asks of the one that it follows
  sub events $JS.EVENT.ADVISORY.>
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"S"}}
  wait 600
`,
);

/** Accounts that share: `grounds.ts`. */
const shared = cases(
  "found",
  `
who asks another account's JetStream is told with no more than it shares
  open b {"as":"b"}
  sub n >
  as b req JS.A.STREAM.NAMES
  as b req ask.one 1
  as b req open 2
limits of an account come before a name that is taken
  open b {"as":"b"}
  as b api STREAM.CREATE.M {"name":"M"}
  as b api STREAM.CREATE.M {"name":"M","storage":"memory","max_bytes":20000}
  as b api STREAM.CREATE.M {"name":"M","max_bytes":20000}
  as b api STREAM.CREATE.N {"name":"N","max_bytes":20000}
answers of several kinds between accounts
  open b {"as":"b"}
  sub one svc.*
  sub many many.>
  sub chunk chunk
  sub pos pos.>
  as b req ask.one 1
  answer one first
  answer one second
  as b req many.a 2
  answer many first
  answer many second
  answer many
  answer many third
  as b req chunk 3
  answer chunk first
  answer chunk
  answer chunk third
  as b req pos 4
  answer pos first
`,
  { ground: "shared" },
);

/** Servers that start again, or are told otherwise. */
const own = cases(
  "found",
  `
an account loses JetStream by a reload, and gets it back
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  api STREAM.CREATE.T {"name":"T","subjects":["t"],"storage":"memory"}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "durable_name":"C"}}
  pub s.a 1
  pub s.a 2
  pub t 1
  pull S.C {"batch":1,"no_wait":true}
  reload without
  wait 60
  api INFO
  api STREAM.INFO.S
  pub s.a 3
  pull S.C {"batch":1,"no_wait":true}
  ack S.C 1
  sub events $JS.EVENT.ADVISORY.STREAM.>
  sub more $JS.EVENT.ADVISORY.CONSUMER.>
  reload base
  wait 60
  api STREAM.NAMES
  api CONSUMER.INFO.S.C
  pub s.a 4
  pull S.C {"batch":1,"no_wait":true}
  api STREAM.INFO.S
an account gets less by a reload
  api STREAM.CREATE.S {"name":"S"}
  api STREAM.CREATE.T {"name":"T"}
  reload poor
  wait 60
  api STREAM.CREATE.T {"name":"T"}
  api STREAM.CREATE.U {"name":"U"}
  api INFO
  pub S <<x:300>>
  pub S <<x:300>>
a reload ends who has more subscriptions than the account may
  open b {"as":"b"}
  as b sub n1 a
  as b sub n2 b
  as b sub n3 c
  as b sub n4 d
  reload limits
  wait 60
  as b sub n5 e
  open b2 {"as":"b"}
  as b2 sub n6 a
  as b2 say a <<x:25>>
ids of messages that are gone are forgotten by a restart, others are not
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  hpub s.a {"Nats-Msg-Id":"1"} a
  hpub s.b {"Nats-Msg-Id":"2"} b
  hpub s.c {"Nats-Msg-Id":"3"} c
  api STREAM.PURGE.S {"filter":"s.a"}
  api STREAM.MSG.DELETE.S {"seq":3}
  hpub s.a {"Nats-Msg-Id":"1"} d
  restart SIGTERM
  hpub s.x {"Nats-Expected-Last-Msg-Id":"3"} e
  hpub s.a {"Nats-Msg-Id":"1"} f
  hpub s.a {"Nats-Msg-Id":"2"} g
consumers go on where they were
  sub pushed w
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "max_deliver":3}}
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"explicit",
      "durable_name":"P","deliver_subject":"w"}}
  pub s.a 1
  hpub s.b {"Nats-Msg-Id":"x"} 2
  pub s.a 3
  pub s.c 4
  pull S.C {"batch":3,"no_wait":true}
  ack S.C 1
  ack S.C 2 -NAK
  wait 20
  pull S.C {"batch":1,"no_wait":true}
  ack S.P 2
  api STREAM.MSG.DELETE.S {"seq":3}
  wait 350
  restart SIGKILL
  wait 300
  hpub s.b {"Nats-Msg-Id":"x"} 2
  api STREAM.INFO.S {"deleted_details":true}
  api CONSUMER.INFO.S.C
  api CONSUMER.INFO.S.P
  pull S.C {"batch":2,"no_wait":true}
  ack S.C 2
  pub s.d 5
  wait 350
  restart SIGTERM
  wait 300
  api CONSUMER.INFO.S.C
  api CONSUMER.INFO.S.P
  pull S.C {"batch":5,"no_wait":true}
`,
  { ground: "own" },
);

export const foundCases = [...plain, ...shared, ...own];

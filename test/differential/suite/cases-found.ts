/** Programs in which random ones found a difference once, made small. */
import { cases } from "./notation.ts";

export const foundCases = cases(
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
`,
);

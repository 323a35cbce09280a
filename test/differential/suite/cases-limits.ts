/** Accounts with limits, and a server with limits of its own: who refuses what. */
import { type Case, cases } from "./notation.ts";

const accountLimits = cases(
  "account limits",
  `
are shown
  api INFO
want max_bytes of every stream
  api STREAM.CREATE.S {"name":"S"}
  api STREAM.CREATE.S {"name":"S","max_bytes":-1}
  api STREAM.CREATE.S {"name":"S","max_bytes":0}
  api STREAM.CREATE.S {"name":"S","max_bytes":1000}
  api STREAM.UPDATE.S {"name":"S"}
  api INFO
bound the bytes of a stream
  api STREAM.CREATE.S {"name":"S","max_bytes":65536}
  api STREAM.CREATE.T {"name":"T","max_bytes":65537}
  api STREAM.CREATE.M {"name":"M","max_bytes":32768,"storage":"memory"}
  api STREAM.CREATE.N {"name":"N","max_bytes":32769,"storage":"memory"}
  api STREAM.UPDATE.S {"name":"S","max_bytes":70000}
  api INFO
bound the bytes of all streams
  api STREAM.CREATE.S {"name":"S","max_bytes":60000}
  api STREAM.CREATE.T {"name":"T","max_bytes":60000}
  api INFO
  api STREAM.DELETE.T
  api STREAM.CREATE.M {"name":"M","max_bytes":30000,"storage":"memory"}
  api STREAM.UPDATE.M {"name":"M","max_bytes":32768,"storage":"memory"}
  api INFO
bound the number of streams
  api STREAM.CREATE.A {"name":"A","max_bytes":100}
  api STREAM.CREATE.B {"name":"B","max_bytes":100}
  api STREAM.CREATE.C {"name":"C","max_bytes":100}
  api STREAM.CREATE.A {"name":"A","max_bytes":100}
  api STREAM.DELETE.A
  api STREAM.CREATE.C {"name":"C","max_bytes":100}
bound the number of consumers
  api STREAM.CREATE.S {"name":"S","max_bytes":1000,"max_consumers":2}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit"}}
  api STREAM.CREATE.T {"name":"T","max_bytes":1000}
  api CONSUMER.CREATE.T.A {"stream_name":"T","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.T.B {"stream_name":"T","config":{"name":"B","ack_policy":"explicit"}}
  api CONSUMER.CREATE.T.C {"stream_name":"T","config":{"name":"C","ack_policy":"explicit"}}
  api CONSUMER.CREATE.T.D {"stream_name":"T","config":{"name":"D","ack_policy":"explicit"}}
  api STREAM.CREATE.U {"name":"U","max_bytes":1000,"max_consumers":4}
  api STREAM.UPDATE.T {"name":"T","max_bytes":1000,"max_consumers":4}
  api INFO
bound what may be open
  api STREAM.CREATE.S {"name":"S","max_bytes":1000}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","ack_policy":"explicit",
      "max_ack_pending":50}}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "max_ack_pending":51}}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "max_ack_pending":-1}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "max_ack_pending":60}}
refuse what does not fit
  api STREAM.CREATE.M {"name":"M","max_bytes":2000,"storage":"memory"}
  pub M <<x:500>>
  pub M <<x:1000>>
  pub M <<x:1000>>
  api STREAM.INFO.M
  api INFO
`,
  { ground: "tight" },
);

const serverLimits = cases(
  "server limits",
  `
are shown
  api INFO
bound what is kept in files
  api STREAM.CREATE.S {"name":"S","max_bytes":2000000}
  api STREAM.CREATE.S {"name":"S","max_bytes":9223372036854775807}
  api STREAM.CREATE.M {"name":"M","max_bytes":2000000,"storage":"memory"}
bound the batch of a request
  api STREAM.CREATE.S {"name":"S"}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","ack_policy":"explicit",
      "max_batch":10}}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "max_batch":11}}
  pull S.A {"batch":10,"no_wait":true}
  pull S.A {"batch":11,"no_wait":true}
  pull S.A 11
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"explicit"},
      "pedantic":true}
bound what may be open
  api STREAM.CREATE.S {"name":"S"}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","ack_policy":"explicit",
      "max_ack_pending":20}}
  api CONSUMER.CREATE.S.C {"stream_name":"S","config":{"name":"C","ack_policy":"explicit",
      "max_ack_pending":21}}
  api CONSUMER.CREATE.S.D {"stream_name":"S","config":{"name":"D","ack_policy":"explicit",
      "max_ack_pending":-1}}
  api CONSUMER.CREATE.S.N {"stream_name":"S","config":{"name":"N","ack_policy":"none",
      "max_ack_pending":30}}
  api CONSUMER.CREATE.S.P {"stream_name":"S","config":{"name":"P","ack_policy":"explicit"},
      "pedantic":true}
bound the window of duplicates
  api STREAM.CREATE.S {"name":"S"}
  api STREAM.CREATE.T {"name":"T","duplicate_window":1000000000}
  api STREAM.CREATE.U {"name":"U","duplicate_window":1000000001}
  api STREAM.CREATE.V {"name":"V","max_age":500000000}
  api STREAM.CREATE.P {"name":"P","pedantic":true}
`,
  { ground: "limited" },
);

const consumerLimits = cases(
  "consumer limits of a stream",
  `
are given to consumers that ask for nothing
  api STREAM.CREATE.S {"name":"S","consumer_limits":{"inactive_threshold":60000000000,
      "max_ack_pending":20}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.B {"stream_name":"S","config":{"name":"B","durable_name":"B",
      "ack_policy":"explicit"}}
  api CONSUMER.CREATE.S.N {"stream_name":"S","config":{"name":"N","ack_policy":"none"}}
refuse consumers that ask for more
  api STREAM.CREATE.S {"name":"S","consumer_limits":{"inactive_threshold":60000000000,
      "max_ack_pending":20}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "max_ack_pending":21}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "max_ack_pending":-1}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit",
      "inactive_threshold":60000000001}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"},
      "pedantic":true}
are not tightened below what a consumer has
  api STREAM.CREATE.S {"name":"S","consumer_limits":{"inactive_threshold":60000000000,
      "max_ack_pending":20}}
  api CONSUMER.CREATE.S.A {"stream_name":"S","config":{"name":"A","ack_policy":"explicit"}}
  api STREAM.UPDATE.S {"name":"S","consumer_limits":{"inactive_threshold":60000000000,
      "max_ack_pending":10}}
  api STREAM.UPDATE.S {"name":"S","consumer_limits":{"inactive_threshold":1000000000,
      "max_ack_pending":20}}
  api STREAM.UPDATE.S {"name":"S","consumer_limits":{"inactive_threshold":90000000000,
      "max_ack_pending":30}}
  api STREAM.UPDATE.S {"name":"S"}
`,
);

export const limitCases: readonly Case[] = [...accountLimits, ...serverLimits, ...consumerLimits];

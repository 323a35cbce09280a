/** Core NATS: subjects, queues, no responders, permissions, mappings, protocol errors. */

import { subjectEdges } from "./edges.ts";
import { type Case, cases, each } from "./notation.ts";

const literal = subjectEdges.filter((subject) => !/[\s]/.test(subject) && subject !== "");

const subjectCases = each("core subject", literal, (subject) => [
  "sub all >",
  "sub one *",
  "sub two *.*",
  `sub own ${subject}`,
  `pub ${subject} hello`,
  `say ${subject} hello`,
  "unsub own",
  `say ${subject} again`,
  "raw PING\\r\\n",
]);

const protocolLines: readonly string[] = [
  "PING\\r\\n",
  "ping\\r\\n",
  "PONG\\r\\n",
  "PUB a 2\\r\\nhi\\r\\n",
  "pub a 2\\r\\nhi\\r\\n",
  "PUB  a   2\\r\\nhi\\r\\n",
  "PUB\\ta\\t2\\r\\nhi\\r\\n",
  "PUB a b 2\\r\\nhi\\r\\n",
  "PUB a b c 2\\r\\nhi\\r\\n",
  "PUB a\\r\\n",
  "PUB\\r\\n",
  "PUB a -1\\r\\n",
  "PUB a x\\r\\n",
  "PUB a 2\\r\\nhiho\\r\\n",
  "PUB a 99999999999\\r\\n",
  "PUB a.* 2\\r\\nhi\\r\\n",
  "PUB a..b 2\\r\\nhi\\r\\n",
  "PUB .a 2\\r\\nhi\\r\\n",
  "HPUB a 12 14\\r\\nNATS/1.0\\r\\n\\r\\nhi\\r\\n",
  "HPUB a 14 12\\r\\nNATS/1.0\\r\\n\\r\\nhi\\r\\n",
  "HPUB a 12\\r\\nNATS/1.0\\r\\n\\r\\nhi\\r\\n",
  "HPUB a 4 6\\r\\nxxxxhi\\r\\n",
  "HPUB a 0 2\\r\\nhi\\r\\n",
  "SUB a 77\\r\\n",
  "SUB a q 77\\r\\nPUB a 2\\r\\nhi\\r\\n",
  "SUB a..b 77\\r\\n",
  "SUB a.> 77\\r\\nPUB a.b 2\\r\\nhi\\r\\n",
  "SUB a.>.b 77\\r\\n",
  "SUB a\\r\\n",
  "SUB\\r\\n",
  "SUB a b c d\\r\\n",
  "SUB a x y\\r\\n",
  "UNSUB 77\\r\\n",
  "UNSUB\\r\\n",
  "UNSUB 77 x\\r\\n",
  "UNSUB 77 5 5\\r\\n",
  "CONNECT {}\\r\\n",
  "CONNECT {\\r\\n",
  'CONNECT {"verbose":true}\\r\\n',
  "INFO {}\\r\\n",
  "MSG a 1 2\\r\\nhi\\r\\n",
  "+OK\\r\\n",
  "-ERR x\\r\\n",
  "FOO\\r\\n",
  "\\r\\n",
  "PINGx\\r\\n",
  " PING\\r\\n",
  "GET / HTTP/1.1\\r\\n\\r\\n",
];

const protocolCases = each("core line", protocolLines, (line) => [
  "sub a a",
  'open v {"verbose":true}',
  'open p {"pedantic":true}',
  `raw ${line}`,
  "raw PING\\r\\n",
  `as v raw ${line}`,
  "as v raw PING\\r\\n",
  `as p raw ${line}`,
  "as p raw PING\\r\\n",
  "wait 30",
]);

const stories = cases(
  "core",
  `
delivers to every subscription
  sub one a.*
  sub two a.>
  sub three a.b
  sub four >
  say a.b 1
  hsay a.b {"A":"b"} 2
  say a.b.c 3
unsubscribes after so many
  sub one a
  unsub one 2
  say a 1
  say a 2
  say a 3
unsubscribes after so many that have come already
  sub one a
  say a 1
  say a 2
  unsub one 1
  say a 3
serves one member of a queue
  sub one a workers
  sub plain a
  say a 1
  say a 2
serves a member of each queue
  sub one a first
  sub two a second
  say a 1
tells who has no responders
  pub nobody 1
  pub nobody
  hpub nobody {"A":"b"} x
  open q {"no_responders":false}
  as q pub nobody 1
does not echo where it is not wanted
  open q {"echo":false}
  as q sub own a
  sub mine a
  as q say a 1
  say a 2
maps subjects
  sub one mapped.>
  sub two map.>
  say map.plain 1
  say map.a.b 2
  say map.a 3
  pub map.a.b 4
holds users to their permissions
  open f {"as":"few"}
  as f sub ok a.x
  as f sub bad b.x
  as f sub never a.never
  as f sub wild >
  as f sub q1 q.a workers
  as f sub q2 q.a others
  as f sub q3 q.a
  as f say a.x 1
  as f say b.x 2
  as f say a.no 3
  as f pub a.x 4
  say a.never 5
  say a.x 6
  say q.a 7
  wait 20
holds users to their permissions for the API
  api STREAM.CREATE.S {"name":"S","subjects":["s"]}
  open f {"as":"few"}
  as f api STREAM.INFO.S
  as f api STREAM.NAMES
  as f api STREAM.DELETE.S
  wait 20
lets a service answer
  open s {"as":"answers"}
  as s sub service service
  as s say elsewhere 1
  wait 20
refuses wrong passwords
  open w {"pass":"wrong"}
  wait 30
refuses unknown users
  open w {"user":"nobody"}
  wait 30
refuses clients without a name
  open w {"user":"","pass":""}
  wait 30
refuses headers from clients that have none
  open h {"headers":false}
  as h sub x a
  say a 1
  hsay a {"A":"b"} 2
  as h hsay a {"A":"b"} 3
  wait 20
gives user information
  req $SYS.REQ.USER.INFO
  open f {"as":"few"}
  as f req $SYS.REQ.USER.INFO
traces a message
  sub traces t
  sub hearer a
  hsay a {"Nats-Trace-Dest":"t"} 1
  hsay a {"Nats-Trace-Dest":"t","Nats-Trace-Only":"true"} 2
  wait 30
`,
);

export const coreCases: readonly Case[] = [...subjectCases, ...protocolCases, ...stories];

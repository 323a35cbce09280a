/** Reading: direct gets of every form, message gets, purges and deletions. */
import { type Case, cases, each } from "./notation.ts";

const filled = [
  'api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_direct":true}',
  "pub s.a 1",
  'hpub s.b {"A":"b","C":"d"} 22',
  "mark middle",
  "pub s.a 333",
  "pub s.c.d 4444",
  "pub s.b",
  "pub s.a 666666",
  'api STREAM.MSG.DELETE.S {"seq":3}',
];

/** Bodies of direct gets; most of them also go to STREAM.MSG.GET. */
const selections: readonly string[] = [
  '{"seq":1}',
  '{"seq":3}',
  '{"seq":7}',
  '{"seq":2,"no_hdr":true}',
  '{"last_by_subj":"s.a"}',
  '{"last_by_subj":"s.*"}',
  '{"last_by_subj":"s.>"}',
  '{"last_by_subj":"t"}',
  '{"last_by_subj":""}',
  '{"next_by_subj":"s.a"}',
  '{"next_by_subj":"s.a","seq":2}',
  '{"next_by_subj":"s.a","seq":7}',
  '{"next_by_subj":"s.*","seq":3}',
  '{"next_by_subj":"t","seq":1}',
  '{"seq":1,"last_by_subj":"s.a"}',
  '{"next_by_subj":"s.a","last_by_subj":"s.a"}',
  '{"start_time":"<<mark:middle>>"}',
  '{"start_time":"<<mark:middle>>","next_by_subj":"s.b"}',
  '{"start_time":"<<mark:middle>>","seq":1}',
  '{"start_time":"<<mark:middle>>","last_by_subj":"s.a"}',
  '{"start_time":"<<in:60000>>"}',
  '{"seq":1,"batch":3}',
  '{"seq":1,"batch":100}',
  '{"seq":7,"batch":3}',
  '{"batch":2}',
  '{"batch":2,"next_by_subj":"s.a"}',
  '{"batch":9,"next_by_subj":"s.b","seq":3}',
  '{"batch":9,"last_by_subj":"s.b"}',
  '{"batch":2,"start_time":"<<mark:middle>>"}',
  '{"seq":1,"batch":9,"max_bytes":60}',
  '{"seq":1,"batch":9,"max_bytes":1}',
  '{"seq":1,"max_bytes":1}',
  '{"seq":1,"batch":9,"no_hdr":true}',
  '{"multi_last":["s.a"]}',
  '{"multi_last":["s.>"]}',
  '{"multi_last":["s.a","s.b"]}',
  '{"multi_last":["s.a","s.a"]}',
  '{"multi_last":["s.*","s.a"]}',
  '{"multi_last":["t"]}',
  '{"multi_last":[""]}',
  '{"multi_last":[]}',
  '{"multi_last":null}',
  '{"multi_last":["s.>"],"batch":1}',
  '{"multi_last":["s.>"],"max_bytes":30}',
  '{"multi_last":["s.>"],"seq":5}',
  '{"multi_last":["s.>"],"up_to_seq":4}',
  '{"multi_last":["s.>"],"up_to_seq":3}',
  '{"multi_last":["s.>"],"up_to_time":"<<mark:middle>>"}',
  '{"multi_last":["s.>"],"up_to_time":"<<mark:middle>>","up_to_seq":2}',
  '{"multi_last":["s.>"],"up_to_time":"0001-01-01T00:00:00Z"}',
  '{"multi_last":["s.>"],"last_by_subj":"s.a"}',
  '{"multi_last":["s.>"],"next_by_subj":"s.a"}',
  '{"multi_last":["s.>"],"no_hdr":true}',
  '{"up_to_seq":4}',
  '{"up_to_time":"<<mark:middle>>"}',
  '{"foo":1}',
  "{}",
  "",
];

const selectionCases = each("get", selections, (body) => [
  ...filled,
  `api DIRECT.GET.S ${body}`.trimEnd(),
  `api STREAM.MSG.GET.S ${body}`.trimEnd(),
  `api DIRECT.GET.S.s.a ${body}`.trimEnd(),
  `hpub $JS.API.DIRECT.GET.S {"Nats-Required-Api-Level":"6"} ${body}`.trimEnd(),
]);

const purges: readonly string[] = [
  "",
  "{}",
  '{"seq":3}',
  '{"seq":1}',
  '{"seq":7}',
  '{"seq":99}',
  '{"keep":1}',
  '{"keep":5}',
  '{"keep":99}',
  '{"keep":0}',
  '{"seq":3,"keep":1}',
  '{"filter":"s.a"}',
  '{"filter":"s.*"}',
  '{"filter":"s.>"}',
  '{"filter":">"}',
  '{"filter":"t"}',
  '{"filter":""}',
  '{"filter":"s.a","keep":1}',
  '{"filter":"s.*","keep":1}',
  '{"filter":"s.a","keep":9}',
  '{"filter":"s.a","seq":2}',
  '{"filter":"s.a","seq":9}',
  '{"filter":"s.a","seq":2,"keep":1}',
  '{"subject":"s.a"}',
];

const purgeCases = each("purge", purges, (body) =>
  ["file", "memory"].flatMap((storage) => {
    const name = storage.toUpperCase();
    return [
      `api STREAM.CREATE.${name} {"name":"${name}","subjects":["${name}.>"],` +
        `"storage":"${storage}"}`,
      `pub ${name}.a 1`,
      `pub ${name}.b 2`,
      `pub ${name}.a 3`,
      `pub ${name}.c.d 4`,
      `pub ${name}.a 5`,
      `api CONSUMER.CREATE.${name}.C {"stream_name":"${name}","config":{"name":"C",` +
        `"ack_policy":"explicit"}}`,
      `pull ${name}.C {"batch":2,"no_wait":true}`,
      `api STREAM.PURGE.${name} ${body.replace('"s.', `"${name}.`)}`.trimEnd(),
      "wait 10",
      `api STREAM.INFO.${name} {"subjects_filter":">","deleted_details":true}`,
      `api CONSUMER.INFO.${name}.C`,
      `pub ${name}.a 6`,
      `api STREAM.INFO.${name}`,
    ];
  }),
);

const deletions = each("delete messages of storage", ["file", "memory"], (storage) => [
  `api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"storage":"${storage}"}`,
  'api STREAM.MSG.DELETE.S {"seq":1}',
  'api STREAM.MSG.DELETE.S {"seq":0}',
  "pub s.a 1",
  "pub s.a 2",
  "pub s.a 3",
  'api STREAM.MSG.DELETE.S {"seq":2}',
  'api STREAM.MSG.DELETE.S {"seq":2}',
  'api STREAM.MSG.DELETE.S {"seq":4}',
  'api STREAM.MSG.DELETE.S {"seq":1,"no_erase":true}',
  'api STREAM.MSG.DELETE.S {"seq":1}',
  "api STREAM.INFO.S",
  'api STREAM.MSG.DELETE.S {"seq":3}',
  "api STREAM.INFO.S",
  'api STREAM.MSG.DELETE.S {"seq":3}',
  'api STREAM.MSG.DELETE.S {"seq":4}',
  "pub s.a 4",
  "api STREAM.INFO.S",
]);

const stories = cases(
  "reading",
  `
is denied where it is not allowed
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  pub s.a 1
  api DIRECT.GET.S {"seq":1}
  api DIRECT.GET.S.s.a
  api STREAM.MSG.GET.S {"seq":1}
is allowed later
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"]}
  pub s.a 1
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"],"allow_direct":true}
  api DIRECT.GET.S {"seq":1}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"]}
  api DIRECT.GET.S {"seq":1}
goes to mirrors too
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_direct":true}
  pub s.a 1
  api STREAM.CREATE.M {"name":"M","mirror":{"name":"S"},"mirror_direct":true}
  wait 250
  api DIRECT.GET.M {"seq":1}
  api STREAM.INFO.M
  api STREAM.DELETE.S
  api DIRECT.GET.M {"seq":1}
is answered by a mirror alone, whose name has another length
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_direct":true}
  pub s.a 1
  api STREAM.CREATE.MIRROR {"name":"MIRROR","mirror":{"name":"S"},"mirror_direct":true}
  wait 250
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"]}
  api DIRECT.GET.S.s.a
  api DIRECT.GET.S {"seq":1}
of a stream that begins late
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"first_seq":100,"allow_direct":true}
  api STREAM.INFO.S
  pub s.a 1
  pub s.a 2
  api DIRECT.GET.S {"seq":1}
  api DIRECT.GET.S {"seq":100}
  api DIRECT.GET.S {"next_by_subj":"s.a"}
  api STREAM.PURGE.S {"seq":101}
  api STREAM.INFO.S
  api STREAM.PURGE.S
  api STREAM.INFO.S
of denied deletions and purges
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"deny_delete":true,"deny_purge":true}
  pub s.a 1
  api STREAM.MSG.DELETE.S {"seq":1}
  api STREAM.PURGE.S
  api STREAM.PURGE.S {"seq":5}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"]}
  api STREAM.UPDATE.S {"name":"S","subjects":["s.>"],"deny_delete":true}
of messages that grow old
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"max_age":300000000}
  pub s.a 1
  pub s.b 2
  wait 700
  api STREAM.INFO.S
of messages that have a lifetime
  api STREAM.CREATE.S {"name":"S","subjects":["s.>"],"allow_msg_ttl":true,
      "subject_delete_marker_ttl":5000000000,"max_age":0,"allow_direct":true}
  hpub s.a {"Nats-TTL":"1s"} 1
  hpub s.b {"Nats-TTL":"never"} 2
  wait 1600
  api STREAM.INFO.S {"subjects_filter":">"}
  api DIRECT.GET.S {"last_by_subj":"s.a"}
`,
);

export const readCases: readonly Case[] = [
  ...selectionCases,
  ...purgeCases,
  ...deletions,
  ...stories,
];

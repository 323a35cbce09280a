/**
 * Programs about one feature, drawn from a seed: streams that follow others, batches, schedules,
 * counters, buckets, priority groups, direct reads, several clients and accounts, and servers that
 * start again or are told otherwise.
 */
import { Dice } from "./dice.ts";
import type { Case, Ground } from "./notation.ts";
import { fast } from "./random-fast.ts";
import { reloads, restarts, timers } from "./random-restarts.ts";
import { sharing } from "./random-sharing.ts";
import { createConsumer, createStream, publish, some, streamDetails } from "./random-steps.ts";

/** A program about the theme that the seed falls on. */
export function themeCase(seed: number): Case {
  const dice = new Dice(seed);
  const names = Object.keys(themes) as (keyof typeof themes)[];
  const name = dice.pick(...names);
  const ground: Ground = name === "sharing" ? "shared" : name in ownThemes ? "own" : "plain";
  return { title: `random ${name}, seed ${seed}`, steps: themes[name](dice), ground };
}

/** Programs that need a server of their own. */
const ownThemes = { restarts, timers, reloads } as const;

const themes = {
  ...{ origins, batches, schedules, counters, bucket, groups, reads, clients },
  ...{ fast, sharing, ...ownThemes },
} as const;

/** What a stream takes over from others comes a moment later. */
const copied = "wait 60";
/** And it takes a while until it follows them. */
const begun = "wait 1500";

function origins(dice: Dice): string[] {
  const storage = dice.pick("memory", "file");
  const steps = [
    createStream("A", { subjects: ["a.>"], storage }),
    createStream("B", { subjects: ["b.>"], storage, ...some(dice, 30, { max_msgs: 6 }) }),
    // Of what two streams had before it comes in the order in which they are heard.
    ...dice.times(dice.draw(6), () => `pub ${dice.pick("a.x", "a.y")} ${dice.draw(9)}`),
  ];
  const from = (name: string): object => {
    const subject = name.toLowerCase();
    return {
      name,
      ...dice.pick(
        {},
        {},
        { filter_subject: `${subject}.x` },
        { opt_start_seq: 1 + dice.draw(3) },
        { subject_transforms: [{ src: `${subject}.*`, dest: "m.{{wildcard(1)}}" }] },
      ),
    };
  };
  const own = some(dice, 20, {
    max_msgs: 5,

    discard: "new",
    deny_delete: true,
  });
  const isMirror = dice.chance(50);
  const follows = isMirror ? { mirror: from("A") } : { sources: [from("A"), from("B")] };
  const subjects = isMirror || dice.chance(60) ? {} : { subjects: ["m.own"] };
  steps.push(
    createStream("M", { storage, allow_direct: true, ...own, ...follows, ...subjects }),
    begun,
  );
  for (let i = 0; i < 8 + dice.draw(10); i++) {
    steps.push(
      dice.pick(
        `pub ${dice.pick("a.x", "a.y", "b.x")} ${dice.draw(9)}`,
        `pub ${dice.pick("a.x", "b.x")} <<x:30>>`,
        publish("a.x", { "Nats-Msg-Id": dice.pick("1", "2"), Own: "1" }, "h"),
        "pub m.own 1",
        `api STREAM.MSG.DELETE.${dice.pick("A", "M")} {"seq":${1 + dice.draw(5)}}`,
        `api STREAM.PURGE.A {"keep":${dice.draw(3)}}`,
        `api DIRECT.GET.M {"seq":${1 + dice.draw(6)}}`,
        `api DIRECT.GET.M {"last_by_subj":"${dice.pick("a.x", "m.x", "b.x")}"}`,
      ),
    );
    steps.push(copied);
  }
  return [...steps, streamDetails("M"), streamDetails("A")];
}

function batches(dice: Dice): string[] {
  const limits = some(dice, 20, { max_msgs: 4, max_msgs_per_subject: 2, discard: "new" });
  const storage = dice.pick("memory", "file");
  const steps = [createStream("S", { subjects: ["s.>"], storage, allow_atomic: true, ...limits })];
  const next = { x: 1, y: 1 };
  for (let i = 0; i < 22; i++) {
    const id = dice.pick("x", "x", "y");
    // Most follow on each other.
    const seq = dice.chance(85) ? next[id] : dice.draw(4);
    next[id] += 1;
    const commit = dice.chance(20) ? { "Nats-Batch-Commit": dice.pick("1", "1", "eob", "2") } : {};
    if ("Nats-Batch-Commit" in commit) next[id] = 1;
    const checks = some(dice, 8, {
      "Nats-Expected-Last-Sequence": `${dice.draw(8)}`,
      "Nats-Expected-Last-Subject-Sequence": `${dice.draw(8)}`,
      "Nats-Msg-Id": dice.pick("1", "2"),
      "Nats-TTL": "1h",
      "Nats-Rollup": "sub",
    });
    const headers = { "Nats-Batch-Id": id, "Nats-Batch-Sequence": `${seq}`, ...commit, ...checks };
    const subject = dice.pick("s.a", "s.b", "s.c");
    steps.push(dice.chance(85) ? publish(subject, headers, `${i}`) : `pub ${subject} ${i}`);
    if (dice.chance(8)) steps.push("api STREAM.INFO.S");
  }
  return [...steps, streamDetails("S"), 'api DIRECT.GET.S {"seq":1,"batch":20}'];
}

function schedules(dice: Dice): string[] {
  const own = some(dice, 40, { allow_msg_ttl: true, allow_rollup_hdrs: true });
  const subjects = ["s.>", "t.>"];
  const steps = [
    createStream("S", { subjects, storage: "memory", allow_msg_schedules: true, ...own }),
  ];
  for (let i = 0; i < 16; i++) {
    const when = dice.pick(
      ...["@at 2099-01-01T00:00:00Z", "@every 1h", "@every 1ms", "0 0 0 1 1 *", "@daily", "nope"],
    );
    const more = some(dice, 25, {
      "Nats-Schedule-TTL": dice.pick("1h", "5s", "x"),
      "Nats-Schedule-Source": dice.pick("s.a", "t.*", "u.a"),
      "Nats-Schedule-Time-Zone": dice.pick("UTC", "Mars/One"),
      "Nats-TTL": "1h",
      "Nats-Rollup": dice.pick("sub", "all"),
    });
    const target = dice.pick("t.a", "t.b", "s.a", "u.a", "t.*");
    const headers = { "Nats-Schedule": when, "Nats-Schedule-Target": target, ...more };
    const subject = dice.pick("s.a", "s.b", "s.c");
    steps.push(
      dice.pick(
        publish(subject, headers, `${i}`),
        publish(subject, headers, `${i}`),
        `pub ${dice.pick("s.a", "t.a")} ${i}`,
        `api STREAM.MSG.DELETE.S {"seq":${1 + dice.draw(6)}}`,
        `api STREAM.PURGE.S {"filter":"${subject}"}`,
        `api STREAM.MSG.GET.S {"last_by_subj":"${subject}"}`,
      ),
    );
  }
  return [...steps, streamDetails("S")];
}

function counters(dice: Dice): string[] {
  const storage = dice.pick("memory", "file");
  const own = { allow_msg_counter: true, allow_direct: true, storage };
  const more = some(dice, 25, { max_msgs_per_subject: 2, allow_rollup_hdrs: true });
  const steps = [createStream("S", { subjects: ["s.>"], ...own, ...more })];
  const isSummed = dice.chance(50);
  if (isSummed) steps.push(createStream("T", { sources: [{ name: "S" }], ...own }), begun);
  for (let i = 0; i < 18; i++) {
    const by = dice.pick("1", "+2", "-3", "0", "1.5", "", "99999999999999999999", "x", " 1");
    const subject = dice.pick("s.a", "s.a", "s.b");
    steps.push(
      dice.pick(
        publish(subject, { "Nats-Incr": by }),
        publish(subject, { "Nats-Incr": dice.pick("1", "5", "-2") }),
        publish(subject, { "Nats-Incr": "1", ...some(dice, 50, { "Nats-Msg-Id": "1", Own: "1" }) }),
        publish(subject, { "Nats-Incr": "1", "Nats-Rollup": "sub" }),
        `pub ${subject} {"val":"7"}`,
        `api DIRECT.GET.S.${subject}`,
        `api STREAM.MSG.DELETE.S {"seq":${1 + dice.draw(6)}}`,
      ),
    );
  }
  const sums = isSummed
    ? [copied, 'api DIRECT.GET.T {"last_by_subj":"s.a"}', streamDetails("T")]
    : [];
  return [...steps, streamDetails("S"), ...sums];
}

function bucket(dice: Dice): string[] {
  const steps = [
    createStream("KV_B", {
      subjects: ["$KV.B.>"],
      max_msgs_per_subject: 1 + dice.draw(4),
      storage: dice.pick("memory", "file"),
      discard: "new",
      allow_rollup_hdrs: true,
      allow_direct: true,
      deny_delete: true,
      ...some(dice, 40, { allow_msg_ttl: true, subject_delete_marker_ttl: 3_600_000_000_000 }),
      ...some(dice, 20, { max_bytes: 600, max_msg_size: 100 }),
    }),
    "sub w1 w.1",
    "sub w2 w.2",
  ];
  const watch = (name: string, filter: string): string =>
    createConsumer("KV_B", name, {
      deliver_subject: `w.${name}`,
      deliver_policy: dice.pick("last_per_subject", "new", "all"),
      ack_policy: "none",
      filter_subject: filter,
      mem_storage: true,
      ...some(dice, 30, { headers_only: true }),
    });
  const key = (): string => dice.pick("$KV.B.a", "$KV.B.b", "$KV.B.c.d");
  const revision = { "Nats-Expected-Last-Subject-Sequence": `${dice.draw(5)}` };
  for (let i = 0; i < 24; i++) {
    steps.push(
      dice.pick(
        `pub ${key()} ${i}`,
        publish(key(), revision, `${i}`),
        publish(key(), { "Nats-Expected-Last-Subject-Sequence": "0" }, `${i}`),
        publish(key(), { "KV-Operation": "DEL", ...some(dice, 30, { "Nats-TTL": "1h" }) }),
        publish(key(), { "KV-Operation": "PURGE", "Nats-Rollup": "sub" }),
        `api DIRECT.GET.KV_B.${key()}`,
        `api STREAM.MSG.GET.KV_B {"last_by_subj":"${key()}"}`,
        'api DIRECT.GET.KV_B {"multi_last":["$KV.B.>"]}',
        'api STREAM.INFO.KV_B {"subjects_filter":"$KV.B.>"}',
        `api STREAM.PURGE.KV_B {"filter":"${key()}","keep":${dice.draw(2)}}`,
        watch(dice.pick("1", "2"), dice.pick("$KV.B.>", "$KV.B.*", "$KV.B.a")),
        `api CONSUMER.DELETE.KV_B.${dice.pick("1", "2")}`,
      ),
    );
    steps.push("wait 8");
  }
  return [...steps, streamDetails("KV_B")];
}

function groups(dice: Dice): string[] {
  const policy = dice.pick("pinned_client", "overflow", "prioritized");
  const config = {
    ack_policy: "explicit",
    ack_wait: 60_000_000_000,
    priority_policy: policy,
    priority_groups: dice.pick(["A"], ["A", "B"]),
    ...(policy === "pinned_client" ? some(dice, 40, { priority_timeout: 60_000_000_000 }) : {}),
  };
  const steps = [
    "sub events $JS.EVENT.ADVISORY.>",
    createStream("S", { subjects: ["s.>"], storage: "memory" }),
    createConsumer("S", "C", config),
  ];
  for (let i = 0; i < 26; i++) {
    const request = {
      batch: 1 + dice.draw(3),
      no_wait: true,
      ...some(dice, 85, { group: dice.pick("A", "A", "A", "B", "Z") }),
      ...some(dice, 20, { id: dice.pick("<<pin>>", "nope") }),
      ...some(dice, 15, { min_pending: dice.draw(4), min_ack_pending: dice.draw(4) }),
      ...some(dice, 15, { priority: dice.draw(11) }),
    };
    steps.push(
      dice.pick(
        `pub s.a ${i}`,
        `pub s.a ${i}`,
        `pull S.C ${JSON.stringify(request)}`,
        `pull S.C ${JSON.stringify(request)}`,
        `ack S.C ${1 + dice.draw(8)}`,
        `api CONSUMER.UNPIN.S.C {"group":"${dice.pick("A", "B", "Z", "")}"}`,
        "api CONSUMER.INFO.S.C",
      ),
    );
    steps.push("wait 6");
  }
  return [...steps, "api CONSUMER.INFO.S.C"];
}

function reads(dice: Dice): string[] {
  const storage = dice.pick("memory", "file");
  const steps = [createStream("S", { subjects: ["s.>"], storage, allow_direct: true })];
  const subject = (): string => dice.pick("s.a", "s.b", "s.c.d", "s.e");
  steps.push(
    ...dice.times(14, (i) => `pub ${subject()} ${i}`),
    ...dice.times(4, () => `api STREAM.MSG.DELETE.S {"seq":${1 + dice.draw(15)}}`),
    "mark half",
    ...dice.times(6, (i) => publish(subject(), { Own: `${i}` }, "<<x:50>>")),
  );
  const filter = (): string => dice.pick("s.a", "s.*", "s.>", ">", "s.c.*", "t", "s..a");
  for (let i = 0; i < 18; i++) {
    const body = {
      ...dice.pick(
        { seq: dice.draw(24) },
        { last_by_subj: filter() },
        { next_by_subj: filter(), ...some(dice, 60, { seq: dice.draw(22) }) },
        { multi_last: dice.pick([filter()], [filter(), filter()]) },
        { start_time: "<<mark:half>>", next_by_subj: filter() },
      ),
      ...some(dice, 35, { batch: dice.draw(8) }),
      ...some(dice, 15, { max_bytes: 40 + dice.draw(200) }),
      ...some(dice, 15, { up_to_seq: dice.draw(22) }),
      ...some(dice, 10, { up_to_time: "<<mark:half>>" }),
      ...some(dice, 10, { no_hdr: true }),
    };
    const where = dice.pick("DIRECT.GET.S", "DIRECT.GET.S", "DIRECT.GET.S", "STREAM.MSG.GET.S");
    steps.push(`api ${where} ${JSON.stringify(body)}`);
    if (dice.chance(10)) steps.push(`api DIRECT.GET.S.${filter()}`);
  }
  return steps;
}

function clients(dice: Dice): string[] {
  const steps = ['open few {"as":"few"}', 'open quiet {"echo":false}', "open plain {}"];
  const who = (): string => dice.pick("as few ", "as quiet ", "as plain ", "");
  const subject = (): string => dice.pick("a.x", "a.no", "a.never", "b.x", "map.plain", "map.1.2");
  const heard = (): string => dice.pick("a.*", "a.>", ">", "b.x", "mapped.>", "a..b", "q.x");
  let made = 0;
  for (let i = 0; i < 30; i++) {
    const name = `n${made}`;
    const step = dice.pick(
      `say ${subject()} ${i}`,
      `say ${subject()} ${i}`,
      `req ${subject()} ${i}`,
      `hsay ${subject()} ${JSON.stringify({ Own: "1" })} ${i}`,
      `sub ${name} ${heard()}${dice.chance(20) ? ` workers${made}` : ""}`,
      `unsub n${dice.draw(made + 1)} ${dice.pick("", "1", "2")}`.trimEnd(),
    );
    // Each subscription has a client of its own to be ended by, so nobody ends another's.
    if (step.startsWith("sub ")) {
      made += 1;
      steps.push(`${who()}${step}`);
    } else if (step.startsWith("unsub ")) continue;
    else steps.push(`${who()}${step}`);
    if (dice.chance(4)) steps.push(`open later${i} {}`, `as later${i} say a.x ${i}`);
  }
  return steps;
}

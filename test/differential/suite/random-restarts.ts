/** Random programs in which the server starts again, or is told otherwise, on its own. */
import type { Dice } from "./dice.ts";
import { variants } from "./grounds.ts";
import { openAll, talk } from "./random-sharing.ts";
import { createConsumer, createStream, publish, some, streamDetails } from "./random-steps.ts";

const seconds = (count: number): number => count * 1_000_000_000;
/** What consumers have seen is written within a tenth of a second: `consumerFileStore`. */
const written = "wait 350";

/** Streams and consumers in the middle of their work, and what is left of them. */
export function restarts(dice: Dice): string[] {
  const isWork = dice.chance(20);
  const own = some(dice, 20, {
    ...{ max_msgs: 9, max_msgs_per_subject: 3, allow_direct: true, allow_rollup_hdrs: true },
    ...{ allow_msg_counter: true, deny_delete: true, allow_atomic: true, allow_batched: true },
    ...{ description: "x", metadata: { a: "b" }, compression: "s2" },
    ...{ max_consumers: 3, discard: "new", subject_transform: { src: "s.*", dest: "s.t.$1" } },
  });
  if (own.allow_msg_counter === true) delete own.discard;
  const evicts = "max_msgs" in own || "max_msgs_per_subject" in own;
  const retention = isWork ? "workqueue" : dice.pick("limits", "limits", "interest");
  const steps = [
    "sub events $JS.EVENT.ADVISORY.>",
    "sub pushed w",
    createStream("S", { subjects: ["s.>"], retention, ...own }),
    // That an empty stream was purged is forgotten by a kill.
    "pub s.a first",
    createConsumer("S", "C", consumerConfig(dice)),
  ];
  if (!isWork) steps.push(createConsumer("S", "D", consumerConfig(dice)));
  // What a mirror asks for may come before or after the first client is back.
  if (retention === "limits" && dice.chance(30)) {
    steps.shift();
    steps.push(createStream("M", { mirror: { name: "S" }, allow_direct: true }), "wait 600");
  }
  if (!isWork && dice.chance(30)) {
    const how = { ack_policy: dice.pick("none", "explicit"), ...ackWait };
    const push = { deliver_subject: "w", inactive_threshold: seconds(3600), ...how };
    steps.push(createConsumer("S", "W", { ...push, ...some(dice, 50, { durable_name: "W" }) }));
  }
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 9; i++) steps.push(...work(dice, `${round}${i}`), "wait 5");
    if (round === 2) break;
    // A kill forgets when the last message came, if that was deleted; and what a limit removed.
    const signal = evicts ? "SIGTERM" : dice.pick("SIGTERM", "SIGKILL");
    steps.push("pub s.end 1", written, `restart ${signal}`, "wait 300");
    steps.push(streamDetails("S"), "api CONSUMER.INFO.S.C", "api CONSUMER.INFO.S.D");
  }
  steps.push("api STREAM.NAMES", "api CONSUMER.NAMES.S", "api INFO", streamDetails("M"));
  return [...steps, streamDetails("S"), "api CONSUMER.INFO.S.C", "api CONSUMER.INFO.S.W"];
}

const ackWait = { ack_wait: seconds(60) };

function consumerConfig(dice: Dice): object {
  return {
    ack_policy: dice.pick("explicit", "explicit", "explicit", "all", "none"),
    ...ackWait,
    inactive_threshold: seconds(3600),
    ...some(dice, 25, {
      deliver_policy: dice.pick("new", "last", "last_per_subject"),
      filter_subject: dice.pick("s.a", "s.*"),
      max_deliver: 2 + dice.draw(2),
      headers_only: true,
      mem_storage: true,
      description: "x",
    }),
    ...(dice.chance(20) ? { priority_policy: "overflow", priority_groups: ["A"] } : {}),
  };
}

function work(dice: Dice, body: string): string[] {
  const name = dice.pick("C", "C", "D");
  const seq = 1 + dice.draw(12);
  const subject = dice.pick("s.a", "s.b", "s.c.d");
  const pull = { batch: 1 + dice.draw(3), no_wait: true, ...some(dice, 20, { group: "A" }) };
  return dice.pick(
    [`pub ${subject} ${body}`],
    [`pub ${subject} ${body}`, `pub ${subject} <<x:50>>`],
    [publish(subject, { "Nats-Msg-Id": dice.pick("1", "2") }, body)],
    [publish(subject, { "Nats-Expected-Last-Sequence": `${dice.draw(9)}` }, body)],
    [publish(subject, { "Nats-Rollup": "sub" }, body)],
    [publish(subject, { "Nats-Incr": "3" })],
    [`pull S.${name} ${JSON.stringify(pull)}`],
    [`pull S.${name} ${JSON.stringify(pull)}`],
    [`ack S.${name} ${seq}`],
    [`ack S.${name} ${seq} ${dice.pick("-NAK", "+TERM", "+WPI", '-NAK {"delay":3600000000000}')}`],
    [`api STREAM.MSG.DELETE.S {"seq":${seq}}`],
    [`api STREAM.PURGE.S ${dice.pick("{}", '{"filter":"s.a"}', '{"keep":2}')}`],
    [`api CONSUMER.PAUSE.S.${name} {"pause_until":"<<in:3600000>>"}`],
    [`api CONSUMER.DELETE.S.D`],
    [streamDetails("S")],
    [`api CONSUMER.INFO.S.${name}`],
  );
}

/** What the clock does, over a restart: ages, lifetimes, markers, acknowledgement times, delays. */
export function timers(dice: Dice): string[] {
  const marker = dice.chance(50) ? { subject_delete_marker_ttl: seconds(dice.pick(1, 3600)) } : {};
  const steps = [
    createStream("S", {
      subjects: ["s.>"],
      allow_msg_ttl: true,
      allow_rollup_hdrs: true,
      ...marker,
      ...some(dice, 25, { max_age: seconds(1), duplicate_window: seconds(1), max_msgs: 8 }),
      ...some(dice, 25, { allow_msg_schedules: true }),
    }),
    createConsumer("S", "C", {
      ack_policy: "explicit",
      ack_wait: seconds(dice.pick(2, 3600)),
      ...some(dice, 30, { max_deliver: 3, backoff: [seconds(2), seconds(3600)] }),
      inactive_threshold: seconds(3600),
    }),
  ];
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 6; i++) {
      const subject = dice.pick("s.a", "s.b", "s.c");
      steps.push(
        dice.pick(
          `pub ${subject} ${i}`,
          publish(subject, { "Nats-TTL": dice.pick("2s", "2s", "1h", "never") }, `${i}`),
          publish(subject, { "Nats-TTL": "2s", "Nats-Msg-Id": "1" }, `${i}`),
          publish(
            "s.s",
            { "Nats-Schedule": "@at <<in:2000>>", "Nats-Schedule-Target": "s.t" },
            "x",
          ),
          'pull S.C {"batch":2,"no_wait":true}',
          `ack S.C ${1 + dice.draw(6)} -NAK {"delay":${seconds(2)}}`,
          `ack S.C ${1 + dice.draw(6)}`,
        ),
      );
    }
    const isAfter = dice.chance(50);
    steps.push(written);
    // Halfway between what is due: a second either way tells the servers' clocks apart.
    if (isAfter) steps.push("wait 600");
    if (round === 0) steps.push(`restart ${dice.pick("SIGTERM", "SIGKILL")}`);
    steps.push("wait 2600", streamDetails("S"), "api CONSUMER.INFO.S.C");
    steps.push('pull S.C {"batch":9,"no_wait":true}', 'api DIRECT.GET.S {"multi_last":["s.>"]}');
  }
  return [...steps, "wait 2600", streamDetails("S"), "api CONSUMER.INFO.S.C"];
}

/** A configuration that changes under clients, streams and consumers. */
export function reloads(dice: Dice): string[] {
  const steps = [...openAll, createStream("S", { subjects: ["s.>"] }), "pub s.a 1"];
  const stays = { inactive_threshold: seconds(3600) };
  steps.push(createConsumer("S", "C", { ack_policy: "explicit", ...ackWait, ...stays }));
  const heard: string[] = [];
  for (let i = 0; i < 30; i++) {
    if (i % 6 === 5) {
      steps.push(`reload ${dice.pick(...Object.keys(variants))}`, "wait 60");
    }
    const step = dice.pick(
      ...dice.times(5, () => talk(dice, heard, i)),
      `pub s.a ${i}`,
      `pub s.a <<x:45>>`,
      `as b req s.a ${i}`,
      'pull S.C {"batch":1,"no_wait":true}',
      `ack S.C ${1 + dice.draw(4)}`,
      createStream("T", { subjects: ["t"] }),
      createConsumer("S", dice.pick("D", "E"), { ack_policy: "none", ...stays }),
      "api INFO",
      "as b req JS.A.STREAM.INFO.S",
      streamDetails("S"),
      // Whom of several clients too many nats-server ends is chance: there is one `b`.
      ...["c", "few", "answers"].map((name) => `open ${name}${i} {"as":"${name}"}`),
    );
    steps.push(step);
  }
  return [...steps, streamDetails("S"), "api CONSUMER.INFO.S.C", "api INFO"];
}

/** Random programs about accounts that share streams, services and JetStream: `grounds.ts`. */
import type { Dice } from "./dice.ts";
import { createConsumer, createStream, some, streamDetails } from "./random-steps.ts";

const who = ["", "as b ", "as c ", "as few ", "as answers "] as const;
export const openAll: readonly string[] = ["b", "c", "few", "answers"].map(
  (name) => `open ${name} {"as":"${name}"}`,
);

export function sharing(dice: Dice): string[] {
  const steps = [...openAll];
  const heard: string[] = [];
  for (let i = 0; i < 34; i++) {
    const step = dice.chance(70) ? talk(dice, heard, i) : asset(dice, i);
    steps.push(step);
    if (step.includes("answer")) steps.push("wait 8");
    // A mirror asks for its consumer a moment after it was made.
    if (step.includes('"mirror"')) steps.push("wait 700");
  }
  return [
    ...steps,
    "as b api STREAM.NAMES",
    "as b req JS.A.STREAM.NAMES",
    "api INFO",
    "as b api INFO",
  ];
}

/** Core messages between the accounts; `heard` are the subscriptions made so far. */
export function talk(dice: Dice, heard: string[], i: number): string {
  const subject = dice.pick(
    ...["pub.a", "pub.a.x", "priv.a", "svc.one", "svc.shared", "many.a", "chunk", "a.x", "a.no"],
    ...["from.pub.a", "direct.a", "ask.one", "open", "pos", "pos.x", "back.a", "deliver.a"],
    ...["pos.a.x", "map.plain", "ask.two", "other.one"],
  );
  const filter = dice.pick(
    ...["pub.>", "pub.a", "priv.*", "svc.*", "svc.one", "many.>", "chunk", "pos.>", "a.*"],
    ...["from.>", "from.pub.a", "direct.*", "back.>", "deliver.>", "mapped.>", ">", "svc.shared"],
  );
  const kind = dice.draw(100);
  if (kind < 30) {
    const name = `n${heard.length}`;
    const queue = dice.chance(20) ? ` q${heard.length}` : "";
    const speaker = dice.pick(...who);
    heard.push(`${speaker}answer ${name}`);
    return `${speaker}sub ${name} ${filter}${queue}`;
  }
  if (kind < 40 && heard.length > 0)
    return `${dice.pick(...heard)} ${dice.pick("one", "two", "")}`.trimEnd();
  if (kind < 45 && heard.length > 0) {
    return dice
      .pick(...heard)
      .replace("answer n", "unsub n")
      .concat(dice.pick("", " 1"));
  }
  const verb = dice.pick("say", "req", "req");
  if (dice.chance(20)) {
    const headers = { Own: "1", ...some(dice, 30, { "Nats-Request-Info": "{}" }) };
    return `${dice.pick(...who)}h${verb === "say" ? "say" : "pub"} ${subject} ${JSON.stringify(headers)} ${i}`;
  }
  return `${dice.pick(...who)}${verb} ${subject} ${i}`;
}

/** Streams of both accounts; B asks A's JetStream as `JS.A.>`. */
function asset(dice: Dice, i: number): string {
  const storage = dice.pick("memory", "file");
  const external = { api: "JS.A", deliver: "deliver.m" };
  const size = some(dice, 60, { max_bytes: dice.pick(4096, 12_000, 20_000) });
  const push = { deliver_subject: dice.pick("deliver.x", "pub.a"), ack_policy: "explicit" };
  return dice.pick(
    createStream("S", { subjects: ["s.>"], storage }),
    `as b ${createStream("T", { subjects: [dice.pick("t.>", "from.>", "s.>")], storage, ...size })}`,
    `as b ${createStream(dice.pick("U", "V"), { subjects: ["u.>"], storage, ...size })}`,
    `as b ${createStream("M", { mirror: { name: "S", external }, storage, ...size })}`,
    `as b req JS.A.STREAM.INFO.${dice.pick("S", "T")}`,
    "as b req JS.A.INFO",
    `as b req JS.A.CONSUMER.MSG.NEXT.S.C {"batch":2,"no_wait":true}`,
    createConsumer("S", "C", { ack_policy: "explicit", ack_wait: 60_000_000_000 }),
    createConsumer("S", "P", { ...push, ack_wait: 60_000_000_000 }),
    `as b ${createConsumer("T", dice.pick("D", "E", "F"), { ack_policy: "explicit" })}`,
    `as b ack S.C ${1 + dice.draw(3)}`,
    `as b req s.a ${i}`,
    `req s.a ${i}`,
    `as b req t.a ${i}`,
    `as c api INFO`,
    `as b ${streamDetails("T")}`,
    streamDetails("S"),
  );
}

/** Random programs about fast batches: parts in order, with gaps, pings, ends and checks. */
import type { Dice } from "./dice.ts";
import { createStream, some, streamDetails } from "./random-steps.ts";

export function fast(dice: Dice): string[] {
  const own = some(dice, 20, { max_msgs: 6, max_msgs_per_subject: 2, discard: "new" });
  const more = some(dice, 25, { allow_atomic: true, allow_msg_ttl: true, allow_rollup_hdrs: true });
  const storage = dice.pick("memory", "file");
  const config = { subjects: ["s.>"], storage, allow_batched: true, ...own, ...more };
  const steps = [createStream("S", config), "sub acks F.>"];
  const next: Record<string, number> = {};
  const every: Record<string, number> = {};
  const gap: Record<string, string> = {};
  for (let i = 0; i < 26; i++) {
    const id = dice.pick("x", "x", "x", "y");
    const known = next[id] ?? 1;
    const seq = dice.chance(85) ? known : dice.draw(8);
    every[id] ??= dice.pick(0, 1, 2, 3, 10, 600);
    gap[id] ??= dice.pick("ok", "fail");
    const usual = seq === 1 ? "0" : "1";
    const operation = dice.chance(75) ? usual : dice.pick("0", "1", "2", "3", "4", "4", "5");
    const isEnd = operation === "2" || operation === "3";
    next[id] = isEnd ? 1 : operation === "4" ? known : Math.max(known, seq) + 1;
    const headers = some(dice, 6, {
      "Nats-Expected-Last-Sequence": `${dice.draw(9)}`,
      "Nats-Expected-Last-Subject-Sequence": `${dice.draw(9)}`,
      "Nats-Msg-Id": dice.pick("1", "2"),
      "Nats-TTL": "1h",
      "Nats-Rollup": "sub",
      "Nats-Batch-Id": "z",
    });
    const reply = `F.${id}.${every[id]}.${gap[id]}.${seq}.${operation}.$FI`;
    const subject = dice.pick("s.a", "s.b", "s.c");
    steps.push(raw(subject, reply, headers, `${i}`));
    if (dice.chance(8)) steps.push(`pub ${dice.pick("s.a", "s.b")} ${i}`);
    if (dice.chance(4)) steps.push("api STREAM.INFO.S");
    if (dice.chance(3)) steps.push(`api STREAM.MSG.DELETE.S {"seq":${1 + dice.draw(6)}}`);
  }
  return [...steps, streamDetails("S")];
}

/** A message whose reply subject steers its batch; what comes back is heard on `F.>`. */
function raw(subject: string, reply: string, headers: object, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\\r\\n`);
  if (lines.length === 0) {
    return `raw PUB ${subject} ${reply} ${body.length}\\r\\n${body}\\r\\n`;
  }
  const block = `NATS/1.0\\r\\n${lines.join("")}\\r\\n`;
  const size = block.replaceAll("\\r\\n", "12").length;
  return `raw HPUB ${subject} ${reply} ${size} ${size + body.length}\\r\\n${block}${body}\\r\\n`;
}

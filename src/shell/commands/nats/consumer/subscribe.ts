// nats consumer sub: messages of a consumer, pushed or pulled as it is made.

import type { Msg } from "@nats-io/nats-core";
import { goDuration } from "../../../render/durations.ts";
import { comma } from "../../../render/numbers.ts";
import { clockText } from "../../../render/times.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags } from "../context.ts";
import { headerPairs } from "../messages.ts";
import { parseAckSubject } from "../metadata.ts";
import { createQueue, subscribeInto, take } from "../waiting.ts";
import type { ConsumerInfo } from "../wire.ts";
import { pullOne } from "./next.ts";
import { pickConsumer } from "./pick.ts";
import { ackPolicyText } from "./show.ts";

export const consumerSubscribe = natsCommand({
  path: "sub",
  hidden: true,
  tags: readTags,
  help: "Show the messages of a consumer as they come",
  args: { stream: { help: "The stream" }, consumer: { help: "The consumer" } },
  flags: {
    ack: { help: "Acknowledge each message", type: "bool", default: "true" },
    raw: { help: "Write only the bodies", type: "switch", short: "r" },
    "deliver-group": { help: "The queue group of the consumer", type: "string" },
  },
  async run(ctx, { args, flags }) {
    const info = await pickConsumer(ctx, { stream: args.stream, consumer: args.consumer });
    const { stream_name: stream, name: consumer, config } = info;
    const acks = flags.ack && config.ack_policy !== "none";
    if (!config.deliver_subject) {
      const answer = acks ? "ack" : null;
      await pullOne(ctx, { stream, consumer, raw: flags.raw, answer, delay: 0 });
      return 0;
    }
    if (!flags.raw) await writeIntroduction(ctx, info, acks);
    await follow(ctx, { subject: config.deliver_subject, info, acks, raw: flags.raw });
    return 0;
  },
});

async function writeIntroduction(
  ctx: NatsContext,
  { config }: ConsumerInfo,
  acks: boolean,
): Promise<void> {
  const topic = `Subscribing to topic ${config.deliver_subject}`;
  await printLine(ctx, `${topic} auto acknowledgment: ${acks}\n`);
  await printLine(ctx, "Consumer Info:");
  await printLine(ctx, `  Ack Policy: ${ackPolicyText(config.ack_policy)}`);
  if (config.ack_policy !== "none") {
    await printLine(ctx, `    Ack Wait: ${goDuration(config.ack_wait ?? 0)}`);
  }
  await printLine(ctx);
}

interface Following {
  readonly subject: string;
  readonly info: ConsumerInfo;
  readonly acks: boolean;
  readonly raw: boolean;
}

/** Until the process is interrupted. */
async function follow(ctx: NatsContext, { subject, info, acks, raw }: Following): Promise<void> {
  const connection = await connect(ctx);
  const inbox = createQueue<Msg>();
  const queue = info.config.deliver_group;
  subscribeInto(connection, inbox, { subject, ...(queue ? { queue } : {}) });
  for (;;) {
    const message = await take(inbox, 0);
    if (message === null) return;
    if (message.data.length === 0 && message.headers?.code === 100) {
      const stalled = message.headers.get("Nats-Consumer-Stalled") || message.reply;
      if (stalled) connection.publish(stalled);
      continue;
    }
    if (raw) {
      await ctx.process.write(message.data);
      await printLine(ctx);
    } else await writeMessage(ctx, message);
    if (acks) message.respond();
  }
}

async function writeMessage(ctx: NatsContext, message: Msg): Promise<void> {
  const info = parseAckSubject(message.reply);
  const clock = clockText(ctx.process.storedNow());
  if (info) {
    const place = `cons seq: ${info.consumerSeq} / str seq: ${info.streamSeq}`;
    const what = `subj: ${message.subject} / tries: ${info.delivered}`;
    await printLine(ctx, `[${clock}] ${what} / ${place} / pending: ${comma(info.pending)}`);
  } else await printLine(ctx, `[${clock}] ${message.subject} reply: ${message.reply ?? ""}`);
  const headers = headerPairs(message.headers);
  if (headers.length > 0) {
    await printLine(ctx, "\nHeaders:\n");
    for (const [name, value] of headers) await printLine(ctx, `   ${name}: ${value}`);
    await printLine(ctx, "\nData:");
  }
  await ctx.process.write(message.data);
  await printLine(ctx);
  if (message.data.at(-1) !== 10) await printLine(ctx);
}

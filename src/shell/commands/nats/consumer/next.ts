// nats consumer next: pulls messages one by one. nats consumer sub: whatever suits the consumer.

import { createInbox, type Msg } from "@nats-io/nats-core";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration } from "../../../render/durations.ts";
import { comma } from "../../../render/numbers.ts";
import { clockText } from "../../../render/times.ts";
import { apiSubject } from "../api.ts";
import { loadConsumer } from "../choose.ts";
import { connect } from "../connection.ts";
import {
  logLine,
  type NatsContext,
  natsCommand,
  printLine,
  readTags,
  timeoutMs,
} from "../context.ts";
import { orFail, timedOut } from "../failures.ts";
import { headerPairs } from "../messages.ts";
import { parseAckSubject } from "../metadata.ts";
import { createQueue, isNoResponders, subscribeInto, take } from "../waiting.ts";

export interface PullOptions {
  readonly stream: string;
  readonly consumer: string;
  readonly raw: boolean;
  readonly answer: "ack" | "nak" | "term" | null;
  /** Nanoseconds within which the answer is delayed at random. */
  readonly delay: number;
}

export const consumerNext = natsCommand({
  path: "next",
  tags: readTags,
  help: "Pull messages and acknowledge them",
  args: {
    stream: { help: "The stream", required: true },
    consumer: { help: "The consumer", required: true },
  },
  flags: {
    ack: { help: "Acknowledge each message", type: "bool", default: "true" },
    nak: { help: "Refuse each message, so that it comes again", type: "switch" },
    term: { help: "Give each message up for good", type: "switch", default: "false" },
    raw: { help: "Write only the bodies", type: "switch", short: "r" },
    wait: { help: "Wait up to this long before each ack", type: "duration" },
    count: { help: "How many messages to pull", type: "int", default: "1" },
  },
  async run(ctx, { args, flags, given }) {
    await orFail("setup failed", connect(ctx));
    if (flags.term && (given.has("ack") ? flags.ack : false || flags.nak)) {
      throw new CommandError("can not both Acknowledge and Terminate message");
    }
    const answer = flags.term ? "term" : flags.nak ? "nak" : flags.ack ? "ack" : null;
    const { stream, consumer } = args;
    for (let i = 0; i < flags.count; i += 1) {
      await pullOne(ctx, { stream, consumer, raw: flags.raw, answer, delay: flags.wait });
    }
    return 0;
  },
});

/** Source: natscli v0.4.0 `getNextMsgDirect`. Throws CommandError. */
export async function pullOne(ctx: NatsContext, options: PullOptions): Promise<void> {
  const connection = await connect(ctx);
  const inbox = createQueue<Msg>();
  const reply = createInbox(ctx.globals.inboxPrefix || undefined);
  const subscription = subscribeInto(connection, inbox, { subject: reply });
  const verb = `CONSUMER.MSG.NEXT.${options.stream}.${options.consumer}`;
  const request = JSON.stringify({ expires: ctx.globals.timeout, batch: 1 });
  const subject = apiSubject(ctx, verb);
  if (ctx.globals.trace) await logLine(ctx, `>>> ${subject}\n${request}\n\n`);
  connection.publish(subject, request, { reply });
  const began = ctx.process.nowMs();
  const arrived = await take(inbox, timeoutMs(ctx));
  // The server's 408 is due when our own wait is over, and Go's timer usually wins that race
  // (transcripts/README.md, Caveats). Timers of JavaScript are late by up to a millisecond.
  const isLate = ctx.process.nowMs() - began >= timeoutMs(ctx) - 1;
  const message = isLate && arrived?.headers?.code === 408 ? null : arrived;
  subscription.unsubscribe();
  if (message === null || isNoResponders(message)) {
    await requirePull(ctx, options);
  }
  if (message === null) throw new CommandError(`no message received: ${timedOut}`);
  if (isNoResponders(message)) {
    throw new CommandError("no message received: nats: no responders available for request");
  }
  if (!options.raw) await writeHead(ctx, message);
  await ctx.process.write(message.data);
  await printLine(ctx);
  await answerMessage(ctx, message, options);
}

async function requirePull(ctx: NatsContext, options: PullOptions): Promise<void> {
  const name = JSON.stringify(options.consumer);
  const info = await orFail(
    `could not load consumer ${name}`,
    loadConsumer(ctx, options.stream, options.consumer),
  );
  if (info.config.deliver_subject) {
    throw new CommandError(`consumer ${name} is not a Pull consumer`);
  }
}

/** Who and where the message is, then its headers. */
async function writeHead(ctx: NatsContext, message: Msg): Promise<void> {
  const info = parseAckSubject(message.reply);
  if (info) {
    const place = `cons seq: ${info.consumerSeq} / str seq: ${info.streamSeq}`;
    const clock = clockText(ctx.process.storedNow());
    const pending = comma(info.pending);
    const what = `subj: ${message.subject} / tries: ${info.delivered}`;
    await printLine(ctx, `[${clock}] ${what} / ${place} / pending: ${pending}`);
  } else {
    const reply = message.reply ? ` reply: ${message.reply}` : "";
    await printLine(ctx, `--- subject: ${message.subject}${reply}`);
  }
  const headers = headerPairs(message.headers);
  if (headers.length > 0) {
    await printLine(ctx, "\nHeaders:\n");
    for (const [name, value] of headers) await printLine(ctx, `  ${name}: ${value}`);
    await printLine(ctx, "\nData:\n");
  }
  await printLine(ctx);
}

const payloads = { ack: "+ACK", nak: "-NAK", term: "+TERM" } as const;

const failures = {
  ack: "could not Acknowledge message",
  nak: "could not Acknowledge message",
  term: "could not Terminate message",
} as const;

async function answerMessage(
  ctx: NatsContext,
  message: Msg,
  { answer, delay, raw }: PullOptions,
): Promise<void> {
  if (answer === null) return;
  const connection = await connect(ctx);
  const nanos = answer === "term" ? 0 : Math.floor(ctx.process.random() * delay);
  if (nanos > 0) await ctx.process.sleep(nanos / 1e6);
  if (!message.reply) {
    throw new CommandError(`${failures[answer]}: nats: message does not have a reply`);
  }
  if (ctx.globals.trace && answer !== "term") {
    await logLine(ctx, `>>> ${message.reply}: ${payloads[answer]}`);
  }
  connection.publish(message.reply, payloads[answer]);
  await connection.flush();
  if (answer === "term") {
    await printLine(ctx, "\nTerminated message");
    return;
  }
  if (raw) return;
  const sort = answer === "nak" ? "Negative " : "";
  const after = nanos > 0 ? ` after ${goDuration(nanos)} delay` : "";
  await printLine(ctx, `\n${sort}Acknowledged message${after}\n`);
}

// nats request: a message that waits for its answers.

import { createInbox, type NatsConnection } from "@nats-io/nats-core";
import type { ArgSpecs, FlagSpecs, Input } from "../../../grammar/define.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration } from "../../../render/durations.ts";
import { nanosBetween } from "../../../render/times.ts";
import { connect, writeConnected } from "../connection.ts";
import { logLine, type NatsContext, natsCommand, timeoutMs, writeTags } from "../context.ts";
import { headerPairs, headersFromFlags, writeBody } from "../messages.ts";
import { openBody } from "../stdin.ts";
import { expandTemplate } from "../templates.ts";
import { createQueue, type Inbox, isNoResponders, subscribeInto, take } from "../waiting.ts";
import { words } from "../words.ts";

const args = {
  subject: { help: "Where to ask", required: true },
  body: { help: "What to send" },
} as const satisfies ArgSpecs;

const flags = {
  wait: { help: "Wait for an answer", type: "bool", short: "w", default: "true", hidden: true },
  raw: { help: "Write only what was received", type: "switch", short: "r" },
  header: { help: "A header of the message, K:V", type: "strings", short: "H" },
  count: { help: "How many requests to send", type: "int", default: "1" },
  replies: {
    help: "How many answers to wait for; 0 takes all until the timeout",
    type: "int",
    default: "1",
  },
  "reply-timeout": {
    help: "How long to wait between answers when there is more than one",
    type: "duration",
    default: "300ms",
  },
  "wait-for-empty": { help: "Take answers until an empty one", type: "switch" },
  translate: { help: "Pass each answer through this command first", type: "string" },
  "force-stdin": { help: "Read the body from stdin even in a pipe", type: "switch" },
  "send-on": {
    help: "Send what stdin holds at its end (eof) or line by line (newline)",
    type: "enum",
    default: "eof",
    values: ["newline", "eof"],
  },
  templates: { help: "Fill in templates in subject and body", type: "bool", default: "true" },
} as const satisfies FlagSpecs;

type RequestInput = Input<typeof flags, typeof args>;

/** Stands for "until something else ends it". Source: natscli, math.MaxInt16. */
const unlimited = 32767;

export const request = natsCommand({
  ...words.request,
  tags: writeTags,
  details: "Subject, body and header values may hold templates, as with publish.",
  args,
  flags,
  async run(ctx, input) {
    ctx.process.onSignal("INT", () => {
      ctx.session.interrupt?.(new CommandError("context canceled"));
    });
    const connection = await connect(ctx);
    if (ctx.globals.trace) await writeConnected(ctx);
    const body = await openBody(ctx, input.args.body ?? "", {
      bodyGiven: input.given.has("body"),
      forceStdin: input.flags["force-stdin"],
      sendOn: input.flags["send-on"],
      quiet: false,
    });
    for (;;) {
      const { text, last } = await body.next();
      if (body.usesStdin && text === "" && last) return 0;
      await sendAll(ctx, { connection, input }, text);
      if (last || !body.byLine) return 0;
    }
  },
});

interface Job {
  readonly connection: NatsConnection;
  readonly input: RequestInput;
}

async function sendAll(ctx: NatsContext, job: Job, text: string): Promise<void> {
  const total = job.input.flags.count < 1 ? unlimited : job.input.flags.count;
  for (let count = 1; count <= total; count += 1) {
    if (!(await sendOne(ctx, job, { text, count, total }))) return;
  }
}

interface Sent {
  readonly text: string;
  readonly count: number;
  readonly total: number;
}

/** False when nobody listens, which ends the run. */
async function sendOne(ctx: NatsContext, { connection, input }: Job, sent: Sent): Promise<boolean> {
  const { flags, args } = input;
  const values = { count: sent.count, request: null };
  const plain = (text: string) => ({ text, fault: null });
  const body = flags.templates ? expandTemplate(ctx, sent.text, values) : plain(sent.text);
  const subject = flags.templates ? expandTemplate(ctx, args.subject, values) : plain(args.subject);
  if (body.fault !== null) await logLine(ctx, `Could not parse body template: ${body.fault}`);
  if (subject.fault !== null) {
    await logLine(ctx, `Could not parse subject template: ${subject.fault}`);
  }
  const isTold = !flags.raw && sent.total <= 20;
  if (isTold) await logLine(ctx, `Sending request on ${JSON.stringify(subject.text)}`);
  const headers = headersFromFlags(ctx, flags.header, sent.count);
  const reply = createInbox(ctx.globals.inboxPrefix || undefined);
  const replies = createQueue<Parameters<typeof isNoResponders>[0]>();
  const subscription = subscribeInto(connection, replies, { subject: reply });
  connection.publish(subject.text, body.text, { reply, ...(headers ? { headers } : {}) });
  const someoneListens = await readReplies(ctx, { replies, input, isTold });
  subscription.unsubscribe();
  return someoneListens;
}

interface Reading {
  readonly replies: Inbox<Parameters<typeof isNoResponders>[0]>;
  readonly input: RequestInput;
  readonly isTold: boolean;
}

async function readReplies(
  ctx: NatsContext,
  { replies, input, isTold }: Reading,
): Promise<boolean> {
  const { flags } = input;
  const wanted = flags["wait-for-empty"] ? unlimited : flags.replies;
  const began = ctx.process.storedNow();
  let waitMs = timeoutMs(ctx);
  let rttSum = 0;
  for (let received = 0; waitMs > 0; ) {
    const message = await take(replies, waitMs);
    if (message === null) return true;
    if (isNoResponders(message)) {
      await logLine(ctx, "No responders are available");
      return false;
    }
    const rtt = nanosBetween(began, ctx.process.storedNow());
    if (isTold) await writeReplyHead(ctx, message, rtt);
    if (isTold || flags.raw) {
      const { subject, data } = message;
      await writeBody(ctx, { data, filter: flags.translate, subject, stream: "" });
    }
    received += 1;
    if (wanted > 0 && (received === wanted || message.data.length === 0)) return true;
    rttSum += rtt;
    waitMs =
      wanted === 0
        ? timeoutMs(ctx) - nanosBetween(began, ctx.process.storedNow()) / 1e6
        : (rttSum / received + flags["reply-timeout"]) / 1e6;
  }
  return true;
}

async function writeReplyHead(
  ctx: NatsContext,
  message: Parameters<typeof isNoResponders>[0],
  rtt: number,
): Promise<void> {
  await logLine(ctx, `Received with rtt ${goDuration(rtt)}`);
  const pairs = headerPairs(message.headers);
  for (const [name, value] of pairs) await logLine(ctx, `${name}: ${value}`);
  if (pairs.length > 0) await logLine(ctx, "");
}

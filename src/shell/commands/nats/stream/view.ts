// nats stream view: the messages of a stream, page by page.

import { createInbox, type Msg } from "@nats-io/nats-core";
import { addToStoredTime, formatStoredTime } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { dateTimeText } from "../../../render/times.ts";
import { apiRequest, apiSubject } from "../api.ts";
import { connect } from "../connection.ts";
import { createConsumer } from "../consumer/create.ts";
import {
  isInteractive,
  logLine,
  type NatsContext,
  natsCommand,
  printLine,
  readTags,
  timeoutMs,
} from "../context.ts";
import { interrupted } from "../keys.ts";
import { headerPairs, writeBody } from "../messages.ts";
import { parseAckSubject } from "../metadata.ts";
import { confirm } from "../prompts.ts";
import { createQueue, subscribeInto, take } from "../waiting.ts";
import { pickStream } from "./pick.ts";

const pageMost = 25;

export const streamView = natsCommand({
  path: "view",
  tags: readTags,
  help: "Page through the messages of a stream",
  args: {
    stream: { help: "The stream" },
    size: { help: "Messages on a page, at most 25", type: "int", default: "10" },
  },
  flags: {
    id: { help: "Start at this sequence", type: "int" },
    since: { help: "Start at messages that are at most this old", type: "duration" },
    raw: { help: "Write only the bodies", type: "switch" },
    translate: { help: "Pass each body through this command first", type: "string" },
    subject: { help: "Only messages of this subject", type: "string" },
  },
  async run(ctx, { args, flags }) {
    if (!isInteractive(ctx)) {
      throw new CommandError("interactive stream paging requires a valid terminal");
    }
    if (args.size > pageMost) {
      await logLine(ctx, "Page size is limited to 25, setting to 25...");
    }
    const info = await pickStream(ctx, args.stream);
    const stream = info.config.name;
    const consumer = await createPager(ctx, stream, flags);
    const page = { stream, consumer, size: Math.min(args.size, pageMost), flags };
    try {
      while (await showPage(ctx, page)) {
        if (!(await wantsMore(ctx))) return 0;
      }
    } finally {
      await apiRequest(ctx, `CONSUMER.DELETE.${stream}.${consumer}`);
    }
    return 0;
  },
});

/** Ctrl-C is a no here. */
async function wantsMore(ctx: NatsContext): Promise<boolean> {
  try {
    return await confirm(ctx, "Next Page?", true);
  } catch (error) {
    if (error instanceof CommandError && error.message === interrupted) return false;
    throw error;
  }
}

interface PagerFlags {
  readonly id: number;
  readonly since: number;
  readonly raw: boolean;
  readonly translate: string;
  readonly subject: string;
}

/** A consumer of its own for the pages. Source: jsm.go v0.4.1 `StreamPager.createConsumer`. */
async function createPager(
  ctx: NatsContext,
  stream: string,
  { id, since, subject }: PagerFlags,
): Promise<string> {
  const from = formatStoredTime(addToStoredTime(ctx.process.storedNow(), -since));
  const start =
    since > 0
      ? { deliver_policy: "by_start_time", opt_start_time: from }
      : id > 0
        ? { deliver_policy: "by_start_sequence", opt_start_seq: id }
        : { deliver_policy: "all" };
  const info = await createConsumer(ctx, stream, {
    ...start,
    ack_policy: "none",
    replay_policy: "instant",
    num_replicas: 1,
    mem_storage: true,
    max_deliver: -1,
    inactive_threshold: 3600e9,
    ...(subject !== "" ? { filter_subject: subject } : {}),
  });
  return info.name;
}

interface Page {
  readonly stream: string;
  readonly consumer: string;
  readonly size: number;
  readonly flags: PagerFlags;
}

/** False when the stream holds no more. */
async function showPage(ctx: NatsContext, page: Page): Promise<boolean> {
  const connection = await connect(ctx);
  const inbox = createQueue<Msg>();
  const reply = createInbox(ctx.globals.inboxPrefix || undefined);
  const subscription = subscribeInto(connection, inbox, { subject: reply });
  const subject = apiSubject(ctx, `CONSUMER.MSG.NEXT.${page.stream}.${page.consumer}`);
  connection.publish(subject, JSON.stringify({ batch: page.size, no_wait: true }), { reply });
  let isEnd = false;
  for (let shown = 0; shown < page.size && !isEnd; shown += 1) {
    const message = await take(inbox, timeoutMs(ctx));
    if (message === null || (message.headers?.code ?? 0) !== 0) isEnd = true;
    else {
      await showMessage(ctx, message, page);
      isEnd = parseAckSubject(message.reply)?.pending === 0;
    }
  }
  subscription.unsubscribe();
  if (isEnd) await logLine(ctx, "Reached apparent end of data");
  return !isEnd;
}

/** Headers of direct gets, which are shown on the first line instead. */
const hidden = new Set([
  "Nats-Subject",
  "Nats-Stream",
  "Nats-Sequence",
  "Nats-Time-Stamp",
  "Nats-Num-Pending",
  "Nats-Last-Sequence",
]);

async function showMessage(ctx: NatsContext, message: Msg, { flags, stream }: Page): Promise<void> {
  if (flags.raw) {
    await ctx.process.write(message.data);
    await printLine(ctx);
    return;
  }
  const info = parseAckSubject(message.reply);
  const { subject, data } = message;
  if (info) {
    const received = dateTimeText(info.time);
    await printLine(ctx, `[${info.streamSeq}] Subject: ${subject} Received: ${received}`);
  } else await printLine(ctx, `Subject: ${subject} Reply: ${message.reply ?? ""}`);
  const headers = headerPairs(message.headers);
  if (headers.length > 0) await printLine(ctx);
  for (const [name, value] of headers) {
    if (!hidden.has(name)) await printLine(ctx, `  ${name}: ${value.replaceAll("\f", "\u240a")}`);
  }
  await writeBody(ctx, { data, filter: flags.translate, subject, stream });
}

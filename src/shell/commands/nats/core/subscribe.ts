// nats subscribe: messages of subjects, or of a stream, as they come.

import { createInbox, type Msg } from "@nats-io/nats-core";
import { CommandError, UsageError } from "../../../grammar/errors.ts";
import { connect, flushAndCheck, writeConnected } from "../connection.ts";
import { logLine, type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { parseAckSubject } from "../metadata.ts";
import { splitSubjects } from "../sizes.ts";
import { createQueue, type Inbox, subscribeInto, take } from "../waiting.ts";
import { words } from "../words.ts";
import { subscribeArgs, subscribeFlags } from "./subscribe-flags.ts";
import { writeCoreMessage } from "./subscribe-output.ts";
import { reportEverySecond, startReport } from "./subscribe-report.ts";
import { openStream, readDirect, readStream, type StreamTarget } from "./subscribe-stream.ts";
import { ignoredText, isIgnored, type SubscribeInput, type Watch } from "./subscribe-watch.ts";

export const subscribe = natsCommand({
  ...words.subscribe,
  tags: writeTags,
  details: `Flags that name a stream, or where to start in one (--stream, --all, --last, --new,
--since, --start-sequence, --last-per-subject, --durable, --direct), read from the stream; else
only what is published from now on is seen. Without --durable nothing is acknowledged.`,
  cheat: "sub",
  args: subscribeArgs,
  flags: subscribeFlags,
  async run(ctx, input) {
    const { flags } = input;
    if (input.args.subjects.length === 0 && flags.stream === "" && !flags.inbox) {
      await printLine(ctx, "No subjects or --stream flag provided.");
      throw new UsageError("required argument");
    }
    const connection = await connect(ctx);
    if (ctx.globals.trace) await writeConnected(ctx);
    const watch: Watch = {
      connection,
      input,
      subjects: subjectsOf(ctx, input),
      ignored: splitSubjects(flags["ignore-subject"]),
      started: ctx.process.storedNow(),
      report: startReport(flags),
      count: 0,
    };
    checkFlags(watch);
    const { dump } = flags;
    if (dump !== "" && dump !== "-") await ctx.process.makeFolder(dump);
    const target = usesStream(input) ? await openStream(ctx, watch) : null;
    await announceReplies(ctx, watch);
    if (target === null) await announce(ctx, watch);
    const finished = follow(ctx, watch, target);
    if (watch.report) await Promise.race([finished, reportEverySecond(ctx, watch.report)]);
    else await finished;
    return 0;
  },
});

function subjectsOf(ctx: NatsContext, { args, flags }: SubscribeInput): readonly string[] {
  if (args.subjects.length > 0 || !flags.inbox) return args.subjects;
  return [createInbox(ctx.globals.inboxPrefix || undefined)];
}

function usesStream({ flags }: SubscribeInput): boolean {
  return (
    flags["start-sequence"] > 0 ||
    [flags.durable, flags.since, flags.stream].some((text) => text !== "") ||
    [flags.all, flags.new, flags.last, flags["last-per-subject"], flags.direct].some(Boolean)
  );
}

/** Throws CommandError. Source: natscli v0.4.0 `subCmd.validateInputs`. */
function checkFlags({ input, subjects }: Watch): void {
  const { flags } = input;
  const stream = usesStream(input);
  const refuse = (condition: boolean, text: string) => {
    if (condition) throw new CommandError(text);
  };
  refuse(
    input.args.subjects.length > 0 && flags.durable !== "",
    "cannot specify both subjects and a durable consumer",
  );
  refuse(subjects.length === 0 && flags.stream === "", "subject is required");
  refuse(subjects.length > 1 && stream, "streams subscribe support only 1 subject");
  refuse(
    flags["terminate-at-end"] && !stream,
    "--terminate-at-end is only supported for JetStream subscriptions",
  );
  refuse(
    flags.inbox && stream,
    "generating inboxes is not compatible with JetStream subscriptions",
  );
  refuse(
    flags.queue !== "" && stream,
    "queue group subscriptions are not supported with JetStream",
  );
  refuse(
    (flags["report-subjects"] || flags["report-subscriptions"]) && flags["report-top"] === 0,
    "subject count must be at least one",
  );
  refuse(
    flags.timestamp && flags["delta-time"],
    "timestamp and delta-time flags are mutually exclusive",
  );
  refuse(flags.graph, "failed to get terminal dimensions: inappropriate ioctl for device");
}

function matchSubject(ctx: NatsContext): string {
  return `${ctx.globals.inboxPrefix || "_INBOX"}.>`;
}

async function announceReplies(ctx: NatsContext, { input }: Watch): Promise<void> {
  const { flags } = input;
  if (!flags["match-replies"] || flags.raw || flags.dump !== "") return;
  await logLine(ctx, `Matching replies with inbox prefix ${matchSubject(ctx)}`);
}

async function announce(ctx: NatsContext, watch: Watch): Promise<void> {
  const { flags } = watch.input;
  if ((flags.raw || flags.dump !== "") && !flags.inbox) return;
  const ignored = ignoredText(watch);
  if (flags.ack) {
    const [first = ""] = watch.subjects;
    const how = "with acknowledgement of JetStream messages";
    await logLine(ctx, `Subscribing on ${first} ${how} ${ignored}`);
  } else await logLine(ctx, `Subscribing on ${watch.subjects.join(", ")} ${ignored}`);
}

async function follow(ctx: NatsContext, watch: Watch, target: StreamTarget | null): Promise<void> {
  if (target?.direct) return readDirect(ctx, watch, target);
  if (target) return readStream(ctx, watch, target);
  return readCore(ctx, watch);
}

interface Arrival {
  readonly message: Msg;
  readonly subscription: string;
}

async function readCore(ctx: NatsContext, watch: Watch): Promise<void> {
  const { connection, input, subjects } = watch;
  const arrivals = createQueue<Arrival>();
  for (const subject of subjects) {
    // nats.go refuses these before it sends them; nats.js would leave it to the server.
    if (subject.split(".").some((token) => token === "")) {
      throw new CommandError("nats: invalid subject");
    }
    const { queue } = input.flags;
    const inbox = forwardTo(arrivals, subject);
    subscribeInto(connection, inbox, { subject, ...(queue ? { queue } : {}) });
  }
  if (input.flags["match-replies"]) {
    const subject = matchSubject(ctx);
    subscribeInto(connection, forwardTo(arrivals, subject), { subject });
  }
  await flushAndCheck(ctx, connection);
  await readArrivals(ctx, watch, arrivals);
}

/** A queue that passes what it gets on, with the subject that was subscribed to. */
function forwardTo(arrivals: Inbox<Arrival>, subscription: string): Inbox<Msg> {
  const inbox = createQueue<Msg>();
  const pass = inbox.waiting.push.bind(inbox.waiting);
  inbox.waiting.push = (...messages) => {
    for (const message of messages) arrivals.waiting.push({ message, subscription });
    arrivals.wake?.();
    return pass();
  };
  return inbox;
}

async function readArrivals(
  ctx: NatsContext,
  watch: Watch,
  arrivals: Inbox<Arrival>,
): Promise<void> {
  const { flags } = watch.input;
  const requests = new Map<string, { readonly message: Msg; readonly count: number }>();
  for (;;) {
    const arrival = await take(arrivals, flags.wait / 1e6);
    if (arrival === null) return;
    const { message, subscription } = arrival;
    const matching = flags["match-replies"] && subscription === matchSubject(ctx);
    if (matching) {
      const request = requests.get(message.subject);
      if (!request) continue;
      requests.delete(message.subject);
      await writeCoreMessage(ctx, watch, { message: request.message, reply: message, count: 0 });
    } else if (!isIgnored(watch, message.subject)) {
      await takeMessage(ctx, watch, { arrival, requests });
    }
    // Once a request waits for its answer the recorded command line does not stop by count.
    const isFull = flags.count > 0 && watch.count >= flags.count;
    if (isFull && !matching && requests.size === 0) return;
  }
}

interface Taken {
  readonly arrival: Arrival;
  readonly requests: Map<string, { readonly message: Msg; readonly count: number }>;
}

async function takeMessage(
  ctx: NatsContext,
  watch: Watch,
  { arrival, requests }: Taken,
): Promise<void> {
  const { flags } = watch.input;
  const { message, subscription } = arrival;
  if (flags.count > 0 && watch.count >= flags.count) return;
  watch.count += 1;
  if (watch.report) {
    const subject = flags["report-subscriptions"] ? subscription : message.subject;
    watch.report.add(subject, message.data.length);
  } else if (flags["match-replies"] && message.reply) {
    requests.set(message.reply, { message, count: watch.count });
  } else await writeCoreMessage(ctx, watch, { message, reply: null, count: watch.count });
  if (flags.ack && parseAckSubject(message.reply)) message.respond();
}

// nats publish: messages to a subject, plain or stored and acknowledged.

import { CommandError } from "../../../grammar/errors.ts";
import { connect, flushAndCheck, writeConnected } from "../connection.ts";
import { logLine, type NatsContext, natsCommand, writeTags } from "../context.ts";
import { openBody } from "../stdin.ts";
import { words } from "../words.ts";
import { publishBatch } from "./publish-batch.ts";
import { publishArgs, publishFlags } from "./publish-flags.ts";
import { isTold, messageCount, type PublishJob, prepareMessage } from "./publish-job.ts";
import { publishStored } from "./publish-stored.ts";
import { readSchedule } from "./schedule.ts";

export const publish = natsCommand({
  ...words.publish,
  tags: writeTags,
  details: `Subject, body and header values may hold templates, filled in for each message:

   {{Count}}          which message this is, counted from 1
   {{ID}}             an id that no other message has
   {{Random 5 10}}    five to ten letters and digits
   {{Time}} {{TimeStamp}} {{Unix}} {{UnixNano}}    the time, in several forms

   nats pub orders.new "order {{Count}} of {{TimeStamp}}" --count 10`,
  cheat: "pub",
  args: publishArgs,
  flags: publishFlags,
  async run(ctx, input) {
    ctx.process.onSignal("INT", () => interrupted(ctx));
    const connection = await connect(ctx);
    if (ctx.globals.trace) await writeConnected(ctx);
    const schedule = readSchedule(ctx, input);
    const body = await openBody(ctx, input.args.body ?? "", {
      bodyGiven: input.given.has("body"),
      forceStdin: input.flags["force-stdin"],
      sendOn: input.flags["send-on"],
      quiet: input.flags.quiet,
    });
    schedule?.check();
    const job: PublishJob = { connection, input, schedule };
    if (input.flags.atomic) await publishBatch(ctx, job, body);
    else if (input.flags.jetstream || schedule) await publishStored(ctx, job, body);
    else await publishPlain(ctx, job, body);
    return 0;
  },
});

/** Ctrl-C ends a publish with an error, not by the signal. Source: natscli `Publisher.Run`. */
function interrupted(ctx: NatsContext): void {
  ctx.session.interrupt?.(new CommandError("context canceled"));
}

async function publishPlain(
  ctx: NatsContext,
  job: PublishJob,
  body: Awaited<ReturnType<typeof openBody>>,
): Promise<void> {
  const { input, connection } = job;
  const total = messageCount(input);
  for (;;) {
    const { text, last } = await body.next();
    if (body.usesStdin && text === "" && last) return;
    for (let count = 1; count <= total; count += 1) {
      const message = await prepareMessage(ctx, job, { text, count });
      connection.publish(message.subject, message.payload, {
        ...(input.flags.reply ? { reply: input.flags.reply } : {}),
        ...(message.headers ? { headers: message.headers } : {}),
      });
      await flushAndCheck(ctx, connection);
      if (total > 1 && input.flags.sleep > 0) await ctx.process.sleep(input.flags.sleep / 1e6);
      if (isTold(input)) {
        await logLine(ctx, `Published ${message.size} bytes to ${JSON.stringify(message.subject)}`);
      }
    }
    if (last || !body.byLine) return;
  }
}

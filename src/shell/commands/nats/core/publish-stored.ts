// nats publish --jetstream: each message waits for its acknowledgement.

import { headers as newHeaders } from "@nats-io/nats-core";
import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { comma } from "../../../render/numbers.ts";
import { parseReply } from "../api.ts";
import { logLine, type NatsContext, printLine, timeoutMs } from "../context.ts";
import { asCommandError } from "../failures.ts";
import type { openBody } from "../stdin.ts";
import type { PubAck } from "../wire.ts";
import { isTold, messageCount, type PublishJob, prepareMessage } from "./publish-job.ts";

export async function publishStored(
  ctx: NatsContext,
  job: PublishJob,
  body: Awaited<ReturnType<typeof openBody>>,
): Promise<void> {
  for (;;) {
    const { text, last } = await body.next();
    if (body.usesStdin && text === "" && last) return;
    try {
      await storeAll(ctx, job, text);
    } catch (error) {
      const failure = asCommandError(error);
      if (!body.byLine || !(failure instanceof CommandError)) throw failure;
      await logLine(ctx, `Could not publish message: ${messageOf(failure)}`);
    }
    if (last || !body.byLine) return;
  }
}

async function storeAll(ctx: NatsContext, job: PublishJob, text: string): Promise<void> {
  const { input } = job;
  const total = messageCount(input);
  for (let count = 1; count <= total; count += 1) {
    const began = ctx.process.nowMs();
    await storeOne(ctx, job, { text, count });
    const pause = input.flags.sleep / 1e6 - (ctx.process.nowMs() - began);
    if (total > 1 && input.flags.sleep > 0 && pause > 0) await ctx.process.sleep(pause);
  }
}

async function storeOne(
  ctx: NatsContext,
  job: PublishJob,
  source: { readonly text: string; readonly count: number },
): Promise<void> {
  const { input, connection, schedule } = job;
  const message = await prepareMessage(ctx, job, source);
  const headers = message.headers ?? newHeaders();
  schedule?.addTo(headers);
  if (!input.flags.quiet) {
    await logLine(ctx, `Published ${message.size} bytes to ${JSON.stringify(message.subject)}`);
  }
  const reply = await connection.request(message.subject, message.payload, {
    timeout: timeoutMs(ctx),
    ...(headers.keys().length > 0 ? { headers } : {}),
  });
  const ack = parseReply<PubAck>(reply.string());
  if (ctx.globals.trace) await printLine(ctx, `<<< ${reply.string()}`);
  if (isTold(input)) await logLine(ctx, ackText(ack));
}

function ackText(ack: PubAck): string {
  const parts = [`Stored in Stream: ${ack.stream} Sequence: ${comma(ack.seq)}`];
  if (ack.domain) parts.push(`Domain: ${JSON.stringify(ack.domain)}`);
  if (ack.duplicate) parts.push("Duplicate: true");
  if (ack.val) parts.push(`Counter Value: ${ack.val}`);
  return parts.join(" ");
}

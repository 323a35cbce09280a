// nats publish --atomic: the lines of stdin become one batch, stored whole or not at all.

import { headers as newHeaders, nuid } from "@nats-io/nats-core";
import { CommandError } from "../../../grammar/errors.ts";
import { comma } from "../../../render/numbers.ts";
import { apiRequest, parseReply, requireApiLevel } from "../api.ts";
import { logLine, type NatsContext, timeoutMs } from "../context.ts";
import { clientFaultText } from "../failures.ts";
import type { openBody } from "../stdin.ts";
import type { PubAck, StreamInfo } from "../wire.ts";
import { messageCount, type Prepared, type PublishJob, prepareMessage } from "./publish-job.ts";

/** Source: natscli v0.4.0 `publishAtomicBatch`; ADR-50. */
export async function publishBatch(
  ctx: NatsContext,
  job: PublishJob,
  body: Awaited<ReturnType<typeof openBody>>,
): Promise<void> {
  if (job.schedule) {
    throw new CommandError("atomic batch publishing does not support schedules");
  }
  if (!body.usesStdin || !body.byLine) {
    throw new CommandError(
      "atomic batch publishing requires JetStream and STDIN with --send-on=newline",
    );
  }
  await requireApiLevel(ctx, 2, "Atomic Batch Publishing requires NATS Server 2.12");
  await commit(ctx, job, await collect(ctx, job, body));
}

async function collect(
  ctx: NatsContext,
  job: PublishJob,
  body: Awaited<ReturnType<typeof openBody>>,
): Promise<Prepared[]> {
  const messages: Prepared[] = [];
  for (;;) {
    const { text, last } = await body.next();
    if (last && text === "") return messages;
    for (let count = 1; count <= messageCount(job.input); count += 1) {
      const message = await prepareMessage(ctx, job, { text, count });
      messages.push(message);
      if (job.input.flags.quiet) continue;
      const subject = JSON.stringify(message.subject);
      await logLine(ctx, `Adding ${message.size} bytes to batch on subject ${subject}`);
    }
  }
}

async function commit(
  ctx: NatsContext,
  job: PublishJob,
  messages: readonly Prepared[],
): Promise<void> {
  const { subject } = job.input.args;
  const { streams } = await apiRequest<{ streams: string[] | null }>(ctx, "STREAM.NAMES", {
    subject,
  });
  const stream = streams?.[0];
  if (stream === undefined) throw new CommandError("nats: no stream matches subject");
  const info = await apiRequest<StreamInfo>(ctx, `STREAM.INFO.${stream}`);
  if (!info.config.allow_atomic) {
    const where = `stream ${stream} with subject ${subject}`;
    throw new CommandError(`atomic publishing is not allowed for ${where}`);
  }
  const ack = await sendBatch(ctx, job, messages);
  if (job.input.flags.quiet) return;
  const size = comma(ack.count ?? 0);
  const parts = [`Wrote batch ID: ${ack.batch} Messages: ${size} Sequence: ${comma(ack.seq)}`];
  if (ack.domain) parts.push(`Domain: ${JSON.stringify(ack.domain)}`);
  if (ack.val) parts.push(`Counter Value: ${ack.val}`);
  await logLine(ctx, parts.join(" "));
}

async function sendBatch(
  ctx: NatsContext,
  { connection, input }: PublishJob,
  messages: readonly Prepared[],
): Promise<PubAck> {
  const batch = nuid.next();
  const options = { timeout: timeoutMs(ctx) };
  let ack: PubAck | null = null;
  for (const [i, message] of messages.entries()) {
    const isLast = i === messages.length - 1;
    const headers = (isLast ? null : message.headers) ?? newHeaders();
    headers.set("Nats-Batch-Id", batch);
    headers.set("Nats-Batch-Sequence", String(i + 1));
    if (isLast) headers.set("Nats-Batch-Commit", "1");
    if (i > 0 && !isLast) {
      connection.publish(message.subject, message.payload, { headers });
      continue;
    }
    const subject = isLast ? input.args.subject : message.subject;
    const reply = await connection.request(subject, message.payload, { ...options, headers });
    const text = reply.string();
    if (text === "" && !isLast) continue;
    const failed = (JSON.parse(text) as { error?: Parameters<typeof clientFaultText>[0] }).error;
    if (failed) throw new CommandError(clientFaultText(failed));
    ack = parseReply<PubAck>(text);
  }
  if (!ack) throw new CommandError("nats: no messages in batch");
  return ack;
}

// How `nats subscribe` shows a message: in full, raw, or as a file.
// Source of the three forms: natscli v0.4.0 `subCmd.printMsg`, `printJetStreamMsg`.

import type { Msg, MsgHdrs } from "@nats-io/nats-core";
import { goDuration } from "../../../render/durations.ts";
import { goJson } from "../../../render/json.ts";
import { comma } from "../../../render/numbers.ts";
import { dateTimeText, nanosBetween, stampMicroText } from "../../../render/times.ts";
import { logLine, type NatsContext, printLine } from "../context.ts";
import { runFilter } from "../filters.ts";
import { headerPairs, writeBody, writeBodyCompact } from "../messages.ts";
import { type Delivery, parseAckSubject, parseDirectHeaders } from "../metadata.ts";
import type { Watch } from "./subscribe-watch.ts";

export interface Shown {
  readonly message: Content & { readonly reply?: string };
  readonly reply: Msg | null;
  readonly count: number;
}

export async function writeCoreMessage(
  ctx: NatsContext,
  watch: Watch,
  { message, reply, count }: Shown,
): Promise<void> {
  const { flags } = watch.input;
  if (ctx.globals.trace && message.reply) {
    await printLine(ctx, `<<< Reply Subject: ${message.reply}`);
  }
  const info = flags.direct ? parseDirectHeaders(message.headers) : parseAckSubject(message.reply);
  if (flags.dump !== "" || flags.raw) {
    await writeShort(ctx, watch, { message, reply, name: String(info?.streamSeq ?? count) });
    return;
  }
  const stamp = stampText(ctx, watch);
  if (info && watch.input.flags.direct) {
    const where = `stream: ${info.stream} seq ${info.streamSeq} / subject: ${message.subject}`;
    const head = `[#${count}]${stamp} Received JetStream message (direct): ${where}`;
    await printLine(ctx, `${head} / time: ${dateTimeText(info.time)}`);
  } else {
    const suffix = message.reply ? ` with reply ${JSON.stringify(message.reply)}` : "";
    const subject = JSON.stringify(message.subject);
    await printLine(ctx, `[#${count}]${stamp} Received on ${subject}${suffix}`);
  }
  if (!flags["subjects-only"]) await writeContent(ctx, watch, message);
  if (!reply) return;
  const subject = JSON.stringify(reply.subject);
  await printLine(ctx, `[#${count}]${stamp} Matched reply on ${subject}`);
  await writeContent(ctx, watch, reply);
}

function stampText(ctx: NatsContext, watch: Watch): string {
  const now = ctx.process.storedNow();
  if (watch.input.flags.timestamp) return ` @ ${stampMicroText(now)}`;
  if (watch.input.flags["delta-time"]) {
    return ` @ ${goDuration(nanosBetween(watch.started, now))}`;
  }
  return "";
}

/** A message of a stream: what was delivered and where it stands. */
export interface StreamMessage {
  readonly subject: string;
  readonly reply: string;
  readonly headers: MsgHdrs | undefined;
  readonly data: Uint8Array;
}

export async function writeStreamMessage(
  ctx: NatsContext,
  watch: Watch,
  { message, info }: { readonly message: StreamMessage; readonly info: Delivery },
): Promise<void> {
  const { flags } = watch.input;
  if (ctx.globals.trace && message.reply !== "") {
    await printLine(ctx, `<<< Reply Subject: ${message.reply}`);
  }
  if (flags.dump !== "" || flags.raw) {
    await writeShort(ctx, watch, { message, reply: null, name: String(info.streamSeq) });
    return;
  }
  let stamp = "";
  if (flags.timestamp) stamp = ` @ ${stampMicroText(info.time)}`;
  else if (flags["delta-time"]) {
    stamp = ` @ ${goDuration(nanosBetween(info.time, ctx.process.storedNow()))}`;
  }
  const place = `stream: ${info.stream} seq: ${comma(info.streamSeq)}`;
  const pending = `pending: ${comma(info.pending)} / subject: ${message.subject}`;
  const summary = `${place} / ${pending} / time: ${dateTimeText(info.time)}`;
  await printLine(ctx, `[#${watch.count}]${stamp} Received JetStream message: ${summary}`);
  if (!flags["subjects-only"]) await writeContent(ctx, watch, message);
}

interface Content {
  readonly subject: string;
  readonly headers?: MsgHdrs | undefined;
  readonly data: Uint8Array;
}

async function writeContent(ctx: NatsContext, watch: Watch, message: Content): Promise<void> {
  const { flags } = watch.input;
  const headers = headerPairs(message.headers);
  for (const [name, value] of headers) await printLine(ctx, `${name}: ${value}`);
  if (headers.length > 0) await printLine(ctx);
  if (flags["headers-only"]) return;
  const { data, subject } = message;
  await writeBody(ctx, { data, filter: flags.translate, subject, stream: "" });
}

interface Short {
  readonly message: Content & { readonly reply?: string };
  readonly reply: Msg | null;
  /** Name of the file, without its ending. */
  readonly name: string;
}

/** `--raw`: bodies alone. `--dump`: one JSON file a message, or records on stdout. */
async function writeShort(
  ctx: NatsContext,
  watch: Watch,
  { message, reply, name }: Short,
): Promise<void> {
  const { flags } = watch.input;
  if (flags.dump !== "") {
    await dump(ctx, watch, { message, name });
    if (reply) await dump(ctx, watch, { message: reply, name: `${name}_reply` });
    return;
  }
  await writeBodyCompact(ctx, {
    data: message.data,
    filter: flags.translate,
    subject: "",
    stream: "",
  });
  if (reply) {
    await ctx.process.write(reply.data);
    await printLine(ctx);
  }
}

async function dump(
  ctx: NatsContext,
  watch: Watch,
  { message, name }: Omit<Short, "reply">,
): Promise<void> {
  const { flags } = watch.input;
  const filtered = await runFilter(ctx, {
    data: message.data,
    filter: flags.translate,
    subject: "",
    stream: "",
  });
  const headers: Record<string, string[]> = {};
  for (const [key, value] of headerPairs(message.headers)) {
    headers[key] = [...(headers[key] ?? []), value];
  }
  // Fields and order of nats.go's Msg struct, which has no JSON names.
  const record = goJson({
    Subject: message.subject,
    Reply: message.reply ?? "",
    Header: Object.keys(headers).length > 0 ? headers : null,
    Data: filtered.length > 0 ? toBase64(filtered) : null,
    Sub: null,
  });
  if (flags.dump === "-") {
    await ctx.process.write(`${record}\u0000`);
    return;
  }
  try {
    await ctx.process.writeFile(`${flags.dump}/${name}.json`, record);
  } catch (error) {
    await logLine(ctx, `Could not save message: ${String(error)}`);
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

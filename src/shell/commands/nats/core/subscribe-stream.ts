// nats subscribe on a stream: through a consumer, or message by message with direct gets.

import type { ConsumerMessages } from "@nats-io/jetstream";
import { createInbox, type Msg } from "@nats-io/nats-core";
import { load } from "../../../../clients/index.ts";
import { addToStoredTime, formatStoredTime } from "../../../../kernel/index.ts";
import { parseDuration } from "../../../grammar/durations.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { humanDuration } from "../../../render/durations.ts";
import { goJson, goStruct } from "../../../render/json.ts";
import { apiRequest, apiSubject, requireApiLevel } from "../api.ts";
import { createConsumer } from "../consumer/create.ts";
import { logLine, type NatsContext, timeoutMs } from "../context.ts";
import { ApiFailure, clientFaultText } from "../failures.ts";
import { parseAckSubject } from "../metadata.ts";
import { createQueue, put, subscribeInto, take } from "../waiting.ts";
import type { ConsumerConfig, ConsumerInfo, StreamInfo } from "../wire.ts";
import { consumerConfigFields } from "../wire-fields.ts";
import { type StreamMessage, writeCoreMessage, writeStreamMessage } from "./subscribe-output.ts";
import { ignoredText, isIgnored, type Watch } from "./subscribe-watch.ts";

export interface StreamTarget {
  readonly info: StreamInfo;
  readonly direct: boolean;
}

/** Refusals in the words of nats.go's jetstream package. */
async function asClient<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof ApiFailure) throw new CommandError(clientFaultText(error.fault));
    throw error;
  }
}

/** The stream to read. Throws CommandError. Source: natscli v0.4.0 `subCmd.validateInputs`. */
export async function openStream(ctx: NatsContext, watch: Watch): Promise<StreamTarget> {
  const { flags } = watch.input;
  const name = flags.stream || (await streamOf(ctx, watch.subjects[0] ?? ""));
  const info = await asClient(apiRequest<StreamInfo>(ctx, `STREAM.INFO.${name}`));
  if (flags.direct && flags.durable !== "") {
    throw new CommandError("cannot use direct get when a durable name is supplied");
  }
  const { retention, allow_direct } = info.config;
  const direct = flags.durable === "" && (flags.direct || retention !== "limits");
  if (direct && !allow_direct) {
    const why = `allow_direct is not set to true for stream ${name}`;
    throw new CommandError(`cannot enable direct gets: ${why}`);
  }
  if (direct) {
    await requireApiLevel(ctx, 1, "subscribing using direct get requires NATS Server 2.11");
  }
  if (flags["match-replies"]) {
    throw new CommandError("cannot enable --match-replies for JetStream streams");
  }
  return { info, direct };
}

async function streamOf(ctx: NatsContext, subject: string): Promise<string> {
  const names = apiRequest<{ streams: string[] | null }>(ctx, "STREAM.NAMES", { subject });
  const [name] = (await asClient(names)).streams ?? [];
  if (name === undefined) throw new CommandError(`no stream found with subject: ${subject}`);
  return name;
}

type Draft = { -readonly [K in keyof ConsumerConfig]: ConsumerConfig[K] };

/** The consumer that the flags ask for; says so on stderr. Source: natscli `makeConsumerConfig`. */
async function describeConsumer(ctx: NatsContext, watch: Watch): Promise<ConsumerConfig> {
  const { flags } = watch.input;
  const subject = watch.subjects[0] ?? ">";
  const draft: Draft = {
    ack_policy: "none",
    deliver_policy: "all",
    replay_policy: "instant",
    num_replicas: 0,
    filter_subject: subject,
    headers_only: flags["headers-only"] || flags["subjects-only"],
  };
  const say = (what: string) =>
    logLine(ctx, `Subscribing to subject ${subject} ${what} ${ignoredText(watch)}`);
  if (flags["start-sequence"] > 0) {
    draft.deliver_policy = "by_start_sequence";
    draft.opt_start_seq = flags["start-sequence"];
    await say(`starting at sequence ${flags["start-sequence"]}`);
  } else if (flags.last) {
    draft.deliver_policy = "last";
    await say("from last received message");
  } else if (flags.all) await say("from first received message");
  else if (flags.new) {
    draft.deliver_policy = "new";
    await say("for new messages");
  } else if (flags.since !== "") {
    const age = parseDuration(flags.since);
    draft.deliver_policy = "by_start_time";
    draft.opt_start_time = formatStoredTime(addToStoredTime(ctx.process.storedNow(), -age));
    await say(`since ${humanDuration(age)}`);
  } else if (flags["last-per-subject"]) {
    draft.deliver_policy = "last_per_subject";
    await say("for last message per subject");
  }
  return draft;
}

async function openConsumer(ctx: NatsContext, watch: Watch, stream: string): Promise<ConsumerInfo> {
  const config = await describeConsumer(ctx, watch);
  const { durable } = watch.input.flags;
  if (durable === "") {
    try {
      return await asClient(createConsumer(ctx, stream, config));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new CommandError(`failed to create consumer: ${error.message}`);
    }
  }
  return openDurable(ctx, { stream, durable, config });
}

interface Durable {
  readonly stream: string;
  readonly durable: string;
  readonly config: ConsumerConfig;
}

async function openDurable(
  ctx: NatsContext,
  { stream, durable, config }: Durable,
): Promise<ConsumerInfo> {
  const quoted = JSON.stringify(durable);
  let info: ConsumerInfo;
  try {
    info = await apiRequest<ConsumerInfo>(ctx, `CONSUMER.INFO.${stream}.${durable}`);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    if (error.fault.err_code !== 10014) {
      const why = clientFaultText(error.fault);
      throw new CommandError(`error loading durable consumer ${quoted}: ${why}`);
    }
    const named = goStruct({ ...config }, consumerConfigFields) as unknown as ConsumerConfig;
    return asClient(createConsumer(ctx, stream, { ...named, name: durable }));
  }
  const filters = info.config.filter_subjects ?? [];
  if (filters.length > 1) throw new CommandError("cannot subscribe to multi filter consumers");
  const kind = info.config.deliver_subject ? "push" : "pull";
  const where = `JetStream Stream ${JSON.stringify(stream)} using existing ${kind} consumer`;
  await logLine(ctx, `Subscribing to ${where} ${quoted}`);
  if (kind === "push") await logLine(ctx, pushWarning(stream, durable));
  return info;
}

function pushWarning(stream: string, consumer: string): string {
  const what = `push consumer ${JSON.stringify(consumer)} on stream ${JSON.stringify(stream)}`;
  const fate = "push consumers are deprecated and will be removed in a future release";
  return `Detected ${what} — ${fate}. Please update to use a pull-based consumer.`;
}

interface Arrival {
  readonly message: StreamMessage;
  ack(): void;
}

/**
 * How many messages that had come already are still shown after the last one wanted. The
 * recorded command line shows some: messages.jsonl sub-jetstream steps 6, 18 and 20.
 */
const overrunMost = 8;

/** Shows what the consumer delivers until a limit, the end of the stream or a signal. */
export async function readStream(
  ctx: NatsContext,
  watch: Watch,
  target: StreamTarget,
): Promise<void> {
  const { flags } = watch.input;
  const consumer = await openConsumer(ctx, watch, target.info.config.name);
  const acks = flags.durable !== "" && consumer.config.ack_policy !== "none";
  const arrivals = createQueue<Arrival>();
  const stop = await startDelivery(ctx, watch, { consumer, arrivals });
  let ending = false;
  let overrun = 0;
  for (;;) {
    const arrival = await take(arrivals, flags.wait / 1e6);
    if (arrival === null) break;
    const info = parseAckSubject(arrival.message.reply);
    if (!info || isIgnored(watch, arrival.message.subject)) continue;
    watch.count += 1;
    const size = arrival.message.data.length;
    if (watch.report) watch.report.add(arrival.message.subject, size);
    else await writeStreamMessage(ctx, watch, { message: arrival.message, info });
    if (acks) arrival.ack();
    const isFull = flags.count > 0 && watch.count === flags.count;
    if (isFull || (flags["terminate-at-end"] && info.pending === 0)) ending = true;
    if (ending && (arrivals.waiting.length === 0 || overrun >= overrunMost)) break;
    if (ending) overrun += 1;
  }
  stop();
  await watch.connection.flush();
}

interface Source {
  readonly consumer: ConsumerInfo;
  readonly arrivals: ReturnType<typeof createQueue<Arrival>>;
}

async function startDelivery(
  ctx: NatsContext,
  watch: Watch,
  { consumer, arrivals }: Source,
): Promise<() => void> {
  const { connection } = watch;
  const { deliver_subject: subject, deliver_group: queue } = consumer.config;
  if (subject) return startPush(watch, { subject, queue: queue ?? "", arrivals });
  const { apiPrefix, domain } = ctx.globals;
  const { jetstream } = await load(() => import("@nats-io/jetstream"));
  const js = jetstream(connection, {
    timeout: timeoutMs(ctx),
    ...(domain ? { domain } : {}),
    ...(apiPrefix ? { apiPrefix } : {}),
  });
  const pull = await js.consumers.get(consumer.stream_name, consumer.name);
  const messages: ConsumerMessages = await pull.consume({
    callback: (message) => {
      const { data, headers, subject } = message;
      const reply = replySubjectOf(message);
      const arrival = { message: { subject, reply, headers, data }, ack: () => message.ack() };
      put(arrivals, arrival);
    },
  });
  return () => messages.stop();
}

/** nats.js keeps the reply subject, which carries the metadata, inside the message. */
function replySubjectOf(message: object): string {
  return "msg" in message ? ((message.msg as Msg).reply ?? "") : "";
}

interface Push {
  readonly subject: string;
  readonly queue: string;
  readonly arrivals: Source["arrivals"];
}

function startPush({ connection }: Watch, { subject, queue, arrivals }: Push): () => void {
  const subscription = connection.subscribe(subject, {
    ...(queue ? { queue } : {}),
    callback: (error, message) => {
      if (error) return;
      const { data, headers, reply = "" } = message;
      if (data.length === 0 && headers?.code === 100) {
        const answer = reply || headers.get("Nats-Consumer-Stalled");
        if (answer) connection.publish(answer);
        return;
      }
      const shown = { subject: message.subject, reply, headers, data };
      put(arrivals, { message: shown, ack: () => void message.respond() });
    },
  });
  return () => subscription.unsubscribe();
}

/** Where direct reading starts, and what it says. Source: natscli v0.4.0 `directSubscribe`. */
function directStart(
  ctx: NatsContext,
  watch: Watch,
  { state, config }: StreamInfo,
): { text: string; seq: number; startTime: string | null } {
  const { flags } = watch.input;
  const subject = watch.subjects[0] ?? (config.subjects ?? []).join(", ");
  const where = `Subscribing to JetStream Stream (direct) holding messages with subject ${subject}`;
  const start = (text: string, seq: number, startTime: string | null = null) => ({
    text: `${where} ${text} ${ignoredText(watch)}`,
    seq,
    startTime,
  });
  const seq = flags["start-sequence"];
  if (seq > 0) return start(`starting with sequence ${seq}`, seq);
  if (flags.last) return start("starting with the last message received", state.last_seq);
  if (flags.all) return start("starting with the first message received", state.first_seq);
  if (flags.new) return start("delivering any new messages received", state.last_seq + 1);
  if (flags.since !== "") {
    const age = parseDuration(flags.since);
    const from = formatStoredTime(addToStoredTime(ctx.process.storedNow(), -age));
    const text = `starting with messages since ${humanDuration(age)}`;
    return start(text, state.last_seq + 1, from);
  }
  if (flags["last-per-subject"]) {
    return start("for the last messages for each subject in the Stream", state.last_seq);
  }
  return { text: "", seq: state.first_seq, startTime: null };
}

/** How long to wait before asking again for what was not there; natscli asks at once. */
const directPauseMs = 100;

export async function readDirect(
  ctx: NatsContext,
  watch: Watch,
  target: StreamTarget,
): Promise<void> {
  const { flags } = watch.input;
  const start = directStart(ctx, watch, target.info);
  if (start.text !== "") await logLine(ctx, start.text);
  let { seq, startTime } = start;
  for (;;) {
    const request = flags["last-per-subject"]
      ? { multi_last: watch.subjects.length > 0 ? watch.subjects : [">"], up_to_seq: seq, batch: 1 }
      : { batch: 1, ...(startTime ? { start_time: startTime } : { seq }) };
    startTime = null;
    const messages = await directGet(ctx, watch, { request, stream: target.info.config.name });
    for (const message of messages) {
      seq += 1;
      if (isIgnored(watch, message.subject)) continue;
      watch.count += 1;
      await writeCoreMessage(ctx, watch, { message, reply: null, count: watch.count });
      if (flags.count > 0 && watch.count === flags.count) return;
    }
    if (messages.length === 0) await ctx.process.sleep(directPauseMs);
  }
}

async function directGet(
  ctx: NatsContext,
  { connection }: Watch,
  { stream, request }: { readonly stream: string; readonly request: object },
): Promise<StreamMessage[]> {
  const inbox = createQueue<Msg>();
  const reply = createInbox(ctx.globals.inboxPrefix || undefined);
  const subscription = subscribeInto(connection, inbox, { subject: reply });
  connection.publish(apiSubject(ctx, `DIRECT.GET.${stream}`), goJson(request), { reply });
  const messages: StreamMessage[] = [];
  for (;;) {
    const message = await take(inbox, timeoutMs(ctx));
    // A status ends the batch: 204 after the last message, 404 when there is none.
    if (message === null || (message.headers?.code ?? 0) !== 0) break;
    const { headers, data } = message;
    messages.push({ subject: headers?.get("Nats-Subject") ?? "", reply: "", headers, data });
  }
  subscription.unsubscribe();
  return messages;
}

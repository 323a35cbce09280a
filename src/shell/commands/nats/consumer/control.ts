// What steers a consumer that is there: nats consumer pause, resume, reset, unpin.

import { addToStoredTime } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goDuration, roundDuration } from "../../../render/durations.ts";
import { dateTimeText, timeOf } from "../../../render/times.ts";
import { apiRequest, requireApiLevel } from "../api.ts";
import { loadConsumer } from "../choose.ts";
import { type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { ask, choose, isConfirmed } from "../prompts.ts";
import { parsePauseUntil } from "./configure.ts";
import { pickConsumer } from "./pick.ts";
import { showConsumer } from "./show.ts";

const pair = { stream: { help: "The stream" }, consumer: { help: "The consumer" } } as const;
const force = { help: "Do not ask", type: "switch", short: "f" } as const;

interface PauseReply {
  readonly paused: boolean;
  readonly pause_until: string;
  readonly pause_remaining?: number;
}

export const consumerPause = natsCommand({
  path: "pause",
  tags: writeTags,
  help: "Stop a consumer from delivering for a while",
  args: { ...pair, until: { help: "How long, or until when", placeholder: "TIME" } },
  flags: { force },
  async run(ctx, { args, flags }) {
    const { stream_name: stream, name } = await pickConsumer(ctx, {
      stream: args.stream,
      consumer: args.consumer,
      force: flags.force,
    });
    await requireApiLevel(ctx, 1, "pausing Consumers requires NATS Server 2.11");
    const text = args.until ?? (await askUntil(ctx));
    const until = parsePauseUntil(ctx, text);
    const at = dateTimeText(timeOf(until));
    const question = `Really pause Consumer ${stream} > ${name} until ${at}`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    const verb = `CONSUMER.PAUSE.${stream}.${name}`;
    const reply = await apiRequest<PauseReply>(ctx, verb, { pause_until: until });
    if (!reply.paused) {
      throw new CommandError("pause request failed, perhaps due to a time in the past");
    }
    const left = goDuration(roundDuration(reply.pause_remaining ?? 0, 1e9));
    const ends = dateTimeText(timeOf(reply.pause_until));
    await printLine(ctx, `Paused ${stream} > ${name} until ${ends} (${left})`);
    return 0;
  },
});

function askUntil(ctx: NatsContext): Promise<string> {
  return ask(ctx, {
    message: "Pause until (time or duration)",
    preset: dateTimeText(addToStoredTime(ctx.process.storedNow(), 3600e9)),
    required: true,
    hasHelp: true,
  });
}

export const consumerResume = natsCommand({
  path: "resume",
  tags: writeTags,
  help: "Let a paused consumer deliver again",
  args: pair,
  flags: { force },
  async run(ctx, { args, flags }) {
    const info = await pickConsumer(ctx, {
      stream: args.stream,
      consumer: args.consumer,
      force: flags.force,
    });
    const { stream_name: stream, name } = info;
    await requireApiLevel(ctx, 1, "resuming Consumers requires NATS Server 2.11");
    if (!info.paused) throw new CommandError("consumer is not paused");
    const question = `Really resume Consumer ${stream} > ${name}`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    await apiRequest(ctx, `CONSUMER.PAUSE.${stream}.${name}`);
    const until = dateTimeText(addToStoredTime(timeOf(info.ts), info.pause_remaining ?? 0));
    const text = `was resumed while previously paused until ${until}`;
    await printLine(ctx, `Consumer ${stream} > ${name} ${text}`);
    return 0;
  },
});

export const consumerReset = natsCommand({
  path: "reset",
  tags: writeTags,
  help: "Send a consumer back to where it was",
  args: pair,
  flags: {
    sequence: { help: "Go back to this sequence of the stream", type: "uint" },
    force,
  },
  async run(ctx, { args, flags }) {
    const { stream_name: stream, name } = await pickConsumer(ctx, {
      stream: args.stream,
      consumer: args.consumer,
      force: flags.force,
    });
    if (!flags.force && !(await isConfirmed(ctx, "Really reset the consumer"))) return 0;
    const body = flags.sequence > 0 ? { seq: flags.sequence } : {};
    await apiRequest(ctx, `CONSUMER.RESET.${stream}.${name}`, body);
    const after = await loadConsumer(ctx, stream, name);
    await showConsumer(ctx, after, { json: false, stateOnly: true });
    return 0;
  },
});

export const consumerUnpin = natsCommand({
  path: "unpin",
  tags: writeTags,
  help: "Let another client take the place of the pinned one",
  args: { ...pair, group: { help: "The group" } },
  flags: { force },
  async run(ctx, { args, flags }) {
    const info = await pickConsumer(ctx, {
      stream: args.stream,
      consumer: args.consumer,
      force: flags.force,
    });
    const { stream_name: stream, name } = info;
    if (info.config.priority_policy !== "pinned_client") {
      throw new CommandError("consumer is not a pinned priority consumer");
    }
    const pinned = (info.priority_groups ?? []).filter((group) => group.pinned_client_id);
    if (pinned.length === 0) throw new CommandError("no priority groups have pinned clients");
    const options = pinned.map(({ group }) => group);
    const group = args.group ?? (await choose(ctx, { message: "Select a Group", options }));
    const place = `${stream} > ${name} > ${group}`;
    const question = `Really unpin client from group ${place}`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    await apiRequest(ctx, `CONSUMER.UNPIN.${stream}.${name}`, { group });
    const client = pinned.find((one) => one.group === group)?.pinned_client_id ?? "";
    await printLine(ctx, `Unpinned client ${client} from Priority Group ${place}`);
    return 0;
  },
});

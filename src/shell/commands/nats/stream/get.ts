// nats stream get: one stored message.

import { CommandError } from "../../../grammar/errors.ts";
import { humanDuration } from "../../../render/durations.ts";
import { goJsonIndented, goStruct } from "../../../render/json.ts";
import { goTimeText, nanosBetween, timeOf } from "../../../render/times.ts";
import { apiRequest } from "../api.ts";
import { type NatsContext, natsCommand, printLine, readTags } from "../context.ts";
import { orFail } from "../failures.ts";
import { fromBase64, storedHeaderPairs, writeBody } from "../messages.ts";
import { ask } from "../prompts.ts";
import type { StoredMessage } from "../wire.ts";
import { storedMessageFields } from "../wire-fields.ts";
import { pickStream } from "./pick.ts";

export const streamGet = natsCommand({
  path: "get",
  tags: readTags,
  help: "Show one message of a stream",
  args: {
    stream: { help: "The stream" },
    id: { help: "Sequence of the message", type: "int64" },
  },
  flags: {
    "last-for": {
      help: "The last message of this subject",
      type: "string",
      short: "S",
      placeholder: "SUBJECT",
    },
    json: { help: "Write JSON", type: "switch", short: "j" },
    translate: { help: "Pass the body through this command first", type: "string" },
  },
  async run(ctx, { args, flags }) {
    const info = await pickStream(ctx, args.stream);
    const { name } = info.config;
    const wanted = await whichMessage(ctx, { id: args.id ?? -1, subject: flags["last-for"] });
    const body = wanted.id > -1 ? { seq: wanted.id } : { last_by_subj: wanted.subject };
    const { message } = await orFail(
      `could not retrieve ${name}#${wanted.id}`,
      apiRequest<{ message: StoredMessage }>(ctx, `STREAM.MSG.GET.${name}`, body),
    );
    if (flags.json) {
      await printLine(ctx, goJsonIndented(goStruct({ ...message }, storedMessageFields)));
      return 0;
    }
    await writeItem(ctx, { name, message, translate: flags.translate });
    return 0;
  },
});

interface Wanted {
  readonly id: number;
  readonly subject: string;
}

async function whichMessage(ctx: NatsContext, wanted: Wanted): Promise<Wanted> {
  if (wanted.id !== -1 || wanted.subject !== "") return wanted;
  const message = "Message Sequence to retrieve";
  const text = await orFail("invalid input", ask(ctx, { message, preset: "-1", required: true }));
  if (!/^[-+]?\d+$/.test(text)) {
    const quoted = JSON.stringify(text);
    throw new CommandError(`invalid number: strconv.Atoi: parsing ${quoted}: invalid syntax`);
  }
  if (text !== "-1") return { id: Number(text), subject: "" };
  const subject = await orFail(
    "invalid subject",
    ask(ctx, { message: "Subject to retrieve last message for" }),
  );
  if (subject === "") throw new CommandError("no ID or subject specified");
  return { id: -1, subject };
}

interface Item {
  readonly name: string;
  readonly message: StoredMessage;
  readonly translate: string;
}

async function writeItem(ctx: NatsContext, { name, message, translate }: Item): Promise<void> {
  const time = timeOf(message.time);
  const age = humanDuration(nanosBetween(time, ctx.process.storedNow()));
  const item = `${name}#${message.seq} received ${goTimeText(time)} (${age})`;
  await printLine(ctx, `Item: ${item} on Subject ${message.subject}\n`);
  const headers = storedHeaderPairs(message.hdrs);
  if (message.hdrs) {
    await printLine(ctx, "Headers:");
    for (const [key, value] of headers) await printLine(ctx, `  ${key}: ${value}`);
    await printLine(ctx);
  }
  const data = fromBase64(message.data ?? "");
  await writeBody(ctx, { data, filter: translate, subject: message.subject, stream: name });
}

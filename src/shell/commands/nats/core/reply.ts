// nats reply: a small service that answers every request.

import { Match, type Msg, type NatsConnection, headers as newHeaders } from "@nats-io/nats-core";
import type { ArgSpecs, FlagSpecs, Input } from "../../../grammar/define.ts";
import { CommandError, messageOf } from "../../../grammar/errors.ts";
import { connect, flushAndCheck, writeConnected } from "../connection.ts";
import { logLine, type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { asCommandError } from "../failures.ts";
import { captureCommand, splitWords } from "../filters.ts";
import { headerPairs, headersFromFlags } from "../messages.ts";
import { expandTemplate } from "../templates.ts";
import { closeQueue, createQueue, type Inbox, subscribeInto, take } from "../waiting.ts";
import { words } from "../words.ts";

const args = {
  subject: { help: "Where requests arrive", required: true },
  body: { help: "The answer" },
} as const satisfies ArgSpecs;

const flags = {
  echo: { help: "Answer with the request itself", type: "switch" },
  command: { help: "Answer with what this command writes", type: "string" },
  queue: {
    help: "The queue group that shares the requests",
    type: "string",
    short: "q",
    default: "NATS-RPLY-22",
  },
  sleep: {
    help: "Wait up to this long before each answer",
    type: "duration",
    placeholder: "MAX",
  },
  header: { help: "A header of the answer, K:V", type: "strings", short: "H" },
  count: { help: "Stop after this many requests", type: "uint" },
} as const satisfies FlagSpecs;

type ReplyInput = Input<typeof flags, typeof args>;

export const reply = natsCommand({
  ...words.reply,
  tags: writeTags,
  details: `The answer, header values and --command may hold templates as with publish, and
{{Request}} for what was asked. In --command, {{0}}, {{1}} … are the tokens of the subject:

   nats reply "weather.*" --command "echo sun over {{1}}"`,
  cheat: "reply",
  args,
  flags,
  async run(ctx, input) {
    const requests = createQueue<Msg>();
    ctx.process.onSignal("INT", () => closeQueue(requests));
    const connection = await connect(ctx);
    if (ctx.globals.trace) await writeConnected(ctx);
    const echoes = input.flags.echo || (!input.args.body && input.flags.command === "");
    if (echoes && !input.flags.echo) {
      await logLine(ctx, "No body or command supplied, enabling echo mode");
    }
    const { queue } = input.flags;
    subscribeInto(connection, requests, { subject: input.args.subject, queue });
    await flushAndCheck(ctx, connection);
    const subject = JSON.stringify(input.args.subject);
    await logLine(ctx, `Listening on ${subject} in group ${JSON.stringify(queue)}`);
    await serve(ctx, { connection, input, echoes }, requests);
    await logLine(ctx, "\nDraining...");
    await connection.drain();
    await logLine(ctx, "Exiting");
    return 1;
  },
});

interface Service {
  readonly connection: NatsConnection;
  readonly input: ReplyInput;
  readonly echoes: boolean;
}

async function serve(ctx: NatsContext, service: Service, requests: Inbox<Msg>): Promise<void> {
  const limit = service.input.flags.count;
  let answered = 0;
  while (limit === 0 || answered < limit) {
    const message = await take(requests, 0);
    if (message === null) return;
    if (await answer(ctx, service, { message, count: answered })) answered += 1;
  }
  await service.connection.flush();
}

interface Asked {
  readonly message: Msg;
  readonly count: number;
}

/** False when the answer could not be sent. */
async function answer(ctx: NatsContext, service: Service, asked: Asked): Promise<boolean> {
  const { message, count } = asked;
  const { input, connection } = service;
  await logLine(ctx, `[#${count}] Received on subject ${JSON.stringify(message.subject)}:`);
  const pairs = headerPairs(message.headers);
  for (const [name, value] of pairs) await logLine(ctx, `${name}: ${value}`);
  await printLine(ctx);
  await ctx.process.write(message.data);
  await printLine(ctx);
  const pause = Math.floor(ctx.process.random() * input.flags.sleep) / 1e6;
  if (pause > 0) await ctx.process.sleep(pause);
  const headers = headersFromFlags(ctx, input.flags.header, count) ?? newHeaders();
  if (service.echoes) {
    for (const [name, value] of pairs) headers.append(name, value, Match.Exact);
    headers.append("NATS-Reply-Counter", String(count), Match.Exact);
  }
  try {
    const data = await answerBody(ctx, service, asked);
    if (!message.reply) throw new CommandError("nats: message does not have a reply");
    connection.publish(message.reply, data, headers.keys().length > 0 ? { headers } : {});
    return true;
  } catch (error) {
    const failure = asCommandError(error);
    if (!(failure instanceof CommandError)) throw failure;
    await logLine(ctx, `Could not publish reply: ${messageOf(failure)}`);
    return false;
  }
}

async function answerBody(
  ctx: NatsContext,
  { input, echoes }: Service,
  { message, count }: Asked,
): Promise<Uint8Array> {
  if (echoes) return message.data;
  const request = message.string();
  if (input.flags.command !== "")
    return runAnswerCommand(ctx, input.flags.command, { message, count });
  const body = expandTemplate(ctx, input.args.body ?? "", { count, request });
  if (body.fault !== null) await logLine(ctx, `Could not parse body template: ${body.fault}`);
  return new TextEncoder().encode(body.text);
}

async function runAnswerCommand(
  ctx: NatsContext,
  command: string,
  { message, count }: Asked,
): Promise<Uint8Array> {
  let line = command;
  message.subject.split(".").forEach((token, i) => {
    line = line.replaceAll(`{{${i}}}`, token);
  });
  const request = message.string();
  const expanded = expandTemplate(ctx, line, { count, request });
  if (expanded.fault !== null) {
    await logLine(ctx, `Could not parse command template: ${expanded.fault}`);
  }
  const env = new Map(ctx.process.env)
    .set("NATS_REQUEST_SUBJECT", message.subject)
    .set("NATS_REQUEST_BODY", request);
  const words = splitWords(expanded.text);
  const { exit, output } = await captureCommand(ctx, { words, stdin: new Uint8Array(), env });
  if (exit !== 0) {
    const text = JSON.stringify(expanded.text);
    await logLine(ctx, `Command ${text} failed to run: exit status ${exit}`);
  }
  return output;
}

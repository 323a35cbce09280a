// nats counter: subjects of streams that add up what is published.
// Source of headers and texts: orbit.go counters; ADR-49.

import { headers as newHeaders } from "@nats-io/nats-core";
import { CommandError } from "../../../grammar/errors.ts";
import { addLine, addRow, addSection, columns, renderColumns } from "../../../render/columns.ts";
import { goJsonIndented } from "../../../render/json.ts";
import { apiRequest, apiSubject, parseReply } from "../api.ts";
import { connect } from "../connection.ts";
import {
  type NatsContext,
  natsCommand,
  natsGroup,
  printLine,
  readTags,
  timeoutMs,
  writeTags,
} from "../context.ts";
import { ApiFailure, clientFaultText } from "../failures.ts";
import type { PubAck, StreamInfo } from "../wire.ts";
import { words } from "../words.ts";

const flags = { stream: { help: "The stream that holds it", type: "string" } } as const;
const args = { subject: { help: "The counter's subject", required: true } } as const;

async function inClientWords<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof ApiFailure) throw new CommandError(clientFaultText(error.fault));
    throw error;
  }
}

/** The stream that counts `subject`. Throws CommandError when there is none. */
async function findStream(ctx: NatsContext, named: string, subject: string): Promise<StreamInfo> {
  await connect(ctx);
  let name = named;
  if (name === "") {
    const names = apiRequest<{ streams: string[] | null }>(ctx, "STREAM.NAMES", { subject });
    name = (await inClientWords(names)).streams?.[0] ?? "";
    if (name === "") {
      throw new CommandError(
        clientFaultText({ code: 404, err_code: 10059, description: "stream not found" }),
      );
    }
  }
  const info = await inClientWords(apiRequest<StreamInfo>(ctx, `STREAM.INFO.${name}`));
  if (!info.config.allow_msg_counter || !info.config.allow_direct) {
    throw new CommandError(`${JSON.stringify(name)} is not a valid counter stream`);
  }
  return info;
}

interface Counter {
  readonly value: string;
  readonly increment: string;
  /** By stream and subject, what came from elsewhere. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function readCounter(ctx: NatsContext, info: StreamInfo, subject: string): Promise<Counter> {
  const connection = await connect(ctx);
  const place = apiSubject(ctx, `DIRECT.GET.${info.config.name}.${subject}`);
  const { headers, data } = await connection.request(place, "", { timeout: timeoutMs(ctx) });
  if (headers?.code !== 0) {
    throw new CommandError(`counter not initialized for subject: ${subject}`);
  }
  const { val } = JSON.parse(new TextDecoder().decode(data)) as { val: string };
  const sources = headers.get("Nats-Counter-Sources");
  return {
    value: val,
    increment: headers.get("Nats-Incr"),
    sources: sources === "" ? {} : JSON.parse(sources),
  };
}

const counterGet = natsCommand({
  path: "get",
  aliases: ["g"],
  tags: readTags,
  help: "Show the value of a counter",
  args,
  flags,
  async run(ctx, input) {
    const { subject } = input.args;
    const info = await findStream(ctx, input.flags.stream, subject);
    await printLine(ctx, (await readCounter(ctx, info, subject)).value);
    return 0;
  },
});

const counterView = natsCommand({
  path: "view",
  aliases: ["v"],
  tags: readTags,
  help: "Show a counter and what it was made of",
  args,
  flags,
  async run(ctx, input) {
    const { subject } = input.args;
    const info = await findStream(ctx, input.flags.stream, subject);
    const counter = await readCounter(ctx, info, subject);
    const to = columns(`Counter ${subject}`);
    addRow(to, "Value", counter.value);
    addRow(to, "Increment", counter.increment);
    addRow(to, "Subject", subject);
    const sources = Object.entries(counter.sources);
    if (sources.length > 0) addSection(to, "Sources");
    else addLine(to, "No source information found");
    for (const [stream, values] of sources) {
      Object.entries(values).forEach(([name, value], i) => {
        addRow(to, i === 0 ? stream : "", `${name}: ${value}`);
      });
    }
    await ctx.process.write(renderColumns(to));
    return 0;
  },
});

const counterIncrement = natsCommand({
  path: "increment",
  aliases: ["incr", "i"],
  tags: writeTags,
  help: "Add to a counter",
  args: { ...args, value: { help: "How much" } },
  flags,
  async run(ctx, input) {
    const { subject, value = "" } = input.args;
    await findStream(ctx, input.flags.stream, subject);
    if (!/^[+-]?\d+$/.test(value)) throw new CommandError("invalid value");
    const connection = await connect(ctx);
    const headers = newHeaders();
    headers.set("Nats-Incr", String(BigInt(value.replace("+", ""))));
    const timeout = timeoutMs(ctx);
    const reply = await connection.request(subject, "", { headers, timeout });
    const { val } = await inClientWords(
      Promise.resolve().then(() => parseReply<PubAck>(reply.string())),
    );
    await printLine(ctx, val ?? "");
    return 0;
  },
});

const counterList = natsCommand({
  path: "list",
  aliases: ["l", "ls"],
  tags: readTags,
  help: "List the counters of a stream",
  args: { subject: { help: "Only counters that match" } },
  flags: { ...flags, json: { help: "Write JSON", type: "switch" } },
  async run(ctx, input) {
    const { subject = "" } = input.args;
    const { stream, json } = input.flags;
    if (stream === "" && subject === "") throw new CommandError("no stream or subject specified");
    const found = await findStream(ctx, stream, subject);
    const filter = { subjects_filter: subject || ">" };
    const info = await apiRequest<StreamInfo>(ctx, `STREAM.INFO.${found.config.name}`, filter);
    const subjects = Object.keys(info.state.subjects ?? {});
    if (subjects.length === 0) throw new CommandError("no counters found");
    if (json) await printLine(ctx, goJsonIndented(subjects));
    else for (const name of subjects) await printLine(ctx, name);
    return 0;
  },
});

/** nats counter and its commands. */
export const counter = natsGroup({
  ...words.counter,
  commands: [counterGet, counterView, counterIncrement, counterList],
});

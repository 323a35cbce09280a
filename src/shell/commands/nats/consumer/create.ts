// Making consumers: `consumer add` and what `copy` and `edit` share with it.

import { nuid } from "@nats-io/nats-core";
import { CommandError } from "../../../grammar/errors.ts";
import { goJsonIndented, goStruct } from "../../../render/json.ts";
import { timeOf } from "../../../render/times.ts";
import { apiRequest, requireApiLevel } from "../api.ts";
import { isValidName } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { orFail } from "../failures.ts";
import { userMetadata } from "../stream/configure.ts";
import type { ConsumerConfig, ConsumerInfo } from "../wire.ts";
import { consumerConfigFields } from "../wire-fields.ts";
import { configureConsumer } from "./configure.ts";
import { createFlags } from "./flags.ts";
import { pickStreamName, tryConsumer } from "./pick.ts";
import { showConsumer } from "./show.ts";

export const consumerAdd = natsCommand({
  path: "add",
  aliases: ["create", "new"],
  tags: writeTags,
  help: "Create a consumer",
  args: { stream: { help: "The stream" }, consumer: { help: "Name of the consumer" } },
  flags: {
    config: { help: "Take the configuration from this JSON file", type: "file" },
    validate: { help: "Only check the configuration", type: "switch" },
    output: { help: "Write the configuration to a file", type: "string", placeholder: "FILE" },
    ...createFlags,
    defaults: { help: "Take the defaults without asking", type: "switch" },
  },
  async run(ctx, { args, flags, given }) {
    await orFail("setup failed", connect(ctx));
    const name = args.consumer ?? "";
    const known = await tryConsumer(ctx, args.stream ?? "", name);
    const stream = known ? known.stream_name : await pickStreamName(ctx, args.stream ?? "");
    const config = flags.config
      ? await configFromFile(ctx, flags.config, { name, target: flags.target })
      : await configureConsumer(ctx, { name, flags, given });
    if (flags.validate || flags.output !== "") return onlyWrite(ctx, config, flags);
    await checkConsumerLevel(ctx, config);
    const info = await orFail("Consumer creation failed", createConsumer(ctx, stream, config));
    await showConsumer(ctx, info, { json: false, stateOnly: false });
    return 0;
  },
});

interface FileOverrides {
  readonly name: string;
  readonly target: string;
}

async function configFromFile(
  ctx: NatsContext,
  path: string,
  { name, target }: FileOverrides,
): Promise<ConsumerConfig> {
  const { metadata, ...config } = await readConsumerConfig(ctx, path);
  const labels = userMetadata(metadata);
  const renamed = config.durable_name && name !== "" && config.durable_name !== name;
  return {
    ...config,
    ...(renamed ? { durable_name: name } : {}),
    ...(config.deliver_subject && target !== "" ? { deliver_subject: target } : {}),
    ...(Object.keys(labels).length > 0 ? { metadata: labels } : {}),
  };
}

/** The configuration in a file that holds one, or the whole of `consumer info --json`. */
export async function readConsumerConfig(ctx: NatsContext, path: string): Promise<ConsumerConfig> {
  const text = new TextDecoder().decode(await ctx.process.readFile(path));
  let parsed: ConsumerConfig & { readonly config?: ConsumerConfig };
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : "invalid JSON");
  }
  return parsed.config ?? parsed;
}

async function onlyWrite(
  ctx: NatsContext,
  config: ConsumerConfig,
  { validate, output }: { readonly validate: boolean; readonly output: string },
): Promise<number> {
  const { name, ...asked } = config;
  const shown = config.durable_name ? asked : config;
  const text = goJsonIndented(goStruct({ ...shown }, consumerConfigFields));
  if (!validate) {
    await ctx.process.writeFile(output, text);
    return 0;
  }
  await printLine(ctx, `${text}\n`);
  await printLine(ctx, "Configuration is a valid Consumer");
  return 0;
}

/** Throws CommandError when the server is too old for the configuration. */
export async function checkConsumerLevel(ctx: NatsContext, config: ConsumerConfig): Promise<void> {
  if (config.pause_until) {
    await requireApiLevel(ctx, 1, "pausing consumers requires NATS Server 2.11");
  }
  const policy = config.priority_policy ?? "none";
  if (policy === "none" && !config.priority_groups?.length) return;
  if (policy === "pinned_client") {
    const text = "Prioritized Consumer Groups requires NATS Server 2.12";
    await requireApiLevel(ctx, 2, text);
  } else await requireApiLevel(ctx, 1, "Consumer Groups requires NATS Server 2.11");
}

/** Throws CommandError; the server's refusal or that of the client's own checks. */
export async function createConsumer(
  ctx: NatsContext,
  stream: string,
  config: ConsumerConfig,
): Promise<ConsumerInfo> {
  const name = config.durable_name || config.name || nuid.next().slice(-8);
  if (!isValidName(name)) {
    throw new CommandError(`${JSON.stringify(name)} is not a valid consumer name`);
  }
  const body = {
    stream_name: stream,
    config: goStruct({ ...config, name }, consumerConfigFields),
    action: "",
  };
  const filter = config.filter_subject ? `.${config.filter_subject}` : "";
  return apiRequest<ConsumerInfo>(ctx, `CONSUMER.CREATE.${stream}.${name}${filter}`, body, {
    level: consumerApiLevel(config),
  });
}

/** The API level that a configuration needs. Source: jsm.go v0.4.1 `RequiredApiLevel`. */
function consumerApiLevel(config: ConsumerConfig): number {
  if (config.priority_policy === "prioritized") return 2;
  const isPaused = config.pause_until !== undefined && timeOf(config.pause_until).s > 0;
  return isPaused || config.priority_groups?.length ? 1 : 0;
}

// Making streams: `stream add` and `stream copy`.

import { CommandError } from "../../../grammar/errors.ts";
import { goJsonIndented, goStruct } from "../../../render/json.ts";
import { accountInfo, apiRequest, requireApiLevel } from "../api.ts";
import { isValidName, loadStream, selectStream } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { orFail } from "../failures.ts";
import type { StreamConfig, StreamInfo } from "../wire.ts";
import { streamConfigFields } from "../wire-fields.ts";
import { checkSizes, configureStream, userMetadata } from "./configure.ts";
import { editedConfig } from "./edited.ts";
import { readStreamConfig } from "./file.ts";
import { createFlags } from "./flags.ts";
import { showStream } from "./show.ts";

export const streamAdd = natsCommand({
  path: "add",
  aliases: ["create", "new"],
  tags: writeTags,
  help: "Create a stream",
  args: { stream: { help: "Name of the stream" } },
  flags: {
    config: { help: "Take the configuration from this JSON file", type: "file" },
    validate: { help: "Only check the configuration", type: "switch" },
    output: { help: "Write the configuration to a file", type: "string", placeholder: "FILE" },
    ...createFlags,
    defaults: { help: "Take the defaults without asking", type: "switch" },
  },
  async run(ctx, { args, flags, given }) {
    checkSizes(flags);
    await orFail("could not create Stream", connect(ctx));
    const requireSize = await sizeIsRequired(ctx);
    const config = flags.config
      ? await configFromFile(ctx, flags.config, { ...flags, name: args.stream ?? "" })
      : await configureStream(ctx, { name: args.stream ?? "", flags, given, requireSize });
    if (flags.validate || flags.output !== "") return onlyWrite(ctx, config, flags);
    if (config.allow_atomic) {
      await requireApiLevel(ctx, 2, "Atomic Batch Publishing requires NATS Server 2.12");
    }
    if (config.allow_msg_counter) {
      await requireApiLevel(ctx, 2, "Distributed Counters requires NATS Server 2.12");
    }
    const info = await orFail("could not create Stream", createStream(ctx, config));
    await printLine(ctx, `Stream ${config.name} was created\n`);
    await showStream(ctx, info, { json: flags.json, stateOnly: false });
    return 0;
  },
});

/** Does the account want a size of every stream? No answer is no. */
async function sizeIsRequired(ctx: NatsContext): Promise<boolean> {
  try {
    const info = await accountInfo(ctx);
    const tiers = Object.values(info.tiers ?? {});
    return info.limits.max_bytes_required || tiers.some((t) => t.limits.max_bytes_required);
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}

interface FileOverrides {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly description: string;
  readonly replicas: number;
  readonly tag: readonly string[];
  readonly cluster: string;
}

async function configFromFile(
  ctx: NatsContext,
  path: string,
  overrides: FileOverrides,
): Promise<StreamConfig> {
  const config = await orFail("invalid input", readStreamConfig(ctx, path));
  const { metadata, ...rest } = config;
  const labels = userMetadata(metadata);
  const placed = overrides.tag.length > 0 || overrides.cluster !== "";
  return {
    ...rest,
    ...(Object.keys(labels).length > 0 ? { metadata: labels } : {}),
    name: overrides.name || config.name,
    ...(overrides.subjects.length > 0 ? { subjects: overrides.subjects } : {}),
    ...(overrides.description !== "" ? { description: overrides.description } : {}),
    ...(overrides.replicas > 0 ? { num_replicas: overrides.replicas } : {}),
    ...(placed
      ? {
          placement: {
            ...config.placement,
            ...(overrides.tag.length > 0 ? { tags: overrides.tag } : {}),
            ...(overrides.cluster !== "" ? { cluster: overrides.cluster } : {}),
          },
        }
      : {}),
  };
}

async function onlyWrite(
  ctx: NatsContext,
  config: StreamConfig,
  { validate, output }: { readonly validate: boolean; readonly output: string },
): Promise<number> {
  const text = goJsonIndented(goStruct({ ...config }, streamConfigFields));
  const fault = validationFault(config);
  if (validate) {
    await printLine(ctx, `${text}\n`);
    if (fault !== null) throw new CommandError(`Validation Failed: ${fault}`);
    const schema = "io.nats.jetstream.api.v1.stream_configuration";
    await printLine(ctx, `Configuration is a valid Stream matching ${schema}`);
    return 0;
  }
  if (fault !== null) throw new CommandError(`Validation Failed: ${fault}`);
  await ctx.process.writeFile(output, text);
  return 0;
}

/** What the client's own schema refuses. Evidence: stream.jsonl "--replicas 9". */
function validationFault(config: StreamConfig): string | null {
  if (!config.no_ack && config.subjects?.includes(">")) {
    return "subjects cannot be '>' when acknowledgement is enabled";
  }
  return schemaFault(config);
}

function schemaFault(config: StreamConfig): string | null {
  if (config.num_replicas > 5) {
    return `/num_replicas: must be <= 5 but found ${config.num_replicas}`;
  }
  return null;
}

/** Throws CommandError; the server's refusal or that of the client's own checks. */
export async function createStream(ctx: NatsContext, config: StreamConfig): Promise<StreamInfo> {
  if (!isValidName(config.name)) {
    throw new CommandError(`${JSON.stringify(config.name)} is not a valid stream name`);
  }
  const fault = schemaFault(config);
  if (fault !== null) throw new CommandError(`configuration validation failed: ${fault}`);
  const body = goStruct({ ...config }, streamConfigFields);
  return apiRequest<StreamInfo>(ctx, `STREAM.CREATE.${config.name}`, body, {
    level: streamApiLevel(config),
  });
}

/** The API level that a configuration needs. Source: jsm.go v0.4.1 `api_level` tags. */
export function streamApiLevel(config: StreamConfig): number {
  const sources = [config.mirror, ...(config.sources ?? [])];
  if (sources.some((source) => source?.consumer)) return 4;
  if (config.allow_batched) return 3;
  const isAsync = config.persist_mode === "async";
  if (config.allow_atomic || config.allow_msg_counter || config.allow_msg_schedules || isAsync) {
    return 2;
  }
  return config.allow_msg_ttl || (config.subject_delete_marker_ttl ?? 0) > 0 ? 1 : 0;
}

export const streamCopy = natsCommand({
  path: "copy",
  aliases: ["cp"],
  tags: writeTags,
  help: "Create a stream configured as another; its messages stay where they are",
  args: {
    source: { help: "The stream to copy", required: true },
    destination: { help: "Name of the new stream", required: true },
  },
  flags: createFlags,
  async run(ctx, { args, flags, given }) {
    checkSizes(flags);
    if (args.source === args.destination) {
      throw new CommandError("source and destination Stream names cannot be the same");
    }
    await orFail("setup failed", connect(ctx));
    const wanted = { name: args.source, force: false, all: false };
    const chosen = await orFail("could not pick a Stream to operate on", selectStream(ctx, wanted));
    const source = chosen.info ?? (await loadStream(ctx, chosen.name));
    const config = await orFail(
      `could not copy Stream ${chosen.name}`,
      editedConfig(ctx, source.config, { flags: { ...flags, ...noRemovals, config: "" }, given }),
    );
    const named = { ...config, name: args.destination };
    const info = await orFail("could not create Stream", createStream(ctx, named));
    if (!flags.json) await printLine(ctx, `Stream ${named.name} was created\n`);
    // The recorded command line heads the new stream with the name of the old one.
    const heading = chosen.name;
    await showStream(ctx, info, { json: flags.json, stateOnly: false, heading });
    return 0;
  },
});

const noRemovals = { "no-mirror": false, "no-transform": false, "no-republish": false } as const;

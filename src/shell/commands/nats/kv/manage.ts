// nats kv add, edit, info: buckets as such.

import type { FlagSpecs, FlagValues } from "../../../grammar/define.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goStruct } from "../../../render/json.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, readTags, writeTags } from "../context.ts";
import { ApiFailure } from "../failures.ts";
import { parseBytes } from "../sizes.ts";
import { streamApiLevel } from "../stream/create.ts";
import type { StreamConfig, StreamInfo } from "../wire.ts";
import { streamConfigFields } from "../wire-fields.ts";
import { asStoreClient, checkBucketName, loadBucket, showBucket } from "./bucket.ts";

const bucketArgs = { bucket: { help: "The bucket", required: true } } as const;

const bucketFlags = {
  description: { help: "What the bucket is for", type: "string" },
  history: { help: "How many values to keep of each key", type: "int64", default: "1" },
  ttl: { help: "How long values stay", type: "duration", placeholder: "DURATION" },
  "marker-ttl": {
    help: "Allow keys with a time to live, and keep markers of expired ones this long",
    type: "duration",
    placeholder: "DURATION",
  },
  replicas: { help: "On how many servers it is kept", type: "uint", default: "1" },
  "max-value-size": { help: "How big a value may be", type: "string", placeholder: "BYTES" },
  "max-bucket-size": { help: "How big the bucket may be", type: "string", placeholder: "BYTES" },
  tags: { help: "Keep it on servers with this tag", type: "strings" },
  cluster: { help: "Keep it in this cluster", type: "string" },
  compress: { help: "Pack what is stored", type: "bool" },
  metadata: { help: "A label, KEY=VALUE", type: "map", placeholder: "META" },
  "republish-source": {
    help: "Subjects to publish again once stored",
    type: "string",
    placeholder: "SRC",
  },
  "republish-destination": {
    help: "Where they are published again",
    type: "string",
    placeholder: "DEST",
  },
  "republish-headers": { help: "Publish again without bodies", type: "switch" },
  source: { help: "Gather this bucket's values too", type: "strings", placeholder: "BUCKET" },
} as const satisfies FlagSpecs;

type BucketFlags = FlagValues<typeof bucketFlags>;

/** Throws CommandError for what fisk's validator refuses before anything else. */
function checkFlags(flags: BucketFlags): void {
  if (flags.history < 1) {
    throw new CommandError("history: must be greater than or equal to 1");
  }
  if (flags.history > 64) throw new CommandError("history: must be less than or equal to 64");
}

const limitOf = (text: string, bits: 32 | 64): number =>
  text === "" ? -1 : parseBytes(text, bits) || -1;

const duplicateWindow = 120e9;

/** The stream behind a bucket. Source: nats.go jetstream `prepareKeyValueConfig`. */
function bucketConfig(bucket: string, flags: BucketFlags): StreamConfig {
  const isPlaced = flags.cluster !== "" || flags.tags.length > 0;
  const markers = flags["marker-ttl"];
  const republish = flags["republish-destination"];
  return {
    name: `KV_${bucket}`,
    description: flags.description,
    subjects: [`$KV.${bucket}.>`],
    retention: "limits",
    max_consumers: -1,
    max_msgs_per_subject: flags.history,
    max_msgs: -1,
    max_bytes: limitOf(flags["max-bucket-size"], 64),
    max_age: flags.ttl,
    max_msg_size: limitOf(flags["max-value-size"], 32),
    storage: "file",
    discard: "new",
    num_replicas: flags.replicas,
    duplicate_window: flags.ttl > 0 ? Math.min(flags.ttl, duplicateWindow) : duplicateWindow,
    compression: flags.compress ? "s2" : "none",
    sealed: false,
    deny_delete: true,
    deny_purge: false,
    allow_rollup_hdrs: true,
    allow_direct: true,
    mirror_direct: false,
    metadata: flags.metadata,
    ...(isPlaced ? { placement: { cluster: flags.cluster, tags: flags.tags } } : {}),
    ...(markers > 0 ? { allow_msg_ttl: true, subject_delete_marker_ttl: markers } : {}),
    ...(republish === ""
      ? {}
      : {
          republish: {
            src: flags["republish-source"],
            dest: republish,
            headers_only: flags["republish-headers"],
          },
        }),
    ...(flags.source.length > 0
      ? { sources: flags.source.map((name) => sourceOf(bucket, name)) }
      : {}),
  };
}

function sourceOf(bucket: string, name: string) {
  const own = name.replace(/^KV_/, "");
  return {
    name: `KV_${own}`,
    subject_transforms: [{ src: `$KV.${own}.>`, dest: `$KV.${bucket}.>` }],
  };
}

function mirrored(config: StreamConfig, origin: string, domain: string): StreamConfig {
  const { subjects, duplicate_window: window, ...rest } = config;
  const external = domain === "" ? {} : { external: { api: `$JS.${domain}.API`, deliver: "" } };
  const name = origin.startsWith("KV_") ? origin : `KV_${origin}`;
  return { ...rest, mirror: { name, ...external }, mirror_direct: true };
}

async function save(
  ctx: NatsContext,
  verb: "CREATE" | "UPDATE",
  config: StreamConfig,
): Promise<StreamInfo> {
  const body = goStruct({ ...config }, streamConfigFields);
  const level = streamApiLevel(config);
  return apiRequest<StreamInfo>(ctx, `STREAM.${verb}.${config.name}`, body, { level });
}

export const kvAdd = natsCommand({
  path: "add",
  aliases: ["new"],
  tags: writeTags,
  help: "Create a bucket",
  args: bucketArgs,
  flags: {
    ...bucketFlags,
    storage: {
      help: "Where values are kept: file or memory",
      type: "enum",
      values: ["file", "f", "memory", "m"],
    },
    mirror: { help: "Mirror this bucket", type: "string" },
    "mirror-domain": { help: "The domain of the mirrored bucket", type: "string" },
  },
  async run(ctx, { args, flags }) {
    checkFlags(flags);
    await connect(ctx);
    checkBucketName(args.bucket);
    const storage = flags.storage.startsWith("m") ? "memory" : "file";
    const plain = { ...bucketConfig(args.bucket, flags), storage };
    const { mirror, "mirror-domain": domain } = flags;
    const config = mirror === "" ? plain : mirrored(plain, mirror, domain);
    await asStoreClient(
      save(ctx, "CREATE", config).catch((error: unknown) => {
        throw isTaken(error) ? new CommandError(takenText(args.bucket)) : error;
      }),
    );
    await showBucket(ctx, await loadBucket(ctx, args.bucket));
    return 0;
  },
});

export function isTaken(error: unknown): boolean {
  return error instanceof ApiFailure && error.fault.err_code === 10058;
}

export function takenText(bucket: string): string {
  const reason = "nats: API error: code=400 err_code=10058 description=stream name already in use";
  return `nats: bucket name already in use: ${bucket}\n${reason}`;
}

export const kvEdit = natsCommand({
  path: "edit",
  tags: writeTags,
  help: "Change the configuration of a bucket",
  args: bucketArgs,
  flags: { ...bucketFlags, "no-mirror": { help: "Stop mirroring", type: "bool" } },
  async run(ctx, { args, flags, given }) {
    checkFlags(flags);
    const bucket = await loadBucket(ctx, args.bucket);
    const changes = bucketConfig(bucket.name, flags);
    const config = { ...bucket.info.config };
    const edited: StreamConfig = {
      ...config,
      ...(given.has("description") ? { description: flags.description } : {}),
      ...(given.has("max-value-size") ? { max_msg_size: changes.max_msg_size ?? -1 } : {}),
      ...(given.has("history") ? { max_msgs_per_subject: flags.history } : {}),
      ...(given.has("ttl") ? { max_age: flags.ttl } : {}),
      ...(given.has("max-bucket-size") ? { max_bytes: changes.max_bytes } : {}),
      ...(given.has("replicas") ? { num_replicas: flags.replicas } : {}),
      ...(given.has("metadata") ? { metadata: flags.metadata } : {}),
      ...(changes.placement ? { placement: changes.placement } : {}),
      ...(changes.republish ? { republish: changes.republish } : {}),
      ...(changes.sources ? { sources: [...(config.sources ?? []), ...changes.sources] } : {}),
      ...(given.has("compress") ? { compression: changes.compression ?? "none" } : {}),
      ...(given.has("marker-ttl")
        ? { allow_msg_ttl: true, subject_delete_marker_ttl: flags["marker-ttl"] }
        : {}),
    };
    const { mirror, ...unmirrored } = edited;
    await asStoreClient(save(ctx, "UPDATE", flags["no-mirror"] ? unmirrored : edited));
    await showBucket(ctx, await loadBucket(ctx, args.bucket));
    return 0;
  },
});

export const kvInfo = natsCommand({
  path: "info",
  aliases: ["view", "status"],
  tags: readTags,
  help: "Show how a bucket is configured and what it holds",
  args: { bucket: { help: "The bucket" } },
  async run(ctx, { args }) {
    await showBucket(ctx, await loadBucket(ctx, args.bucket ?? ""));
    return 0;
  },
});

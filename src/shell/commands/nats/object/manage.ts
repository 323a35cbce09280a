// nats object add, edit, info, seal: buckets as such.

import type { FlagSpecs, FlagValues } from "../../../grammar/define.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { goStruct } from "../../../render/json.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags, writeTags } from "../context.ts";
import { asStoreClient } from "../kv/bucket.ts";
import { isTaken, takenText } from "../kv/manage.ts";
import { isConfirmed } from "../prompts.ts";
import { parseBytes } from "../sizes.ts";
import type { StreamConfig, StreamInfo } from "../wire.ts";
import { streamConfigFields } from "../wire-fields.ts";
import {
  checkBucketName,
  findObject,
  loadBucket,
  objectPrefix,
  showBucket,
  showObject,
} from "./bucket.ts";

const bucketArgs = { bucket: { help: "The bucket", required: true } } as const;

const bucketFlags = {
  ttl: { help: "How long files stay", type: "duration" },
  replicas: { help: "On how many servers it is kept", type: "uint", default: "1" },
  "max-bucket-size": { help: "How big the bucket may be", type: "string" },
  description: { help: "What the bucket is for", type: "string" },
  tags: { help: "Keep it on servers with this tag", type: "strings" },
  cluster: { help: "Keep it in this cluster", type: "string" },
  metadata: { help: "A label, KEY=VALUE", type: "map", placeholder: "META" },
  compress: { help: "Pack what is stored", type: "bool" },
} as const satisfies FlagSpecs;

type BucketFlags = FlagValues<typeof bucketFlags>;

const limitOf = (text: string): number => (text === "" ? -1 : parseBytes(text, 64) || -1);

/** The stream behind a bucket. Source: nats.go jetstream `prepareObjectStoreConfig`. */
function bucketConfig(bucket: string, flags: BucketFlags): StreamConfig {
  return {
    name: `${objectPrefix}${bucket}`,
    description: flags.description,
    subjects: [`$O.${bucket}.C.>`, `$O.${bucket}.M.>`],
    retention: "limits",
    max_consumers: -1,
    max_msgs: -1,
    max_bytes: limitOf(flags["max-bucket-size"]),
    max_age: flags.ttl,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    storage: "file",
    discard: "new",
    num_replicas: flags.replicas,
    compression: flags.compress ? "s2" : "none",
    sealed: false,
    deny_delete: false,
    deny_purge: false,
    allow_rollup_hdrs: true,
    allow_direct: true,
    mirror_direct: false,
    metadata: flags.metadata,
    placement: { cluster: flags.cluster, tags: flags.tags },
  };
}

async function save(
  ctx: NatsContext,
  verb: "CREATE" | "UPDATE",
  config: StreamConfig,
): Promise<StreamInfo> {
  const body = goStruct({ ...config }, streamConfigFields);
  return asStoreClient(apiRequest<StreamInfo>(ctx, `STREAM.${verb}.${config.name}`, body));
}

export const objectAdd = natsCommand({
  path: "add",
  tags: writeTags,
  help: "Create a bucket",
  args: bucketArgs,
  flags: {
    ...bucketFlags,
    storage: {
      help: "Where files are kept: file or memory",
      type: "enum",
      values: ["file", "f", "memory", "m"],
    },
  },
  async run(ctx, { args, flags }) {
    const plain = bucketConfig(args.bucket, flags);
    await connect(ctx);
    checkBucketName(args.bucket);
    const storage = flags.storage.startsWith("m") ? "memory" : "file";
    const body = goStruct({ ...plain, storage }, streamConfigFields);
    const creation = apiRequest<StreamInfo>(ctx, `STREAM.CREATE.${plain.name}`, body);
    await asStoreClient(
      creation.catch((error: unknown) => {
        throw isTaken(error) ? new CommandError(takenText(args.bucket)) : error;
      }),
    );
    await showBucket(ctx, await loadBucket(ctx, args.bucket));
    return 0;
  },
});

export const objectEdit = natsCommand({
  path: "edit",
  tags: writeTags,
  help: "Change the configuration of a bucket",
  args: bucketArgs,
  flags: bucketFlags,
  async run(ctx, { args, flags, given }) {
    const changes = bucketConfig(args.bucket, flags);
    const { config } = (await loadBucket(ctx, args.bucket)).info;
    const placement = {
      ...config.placement,
      ...(given.has("cluster") ? { cluster: flags.cluster } : {}),
      ...(given.has("tags") ? { tags: flags.tags } : {}),
    };
    await save(ctx, "UPDATE", {
      ...config,
      placement,
      ...(given.has("description") ? { description: flags.description } : {}),
      ...(given.has("ttl") ? { max_age: flags.ttl } : {}),
      ...(given.has("replicas") ? { num_replicas: flags.replicas } : {}),
      ...(given.has("max-bucket-size") ? { max_bytes: changes.max_bytes } : {}),
      ...(given.has("metadata") ? { metadata: flags.metadata } : {}),
      ...(given.has("compress") ? { compression: changes.compression ?? "none" } : {}),
    });
    await showBucket(ctx, await loadBucket(ctx, args.bucket));
    return 0;
  },
});

export const objectInfo = natsCommand({
  path: "info",
  aliases: ["show", "i"],
  tags: readTags,
  help: "Show how a bucket is configured, or what is kept of a file",
  args: { bucket: { help: "The bucket" }, file: { help: "The file" } },
  async run(ctx, { args }) {
    const bucket = await loadBucket(ctx, args.bucket ?? "");
    if (!args.file) await showBucket(ctx, bucket);
    else await showObject(ctx, await findObject(ctx, bucket, args.file));
    return 0;
  },
});

export const objectSeal = natsCommand({
  path: "seal",
  tags: writeTags,
  help: "Let nothing in a bucket change any more",
  args: bucketArgs,
  flags: { force: { help: "Do not ask", type: "switch", short: "f" } },
  async run(ctx, { args, flags }) {
    const warning = "sealed buckets can not be unsealed or modified";
    const question = `Really seal Bucket ${args.bucket}, ${warning}`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    const bucket = await loadBucket(ctx, args.bucket);
    await save(ctx, "UPDATE", { ...bucket.info.config, sealed: true });
    await printLine(ctx, `${bucket.name} has been sealed`);
    await showBucket(ctx, await loadBucket(ctx, bucket.name));
    return 0;
  },
});

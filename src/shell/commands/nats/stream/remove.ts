// What takes away or locks: nats stream rm, purge, rmm, seal.

import { CommandError } from "../../../grammar/errors.ts";
import { apiRequest } from "../api.ts";
import { isValidName, loadStream } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { deadlineExceeded, orFail } from "../failures.ts";
import { ask, confirm, isConfirmed } from "../prompts.ts";
import type { StreamInfo } from "../wire.ts";
import { pickStream } from "./pick.ts";
import { showStream } from "./show.ts";

const force = { help: "Do not ask", type: "switch", short: "f" } as const;

export const streamRemove = natsCommand({
  path: "rm",
  aliases: ["delete", "del"],
  tags: writeTags,
  help: "Delete a stream and all that it holds",
  args: { stream: { help: "The stream" } },
  flags: { force },
  async run(ctx, { args, flags }) {
    if (flags.force) return removeAtOnce(ctx, args.stream ?? "");
    const info = await pickStream(ctx, args.stream, { failure: "could not remove Stream" });
    const { name } = info.config;
    if (!(await isConfirmed(ctx, `Really delete Stream ${name}`))) return 0;
    await orFail("could not remove Stream", apiRequest(ctx, `STREAM.DELETE.${name}`));
    return 0;
  },
});

async function removeAtOnce(ctx: NatsContext, name: string): Promise<number> {
  if (name === "") throw new CommandError("--force requires a stream name");
  await orFail("setup failed", connect(ctx));
  if (!isValidName(name)) {
    throw new CommandError(`${JSON.stringify(name)} is not a valid stream name`);
  }
  try {
    await apiRequest(ctx, `STREAM.DELETE.${name}`);
  } catch (error) {
    if (error instanceof CommandError && error.message === deadlineExceeded) {
      const doubt = "the stream might not exist or be in an unmanageable state";
      await printLine(ctx, `Delete failed due to timeout, ${doubt}`);
    }
    throw error;
  }
  return 0;
}

export const streamPurge = natsCommand({
  path: "purge",
  tags: writeTags,
  help: "Delete messages of a stream, all or some",
  args: { stream: { help: "The stream" } },
  flags: {
    json: { help: "Write JSON", type: "switch", short: "j" },
    force,
    subject: { help: "Only messages of this subject", type: "string", placeholder: "SUBJECT" },
    seq: { help: "Only messages before this one", type: "uint", placeholder: "SEQUENCE" },
    keep: { help: "Keep this many of the newest", type: "uint", placeholder: "MESSAGES" },
  },
  async run(ctx, { args, flags }) {
    const failure = "could not purge Stream";
    const info = await pickStream(ctx, args.stream, { force: flags.force, failure });
    const { name } = info.config;
    if (!flags.force && !(await isConfirmed(ctx, `Really purge Stream ${name}`))) return 0;
    if (name.startsWith("KV_")) await warnAboutBucket(ctx);
    if (flags.seq > 0 && flags.keep > 0) {
      throw new CommandError("sequence and keep cannot be combined when purging");
    }
    const some = flags.keep > 0 || flags.subject !== "" || flags.seq > 0;
    const body = {
      ...(flags.seq > 0 ? { seq: flags.seq } : {}),
      ...(flags.subject !== "" ? { filter: flags.subject } : {}),
      ...(flags.keep > 0 ? { keep: flags.keep } : {}),
    };
    const { purged } = await orFail(
      failure,
      apiRequest<{ purged: number }>(ctx, `STREAM.PURGE.${name}`, some ? body : undefined),
    );
    await printLine(ctx, `Purged ${purged} messages from ${name}\n`);
    const after = await loadStream(ctx, name);
    await showStream(ctx, after, { json: flags.json, stateOnly: true });
    return 0;
  },
});

/** Throws CommandError unless the person insists. */
export async function warnAboutBucket(ctx: NatsContext): Promise<void> {
  await ctx.process.write(bucketWarning);
  if (await confirm(ctx, "Really operate on the KV stream?", false)) return;
  throw new CommandError("aborting Key-Value store operation");
}

const bucketWarning = `WARNING: Operating on the underlying stream of a Key-Value bucket is dangerous.

Key-Value stores are an abstraction above JetStream streams and as such require particular
configuration to be set. Interacting with KV buckets outside of the 'nats kv' subcommand can lead
unexpected outcomes, data loss and, technically, will mean your KV bucket is no longer a KV bucket.

Continuing this operation is an unsupported action.

`;

export const streamRemoveMessage = natsCommand({
  path: "rmm",
  tags: writeTags,
  help: "Delete one message and overwrite its bytes",
  args: {
    stream: { help: "The stream" },
    id: { help: "Sequence of the message", type: "int64" },
  },
  flags: { force },
  async run(ctx, { args, flags }) {
    const info = await pickStream(ctx, args.stream, { force: flags.force });
    const { name } = info.config;
    const seq = args.id ?? (await askSequence(ctx));
    if (name.startsWith("KV_")) await warnAboutBucket(ctx);
    const question = `Really remove message ${seq} from Stream ${name}`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    await apiRequest(ctx, `STREAM.MSG.DELETE.${name}`, { seq });
    return 0;
  },
});

async function askSequence(ctx: NatsContext): Promise<number> {
  const message = "Message Sequence to remove";
  const text = await orFail("invalid input", ask(ctx, { message, required: true }));
  if (!/^[-+]?\d+$/.test(text)) {
    const quoted = JSON.stringify(text);
    throw new CommandError(`invalid number: strconv.Atoi: parsing ${quoted}: invalid syntax`);
  }
  if (Number(text) <= 0) throw new CommandError("positive message ID required");
  return Number(text);
}

export const streamSeal = natsCommand({
  path: "seal",
  tags: writeTags,
  help: "Lock a stream for good: nothing comes in, nothing goes out",
  args: { stream: { help: "The stream", required: true } },
  flags: { force },
  async run(ctx, { args, flags }) {
    const failure = "could not seal Stream";
    const info = await pickStream(ctx, args.stream, { force: flags.force, failure });
    const { name } = info.config;
    const question = `Really seal Stream ${name}, sealed streams can not be unsealed or modified`;
    if (!flags.force && !(await isConfirmed(ctx, question))) return 0;
    await apiRequest(ctx, `STREAM.UPDATE.${name}`, { ...info.config, sealed: true });
    const after: StreamInfo = await loadStream(ctx, name);
    await showStream(ctx, after, { json: false, stateOnly: false });
    return 0;
  },
});

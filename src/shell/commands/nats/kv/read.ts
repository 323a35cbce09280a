// nats kv get, history, ls, watch.

import { load } from "../../../../clients/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { humanDuration } from "../../../render/durations.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { type Cell, renderTable } from "../../../render/table.ts";
import { dateTimeText, nanosBetween, timeOf } from "../../../render/times.ts";
import { connect } from "../connection.ts";
import {
  type NatsContext,
  natsCommand,
  printLine,
  readTags,
  tableWidth,
  timeoutMs,
} from "../context.ts";
import { orFail } from "../failures.ts";
import { listStreams } from "../stream/listing.ts";
import { type Bucket, loadBucket } from "./bucket.ts";
import { type Entry, getEntry, historyOf, readEntries, shortValue, valueText } from "./entries.ts";

const args = {
  bucket: { help: "The bucket", required: true },
  key: { help: "The key", required: true },
} as const;

/** How much of a value is shown without --raw. */
const shownMost = 120;

export const kvGet = natsCommand({
  path: "get",
  tags: readTags,
  help: "Show the value of a key",
  args,
  flags: {
    revision: { help: "The value of this revision", type: "uint" },
    raw: { help: "Write only the value", type: "switch" },
  },
  async run(ctx, input) {
    const bucket = await loadBucket(ctx, input.args.bucket);
    const { revision, raw } = input.flags;
    const entry = await getEntry(ctx, bucket, { key: input.args.key, revision });
    if (raw) {
      await ctx.process.write(entry.value);
      return 0;
    }
    const head = `${bucket.name} > ${entry.key} revision: ${entry.revision}`;
    await printLine(ctx, `${head} created @ ${dateTimeText(entry.created)}\n`);
    const text = valueText(entry.value);
    if (text.length > shownMost) {
      const total = comma(text.length);
      await printLine(ctx, `Showing first 120 bytes of ${total}, use --raw for full data\n`);
    }
    await printLine(ctx, `${text.slice(0, shownMost)}\n`);
    return 0;
  },
});

export const kvHistory = natsCommand({
  path: "history",
  tags: readTags,
  help: "Show all that is kept of a key",
  args,
  async run(ctx, input) {
    const bucket = await loadBucket(ctx, input.args.bucket);
    await showHistory(ctx, bucket, input.args.key);
    return 0;
  },
});

export async function showHistory(ctx: NatsContext, bucket: Bucket, key: string): Promise<void> {
  const entries = await historyOf(ctx, bucket, key);
  const rows = entries.map((entry): Cell[] => [
    entry.key,
    entry.revision,
    entry.operation,
    dateTimeText(entry.created),
    comma(entry.value.length),
    shortValue(entry.value),
  ]);
  const headers = ["Key", "Revision", "Op", "Created", "Length", "Value"];
  const title = `History for ${bucket.name} > ${key}`;
  await printLine(ctx, renderTable({ title, headers, rows }, tableWidth(ctx)));
}

export const kvList = natsCommand({
  path: "ls",
  aliases: ["list"],
  tags: readTags,
  help: "List buckets, or the keys of one",
  args: { bucket: { help: "The bucket" }, key: { help: "Only keys that match" } },
  flags: {
    names: { help: "Write only the names", type: "switch", short: "n" },
    verbose: { help: "Show more of each key", type: "switch", short: "v" },
    "display-value": { help: "Show values too, with --verbose", type: "switch" },
  },
  async run(ctx, input) {
    if (!input.args.bucket) return listBuckets(ctx, input.flags.names);
    await connect(ctx);
    const bucket = await orFail("unable to load bucket", loadBucket(ctx, input.args.bucket));
    const filter = input.args.key || ">";
    const shows = input.flags.verbose && input.flags["display-value"];
    const all = await readEntries(ctx, bucket, { filter, history: false, headersOnly: !shows });
    const entries = all.filter((entry) => entry.operation === "PUT");
    if (input.flags.verbose) await writeKeyTable(ctx, bucket, { entries, shows });
    else for (const entry of entries) await printLine(ctx, entry.key);
    if (entries.length === 0 && !input.flags.names) {
      await printLine(ctx, "No keys found in bucket");
    }
    return 0;
  },
});

async function writeKeyTable(
  ctx: NatsContext,
  bucket: Bucket,
  { entries, shows }: { readonly entries: readonly Entry[]; readonly shows: boolean },
): Promise<void> {
  const rows = entries.map((entry): Cell[] => [
    entry.key,
    dateTimeText(entry.created),
    0,
    entry.revision,
    ...(shows ? [new TextDecoder().decode(entry.value)] : []),
  ]);
  const headers = ["Key", "Created", "Delta", "Revision", ...(shows ? ["Value"] : [])];
  const title = `Contents for bucket '${bucket.name}'`;
  await printLine(ctx, renderTable({ title, headers, rows }, tableWidth(ctx)));
}

async function listBuckets(ctx: NatsContext, namesOnly: boolean): Promise<number> {
  const { streams } = await listStreams(ctx, "");
  const buckets = streams.filter((info) => info.config.name.startsWith("KV_"));
  if (namesOnly) {
    for (const { config } of buckets) await printLine(ctx, config.name.slice(3));
    return 0;
  }
  if (buckets.length === 0) {
    await printLine(ctx, "No Key-Value buckets found");
    return 0;
  }
  const now = ctx.process.storedNow();
  const sorted = [...buckets].sort((a, b) => a.state.bytes - b.state.bytes);
  const rows = sorted.map(({ config, created, state }) => [
    config.name.slice(3),
    config.description ?? "",
    dateTimeText(timeOf(created)),
    binaryBytes(state.bytes),
    comma(state.messages),
    humanDuration(nanosBetween(timeOf(state.last_ts), now)),
  ]);
  const headers = ["Bucket", "Description", "Created", "Size", "Values", "Last Update"];
  await printLine(ctx, renderTable({ title: "Key-Value Buckets", headers, rows }, tableWidth(ctx)));
  return 0;
}

const colours = { PUT: "\u001b[32m", DELETE: "\u001b[31m", PURGE: "\u001b[31m" } as const;

export const kvWatch = natsCommand({
  path: "watch",
  tags: readTags,
  help: "Show what changes in a bucket, as it changes",
  args: {
    bucket: { help: "The bucket", required: true },
    key: { help: "Only keys that match", default: ">" },
  },
  flags: {
    history: { help: "Show older values first", type: "switch" },
    deletes: { help: "Show deletions", type: "bool", default: "true" },
    updates: { help: "Only what changes from now on", type: "switch" },
    revision: { help: "Start at this revision", type: "uint" },
  },
  async run(ctx, input) {
    const { flags } = input;
    const bucket = await loadBucket(ctx, input.args.bucket);
    const connection = await connect(ctx);
    const { domain } = ctx.globals;
    const { jetstream } = await load(() => import("@nats-io/jetstream"));
    const { Kvm, KvWatchInclude } = await load(() => import("@nats-io/kv"));
    const js = jetstream(connection, { timeout: timeoutMs(ctx), ...(domain ? { domain } : {}) });
    const store = await new Kvm(js).open(bucket.name, { bindOnly: true });
    const include = flags.history
      ? KvWatchInclude.AllHistory
      : flags.updates
        ? KvWatchInclude.UpdatesOnly
        : KvWatchInclude.LastValue;
    if (flags.history && flags.updates) {
      throw new CommandError(
        "nats: invalid option: include history can not be used with updates only",
      );
    }
    const watch = await store.watch({
      key: input.args.key,
      include,
      ignoreDeletes: !flags.deletes,
      ...(flags.revision > 0 ? { resumeFromRevision: flags.revision } : {}),
    });
    for await (const entry of watch) {
      const operation = entry.operation === "DEL" ? "DELETE" : entry.operation;
      const at = dateTimeText(timeOf(entry.created.toISOString()));
      const mark = ctx.process.tty.out ? `${colours[operation]}${operation}\u001b[0m` : operation;
      const value = operation === "PUT" ? `: ${entry.string()}` : "";
      await printLine(ctx, `[${at}] ${mark} ${bucket.name} > ${entry.key}${value}`);
    }
    return 0;
  },
});

// nats object ls, watch.

import { humanDuration } from "../../../render/durations.ts";
import { binaryBytes } from "../../../render/numbers.ts";
import { renderTable } from "../../../render/table.ts";
import { dateTimeText, nanosBetween, timeOf } from "../../../render/times.ts";
import { type NatsContext, natsCommand, printLine, readTags, tableWidth } from "../context.ts";
import { listStreams } from "../stream/listing.ts";
import { loadBucket, objectPrefix, openStore, withTime } from "./bucket.ts";

export const objectList = natsCommand({
  path: "ls",
  tags: readTags,
  help: "List buckets, or the files of one",
  args: { bucket: { help: "The bucket" } },
  flags: { names: { help: "Write only the names", type: "switch", short: "n" } },
  async run(ctx, { args, flags }) {
    if (!args.bucket) return listBuckets(ctx, flags.names);
    const bucket = await loadBucket(ctx, args.bucket);
    const store = await openStore(ctx, bucket);
    const all = (await store.list()).filter((file) => !file.deleted);
    if (flags.names) {
      for (const file of all) await printLine(ctx, file.name);
      return 0;
    }
    if (all.length === 0) {
      await printLine(ctx, "No entries found");
      return 0;
    }
    const files = await Promise.all(all.map((file) => withTime(ctx, bucket, file)));
    const rows = files.map((file) => [
      file.name,
      binaryBytes(file.size),
      dateTimeText(timeOf(file.mtime)),
    ]);
    const headers = ["Name", "Size", "Time"];
    await printLine(ctx, renderTable({ title: "Bucket Contents", headers, rows }, tableWidth(ctx)));
    return 0;
  },
});

async function listBuckets(ctx: NatsContext, namesOnly: boolean): Promise<number> {
  const { streams } = await listStreams(ctx, "");
  const buckets = streams.filter((info) => info.config.name.startsWith(objectPrefix));
  const nameOf = (stream: string) => stream.slice(objectPrefix.length);
  if (namesOnly) {
    for (const { config } of buckets) await printLine(ctx, nameOf(config.name));
    return 0;
  }
  if (buckets.length === 0) {
    await printLine(ctx, "No Object Store buckets found");
    return 0;
  }
  const now = ctx.process.storedNow();
  const sorted = [...buckets].sort((a, b) => a.state.bytes - b.state.bytes);
  const rows = sorted.map(({ config, created, state }) => [
    nameOf(config.name),
    config.description ?? "",
    dateTimeText(timeOf(created)),
    binaryBytes(state.bytes),
    humanDuration(nanosBetween(timeOf(state.last_ts), now)),
  ]);
  const headers = ["Bucket", "Description", "Created", "Size", "Last Update"];
  const table = { title: "Object Store Buckets", headers, rows };
  await printLine(ctx, renderTable(table, tableWidth(ctx)));
  return 0;
}

export const objectWatch = natsCommand({
  path: "watch",
  tags: readTags,
  help: "Show what changes in a bucket, as it changes",
  args: { bucket: { help: "The bucket", required: true } },
  async run(ctx, { args }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const store = await openStore(ctx, bucket);
    const mark = (colour: number, text: string) =>
      ctx.process.tty.out ? `\u001b[${colour}m${text}\u001b[0m` : text;
    for await (const seen of await store.watch({ includeHistory: true })) {
      const file = await withTime(ctx, bucket, seen);
      const at = dateTimeText(timeOf(file.mtime));
      const what = file.deleted ? mark(31, "DEL") : mark(32, "PUT");
      const size = `: ${binaryBytes(file.size)} bytes in ${file.chunks} chunks`;
      const tail = file.deleted ? "" : size;
      await printLine(ctx, `[${at}] ${what} ${bucket.name} > ${file.name}${tail}`);
    }
    return 0;
  },
});

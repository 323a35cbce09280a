// nats kv put, create, update, del, purge, revert, compact.

import { CommandError } from "../../../grammar/errors.ts";
import { nanosBetween } from "../../../render/times.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, writeTags } from "../context.ts";
import { ApiFailure, clientFaultText } from "../failures.ts";
import { concatBytes } from "../filters.ts";
import { confirm, isConfirmed } from "../prompts.ts";
import { asStoreClient, type Bucket, loadBucket } from "./bucket.ts";
import {
  getEntry,
  historyOf,
  keySubject,
  readEntries,
  readEntry,
  refusalText,
  shortValue,
  type Write,
  writeEntry,
} from "./entries.ts";
import { showHistory } from "./read.ts";

const place = {
  bucket: { help: "The bucket", required: true },
  key: { help: "The key", required: true },
} as const;

const force = { help: "Do not ask", type: "switch", short: "f" } as const;
const empty = new Uint8Array();

/** Writes; a refusal is in the client's words. */
async function store(ctx: NatsContext, bucket: Bucket, write: Write): Promise<void> {
  try {
    await writeEntry(ctx, bucket, write);
  } catch (error) {
    if (error instanceof ApiFailure) throw new CommandError(refusalText(error));
    throw error;
  }
}

async function givenOrRead(ctx: NatsContext, value: string | undefined): Promise<Uint8Array> {
  if (value || ctx.process.tty.in) return new TextEncoder().encode(value ?? "");
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await ctx.process.stdin.read();
    if (bytes === null) return concatBytes(chunks);
    chunks.push(bytes);
  }
}

export const kvPut = natsCommand({
  path: "put",
  tags: writeTags,
  help: "Give a key a value",
  args: { ...place, value: { help: "The value; stdin when missing" } },
  async run(ctx, { args }) {
    const bucket = await loadBucket(ctx, args.bucket);
    await store(ctx, bucket, { key: args.key, value: await givenOrRead(ctx, args.value) });
    await printLine(ctx, args.value ?? "");
    return 0;
  },
});

const wrongLastSequence = 10071;

export const kvCreate = natsCommand({
  path: "create",
  tags: writeTags,
  help: "Give a key a value unless it has one",
  args: { ...place, value: { help: "The value; stdin when missing" } },
  flags: { ttl: { help: "How long it stays", type: "duration", placeholder: "DURATION" } },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const value = await givenOrRead(ctx, args.value);
    await createEntry(ctx, bucket, { key: args.key, value, ttl: flags.ttl });
    await printLine(ctx, args.value ?? "");
    return 0;
  },
});

/** A deleted key may be created again, on top of the marker. Source: nats.go `kv.Create`. */
async function createEntry(ctx: NatsContext, bucket: Bucket, write: Write): Promise<void> {
  try {
    await writeEntry(ctx, bucket, { ...write, expected: 0 });
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const last = await readEntry(ctx, bucket, { key: write.key, revision: 0 });
    if (last && last.operation !== "PUT") {
      await store(ctx, bucket, { ...write, expected: last.revision });
      return;
    }
    const exists = error.fault.err_code === wrongLastSequence ? ": key exists" : "";
    throw new CommandError(refusalText(error) + exists);
  }
}

export const kvUpdate = natsCommand({
  path: "update",
  tags: writeTags,
  help: "Give a key a value if its revision is still this one",
  args: {
    ...place,
    value: { help: "The value", required: true },
    revision: { help: "The revision that it must have", type: "uint", required: true },
  },
  async run(ctx, { args }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const value = await givenOrRead(ctx, args.value);
    await store(ctx, bucket, { key: args.key, value, expected: args.revision });
    await printLine(ctx, args.value);
    return 0;
  },
});

export const kvDelete = natsCommand({
  path: "del",
  aliases: ["rm"],
  tags: writeTags,
  help: "Delete a key, or the whole bucket",
  args: { bucket: place.bucket, key: { help: "The key" } },
  flags: { force },
  async run(ctx, { args, flags }) {
    const { key } = args;
    if (!key) return deleteBucket(ctx, args.bucket, flags.force);
    const bucket = await loadBucket(ctx, args.bucket);
    const question = `Delete key ${bucket.name} > ${key}?`;
    if (!flags.force && !(await confirm(ctx, question, false))) {
      await printLine(ctx, "Skipping delete");
      return 0;
    }
    await store(ctx, bucket, { key, value: empty, operation: "DEL" });
    return 0;
  },
});

async function deleteBucket(ctx: NatsContext, name: string, isForced: boolean): Promise<number> {
  if (!isForced && !(await confirm(ctx, `Delete bucket ${name}?`, false))) {
    await printLine(ctx, "Skipping delete");
    return 0;
  }
  await connect(ctx);
  const removal = apiRequest(ctx, `STREAM.DELETE.KV_${name}`).catch((error: unknown) => {
    const isMissing = error instanceof ApiFailure && error.fault.err_code === streamNotFound;
    if (!isMissing) throw error;
    throw new CommandError(`nats: bucket not found: ${name}\n${clientFaultText(error.fault)}`);
  });
  await asStoreClient(removal);
  return 0;
}

const streamNotFound = 10059;

export const kvPurge = natsCommand({
  path: "purge",
  tags: writeTags,
  help: "Delete a key and its history",
  args: place,
  flags: {
    force,
    ttl: { help: "How long the marker stays", type: "duration", placeholder: "DURATION" },
  },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const question = `Purge key ${bucket.name} > ${args.key}?`;
    if (!flags.force && !(await confirm(ctx, question, false))) {
      await printLine(ctx, "Skipping purge");
      return 0;
    }
    const { key } = args;
    await store(ctx, bucket, { key, value: empty, operation: "PURGE", ttl: flags.ttl });
    return 0;
  },
});

export const kvRevert = natsCommand({
  path: "revert",
  tags: writeTags,
  help: "Give a key the value of an older revision again",
  args: {
    ...place,
    revision: { help: "The revision to go back to", type: "uint", required: true },
  },
  flags: { force: { help: "Do not ask", type: "bool" } },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const { key, revision } = args;
    const history = await historyOf(ctx, bucket, key);
    if (history.length <= 1) {
      throw new CommandError("cannot revert key in a bucket where history=1");
    }
    const entry = await getEntry(ctx, bucket, { key, revision });
    if (!flags.force) {
      await printLine(ctx, `Revision: ${entry.revision}\n\n${shortValue(entry.value)}\n`);
      const question = `Really revert to revision ${revision}`;
      if (!(await isConfirmed(ctx, question))) return 0;
    }
    const expected = history.at(-1)?.revision ?? 0;
    await store(ctx, bucket, { key, value: entry.value, expected });
    await showHistory(ctx, bucket, key);
    return 0;
  },
});

/** Markers younger than this stay. Source: nats.go `kvDefaultPurgeDeletesMarkerThreshold`. */
const markerAge = 30 * 60e9;

export const kvCompact = natsCommand({
  path: "compact",
  tags: writeTags,
  help: "Free what deleted keys still take",
  args: { bucket: place.bucket },
  flags: { force },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const what = "Purge all historic values and audit trails for deleted keys in bucket";
    if (!flags.force && !(await confirm(ctx, `${what} ${bucket.name}?`, false))) {
      await printLine(ctx, "Skipping delete");
      return 0;
    }
    const all = await readEntries(ctx, bucket, { filter: ">", history: false, headersOnly: true });
    for (const entry of all) {
      if (entry.operation === "PUT") continue;
      const isYoung = nanosBetween(entry.created, ctx.process.storedNow()) < markerAge;
      const filter = keySubject(bucket, entry.key);
      await apiRequest(ctx, `STREAM.PURGE.${bucket.stream}`, {
        filter,
        ...(isYoung ? { keep: 1 } : {}),
      });
    }
    return 0;
  },
});

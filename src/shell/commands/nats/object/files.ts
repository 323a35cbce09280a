// nats object put, get, del: what buckets hold.

import { type MsgHdrs, headers as newHeaders } from "@nats-io/nats-core";
import type { ObjectInfo, ObjectStore } from "@nats-io/obj";
import { load } from "../../../../clients/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { humanDuration } from "../../../render/durations.ts";
import { goJson } from "../../../render/json.ts";
import { binaryBytes } from "../../../render/numbers.ts";
import { nanosBetween } from "../../../render/times.ts";
import { apiRequest, parseReply } from "../api.ts";
import { connect } from "../connection.ts";
import {
  type NatsContext,
  natsCommand,
  printLine,
  readTags,
  timeoutMs,
  writeTags,
} from "../context.ts";
import { ApiFailure, clientFaultText } from "../failures.ts";
import { concatBytes } from "../filters.ts";
import { asStoreClient } from "../kv/bucket.ts";
import { headersFromFlags } from "../messages.ts";
import { confirm, isConfirmed } from "../prompts.ts";
import {
  type Bucket,
  findObject,
  loadBucket,
  metaSubject,
  objectPrefix,
  openStore,
  readObject,
  showBucket,
  showObject,
} from "./bucket.ts";

const force = { help: "Do not ask", type: "switch", short: "f" } as const;
const progress = { help: "Show how far it is", type: "bool", default: "true" } as const;
const bucketArg = { help: "The bucket", required: true } as const;

/** From this size on natscli draws a bar. */
const barLeast = 20_480;

/** Refusals of the stream in the words of nats.go. */
async function inGoWords<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    const { JetStreamApiError } = await load(() => import("@nats-io/jetstream"));
    if (!(error instanceof JetStreamApiError)) throw error;
    throw new CommandError(clientFaultText(error.apiError()));
  }
}

/** The last state of natscli's bar; the steps on the way there are not drawn. */
async function writeBar(ctx: NatsContext, bytes: number, elapsed: number): Promise<void> {
  await ctx.process.sleep(300);
  const rate = binaryBytes(Math.floor((bytes * 1e9) / Math.max(elapsed, 1)));
  await ctx.process.write(
    ` done! [${binaryBytes(bytes)} in ${humanDuration(elapsed)}; ${rate}/s]\n\n`,
  );
}

async function readAll(ctx: NatsContext, path: string): Promise<Uint8Array> {
  if (path !== "") return ctx.process.readFile(path);
  const chunks: Uint8Array[] = [];
  for (;;) {
    const bytes = await ctx.process.stdin.read();
    if (bytes === null) return concatBytes(chunks);
    chunks.push(bytes);
  }
}

/** Go's `filepath.Clean`. */
function cleanPath(path: string): string {
  const isRooted = path.startsWith("/");
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    const canGoUp = kept.length > 0 && kept.at(-1) !== "..";
    if (part === ".." && canGoUp) kept.pop();
    else if (part !== ".." || !isRooted) kept.push(part);
  }
  const text = kept.join("/");
  if (isRooted) return `/${text}`;
  return text === "" ? "." : text;
}

async function mayReplace(ctx: NatsContext, old: ObjectInfo | null): Promise<boolean> {
  if (old === null || old.deleted) return true;
  await showObject(ctx, old);
  await printLine(ctx);
  const question = `Replace existing file ${old.bucket} > ${old.name}`;
  if (!(await isConfirmed(ctx, question))) return false;
  await printLine(ctx);
  return true;
}

interface Upload {
  readonly name: string;
  readonly description: string;
  readonly headers: MsgHdrs | undefined;
  /** Bytes; 0 for what is usual. */
  readonly chunkSize: number;
  readonly data: Uint8Array;
}

async function upload(store: ObjectStore, file: Upload): Promise<ObjectInfo> {
  const { description, headers, chunkSize } = file;
  const meta = {
    name: cleanPath(file.name),
    ...(description === "" ? {} : { description }),
    ...(headers ? { headers } : {}),
    ...(chunkSize > 0 ? { options: { max_chunk_size: chunkSize } } : {}),
  };
  return inGoWords(store.putBlob(meta, file.data));
}

export const objectPut = natsCommand({
  path: "put",
  tags: writeTags,
  help: "Store a file",
  args: { bucket: bucketArg, file: { help: "The file; stdin when missing", type: "file" } },
  flags: {
    name: { help: "Store it under this name", type: "string" },
    description: { help: "What the file is", type: "string" },
    header: { help: "A header, NAME:VALUE", type: "strings", short: "H" },
    "chunk-size": { help: "How big its pieces may be", type: "uint" },
    progress,
    force,
  },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const store = await openStore(ctx, bucket);
    const path = args.file ?? "";
    const name = flags.name || path;
    if (name === "") throw new CommandError("--name is required when reading from stdin");
    if (!flags.force && !(await mayReplace(ctx, await readObject(ctx, bucket, name)))) return 0;
    const headers = headersFromFlags(ctx, flags.header, 0);
    const data = await readAll(ctx, path);
    const begun = ctx.process.storedNow();
    const { description, "chunk-size": chunkSize } = flags;
    const info = await upload(store, { name, description, headers, chunkSize, data });
    if (flags.progress && !ctx.globals.trace && path !== "" && data.length > barLeast) {
      await writeBar(ctx, data.length, nanosBetween(begun, ctx.process.storedNow()));
    }
    await printLine(ctx);
    await showObject(ctx, info);
    return 0;
  },
});

export const objectGet = natsCommand({
  path: "get",
  tags: readTags,
  help: "Fetch a file",
  args: { bucket: bucketArg, file: { help: "The file", required: true } },
  flags: {
    output: { help: "Write it to this file", type: "string", short: "O" },
    progress,
    force,
  },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const store = await openStore(ctx, bucket);
    const info = await findObject(ctx, bucket, args.file);
    const wanted = flags.output || (cleanPath(info.name).split("/").at(-1) ?? "");
    const path = cleanPath(wanted.startsWith("/") ? wanted : `${ctx.process.cwd}/${wanted}`);
    if (!flags.force && (await ctx.process.stat(path)) !== null) {
      if (!(await isConfirmed(ctx, `Replace existing target file ${path}`))) return 0;
    }
    const begun = ctx.process.storedNow();
    const data = (await inGoWords(store.getBlob(args.file))) ?? new Uint8Array();
    await ctx.process.writeFile(path, data);
    const elapsed = nanosBetween(begun, ctx.process.storedNow());
    if (flags.progress && !ctx.globals.trace && info.size > barLeast) {
      await printLine(ctx);
      await writeBar(ctx, data.length, elapsed);
    }
    const size = binaryBytes(data.length);
    const isLong = elapsed > 2e9;
    const rate = isLong ? ` average ${binaryBytes((info.size * 1e9) / elapsed)}/s` : "";
    await printLine(ctx, `Wrote: ${size} to ${path} in ${humanDuration(elapsed)}${rate}`);
    return 0;
  },
});

export const objectDelete = natsCommand({
  path: "del",
  aliases: ["rm"],
  tags: writeTags,
  help: "Delete a file, or a bucket with all its files",
  args: { bucket: bucketArg, file: { help: "The file" } },
  flags: { force },
  async run(ctx, { args, flags }) {
    const bucket = await loadBucket(ctx, args.bucket);
    const { name } = bucket;
    const file = args.file ?? "";
    const question = flags.force ? "" : await removalQuestion(ctx, bucket, file);
    if (!flags.force && !(await confirm(ctx, question, false))) {
      await printLine(ctx, "Skipping delete");
      return 0;
    }
    if (file === "") {
      await asStoreClient(apiRequest(ctx, `STREAM.DELETE.${objectPrefix}${name}`));
      return 0;
    }
    await deleteFile(ctx, bucket, file);
    await printLine(ctx, `Removed ${name} > ${file}`);
    await showBucket(ctx, await loadBucket(ctx, name));
    return 0;
  },
});

async function removalQuestion(ctx: NatsContext, bucket: Bucket, file: string): Promise<string> {
  if (file === "") return `Delete bucket ${bucket.name} and all its files?`;
  const { size } = await findObject(ctx, bucket, file);
  return `Delete ${binaryBytes(size)} byte file ${bucket.name} > ${file}?`;
}

/** Marks it deleted, then drops its pieces. Fields and order: nats.go `ObjectInfo`. */
async function deleteFile(ctx: NatsContext, bucket: Bucket, file: string): Promise<void> {
  const info = await readObject(ctx, bucket, file);
  if (info === null) throw new CommandError("nats: object not found");
  const { name, description, headers: own, metadata, options, nuid } = info;
  const headers = newHeaders();
  headers.set("Nats-Rollup", "sub");
  const marker = goJson({
    name,
    ...(description ? { description } : {}),
    ...(own ? { headers: Object.fromEntries(own) } : {}),
    ...(metadata ? { metadata } : {}),
    ...(options ? { options } : {}),
    bucket: bucket.name,
    nuid,
    size: 0,
    mtime: "0001-01-01T00:00:00Z",
    chunks: 0,
    deleted: true,
  });
  const connection = await connect(ctx);
  const timeout = timeoutMs(ctx);
  const place = metaSubject(bucket, file);
  const reply = await connection.request(place, marker, { headers, timeout });
  try {
    parseReply(reply.string());
    const filter = `$O.${bucket.name}.C.${nuid}`;
    await apiRequest(ctx, `STREAM.PURGE.${bucket.info.config.name}`, { filter });
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    throw new CommandError(`nats: ${clientFaultText(error.fault)}`);
  }
}

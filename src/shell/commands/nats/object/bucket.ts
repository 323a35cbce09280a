// Buckets of objects: streams that hold chunks and descriptions of files.

import { type MsgHdrs, headers as newHeaders } from "@nats-io/nats-core";
import type { ObjectInfo, ObjectStore } from "@nats-io/obj";
import { load } from "../../../../clients/index.ts";
import { compareStrings } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import {
  addRow,
  addRowIf,
  addSection,
  type Columns,
  columns,
  renderColumns,
} from "../../../render/columns.ts";
import { humanDuration } from "../../../render/durations.ts";
import { binaryBytes } from "../../../render/numbers.ts";
import { dateTimeText, isUnsetTime, timeOf } from "../../../render/times.ts";
import { apiRequest } from "../api.ts";
import { connect } from "../connection.ts";
import { type NatsContext, timeoutMs } from "../context.ts";
import { ApiFailure } from "../failures.ts";
import { addCluster, asStoreClient, pickBucket } from "../kv/bucket.ts";
import { fromBase64 } from "../messages.ts";
import { userMetadata } from "../stream/configure.ts";
import { titleOf } from "../stream/show.ts";
import type { StreamInfo } from "../wire.ts";

export interface Bucket {
  readonly name: string;
  readonly info: StreamInfo;
}

export const objectPrefix = "OBJ_";

export function checkBucketName(name: string): void {
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) throw new CommandError("nats: invalid object-store name");
}

/** The bucket of this name; one from a list when there is no name. Throws CommandError. */
export async function loadBucket(ctx: NatsContext, wanted: string): Promise<Bucket> {
  await connect(ctx);
  const name = wanted || (await pickBucket(ctx, objectPrefix, "Object"));
  checkBucketName(name);
  const request = apiRequest<StreamInfo>(ctx, `STREAM.INFO.${objectPrefix}${name}`);
  return { name, info: await asStoreClient(request) };
}

/** The bucket in the hands of nats.js. */
export async function openStore(ctx: NatsContext, bucket: Bucket): Promise<ObjectStore> {
  const connection = await connect(ctx);
  const { domain } = ctx.globals;
  const { jetstream } = await load(() => import("@nats-io/jetstream"));
  const { Objm } = await load(() => import("@nats-io/obj"));
  const js = jetstream(connection, { timeout: timeoutMs(ctx), ...(domain ? { domain } : {}) });
  return new Objm(js).open(bucket.name, false);
}

const notFound = 10037;

/** What is kept of a file, or of one that was deleted; null when that is nothing. */
export async function readObject(
  ctx: NatsContext,
  bucket: Bucket,
  name: string,
): Promise<ObjectInfo | null> {
  const subject = metaSubject(bucket, name);
  const verb = `STREAM.MSG.GET.${bucket.info.config.name}`;
  const request = apiRequest<StoredMessage>(ctx, verb, { last_by_subj: subject });
  const reply = await request.catch((error: unknown) => {
    if (error instanceof ApiFailure && error.fault.err_code === notFound) return null;
    throw error;
  });
  if (reply === null) return null;
  const { data = "", time } = reply.message;
  const info: ObjectInfo = JSON.parse(new TextDecoder().decode(fromBase64(data)));
  // The Go client stores no time; what counts is when the server got it.
  return { ...info, mtime: time, ...(info.headers ? { headers: storedHeaders(info) } : {}) };
}

/** Headers come as plain JSON; nats.js has types for what it made of them. */
function storedHeaders({ headers: plain }: ObjectInfo): MsgHdrs {
  const headers = newHeaders();
  for (const [name, values] of Object.entries(plain ?? {})) {
    for (const value of values as readonly string[]) headers.append(name, value);
  }
  return headers;
}

interface StoredMessage {
  readonly message: { readonly data?: string; readonly time: string };
}

export function metaSubject({ name }: Bucket, file: string): string {
  const bytes = Array.from(new TextEncoder().encode(file), (byte) => String.fromCharCode(byte));
  const encoded = btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_");
  return `$O.${name}.M.${encoded}`;
}

/** What is kept of a file. Throws CommandError when that is nothing. */
export async function findObject(
  ctx: NatsContext,
  bucket: Bucket,
  name: string,
): Promise<ObjectInfo> {
  const info = await readObject(ctx, bucket, name);
  if (info === null || info.deleted) throw new CommandError("nats: object not found");
  return info;
}

/** The same with the time of its message, when who stored it left the time open. */
export async function withTime<T extends ObjectInfo>(
  ctx: NatsContext,
  bucket: Bucket,
  info: T,
): Promise<T> {
  if (!isUnsetTime(timeOf(info.mtime))) return info;
  const stored = await readObject(ctx, bucket, info.name);
  return { ...info, mtime: stored?.mtime ?? info.mtime };
}

/** Source of rows and their order: natscli v0.4.0 `objCommand.showBucketInfo`. */
export async function showBucket(ctx: NatsContext, { name, info }: Bucket): Promise<void> {
  const { config, state } = info;
  const created = dateTimeText(timeOf(info.created));
  const to = columns(`Information for Object Store Bucket ${name} created ${created}`);
  addSection(to, "Configuration");
  addRow(to, "Bucket Name", name);
  addRowIf(to, "Description", config.description ?? "", Boolean(config.description));
  addRow(to, "Replicas", String(config.num_replicas));
  addRow(to, "TTL", config.max_age === 0 ? "unlimited" : humanDuration(config.max_age));
  addRow(to, "Sealed", String(config.sealed === true));
  addRow(to, "Size", binaryBytes(state.bytes));
  const limit = config.max_bytes === -1 ? "unlimited" : binaryBytes(config.max_bytes);
  addRow(to, "Maximum Bucket Size", limit);
  addRow(to, "Storage", titleOf(config.storage));
  addRow(to, "Backing Store Kind", "JetStream");
  addRow(to, "JetStream Stream", config.name);
  addLabels(to, userMetadata(config.metadata));
  addCluster(to, info);
  await ctx.process.write(renderColumns(to));
}

function addLabels(to: Columns, metadata: Readonly<Record<string, string>>): void {
  const labels = Object.keys(metadata).sort(compareStrings);
  const width = Math.max(0, ...labels.map((label) => label.length));
  const lines = labels.map((label) => `${label.padStart(width)}: ${metadata[label] ?? ""}`);
  lines.forEach((line, i) => {
    addRow(to, i === 0 ? "Metadata" : "", line);
  });
}

/** Source of rows and their order: natscli v0.4.0 `objCommand.showObjectInfo`. */
export async function showObject(ctx: NatsContext, info: ObjectInfo): Promise<void> {
  const to = columns(`Object information for ${info.bucket} > ${info.name}`);
  addRowIf(to, "Description", info.description ?? "", Boolean(info.description));
  addRow(to, "Size", binaryBytes(info.size));
  addRow(to, "Modification Time", dateTimeText(timeOf(info.mtime)));
  addRow(to, "Chunks", String(info.chunks));
  const [kind = "", digest = ""] = info.digest.split(/=(.*)/s);
  addRow(to, "Digest", `${kind} ${hexOf(digest)}`);
  const headers = [...(info.headers ?? [])];
  const lines = headers.flatMap(([name, values]) => values.map((value) => `${name}: ${value}`));
  lines.forEach((line, i) => {
    addRow(to, i === 0 ? "Headers" : "", line);
  });
  await ctx.process.write(renderColumns(to));
}

/** Bytes in the URL's base64, as hexadecimal digits. */
function hexOf(encoded: string): string {
  const bytes = fromBase64(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

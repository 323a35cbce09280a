// Buckets: streams whose subjects are keys.

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
import { humanDuration, longestDuration } from "../../../render/durations.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { dateTimeText, timeOf } from "../../../render/times.ts";
import { apiRequest } from "../api.ts";
import { streamNames } from "../choose.ts";
import { connect } from "../connection.ts";
import type { NatsContext } from "../context.ts";
import { ApiFailure, clientFaultText, noResponders } from "../failures.ts";
import { choose } from "../prompts.ts";
import { userMetadata } from "../stream/configure.ts";
import { seenText, titleOf } from "../stream/show.ts";
import type { StreamInfo, StreamSourceInfo } from "../wire.ts";

export interface Bucket {
  readonly name: string;
  readonly stream: string;
  readonly info: StreamInfo;
}

/** What nats.go's jetstream package makes of a missing JetStream. */
const notEnabled = "nats: API error: code=503 err_code=10076 description=jetstream not enabled";

/** Runs a request of nats.go's key-value client; refusals are in its words. */
export async function asStoreClient<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof ApiFailure) {
      if (error.fault.err_code === 10059) throw new CommandError("nats: bucket not found");
      throw new CommandError(clientFaultText(error.fault));
    }
    const isOff = error instanceof CommandError && error.message === noResponders;
    throw isOff ? new CommandError(notEnabled) : error;
  }
}

export function checkBucketName(name: string): void {
  if (!/^[a-zA-Z0-9_-]+$/.test(name)) throw new CommandError("nats: invalid bucket name");
}

/** The bucket of this name; one from a list when there is no name. Throws CommandError. */
export async function loadBucket(ctx: NatsContext, wanted: string): Promise<Bucket> {
  await connect(ctx);
  const name = wanted || (await pickBucket(ctx, "KV_", "KV"));
  checkBucketName(name);
  const stream = `KV_${name}`;
  const info = await asStoreClient(apiRequest<StreamInfo>(ctx, `STREAM.INFO.${stream}`));
  return { name, stream, info };
}

/** One of the buckets whose streams are named so; `kind` is what they are. Throws CommandError. */
export async function pickBucket(ctx: NatsContext, prefix: string, kind: string): Promise<string> {
  const names = (await streamNames(ctx)).filter((name) => name.startsWith(prefix));
  if (names.length === 0) throw new CommandError(`no ${kind} buckets found`);
  const options = names.map((name) => name.slice(prefix.length));
  return choose(ctx, { message: "Select a Bucket", options });
}

/** Source of rows and their order: natscli v0.4.0 `kvCommand.showStatus`. */
export async function showBucket(ctx: NatsContext, { name, info }: Bucket): Promise<void> {
  const { config, state } = info;
  const created = dateTimeText(timeOf(info.created));
  const to = columns(`Information for Key-Value Store Bucket ${name} created ${created}`);
  const markers = config.subject_delete_marker_ttl ?? 0;
  addSection(to, "Configuration");
  addRow(to, "Bucket Name", name);
  addRow(to, "History Kept", comma(config.max_msgs_per_subject));
  addRow(to, "Values Stored", comma(state.messages));
  addRow(to, "Compressed", String((config.compression ?? "none") !== "none"));
  addRow(to, "Per-Key TTL Supported", String(markers > 0));
  addRowIf(to, "Limit Marker TTL", humanDuration(markers), markers > 0);
  addRow(to, "Backing Store Kind", "JetStream");
  addRowIf(to, "Description", config.description ?? "", Boolean(config.description));
  addRow(to, "Bucket Size", binaryBytes(state.bytes));
  const size = config.max_msg_size ?? -1;
  const limit = (bytes: number) => (bytes === -1 ? "unlimited" : binaryBytes(bytes));
  addRow(to, "Maximum Bucket Size", limit(config.max_bytes));
  addRow(to, "Maximum Value Size", limit(size));
  addRow(to, "Maximum Age", config.max_age <= 0 ? "unlimited" : humanDuration(config.max_age));
  addRow(to, "JetStream Stream", config.name);
  addRow(to, "Storage", titleOf(config.storage));
  if (config.republish) {
    const label = config.republish.headers_only ? "Republishing Headers" : "Republishing";
    addRow(to, label, `${config.republish.src ?? ""} to ${config.republish.dest}`);
  }
  addOrigins(to, info);
  const metadata = userMetadata(config.metadata);
  const labels = Object.keys(metadata).sort(compareStrings);
  if (labels.length > 0) addSection(to, "Metadata");
  for (const label of labels) addRow(to, label, metadata[label] ?? "");
  addCluster(to, info);
  await ctx.process.write(renderColumns(to));
}

function addOrigins(to: Columns, { config, mirror, sources }: StreamInfo): void {
  if (mirror) {
    addSection(to, "Mirror Information");
    addRow(to, "Origin Bucket", bucketOf(config.mirror?.name ?? ""));
    const api = config.mirror?.external?.api ?? "";
    addRowIf(to, "External API", api, api !== "");
    addProgress(to, mirror);
  }
  if (!sources?.length) return;
  addSection(to, "Sources Information");
  for (const source of sources) {
    const own = config.sources?.find((candidate) => candidate.name === source.name);
    if (own) addRow(to, "Source Bucket", bucketOf(source.name));
    const api = own?.external?.api ?? "";
    addRowIf(to, "External API", api, api !== "");
    addProgress(to, source);
  }
}

const bucketOf = (stream: string): string => stream.replace(/^KV_/, "");

function addProgress(to: Columns, { active, lag }: StreamSourceInfo): void {
  const isSeen = active > 0 && active < longestDuration;
  addRow(to, "Last Seen", isSeen ? humanDuration(active) : "never");
  addRow(to, "Lag", comma(lag));
}

export function addCluster(to: Columns, { cluster }: StreamInfo): void {
  if (!cluster) return;
  addSection(to, "Cluster Information");
  addRow(to, "Name", cluster.name ?? "");
  addRow(to, "Leader", cluster.leader ?? "");
  for (const replica of cluster.replicas ?? []) {
    const parts = [replica.name, replica.current ? "current" : "outdated"];
    if (replica.offline) parts.push("OFFLINE");
    parts.push(seenText(replica.active));
    const lag = replica.lag ?? 0;
    if (lag > 0) parts.push(`${comma(lag)} operation${lag > 1 ? "s" : ""} behind`);
    addRow(to, "Replica", parts.join(", "));
  }
}

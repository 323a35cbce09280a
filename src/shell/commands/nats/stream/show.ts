// "Information for Stream …".
// Source of rows and their order: natscli v0.4.0 `streamCmd.showStreamInfo`.

import { compareStrings } from "../../../../kernel/index.ts";
import {
  addLine,
  addRow,
  addRowIf,
  addSection,
  type Columns,
  columns,
  renderColumns,
} from "../../../render/columns.ts";
import { humanDuration, longestDuration } from "../../../render/durations.ts";
import { goJsonIndented, goStruct } from "../../../render/json.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { dateTimeText, isUnsetTime, nanosBetween, timeOf } from "../../../render/times.ts";
import { type NatsContext, printLine } from "../context.ts";
import type { StreamConfig, StreamInfo, StreamSource, StreamSourceInfo } from "../wire.ts";
import { streamInfoFields } from "../wire-fields.ts";
import { userMetadata } from "./configure.ts";

export interface ShowOptions {
  readonly json: boolean;
  readonly stateOnly: boolean;
  /** The name in the first line when it is not the stream's own. */
  readonly heading?: string;
}

export async function showStream(
  ctx: NatsContext,
  info: StreamInfo,
  { json, stateOnly, heading }: ShowOptions,
): Promise<void> {
  if (json) {
    const sorted = { ...info, config: sortedMetadata(info.config) };
    await printLine(ctx, goJsonIndented(goStruct({ ...sorted }, streamInfoFields)));
    return;
  }
  await ctx.process.write(streamText(info, stateOnly, heading ?? info.config.name));
}

/** Go writes maps by sorted key. */
function sortedMetadata(config: StreamConfig): StreamConfig {
  if (!config.metadata) return config;
  const entries = Object.entries(config.metadata).sort(([a], [b]) => compareStrings(a, b));
  return { ...config, metadata: Object.fromEntries(entries) };
}

function streamText(info: StreamInfo, stateOnly: boolean, name: string): string {
  const what = stateOnly ? "State" : "Information";
  const created = dateTimeText(timeOf(info.created));
  const to = columns(`${what} for Stream ${name} created ${created}`);
  if (!stateOnly) addConfig(to, info.config);
  addCluster(to, info);
  if (info.mirror) {
    addSection(to, "Mirror Information");
    addSourceInfo(to, info.mirror);
  }
  if (info.sources && info.sources.length > 0) {
    addSection(to, "Source Information");
    for (const source of info.sources) {
      addSourceInfo(to, source);
      addLine(to);
    }
  }
  addState(to, info);
  return renderColumns(to);
}

const titled: Readonly<Record<string, string>> = {
  limits: "Limits",
  interest: "Interest",
  workqueue: "WorkQueue",
  file: "File",
  memory: "Memory",
  old: "Old",
  new: "New",
  s2: "S2 Compression",
  async: "Async",
};

export const titleOf = (name: string): string => titled[name] ?? name;

function addConfig(to: Columns, config: StreamConfig): void {
  const { placement, compression = "none", persist_mode = "default" } = config;
  const subjects = config.subjects ?? [];
  addRowIf(to, "Description", config.description ?? "", Boolean(config.description));
  addRowIf(to, "Subjects", subjects.join(", "), subjects.length > 0);
  addRow(to, "Replicas", comma(config.num_replicas));
  addRowIf(to, "Sealed", "true", config.sealed);
  addRow(to, "Storage", titleOf(config.storage));
  addRowIf(to, "Compression", titleOf(compression), compression !== "none");
  const hasMode = persist_mode !== "default" && persist_mode !== "";
  addRowIf(to, "Persistence Mode", titleOf(persist_mode), hasMode);
  addRowIf(to, "First Sequence", comma(config.first_seq ?? 0), (config.first_seq ?? 0) > 0);
  addRowIf(to, "Placement Cluster", placement?.cluster ?? "", Boolean(placement?.cluster));
  const tags = placement?.tags ?? [];
  addRowIf(to, "Placement Tags", tags.join(", "), tags.length > 0);
  addOptions(to, config);
  addLimits(to, config);
  const metadata = userMetadata(config.metadata);
  const labels = Object.keys(metadata).sort(compareStrings);
  if (labels.length > 0) addSection(to, "Metadata");
  for (const label of labels) addRow(to, label, metadata[label] ?? "");
  addReplication(to, config);
  addLine(to);
}

function addOptions(to: Columns, config: StreamConfig): void {
  addSection(to, "Options");
  const { subject_transform: transform, republish } = config;
  if (transform?.dest) {
    addRow(to, "Subject Transform", `${transform.src || ">"} to ${transform.dest}`);
  }
  if (republish) {
    const label = republish.headers_only ? "Republishing Headers" : "Republishing";
    addRow(to, label, `${republish.src ?? ""} to ${republish.dest}`);
  }
  addRow(to, "Retention", titleOf(config.retention));
  addRow(to, "Acknowledgments", String(!config.no_ack));
  const discard = config.discard_new_per_subject ? "New Per Subject" : titleOf(config.discard);
  addRow(to, "Discard Policy", discard);
  addRow(to, "Duplicate Window", humanDuration(config.duplicate_window ?? 0));
  addRowIf(to, "Direct Get", "true", config.allow_direct);
  addRowIf(to, "Mirror Direct Get", "true", config.mirror_direct);
  addRow(to, "Allows Atomic Batch Publish", String(config.allow_atomic ?? false));
  addRow(to, "Allows Fast Batch Publish", String(config.allow_batched ?? false));
  addRow(to, "Allows Counters", String(config.allow_msg_counter ?? false));
  addRow(to, "Allows Msg Delete", String(!config.deny_delete));
  addRow(to, "Allows Per-Message TTL", String(config.allow_msg_ttl ?? false));
  addRow(to, "Allows Purge", String(!config.deny_purge));
  addRow(to, "Allows Schedules", String(config.allow_msg_schedules ?? false));
  const markers = config.subject_delete_marker_ttl ?? 0;
  const hasMarkers = Boolean(config.allow_msg_ttl) && markers > 0;
  addRowIf(to, "Subject Delete Markers TTL", humanDuration(markers), hasMarkers);
  addRow(to, "Allows Rollups", String(config.allow_rollup_hdrs));
}

function addLimits(to: Columns, config: StreamConfig): void {
  addSection(to, "Limits");
  const limit = (isNone: boolean, text: string) => (isNone ? "unlimited" : text);
  const { max_msgs, max_msgs_per_subject: perSubject, max_bytes, max_age } = config;
  const size = config.max_msg_size ?? 0;
  addRow(to, "Maximum Messages", limit(max_msgs === -1, comma(max_msgs)));
  addRow(to, "Maximum Per Subject", limit(perSubject <= 0, comma(perSubject)));
  addRow(to, "Maximum Bytes", limit(max_bytes === -1, binaryBytes(max_bytes)));
  addRow(to, "Maximum Age", limit(max_age <= 0, humanDuration(max_age)));
  addRow(to, "Maximum Message Size", limit(size === -1, binaryBytes(size)));
  const consumers = config.max_consumers;
  addRow(to, "Maximum Consumers", limit(consumers === -1, comma(consumers)));
  const inactive = config.consumer_limits?.inactive_threshold ?? 0;
  const pending = config.consumer_limits?.max_ack_pending ?? 0;
  addRowIf(to, "Consumer Inactive Threshold", humanDuration(inactive), inactive > 0);
  addRowIf(to, "Consumer Max Ack Pending", comma(pending), pending > 0);
}

function addReplication(to: Columns, config: StreamConfig): void {
  const sources = [...(config.sources ?? [])].sort((a, b) => compareStrings(a.name, b.name));
  if (!config.mirror && sources.length === 0) return;
  addSection(to, "Replication");
  if (config.mirror) addRow(to, "Mirror", sourceText(config.mirror));
  sources.forEach((source, i) => {
    addRow(to, i === 0 ? "Sources" : "", sourceText(source));
  });
}

function sourceText(source: StreamSource): string {
  const parts = [source.name];
  if (source.opt_start_seq) parts.push(`Start Seq: ${comma(source.opt_start_seq)}`);
  if (source.opt_start_time) parts.push(`Start Time: ${source.opt_start_time}`);
  if (source.external?.api) parts.push(`API Prefix: ${source.external.api}`);
  if (source.external?.deliver) parts.push(`Delivery Prefix: ${source.external.deliver}`);
  if (source.consumer) {
    const deliver = source.consumer.deliver_subject;
    const name = source.consumer.name ?? "";
    parts.push(`Consumer Name: ${deliver ? `${name} (${deliver})` : name}`);
  }
  return parts.join(", ");
}

function addCluster(to: Columns, info: StreamInfo): void {
  const { cluster } = info;
  if (!cluster?.name) return;
  addSection(to, "Cluster Information");
  addRow(to, "Name", cluster.name);
  addRowIf(to, "Cluster Group", cluster.raft_group ?? "", Boolean(cluster.raft_group));
  const since = cluster.leader_since;
  const age = since ? humanDuration(nanosBetween(timeOf(since), timeOf(info.ts))) : "";
  addRow(to, "Leader", `${cluster.leader ?? ""}${since ? ` (${age})` : ""}`);
  for (const replica of cluster.replicas ?? []) {
    const parts = [replica.name, replica.current ? "current" : "outdated"];
    if (replica.offline) parts.push("OFFLINE");
    parts.push(seenText(replica.active));
    const lag = replica.lag ?? 0;
    if (lag > 0) parts.push(`${comma(lag)} operation${lag > 1 ? "s" : ""} behind`);
    addRow(to, "Replica", parts.join(", "));
  }
  addLine(to);
}

export function seenText(active: number): string {
  const isSeen = active > 0 && active < longestDuration;
  return isSeen ? `seen ${humanDuration(active)} ago` : "not seen";
}

function addSourceInfo(to: Columns, source: StreamSourceInfo): void {
  addRow(to, "Stream Name", source.name);
  const transforms = source.subject_transforms ?? [];
  if (source.filter_subject) addRow(to, "Subject Filter", source.filter_subject);
  else {
    const many = transforms.length > 1;
    transforms.forEach((transform, i) => {
      const title = many ? "Subject Filters and Transforms" : "Subject Filter and Transform";
      const text = transform.dest
        ? `${transform.src} to ${transform.dest}`
        : `${transform.src} untransformed`;
      addRow(to, i === 0 ? title : "", text);
    });
  }
  addRow(to, "Lag", comma(source.lag));
  const isSeen = source.active > 0 && source.active < longestDuration;
  addRow(to, "Last Seen", isSeen ? humanDuration(source.active) : "never");
  if (source.external) {
    addRow(to, "Ext. API Prefix", source.external.api);
    addRowIf(to, "Ext. Delivery Prefix", source.external.deliver, source.external.deliver !== "");
  }
  if (source.error) addRow(to, "Error", source.error.description ?? "");
}

/** Rows of the server's own labels. Source: natscli v0.4.0 `RenderMetaApi`. */
export function addApiRows(
  to: Columns,
  metadata: Readonly<Record<string, string>> | undefined,
): void {
  const version = metadata?.["_nats.ver"];
  const level = metadata?.["_nats.level"];
  const required = metadata?.["_nats.req.level"];
  if (version) addRow(to, "Host Version", version);
  if (level || required) {
    addRow(to, "Required API Level", `${required || "0"} hosted at level ${level ?? ""}`);
  }
}

function addState(to: Columns, info: StreamInfo): void {
  const { state } = info;
  addSection(to, "State");
  addApiRows(to, info.config.metadata);
  addRow(to, "Messages", comma(state.messages));
  addRow(to, "Bytes", binaryBytes(state.bytes));
  const lost = state.lost?.msgs?.length ?? 0;
  const lostText = `${comma(lost)} (${binaryBytes(state.lost?.bytes ?? 0)})`;
  addRowIf(to, "Lost Messages", lostText, lost > 0);
  addRow(to, "First Sequence", sequenceText(state.first_seq, state.first_ts));
  addRow(to, "Last Sequence", sequenceText(state.last_seq, state.last_ts));
  const deleted = state.deleted?.length || (state.num_deleted ?? 0);
  addRowIf(to, "Deleted Messages", comma(deleted), deleted > 0);
  addRow(to, "Active Consumers", comma(state.consumer_count));
  const subjects = state.num_subjects ?? 0;
  addRowIf(to, "Number of Subjects", comma(subjects), subjects > 0);
  const alternates = info.alternates ?? [];
  const nameWidth = Math.max(0, ...alternates.map((a) => a.name.length));
  const clusterWidth = Math.max(0, ...alternates.map((a) => a.cluster.length));
  alternates.forEach((a, i) => {
    const domain = a.domain ? ` Domain: ${a.domain}` : "";
    const text = `${a.name.padStart(nameWidth)}: Cluster: ${a.cluster.padStart(clusterWidth)}`;
    addRow(to, i === 0 ? "Alternates" : "", text + domain);
  });
}

function sequenceText(sequence: number, at: string): string {
  const time = timeOf(at);
  return isUnsetTime(time) ? comma(sequence) : `${comma(sequence)} @ ${dateTimeText(time)}`;
}

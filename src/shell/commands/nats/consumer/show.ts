// "Information for Consumer …".
// Source of rows and their order: natscli v0.4.0 `consumerCmd.showInfo`.

import { addToStoredTime, compareStrings } from "../../../../kernel/index.ts";
import {
  addRow,
  addRowIf,
  addSection,
  type Columns,
  columns,
  renderColumns,
} from "../../../render/columns.ts";
import { goDuration, humanDuration, roundDuration } from "../../../render/durations.ts";
import { goJsonIndented, goStruct } from "../../../render/json.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import {
  dateTimeText,
  goTimeText,
  isUnsetTime,
  nanosBetween,
  timeOf,
} from "../../../render/times.ts";
import { type NatsContext, printLine } from "../context.ts";
import { userMetadata } from "../stream/configure.ts";
import { addApiRows, type ShowOptions, seenText } from "../stream/show.ts";
import type { ConsumerConfig, ConsumerInfo, SequenceInfo } from "../wire.ts";
import { consumerInfoFields } from "../wire-fields.ts";

export async function showConsumer(
  ctx: NatsContext,
  info: ConsumerInfo,
  { json, stateOnly }: ShowOptions,
): Promise<void> {
  if (json) await printLine(ctx, goJsonIndented(goStruct({ ...info }, consumerInfoFields)));
  else await ctx.process.write(consumerText(info, stateOnly));
}

function consumerText(info: ConsumerInfo, stateOnly: boolean): string {
  const what = stateOnly ? "State" : "Information";
  const created = dateTimeText(timeOf(info.created));
  const to = columns(`${what} for Consumer ${info.stream_name} > ${info.name} created ${created}`);
  if (!stateOnly) addConfig(to, info);
  addCluster(to, info);
  addState(to, info);
  return renderColumns(to);
}

const ackPolicies: Readonly<Record<string, string>> = {
  none: "None",
  all: "All",
  explicit: "Explicit",
  flow_control: "Flow Control",
};

export const ackPolicyText = (policy: string): string => ackPolicies[policy] ?? policy;

const priorityPolicies: Readonly<Record<string, string>> = {
  overflow: "Overflow",
  pinned_client: "Pinned Client",
  prioritized: "Prioritized",
};

function deliverText(config: ConsumerConfig): string {
  switch (config.deliver_policy) {
    case "all":
      return "All";
    case "last":
      return "Last";
    case "new":
      return "New";
    case "last_per_subject":
      return "Last Per Subject";
    case "by_start_time":
      return `Since ${goTimeText(timeOf(config.opt_start_time))}`;
    default:
      return `From Sequence ${config.opt_start_seq ?? 0}`;
  }
}

function addConfig(to: Columns, info: ConsumerInfo): void {
  const { config } = info;
  const { name = "", durable_name: durable = "", description = "" } = config;
  addSection(to, "Configuration");
  addRowIf(to, "Name", name, name !== "");
  addRowIf(to, "Durable Name", durable, durable !== "" && durable !== name);
  addRowIf(to, "Description", description, description !== "");
  const push = config.deliver_subject ?? "";
  if (push !== "") addRow(to, "Delivery Subject", push);
  else addRow(to, "Pull Mode", "true");
  const filters = config.filter_subjects ?? [];
  if (config.filter_subject) addRow(to, "Filter Subject", config.filter_subject);
  else addRowIf(to, "Filter Subjects", filters.join(", "), filters.length > 0);
  addRow(to, "Deliver Policy", deliverText(config));
  const group = config.deliver_group ?? "";
  addRowIf(to, "Deliver Queue Group", group, group !== "" && push !== "");
  addRow(to, "Ack Policy", ackPolicyText(config.ack_policy));
  addRowIf(to, "Ack Wait", humanDuration(config.ack_wait ?? 0), config.ack_policy !== "none");
  addRow(to, "Replay Policy", config.replay_policy === "original" ? "Original" : "Instant");
  addConfigLimits(to, config);
  addPause(to, info);
  addPriority(to, config);
  addTargets(to, config.metadata);
  const metadata = userMetadata(config.metadata);
  const labels = Object.keys(metadata).sort(compareStrings);
  if (labels.length > 0) addSection(to, "Metadata");
  for (const label of labels) addRow(to, label, metadata[label] ?? "");
}

function addConfigLimits(to: Columns, config: ConsumerConfig): void {
  const push = Boolean(config.deliver_subject);
  const tries = config.max_deliver ?? 0;
  const positive = (label: string, value: number | undefined, text: (n: number) => string) =>
    addRowIf(to, label, text(value ?? 0), (value ?? 0) > 0);
  addRowIf(to, "Maximum Deliveries", comma(tries), tries !== -1);
  addRowIf(to, "Sampling Rate", config.sample_freq ?? "", Boolean(config.sample_freq));
  const rate = (n: number) => `${binaryBytes(Math.floor(n / 8))} / second`;
  positive("Rate Limit", config.rate_limit_bps, rate);
  positive("Max Ack Pending", config.max_ack_pending, comma);
  positive("Max Waiting Pulls", config.max_waiting, comma);
  positive("Idle Heartbeat", config.idle_heartbeat, humanDuration);
  addRowIf(to, "Flow Control", String(config.flow_control ?? false), push);
  addRowIf(to, "Headers Only", "true", config.headers_only ?? false);
  if (!push) positive("Inactive Threshold", config.inactive_threshold, humanDuration);
  positive("Max Pull Expire", config.max_expires, humanDuration);
  positive("Max Pull Batch", config.max_batch, comma);
  positive("Max Pull MaxBytes", config.max_bytes, comma);
  const backoff = config.backoff ?? [];
  addRowIf(to, "Backoff", backoffText(backoff), backoff.length > 0);
  positive("Replicas", config.num_replicas, comma);
  addRowIf(to, "Memory Storage", "true", config.mem_storage ?? false);
}

function backoffText(backoff: readonly number[]): string {
  if (backoff.length <= 15) return backoff.map(goDuration).join(", ");
  const parts = [
    ...backoff.slice(0, 5).map(goDuration),
    "...",
    ...backoff.slice(-5).map(goDuration),
  ];
  return `${parts.join(", ")} (${backoff.length} total)`;
}

function remainingText(info: ConsumerInfo): string {
  return `${goDuration(roundDuration(info.pause_remaining ?? 0, 1e9))} remaining`;
}

function addPause(to: Columns, info: ConsumerInfo): void {
  const until = timeOf(info.config.pause_until);
  const text = dateTimeText(until);
  if (info.paused) addRow(to, "Paused Until Deadline", `${text} (${remainingText(info)})`);
  else addRowIf(to, "Paused Until Deadline", `${text} (passed)`, !isUnsetTime(until));
}

function addPriority(to: Columns, config: ConsumerConfig): void {
  const policy = config.priority_policy ?? "none";
  if (policy === "none" || policy === "") return;
  addRow(to, "Priority Policy", priorityPolicies[policy] ?? policy);
  addRow(to, "Priority Groups", (config.priority_groups ?? []).join(", "));
  const ttl = humanDuration(config.priority_timeout ?? 0);
  addRowIf(to, "Pinned TTL", ttl, policy === "pinned_client");
}

/** Which stream a mirror's or source's consumer feeds. Source: jsm.go `JsMetaMirrorStreamName`. */
function addTargets(to: Columns, metadata: Readonly<Record<string, string>> | undefined): void {
  for (const [title, kind] of [
    ["Mirror Target", "mirror"],
    ["Source Target", "source"],
  ] as const) {
    const label = (what: string) => metadata?.[`_nats.${kind}.${what}`] ?? "";
    if (label("stream") === "") continue;
    addSection(to, title);
    addRow(to, "Stream", label("stream"));
    addRowIf(to, "Account", label("account"), label("account") !== "");
    addRowIf(to, "Domain", label("domain"), label("domain") !== "");
  }
}

function addCluster(to: Columns, { cluster, ts }: ConsumerInfo): void {
  if (!cluster?.name) return;
  addSection(to, "Cluster Information");
  addRow(to, "Name", cluster.name);
  addRowIf(to, "Raft Group", cluster.raft_group ?? "", Boolean(cluster.raft_group));
  const since = cluster.leader_since;
  const age = since ? humanDuration(nanosBetween(timeOf(since), timeOf(ts))) : "";
  addRow(to, "Leader", `${cluster.leader ?? ""}${since ? ` (${age})` : ""}`);
  for (const replica of cluster.replicas ?? []) {
    const state = replica.current ? "current" : "outdated";
    addRow(to, "Replica", `${replica.name}, ${state}, ${seenText(replica.active)}`);
  }
}

function sequencesText(at: SequenceInfo): string {
  const consumer = comma(at.consumer_seq);
  return `Consumer sequence: ${consumer} Stream sequence: ${comma(at.stream_seq)}`;
}

function addState(to: Columns, info: ConsumerInfo): void {
  const { config, delivered, ack_floor: floor } = info;
  const now = timeOf(info.ts);
  const ago = (at: string) => `${humanDuration(nanosBetween(timeOf(at), now))} ago`;
  addSection(to, "State");
  addApiRows(to, config.metadata);
  const last = delivered.last_active;
  const lastText = last ? ` Last delivery: ${ago(last)}` : "";
  addRow(to, "Last Delivered Message", `${sequencesText(delivered)}${lastText}`);
  if (config.ack_policy !== "none") {
    const acked = floor.last_active ? ` Last Ack: ${ago(floor.last_active)}` : "";
    addRow(to, "Acknowledgment Floor", `${sequencesText(floor)}${acked}`);
    const most = config.max_ack_pending ?? 0;
    const limit = most > 0 ? ` out of maximum ${comma(most)}` : "";
    addRow(to, "Outstanding Acks", `${comma(info.num_ack_pending)}${limit}`);
    addRow(to, "Redelivered Messages", comma(info.num_redelivered));
  }
  addRow(to, "Unprocessed Messages", comma(info.num_pending));
  addInterest(to, info);
  if (info.paused) {
    const until = dateTimeText(addToStoredTime(now, info.pause_remaining ?? 0));
    addRow(to, "Paused Until", `${until} (${remainingText(info)})`);
  }
  addPinned(to, info);
}

function addInterest(to: Columns, info: ConsumerInfo): void {
  const { config } = info;
  if (!config.deliver_subject) {
    const most = config.max_waiting ?? 0;
    const limit = most > 0 ? `maximum ${comma(most)}` : "unlimited";
    addRow(to, "Waiting Pulls", `${comma(info.num_waiting)} of ${limit}`);
    return;
  }
  const group = config.deliver_group;
  const active = group ? `Active using Queue Group ${group}` : "Active";
  addRow(to, "Active Interest", info.push_bound ? active : "No interest");
}

function addPinned(to: Columns, info: ConsumerInfo): void {
  if (info.config.priority_policy !== "pinned_client") return;
  const groups = [...(info.priority_groups ?? [])];
  groups.sort((a, b) => compareStrings(a.group, b.group));
  const width = Math.max(0, ...groups.map((g) => g.group.length));
  groups.forEach((group, i) => {
    const pinned = group.pinned_client_id
      ? `pinned ${group.pinned_client_id} at ${dateTimeText(timeOf(group.pinned_ts))}`
      : "No client";
    const text = `${group.group.padStart(width)}: ${pinned}`;
    addRow(to, i === 0 ? "Priority Groups" : "", text);
  });
}

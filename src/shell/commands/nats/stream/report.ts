// nats stream report: sizes, consumers and replication of all streams.

import { compareStrings } from "../../../../kernel/index.ts";
import { goDuration, humanDuration, longestDuration } from "../../../render/durations.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { type Cell, renderTable } from "../../../render/table.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags, tableWidth } from "../context.ts";
import { orFail } from "../failures.ts";
import { leaderTable } from "../leaders.ts";
import type { StreamInfo, StreamSourceInfo } from "../wire.ts";
import { clusterText, listStreams, writeMissing } from "./listing.ts";
import { titleOf } from "./show.ts";

export const streamReport = natsCommand({
  path: "report",
  tags: readTags,
  help: "Show figures of all streams",
  flags: {
    subject: { help: "Only streams that store this subject", type: "string" },
    cluster: { help: "Only streams in this cluster", type: "string" },
    consumers: { help: "Sort by number of consumers", type: "switch", short: "o" },
    messages: { help: "Sort by number of messages", type: "switch", short: "m" },
    name: { help: "Sort by name", type: "switch", short: "n" },
    storage: { help: "Sort by storage", type: "switch", short: "t" },
    raw: { help: "Write numbers as they are", type: "switch", short: "r" },
    dot: { help: "Write the replication as a GraphViz graph to this file", type: "string" },
    leaders: { help: "Show who leads how many", type: "switch", short: "l" },
  },
  async run(ctx, { flags }) {
    await orFail("setup failed", connect(ctx));
    await ctx.process.write("Obtaining Stream stats\n\n");
    const listing = await listStreams(ctx, flags.subject);
    const streams = listing.streams.filter(
      (s) => flags.cluster === "" || !s.cluster || s.cluster.name === flags.cluster,
    );
    if (streams.length + listing.missing.length + listing.offline.length === 0) {
      await printLine(ctx, "No Streams defined");
      return 0;
    }
    const sorted = [...streams].sort(orderOf(flags));
    await printLine(ctx, streamTable(ctx, sorted, flags.raw));
    if (streams.some((s) => s.config.mirror || (s.config.sources?.length ?? 0) > 0)) {
      await printLine(ctx, replicationTable(ctx, sorted, flags.raw));
      if (flags.dot !== "") await ctx.process.writeFile(flags.dot, graphOf(streams));
    }
    const leaders = flags.leaders ? leaderTable(streams, "Streams", tableWidth(ctx)) : null;
    if (leaders !== null) await printLine(ctx, leaders);
    await writeMissing(ctx, listing, "Streams");
    return 0;
  },
});

type Order = (a: StreamInfo, b: StreamInfo) => number;

function orderOf(flags: {
  readonly consumers: boolean;
  readonly messages: boolean;
  readonly name: boolean;
  readonly storage: boolean;
}): Order {
  if (flags.consumers) return (a, b) => a.state.consumer_count - b.state.consumer_count;
  if (flags.messages) return (a, b) => a.state.messages - b.state.messages;
  if (flags.name) return (a, b) => compareStrings(a.config.name, b.config.name);
  if (flags.storage) return (a, b) => compareStrings(a.config.storage, b.config.storage);
  return (a, b) => a.state.bytes - b.state.bytes;
}

const headers = [
  "Stream",
  "Storage",
  "Placement",
  "Consumers",
  "Messages",
  "Bytes",
  "Lost",
  "Deleted",
  "API Level",
  "Replicas",
];

function streamTable(ctx: NatsContext, streams: readonly StreamInfo[], raw: boolean): string {
  const rows = streams.map((info) => reportRow(info, raw));
  return renderTable({ title: "Stream Report", headers, rows }, tableWidth(ctx));
}

function reportRow({ config, state, cluster }: StreamInfo, raw: boolean): Cell[] {
  const { placement } = config;
  const lead = [config.name, titleOf(config.storage)];
  const tags = placement?.tags?.length ? `tags: ${placement.tags.join(", ")}` : "";
  const place = `${placement?.cluster ? `cluster: ${placement.cluster} ` : ""}${tags}`;
  const deleted = state.deleted?.length || (state.num_deleted ?? 0);
  const lost = state.lost?.msgs?.length ?? 0;
  const lostBytes = state.lost?.bytes ?? 0;
  const { consumer_count: consumers, messages, bytes } = state;
  if (raw) {
    // The recorded command line leaves the API level out here: the last column stays empty.
    const lostText = lost > 0 ? `${lost} (${lostBytes})` : "0";
    return [...lead, place, consumers, messages, bytes, lostText, deleted, clusterText(cluster)];
  }
  return [
    ...lead,
    place,
    comma(consumers),
    comma(messages),
    binaryBytes(bytes),
    lost > 0 ? `${comma(lost)} (${binaryBytes(lostBytes)})` : "0",
    comma(deleted),
    config.metadata?.["_nats.req.level"] || "0",
    clusterText(cluster),
  ];
}

const replicationHeaders = [
  "Stream",
  "Kind",
  "API Prefix",
  "Source Stream",
  "Filters and Transforms",
  "Active",
  "Lag",
  "Error",
];

function replicationTable(ctx: NatsContext, streams: readonly StreamInfo[], raw: boolean): string {
  const rows = streams.flatMap(({ config, mirror, sources }) => [
    ...(mirror ? [sourceRow([config.name, "Mirror"], mirror, "", raw)] : []),
    ...(sources ?? []).map((source) => {
      return sourceRow([config.name, "Source"], source, filterText(source), raw);
    }),
  ]);
  const table = { title: "Replication Report", headers: replicationHeaders, rows };
  return renderTable(table, tableWidth(ctx));
}

function filterText({ subject_transforms: transforms, filter_subject: filter }: StreamSourceInfo) {
  if (transforms?.length) return transforms.map((t) => `${t.src} to ${t.dest}`).join(", ");
  return filter ? `${filter} untransformed` : "";
}

function sourceRow(
  lead: readonly string[],
  source: StreamSourceInfo,
  filters: string,
  raw: boolean,
): Cell[] {
  const error = source.error
    ? `${source.error.description ?? ""} (${source.error.err_code ?? 0})`
    : "";
  const start = [...lead, source.external?.api ?? "", source.name, filters];
  const { active, lag } = source;
  if (raw) return [...start, { number: active, text: goDuration(active) }, lag, error];
  return [...start, humanDuration(active < 0 ? longestDuration : active), comma(lag), error];
}

function graphOf(streams: readonly StreamInfo[]): string {
  const edges = streams.flatMap(({ config }) => [
    ...(config.mirror
      ? [`  "${config.mirror.name}" -> "${config.name}" [color="blue",label="Mirror"];`]
      : []),
    ...(config.sources ?? []).map((s) => `  "${s.name}" -> "${config.name}" [color="green"];`),
  ]);
  return `digraph {\n  label="Stream Replication Structure";\n${edges.join("\n")}\n}\n`;
}

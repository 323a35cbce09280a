// nats consumer ls, nats consumer report.

import { compareStrings } from "../../../../kernel/index.ts";
import { goDuration, humanDuration } from "../../../render/durations.ts";
import { goJsonIndented } from "../../../render/json.ts";
import { comma } from "../../../render/numbers.ts";
import { type Cell, renderTable } from "../../../render/table.ts";
import { dateTimeText, nanosBetween, timeOf } from "../../../render/times.ts";
import { apiPages } from "../api.ts";
import { consumerNames, loadStream } from "../choose.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, readTags, tableWidth } from "../context.ts";
import { orFail } from "../failures.ts";
import { leaderTable } from "../leaders.ts";
import { type Absent, absentOf, clusterText, writeMissing } from "../stream/listing.ts";
import type { ConsumerInfo } from "../wire.ts";
import { pickStreamName } from "./pick.ts";
import { ackPolicyText } from "./show.ts";

interface Page {
  readonly consumers: readonly ConsumerInfo[] | null;
  readonly missing?: readonly string[];
  readonly offline?: Readonly<Record<string, string>>;
  readonly total: number;
  readonly limit: number;
}

interface ConsumerListing extends Absent {
  readonly consumers: readonly ConsumerInfo[];
}

/** Consumers by name. Source: jsm.go v0.4.1 `Manager.Consumers`. */
export async function listConsumers(ctx: NatsContext, stream: string): Promise<ConsumerListing> {
  const pages = await apiPages<Page>(ctx, `CONSUMER.LIST.${stream}`, {});
  const consumers = pages.flatMap((page) => page.consumers ?? []);
  return {
    consumers: consumers.sort((a, b) => compareStrings(a.name, b.name)),
    ...absentOf(pages),
  };
}

export const consumerList = natsCommand({
  path: "ls",
  aliases: ["list"],
  tags: readTags,
  help: "List the consumers of a stream",
  args: { stream: { help: "The stream" } },
  flags: {
    json: { help: "Write JSON", type: "switch", short: "j" },
    names: { help: "Write only the names", type: "switch", short: "n" },
    "no-select": { help: "Offer no list of streams", type: "switch", default: "false" },
  },
  async run(ctx, { args, flags }) {
    await orFail("setup failed", connect(ctx));
    const stream = await pickStreamName(ctx, args.stream ?? "", flags["no-select"]);
    const names = await orFail("could not load Consumers", consumerNames(ctx, stream));
    if (flags.json) {
      await printLine(ctx, goJsonIndented(names.length > 0 ? names : null));
      return 0;
    }
    if (flags.names) {
      for (const name of names) await printLine(ctx, name);
      return 0;
    }
    if (names.length === 0) {
      await printLine(ctx, "No Consumers defined");
      return 0;
    }
    const listing = await listConsumers(ctx, stream);
    await printLine(ctx, consumerTable(ctx, listing.consumers));
    await writeMissing(ctx, listing, "Consumers");
    await printLine(ctx);
    return 0;
  },
});

const listHeaders = [
  "Name",
  "Description",
  "Created",
  "Ack Pending",
  "Unprocessed",
  "Last Delivery",
];

function consumerTable(ctx: NatsContext, consumers: readonly ConsumerInfo[]): string {
  const rows = consumers.map((info): Cell[] => [
    info.name,
    info.config.description ?? "",
    dateTimeText(timeOf(info.created)),
    info.num_ack_pending,
    info.num_pending,
    humanDuration(nanosBetween(timeOf(info.delivered.last_active), timeOf(info.ts))),
  ]);
  return renderTable({ title: "Consumers", headers: listHeaders, rows }, tableWidth(ctx));
}

export const consumerReport = natsCommand({
  path: "report",
  tags: readTags,
  help: "Show figures of the consumers of a stream",
  args: { stream: { help: "The stream" } },
  flags: {
    raw: { help: "Write numbers as they are", type: "switch", short: "r" },
    leaders: { help: "Show who leads how many", type: "switch", short: "l" },
  },
  async run(ctx, { args, flags }) {
    await orFail("setup failed", connect(ctx));
    const stream = await pickStreamName(ctx, args.stream ?? "");
    const { state } = await loadStream(ctx, stream);
    const listing = await listConsumers(ctx, stream);
    const rows = listing.consumers.map((info) => reportRow(info, state.messages, flags.raw));
    const title = `Consumer report for ${stream} with ${comma(state.consumer_count)} consumers`;
    const table = { title, headers: reportHeaders, rows };
    await printLine(ctx, renderTable(table, tableWidth(ctx)));
    const { consumers } = listing;
    const leaders = flags.leaders ? leaderTable(consumers, "Consumers", tableWidth(ctx)) : null;
    if (leaders !== null) await printLine(ctx, leaders);
    await writeMissing(ctx, listing, "Consumers");
    return 0;
  },
});

const reportHeaders = [
  "Consumer",
  "Mode",
  "Ack Policy",
  "Ack Wait",
  "Ack Pending",
  "Redelivered",
  "Unprocessed",
  "Ack Floor",
  "API Level",
  "Cluster",
];

function reportRow(info: ConsumerInfo, messages: number, raw: boolean): Cell[] {
  const { config, num_ack_pending: pending, num_redelivered: redelivered } = info;
  const mode = config.deliver_subject ? "Push" : "Pull";
  const lead = [info.name, mode, ackPolicyText(config.ack_policy)];
  const level = config.metadata?.["_nats.req.level"] || "0";
  const wait = config.ack_wait ?? 0;
  const floor = info.ack_floor.stream_seq;
  const cluster = clusterText(info.cluster);
  if (raw) {
    const waitCell = { number: wait, text: goDuration(wait) };
    return [...lead, waitCell, pending, redelivered, info.num_pending, floor, level, cluster];
  }
  const share = Math.min(100, Math.floor((info.num_pending / messages) * 100));
  const unprocessed = info.num_pending > 0 ? `${comma(info.num_pending)} / ${share}%` : "0";
  return [
    ...lead,
    humanDuration(wait),
    comma(pending),
    comma(redelivered),
    unprocessed,
    comma(floor),
    level,
    cluster,
  ];
}

// nats server report jetstream: what JetStream holds on each server, and the meta group.
// Source: natscli v0.4.0 `SrvReportCmd.reportJetStream`.

import { compareStrings } from "../../../../kernel/index.ts";
import { CommandError } from "../../../grammar/errors.ts";
import { humanDuration } from "../../../render/durations.ts";
import { binaryBytes, comma } from "../../../render/numbers.ts";
import { type Cell, renderTable } from "../../../render/table.ts";
import { connect } from "../connection.ts";
import { type NatsContext, natsCommand, printLine, tableWidth } from "../context.ts";
import { orFail } from "../failures.ts";
import { type LeaderCount, leaderCountTable } from "../leaders.ts";
import type { PeerInfo } from "../wire.ts";
import { activeServers, type JszData, type JszReply, jszOf, type MetaCluster } from "./requests.ts";

const sortings = [
  "name",
  "cluster",
  "streams",
  "consumers",
  "msgs",
  "mbytes",
  "bytes",
  "mem",
  "file",
  "store",
  "api",
  "err",
] as const;

export const serverReportJetStream = natsCommand({
  path: "jetstream",
  aliases: ["jsz", "js"],
  tags: ["scope:system", "impact:ro"],
  help: "Show what JetStream holds on each server",
  args: { limit: { help: "How many servers to wait for", type: "int" } },
  flags: {
    account: { help: "Only this account", type: "string" },
    sort: { help: "What to sort by", type: "enum", default: "cluster", values: sortings },
    compact: { help: "Leave out what the names have in common", type: "bool", default: "true" },
    leaders: { help: "Show who leads how many", type: "switch", short: "l" },
    host: { help: "Only this server", type: "string" },
    cluster: { help: "Only servers of this cluster", type: "string" },
    tags: { help: "Only servers with these tags", type: "strings" },
    watch: { help: "Repeat every so many seconds", type: "int" },
  },
  async run(ctx, { args, flags }) {
    await orFail("setup failed", connect(ctx));
    const waitFor = args.limit ?? (await activeServers(ctx));
    const replies = await jszOf(ctx, requestOf(ctx, flags), waitFor);
    if (replies.length === 0) {
      throw new CommandError(
        "no results received, ensure the account used has system privileges and appropriate permissions",
      );
    }
    const servers = sorted(replies, flags.sort).map((reply) => figuresOf(reply, flags.account));
    const isFiltered = flags.host !== "" || flags.cluster !== "" || flags.tags.length > 0;
    await printLine(ctx, summary(ctx, servers, flags));
    if (!isFiltered) await ctx.process.write(metaText(ctx, servers, flags.compact));
    if (flags.leaders) await ctx.process.write(leadersText(ctx, servers));
    return 0;
  },
});

interface Flags {
  readonly account: string;
  readonly compact: boolean;
  readonly host: string;
  readonly cluster: string;
  readonly tags: readonly string[];
}

function requestOf(ctx: NatsContext, flags: Flags): object {
  const { account, host, cluster, tags } = flags;
  return {
    ...(account === "" ? {} : { account, streams: true, consumer: true, limit: 10_000 }),
    raft: true,
    ...(host === "" ? {} : { server_name: host }),
    ...(cluster === "" ? {} : { cluster }),
    exact_match: true,
    ...(tags.length === 0 ? {} : { tags }),
    ...(ctx.globals.domain === "" ? {} : { domain: ctx.globals.domain }),
  };
}

type Order = (a: JszReply, b: JszReply) => number;

const byName: Order = (a, b) => compareStrings(a.server.name, b.server.name);

const orders: Readonly<Record<string, Order>> = {
  name: byName,
  streams: (a, b) => a.data.streams - b.data.streams || byName(a, b),
  consumers: (a, b) => a.data.consumers - b.data.consumers || byName(a, b),
  msgs: (a, b) => a.data.messages - b.data.messages,
  mbytes: (a, b) => a.data.bytes - b.data.bytes,
  bytes: (a, b) => a.data.bytes - b.data.bytes,
  mem: (a, b) => a.data.memory - b.data.memory,
  store: (a, b) => a.data.storage - b.data.storage,
  file: (a, b) => a.data.storage - b.data.storage,
  api: (a, b) => a.data.api.total - b.data.api.total,
};

function sorted(replies: readonly JszReply[], sort: string): JszReply[] {
  const byCluster: Order = (a, b) =>
    compareStrings(a.server.cluster ?? "", b.server.cluster ?? "") || byName(a, b);
  return [...replies].sort(byName).sort(orders[sort] ?? byCluster);
}

/** One row of the summary. */
interface Figures {
  readonly name: string;
  readonly cluster: string;
  readonly domain: string;
  readonly meta: MetaCluster | undefined;
  readonly streams: number;
  readonly consumers: number;
  readonly messages: number;
  readonly bytes: number;
  readonly memory: number;
  readonly storage: number;
  readonly api: number;
  /** Null when the server told of no leaders. */
  readonly led: { readonly streams: number; readonly consumers: number } | null;
}

function figuresOf({ server, data }: JszReply, account: string): Figures {
  const common = {
    name: server.name,
    cluster: server.cluster ?? "",
    domain: data.config?.domain ?? "",
    meta: data.meta_cluster,
  };
  const own = account === "" ? undefined : data.account_details?.[0];
  if (own !== undefined) return { ...common, ...accountFigures(server.name, own) };
  const { streams, consumers, messages, bytes, memory, storage } = data;
  const led = ledBy(data);
  return {
    ...common,
    streams,
    consumers,
    messages,
    bytes,
    memory,
    storage,
    api: data.api.total,
    led,
  };
}

function ledBy({ streams_leader = 0, consumers_leader = 0 }: JszData): Figures["led"] {
  if (streams_leader + consumers_leader === 0) return null;
  return { streams: streams_leader, consumers: consumers_leader };
}

function accountFigures(server: string, own: NonNullable<JszData["account_details"]>[number]) {
  const details = own.stream_detail ?? [];
  let [consumers, messages, ledStreams, ledConsumers] = [0, 0, 0, 0];
  for (const { state, cluster, consumer_detail = [] } of details) {
    consumers += state.consumer_count;
    messages += state.messages;
    if (cluster?.leader === server) ledStreams += 1;
    ledConsumers += consumer_detail.filter((one) => one.cluster?.leader === server).length;
  }
  const { memory, storage } = own;
  const led =
    ledStreams + ledConsumers === 0 ? null : { streams: ledStreams, consumers: ledConsumers };
  const bytes = memory + storage;
  const api = own.api.total;
  return { streams: details.length, consumers, messages, bytes, memory, storage, api, led };
}

function summary(ctx: NatsContext, servers: readonly Figures[], flags: Flags): string {
  const hasDomain = servers.some((one) => one.domain !== "");
  const names = shownNames(
    servers.map((one) => one.name),
    flags.compact,
  );
  const rows = servers.map((one, i): Cell[] => {
    const leads = one.meta !== undefined && one.meta.leader === one.name;
    const domain = hasDomain ? [one.domain] : [];
    const name = `${names[i]}${leads ? "*" : ""}`;
    return [name, one.cluster, ...domain, ...cells(one), one.meta?.pending ?? 0];
  });
  const sum = (of: (one: Figures) => number): number => servers.reduce((n, one) => n + of(one), 0);
  const totals = cells({
    streams: sum((one) => one.streams),
    consumers: sum((one) => one.consumers),
    messages: sum((one) => one.messages),
    bytes: sum((one) => one.bytes),
    memory: sum((one) => one.memory),
    storage: sum((one) => one.storage),
    api: sum((one) => one.api),
  });
  const pending = sum((one) => one.meta?.pending ?? 0);
  const title =
    flags.account === "" ? "JetStream Summary" : `JetStream Summary for Account ${flags.account}`;
  const headers = ["Server", "Cluster", ...(hasDomain ? ["Domain"] : []), ...figureHeaders];
  const footer = ["", "", ...(hasDomain ? [""] : []), ...totals, pending];
  return renderTable({ title, headers, rows, footer }, tableWidth(ctx));
}

const figureHeaders = [
  "Streams",
  "Consumers",
  "Messages",
  "Bytes",
  "Memory",
  "File",
  "API Req",
  "Pending",
];

type Counted = Pick<
  Figures,
  "streams" | "consumers" | "messages" | "bytes" | "memory" | "storage" | "api"
>;

function cells(one: Counted): string[] {
  return [
    comma(one.streams),
    comma(one.consumers),
    comma(one.messages),
    binaryBytes(one.bytes),
    binaryBytes(one.memory),
    binaryBytes(one.storage),
    comma(one.api),
  ];
}

/** The meta group as its leader sees it, or a warning that there is none. */
function metaText(ctx: NatsContext, servers: readonly Figures[], isCompact: boolean): string {
  const expected = Math.max(0, ...servers.map((one) => one.meta?.cluster_size ?? 0));
  if (expected === 0) return "";
  const led = servers.flatMap((one) => (one.meta?.leader === one.name ? [one.meta] : []));
  if (led.length === 0) {
    const needed = Math.floor(expected / 2) + 1;
    return (
      "\nWARNING: No cluster meta leader found. " +
      `The cluster expects ${expected} nodes but only ${servers.length} responded. ` +
      `JetStream operation requires at least ${needed} up nodes.\n`
    );
  }
  return led.map((meta) => metaTable(ctx, meta, isCompact)).join("\n");
}

function metaTable(ctx: NatsContext, meta: MetaCluster, isCompact: boolean): string {
  const leader = meta.leader ?? "";
  const self: PeerInfo = { name: leader, current: true, active: 0, peer: meta.peer ?? "" };
  const peers = [...(meta.replicas ?? []), self].sort((a, b) => compareStrings(a.name, b.name));
  const names = shownNames(
    peers.map((one) => one.name),
    isCompact,
  );
  const rows = peers.map((one, i): Cell[] => [
    names[i] ?? "",
    one.peer ?? "",
    one.name === leader ? "yes" : "",
    String(one.current),
    one.offline === true ? "false" : "true",
    humanDuration(one.active ?? 0),
    comma(one.lag ?? 0),
  ]);
  const title = `RAFT Meta Group Information - Lead cluster: ${meta.name ?? ""}`;
  const headers = ["Connection Name", "ID", "Leader", "Current", "Online", "Active", "Lag"];
  return renderTable({ title, headers, rows }, tableWidth(ctx));
}

function leadersText(ctx: NatsContext, servers: readonly Figures[]): string {
  const led = servers.flatMap(({ name, cluster, led: counts }) =>
    counts === null ? [] : [{ name, cluster, ...counts }],
  );
  if (led.length === 0) return "\nNo JetStream asset leader data reported\n";
  const count = (groups: (one: (typeof led)[number]) => number): LeaderCount[] =>
    led.map((one) => ({ name: one.name, cluster: one.cluster, groups: groups(one) }));
  const width = tableWidth(ctx);
  const streams = leaderCountTable(
    count((one) => one.streams),
    "Stream Leaders",
    width,
  );
  const consumers = leaderCountTable(
    count((one) => one.consumers),
    "Consumer Leaders",
    width,
  );
  return `\n${streams}\n${consumers}\n`;
}

/** Names without the domain that all of them end in. Source: natscli `CompactStrings`. */
function shownNames(names: readonly string[], isCompact: boolean): string[] {
  const parts = names.map((name) => name.split("."));
  const shortest = Math.min(...parts.map((one) => one.length));
  let ending = "";
  for (let i = shortest - 1; isCompact && i > 0; i--) {
    const part = parts[0]?.[i] ?? "";
    if (!parts.every((one) => one[i] === part)) break;
    ending = `.${part}${ending}`;
  }
  return names.map((name) =>
    ending !== "" && name.endsWith(ending) ? name.slice(0, -ending.length) : name,
  );
}

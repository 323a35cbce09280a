// Every stream of an account, page by page, with those that did not answer.

import { compareStrings } from "../../../../kernel/index.ts";
import { renderTable } from "../../../render/table.ts";
import { apiPages } from "../api.ts";
import { type NatsContext, printLine, tableWidth } from "../context.ts";
import type { ClusterInfo, StreamInfo } from "../wire.ts";

export interface StreamListing extends Absent {
  readonly streams: readonly StreamInfo[];
}

/** Assets that were asked for and not seen. */
export interface Absent {
  readonly missing: readonly string[];
  readonly offline: readonly (readonly [name: string, reason: string])[];
}

interface Page {
  readonly streams: readonly StreamInfo[] | null;
  readonly missing?: readonly string[];
  readonly offline?: Readonly<Record<string, string>>;
  readonly total: number;
  readonly limit: number;
}

/** Streams by name. Source: jsm.go v0.4.1 `Manager.Streams`. */
export async function listStreams(ctx: NatsContext, subject: string): Promise<StreamListing> {
  const pages = await apiPages<Page>(ctx, "STREAM.LIST", subject === "" ? {} : { subject });
  const streams = pages.flatMap((page) => page.streams ?? []);
  return {
    streams: streams.sort((a, b) => compareStrings(a.config.name, b.config.name)),
    ...absentOf(pages),
  };
}

export function absentOf(
  pages: readonly {
    readonly missing?: readonly string[];
    readonly offline?: Readonly<Record<string, string>>;
  }[],
): Absent {
  const offline = pages.flatMap((page) => Object.entries(page.offline ?? {}));
  return {
    missing: pages.flatMap((page) => page.missing ?? []).sort(compareStrings),
    offline: offline.sort(([a], [b]) => compareStrings(a, b)),
  };
}

/** Tables of what did not answer; nothing when all did. */
export async function writeMissing(
  ctx: NatsContext,
  { missing, offline }: Absent,
  what: "Streams" | "Consumers",
): Promise<void> {
  const width = tableWidth(ctx);
  if (missing.length > 0) {
    const rows = inColumns(missing, 4);
    await printLine(ctx);
    await ctx.process.write(`${renderTable({ title: `Inaccessible ${what}`, rows }, width)}`);
  }
  if (offline.length > 0) {
    await printLine(ctx);
    const title = `Offline ${what}`;
    await ctx.process.write(renderTable({ title, rows: offline }, width));
  }
}

/** Items laid out in `count` columns, down each before the next; empty places are "". */
export function inColumns(items: readonly string[], count: number): string[][] {
  const height = Math.ceil(items.length / count);
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: count }, (_, column) => items[row + column * height] ?? ""),
  );
}

/** `n1*, n2, n3!`: leader first marked, then sorted; `!` for peers that are behind or away. */
export function clusterText(cluster: ClusterInfo | undefined): string {
  if (!cluster) return "";
  const leader = cluster.leader ? [cluster.leader] : [];
  const replicas = cluster.replicas ?? [];
  const names = compactNames([...leader, ...replicas.map((replica) => replica.name)]);
  const marked = names.map((name, i) => {
    if (i < leader.length) return `${name}*`;
    const replica = replicas[i - leader.length];
    return replica && (replica.offline || !replica.current) ? `${name}!` : name;
  });
  return marked.sort(compareStrings).join(", ");
}

/** Host names without the domain that they share. Source: natscli `CompactStrings`. */
function compactNames(names: readonly string[]): string[] {
  const parts = names.map((name) => name.split("."));
  const shortest = Math.min(...parts.map((p) => p.length));
  let shared = "";
  for (let i = shortest - 1; i > 0; i -= 1) {
    const token = parts[0]?.[i];
    if (!parts.every((p) => p[i] === token)) break;
    shared = `.${token}${shared}`;
  }
  return names.map((name) =>
    shared !== "" && name.endsWith(shared) ? name.slice(0, -shared.length) : name,
  );
}

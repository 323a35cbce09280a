// Who leads how many streams or consumers.

import { compareStrings } from "../../../kernel/index.ts";
import { comma } from "../../render/numbers.ts";
import { renderTable } from "../../render/table.ts";
import type { ClusterInfo } from "./wire.ts";

/** The table; null when nothing has a leader. Source: natscli v0.4.0 `renderRaftLeaders`. */
export function leaderTable(
  assets: readonly { readonly cluster?: ClusterInfo }[],
  what: "Streams" | "Consumers",
  width: number | null,
): string | null {
  const counts = new Map<string, { name: string; cluster: string; groups: number }>();
  for (const { cluster } of assets) {
    if (!cluster?.leader) continue;
    const entry = counts.get(cluster.leader) ?? {
      name: cluster.leader,
      cluster: cluster.name ?? "",
      groups: 0,
    };
    entry.groups += 1;
    counts.set(cluster.leader, entry);
  }
  if (counts.size === 0) return null;
  const sorted = [...counts.values()].sort(
    (a, b) => compareStrings(a.cluster, b.cluster) || a.groups - b.groups,
  );
  const rows: (string[] | null)[] = [];
  let before = sorted[0]?.cluster;
  for (const leader of sorted) {
    if (leader.cluster !== before) rows.push(null);
    before = leader.cluster;
    const total = sorted
      .filter((other) => other.cluster === leader.cluster)
      .reduce((sum, other) => sum + other.groups, 0);
    const dots = Math.max(1, Math.floor((leader.groups / total) * 10 + 0.5));
    rows.push([leader.name, leader.cluster, comma(leader.groups), "*".repeat(dots)]);
  }
  const headers = ["Server", "Cluster", what, "Distribution"];
  return renderTable({ title: "RAFT Leader Report", headers, rows }, width);
}

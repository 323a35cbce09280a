// Who leads how many streams or consumers.

import { compareStrings } from "../../../kernel/index.ts";
import { comma } from "../../render/numbers.ts";
import { renderTable } from "../../render/table.ts";
import type { ClusterInfo } from "./wire.ts";

/** How many groups a server leads. */
export interface LeaderCount {
  readonly name: string;
  readonly cluster: string;
  groups: number;
}

/** The table of what leads these; null when nothing has a leader. */
export function leaderTable(
  assets: readonly { readonly cluster?: ClusterInfo }[],
  what: "Streams" | "Consumers",
  width: number | null,
): string | null {
  const counts = new Map<string, LeaderCount>();
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
  return counts.size === 0 ? null : leaderCountTable([...counts.values()], what, width);
}

/** Source: natscli v0.4.0 `renderRaftLeaders`. */
export function leaderCountTable(
  counts: readonly LeaderCount[],
  what: string,
  width: number | null,
): string {
  const sorted = [...counts].sort(
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
    const share = Math.max(1, Math.floor((leader.groups / total) * 10 + 0.5));
    const dots = leader.groups === 0 ? 0 : share;
    rows.push([leader.name, leader.cluster, comma(leader.groups), "*".repeat(dots)]);
  }
  const headers = ["Server", "Cluster", what, "Distribution"];
  return renderTable({ title: "RAFT Leader Report", headers, rows }, width);
}

/** A comparison of two branches in plain words, with their tapes on one ruler. */
import type {
  BranchComparison,
  ComparedBranch,
  ComparedSection,
  ComparedValue,
  StateDifference,
} from "../../scenario/index.ts";
import { ledgerView } from "../../world/index.ts";
import type { ComparedView, ComparisonView, DifferenceView } from "../comparison-view.ts";
import type { LedgerView } from "../frames.ts";
import { allStreams, type FoundStream } from "./assets.ts";
import { allGroups, viewGroup } from "./cluster/members.ts";
import { viewServers } from "./servers.ts";
import { type Span, streamSpan, viewStream } from "./streams.ts";

export function viewComparison(comparison: BranchComparison, slots: number): ComparisonView {
  const { left, right, parted, at, differences } = comparison;
  const sides = [left, right].map(({ world }) => allStreams(world));
  const spans = spansOf([left, right], sides);
  return {
    at,
    parted: parted.at,
    same: left.hash === right.hash,
    left: viewSide(left, sides[0] ?? [], { slots, spans }),
    right: viewSide(right, sides[1] ?? [], { slots, spans }),
    differences: differences.map(viewDifference).sort((a, b) => rank(a) - rank(b)),
  };
}

const rank = ({ isMain }: DifferenceView): number => (isMain ? 0 : 1);

/** By stream: what either side has, so that both have one ruler. */
function spansOf(
  branches: readonly ComparedBranch[],
  sides: readonly (readonly FoundStream[])[],
): Map<string, Span> {
  const spans = new Map<string, Span>();
  for (const [side, { world }] of branches.entries()) {
    for (const stream of sides[side] ?? []) {
      const own = streamSpan(world, stream);
      const known = spans.get(stream.name) ?? own;
      const first = Math.min(known.first, own.first);
      spans.set(stream.name, { first, last: Math.max(known.last, own.last) });
    }
  }
  return spans;
}

interface Ruled {
  readonly slots: number;
  readonly spans: ReadonlyMap<string, Span>;
}

function viewSide(
  { id, name, inputs, world }: ComparedBranch,
  streams: readonly FoundStream[],
  { slots, spans }: Ruled,
): ComparedView {
  return {
    id,
    name,
    inputs: inputs
      .filter(({ shared, entry }) => !shared && entry.kind === "line")
      .map(({ entry: { at, text } }) => ({ at, text })),
    servers: viewServers(world, streams, 0),
    streams: streams.map((stream) => viewStream(world, stream, slots, spans.get(stream.name))),
    groups: allGroups(world).map((group) => viewGroup(group, world.kernel.now)),
    ledger: ledgerView(world) as unknown as LedgerView,
  };
}

/** What a counter is called in our words; `#` is the thing that it is about. */
const words: { readonly [S in ComparedSection]?: Readonly<Record<string, string>> } = {
  ledger: {
    made: "promises made",
    kept: "promises kept",
    broken: "promises broken",
    doubled: "stored twice",
    refused: "refused",
    reordered: "out of order",
    effects: "effects of work",
    raft_violations: "rules of Raft broken",
  },
  meta: { leader: "leads the meta group", term: "term of the meta group" },
  streams: {
    exists: "# is there",
    leader: "leads #",
    stale: "# has no leader",
    messages: "messages in #",
    last_seq: "last sequence of #",
    consumer_count: "consumers of #",
  },
  consumers: {
    exists: "# is there",
    "cluster.leader": "leads #",
    "delivered.stream_seq": "needle of #",
    "ack_floor.stream_seq": "floor of #",
    num_pending: "waiting for #",
    num_ack_pending: "seats taken of #",
    num_redelivered: "again by #",
  },
  hosts: { up: "# runs", frozen: "# is frozen", powered: "# has power" },
  links: { cut: "# is cut" },
  actors: {
    sent: "# sent",
    acked: "# was told stored",
    received: "# received",
    processed: "# worked on",
    redelivered: "# received again",
    // Nobody listening (503) is one of them, which the ledger's refusals are not.
    refused: "# got an error for an answer",
    timeouts: "# waited in vain",
  },
};

/** What everybody wants to know first. */
const mainOf: ReadonlySet<string> = new Set([
  ...["ledger made", "ledger kept", "ledger broken", "ledger doubled", "ledger refused"],
  ...["meta leader", "streams exists", "streams leader", "streams stale", "streams messages"],
  ...["streams last_seq", "consumers exists", "consumers cluster.leader", "hosts up"],
  ...["consumers ack_floor.stream_seq", "hosts frozen", "hosts powered", "links cut"],
  ...["actors acked", "actors processed", "actors refused"],
]);

function viewDifference({ section, name, field, left, right }: StateDifference): DifferenceView {
  const known = words[section]?.[field];
  const label = known?.replace("#", name) ?? [name, field].filter((one) => one !== "").join(" ");
  return {
    label,
    name: section === "raft" ? "raft" : field === "exists" ? "" : field,
    left: valueText(left),
    right: valueText(right),
    isMain: mainOf.has(`${section} ${field}`),
  };
}

function valueText(value: ComparedValue): string {
  if (value === null || value === "") return "none";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "number" ? value.toLocaleString("en") : value;
}

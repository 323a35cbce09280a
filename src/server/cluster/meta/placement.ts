/**
 * Which servers a stream or consumer is put on.
 * Source: nats-server `selectPeerGroup`, `createGroupForConsumer`, `setPreferred`.
 */
import { ApiError, int64ToNumber, type StreamConfig } from "../../../jetstream/index.ts";
import { sortedBy } from "../../../kernel/index.ts";
import type { PeerReport } from "../peer-facts.ts";

/** A member of the meta group, with what placement weighs. */
export interface Candidate {
  readonly name: string;
  readonly offline: boolean;
  /** Its meta log is behind the leader's. */
  readonly isLagging: boolean;
  readonly report: PeerReport | null;
  /** Streams on it, and streams and consumers of more than one replica. */
  readonly streams: number;
  readonly haAssets: number;
}

export interface PlacementRequest {
  readonly replicas: number;
  readonly cluster: string;
  readonly config: StreamConfig;
  /** What is placed adds so many replicated assets; 0: no limit is checked. */
  readonly haCost: number;
  /** Per server; 0 for none. */
  readonly haMax: number;
  /** Servers that stay; they come first in the answer. */
  readonly existing: readonly string[];
  readonly candidates: readonly Candidate[];
}

/** An integer from 0 to below. */
export type DrawBelow = (below: number) => number;

/** The chosen servers in order. Throws 10005 with the server's reasons. */
export function selectPeers(request: PlacementRequest, draw: DrawBelow): string[] {
  const { replicas, existing, candidates, config } = request;
  if (existing.length >= replicas) return existing.slice(0, replicas);
  const reasons = createReasons();
  const usable = shuffled(candidates, draw).filter((one) => isUsable(one, request, reasons));
  const online = usable.filter((one) => !one.offline).length;
  const missing = replicas - existing.length;
  const hasQuorum = online + existing.length >= Math.floor(replicas / 2) + 1;
  if (usable.length < missing || !hasQuorum) {
    if (candidates.length === 0) reasons.flags.add("jetstream not enabled in cluster");
    else if (usable.length >= missing) reasons.flags.add("peer offline");
    throw new ApiError("JSClusterNoPeersErrF", { err: textOf(reasons) });
  }
  const ordered = byPreference(usable, config);
  return [...existing, ...ordered.slice(0, missing).map((one) => one.name)];
}

/** Who campaigns first: any of the group that is online. */
export function choosePreferred(
  peers: readonly string[],
  isOnline: (name: string) => boolean,
  draw: DrawBelow,
): string {
  if (peers.length === 1) return peers[0] ?? "";
  const online = peers.filter(isOnline);
  const from = online.length === 0 ? peers : online;
  if (from.length === 1) return from[0] ?? "";
  return from[draw(from.length)] ?? "";
}

/** A new list in drawn order (Fisher and Yates). */
export function shuffled<T>(list: readonly T[], draw: DrawBelow): T[] {
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    const one = mixed[i] as T;
    mixed[i] = mixed[j] as T;
    mixed[j] = one;
  }
  return mixed;
}

/** Why servers were passed over. */
interface Reasons {
  readonly flags: Set<Flag>;
  readonly unmatched: Set<string>;
  readonly excluded: Set<string>;
}

/**
 * Online and caught up first, then most room, then fewest streams; for replicated streams fewest
 * replicated assets before room. Sorting is stable, so the least weighty key is sorted by first.
 */
function byPreference(usable: readonly Candidate[], config: StreamConfig): Candidate[] {
  const byStreams = sortedBy(usable, (one) => one.streams);
  const byRoom = sortedBy(byStreams, (one) => -available(one.report, config.storage));
  const byAssets = config.num_replicas > 1 ? sortedBy(byRoom, (one) => one.haAssets) : byRoom;
  return sortedBy(byAssets, rank);
}

/** In the order in which nats-server lists them. */
const flagOrder = [
  "peer offline",
  "exclude tag set",
  "insufficient storage",
  "miscellaneous issue",
  "jetstream not enabled in cluster",
] as const;
type Flag = (typeof flagOrder)[number];

function createReasons(): Reasons {
  return { flags: new Set(), unmatched: new Set(), excluded: new Set() };
}

function isUsable(one: Candidate, request: PlacementRequest, reasons: Reasons): boolean {
  const { report } = one;
  if (report === null) {
    reasons.flags.add("peer offline");
    return false;
  }
  const { config, existing } = request;
  if (report.cluster !== request.cluster || existing.includes(one.name)) return false;
  if (report.tags.includes("!jetstream")) {
    reasons.flags.add("exclude tag set");
    return false;
  }
  if (!matchesTags(report.tags, config.placement?.tags ?? [], reasons)) return false;
  const wanted = int64ToNumber(config.max_bytes);
  if (wanted > 0 && wanted > available(report, config.storage)) {
    reasons.flags.add("insufficient storage");
    return false;
  }
  const { haCost, haMax } = request;
  if (haMax > 0 && haCost > 0 && one.haAssets + haCost > haMax) {
    reasons.flags.add("miscellaneous issue");
    return false;
  }
  return true;
}

function matchesTags(own: readonly string[], wanted: readonly string[], reasons: Reasons): boolean {
  for (const tag of wanted) {
    const isExcluding = tag.startsWith("!");
    const name = isExcluding ? tag.slice(1) : tag;
    if (isExcluding !== own.includes(name)) continue;
    (isExcluding ? reasons.excluded : reasons.unmatched).add(name);
    return false;
  }
  return true;
}

/** Online and caught up first. */
function rank({ offline, isLagging }: Candidate): number {
  if (offline) return 2;
  return isLagging ? 1 : 0;
}

/** Bytes that are neither used nor reserved. */
function available(report: PeerReport | null, storage: StreamConfig["storage"]): number {
  if (report === null) return 0;
  const [most, used, reserved] =
    storage === "memory"
      ? [report.memoryMax, report.memory, report.memoryReserved]
      : [report.storageMax, report.storage, report.storageReserved];
  return Math.max(most - Math.max(used, reserved), 0);
}

/** Source: `selectPeerError.Error`. */
function textOf({ flags, unmatched, excluded }: Reasons): string {
  let text = "no suitable peers for placement";
  for (const flag of flagOrder) if (flags.has(flag)) text += `, ${flag}`;
  if (unmatched.size > 0) text += `, tags not matched [${quoted(unmatched)}]`;
  if (excluded.size > 0) text += `, tags excluded [${quoted(excluded)}]`;
  return text;
}

function quoted(tags: ReadonlySet<string>): string {
  return [...tags].map((tag) => `'${tag}'`).join(", ");
}

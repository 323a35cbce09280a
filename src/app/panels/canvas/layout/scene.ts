/** A laid-out scene: where every thing and every cable of the present topology stands. */
import type {
  ConsumerView,
  FeatureView,
  StreamView,
  TapeMarksView,
  Topology,
} from "../../../../worker/frames.ts";
import { bucketKey } from "./bucket.ts";
import type { Ruler } from "./tape.ts";
import type { Point, Track } from "./track.ts";

export interface SceneSize {
  readonly width: number;
  readonly height: number;
}

/**
 * `plain` leaves the server's frame away: one picture, one idea (landing, small embeds). `lanes` is
 * a cluster: servers under each other, the logs of one group on one ruler.
 */
export type SceneLook = "wide" | "plain" | "tall" | "lanes";

export interface ServerPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TapePlace {
  /** Where its first slot begins. */
  readonly x: number;
  readonly y: number;
  /** Room along the tape, in pixels. */
  readonly room: number;
  /** Slots across the tape. */
  readonly depth: number;
}

export interface LanePlace {
  readonly x: number;
  readonly y: number;
  readonly tape: TapePlace;
  readonly room: number;
  readonly seats: readonly Point[];
  /** Which seat lies before which client. */
  readonly homes: ReadonlyMap<string, number>;
}

export interface ChairPlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly label: "below" | "above";
  readonly align: "center" | "end";
}

/** Two tracks: towards the target above, back below and dotted. */
export interface Cable {
  readonly id: string;
  readonly client: string;
  readonly target: string;
  /** Carries what arrows point along: publishes inward, deliveries outward. */
  readonly solid: Track;
  readonly dotted: Track;
  /** True when the solid track leads from the client to the target. */
  readonly solidInward: boolean;
  /** Where the latency is written. */
  readonly label: Point;
}

/** A server of a cluster: a station from which its routes leave, and the rows beside it. */
export interface StationPlace {
  readonly x: number;
  readonly y: number;
  /** How far the rail goes that its clients come in by. */
  readonly right: number;
  /** Some client is connected to it. */
  readonly isUsed: boolean;
}

/** `roomy` says all in words; `dense` keeps names beside the tapes; `slim` puts them over them. */
export type LaneForm = "roomy" | "dense" | "slim";

/** One copy of a stream, or the place of the meta group where there is no stream. */
export interface RowPlace {
  readonly group: string;
  readonly server: string;
  /** Empty for the meta group. */
  readonly stream: string;
  /** Where its member's term and role stand. */
  readonly status: Point;
  /** Middle of its election timer. */
  readonly ring: Point;
}

export interface ClusterPlaces {
  readonly form: LaneForm;
  readonly stations: ReadonlyMap<string, StationPlace>;
  /** By the id of its node: `stream:S` where it is led, `replica:S/n2`, or a server's. */
  readonly rows: ReadonlyMap<string, RowPlace>;
  /** By stream: where its commit wire begins and ends. */
  readonly wires: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
}

export interface Scene {
  readonly look: SceneLook;
  readonly ruler: Ruler;
  readonly width: number;
  readonly height: number;
  readonly slots: number;
  readonly servers: ReadonlyMap<string, ServerPlace>;
  /** Servers without a stream: their frame is drawn in every look, there is nothing else to see. */
  readonly bare: ReadonlySet<string>;
  readonly tapes: ReadonlyMap<string, TapePlace>;
  /** Streams that are drawn as buckets in the place of their tape. */
  readonly buckets: ReadonlySet<string>;
  readonly lanes: ReadonlyMap<string, LanePlace>;
  readonly chairs: ReadonlyMap<string, ChairPlace>;
  readonly cables: ReadonlyMap<string, Cable>;
  /** Null outside of a cluster. */
  readonly cluster: ClusterPlaces | null;
}

/** The seat of a lane that lies before a client. */
export function seatOf(lane: LanePlace | undefined, client: string): Point | undefined {
  return lane?.seats[lane.homes.get(client) ?? 0];
}

export function isCluster({ routes }: Topology): boolean {
  return routes.length > 0;
}

export function cableId(client: string, target: string): string {
  return `${client}|${target}`;
}

/**
 * The seat each waiting message sits on: its client's own when that is free, else the next one.
 * Sequences without a seat left are not in the answer; the count beside the gate includes them.
 */
export function takeSeats(consumer: ConsumerView, lane: LanePlace): Map<number, number> {
  const seats = new Map<number, number>();
  const used = new Set<number>();
  const late: number[] = [];
  for (const seat of consumer.seats) {
    const home = seat.client === null ? undefined : lane.homes.get(seat.client);
    if (home === undefined || used.has(home)) late.push(seat.seq);
    else {
      used.add(home);
      seats.set(seat.seq, home);
    }
  }
  for (const seq of late) {
    const free = lane.seats.findIndex((_, index) => !used.has(index));
    if (free < 0) break;
    used.add(free);
    seats.set(seq, free);
  }
  return seats;
}

export function bareServers({ servers, streams }: Topology): ReadonlySet<string> {
  const holding = new Set(streams.map((stream) => stream.server));
  return new Set(servers.map((server) => server.id).filter((id) => !holding.has(id)));
}

/** Changes exactly when the scene has to be laid out again. */
export function topologyKey(topology: Topology, size: SceneSize, look: SceneLook): string {
  const parts: (string | number)[] = [look, size.width, size.height];
  for (const s of topology.servers) parts.push(s.id);
  for (const c of topology.clients) parts.push(c.id, c.kind, c.server ?? "", ...c.reaches);
  // Rows of a cluster have their places whatever is on their tapes.
  const lanes = isCluster(topology);
  for (const s of topology.streams) {
    parts.push(s.id, s.server, s.subjects, s.note, lanes ? "" : tapeShape(s));
    for (const replica of s.replicas) parts.push(replica.server);
  }
  for (const c of topology.consumers) parts.push(c.id, c.server, Math.min(c.limit, 12));
  for (const r of topology.routes) parts.push(r.id);
  for (const f of topology.features) parts.push(featureKey(f));
  return parts.join(" ");
}

/** Of a feature, what its place depends on. */
function featureKey(feature: FeatureView): string {
  switch (feature.kind) {
    case "kv":
    case "objects":
      return bucketKey(feature);
    case "copy":
      return `${feature.id} ${feature.from}`;
    case "tape":
      return feature.notes.length === 0 ? "" : noteText(feature);
    case "lane":
      return feature.group === null ? "" : feature.id;
  }
}

function noteText({ notes }: TapeMarksView): string {
  return notes.map((note) => note.text).join(" · ");
}

/** The notes over a tape as one line; empty when there are none. */
export function notesOver({ features }: Topology, stream: string): string {
  const marks = features.find((one) => one.kind === "tape" && one.stream === stream);
  return marks?.kind === "tape" ? noteText(marks) : "";
}

function tapeShape(stream: StreamView): string {
  let merged = 0;
  for (const cell of stream.cells) if (cell.from !== cell.to) merged += 1;
  return `${stream.cells.length}/${merged}`;
}

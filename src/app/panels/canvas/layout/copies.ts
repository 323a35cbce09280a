/** Cables between streams: what a mirror or a source copies, in either layout. */
import type { CopyView, Topology } from "../../../../worker/frames.ts";
import { type Cable, cableId, type TapePlace } from "./scene.ts";
import { type Point, trackThrough } from "./track.ts";

interface Draft {
  readonly topology: Topology;
  readonly tapes: ReadonlyMap<string, TapePlace>;
  readonly cables: Map<string, Cable>;
}

/** Copies that find a way of their own beside the tapes. */
const waysMost = 3;
const wayPitch = 7;

/** After all tapes are placed. What copies from elsewhere has a note and no cable. */
export function layCopies(draft: Draft, isTall: boolean): void {
  let way = 0;
  for (const copy of draft.topology.features) {
    if (copy.kind !== "copy") continue;
    const from = draft.tapes.get(copy.from);
    const to = draft.tapes.get(copy.to);
    if (from === undefined || to === undefined) continue;
    const place = way % waysMost;
    way += 1;
    const points = isTall ? wayDown(from, to, place) : wayAlong(from, to, place);
    draft.cables.set(cableId(copy.from, copy.to), cableThrough(copy, points));
  }
}

function cableThrough({ from, to }: CopyView, points: readonly Point[]): Cable {
  const solid = trackThrough(points, 9);
  const label = points[1] ?? { x: 0, y: 0 };
  const id = cableId(from, to);
  return { id, client: from, target: to, solid, dotted: solid, solidInward: true, label };
}

/** Out at the left end of the origin's tape, down beside it, in at the left end of the copy's. */
function wayAlong(from: TapePlace, to: TapePlace, place: number): Point[] {
  const x = Math.min(from.x, to.x) - 14 - place * wayPitch;
  const start = from.y + Math.min(from.depth, 38) / 2 + place * 4;
  const end = to.y + Math.min(to.depth, 38) / 2;
  return [
    { x: from.x - 4, y: start },
    { x, y: start },
    { x, y: end },
    { x: to.x - 6, y: end },
  ];
}

/** Where tapes run downwards: from the lower end of one to the upper end of the next. */
function wayDown(from: TapePlace, to: TapePlace, place: number): Point[] {
  const x = from.x + Math.min(from.depth, 54) + 9 + place * wayPitch;
  const out = Math.min(from.depth, 54) - 2;
  return [
    { x: from.x + out, y: from.y + from.room - 8 - place * 6 },
    { x, y: from.y + from.room - 8 - place * 6 },
    { x, y: to.y + 12 },
    { x: to.x + Math.min(to.depth, 54) + 4, y: to.y + 12 },
  ];
}

/** By a watcher's consumer: the bucket that it watches. */
export function watchedBuckets({ features }: Topology): ReadonlyMap<string, string> {
  const watched = new Map<string, string>();
  for (const feature of features) {
    if (feature.kind !== "kv") continue;
    for (const { id } of feature.watchers) watched.set(id, feature.stream);
  }
  return watched;
}

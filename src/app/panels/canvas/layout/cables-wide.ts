/** The two tracks of each cable in the wide layout: publishes, deliveries, plain connections. */
import type { StreamView } from "../../../../worker/frames.ts";
import type { WideDraft } from "./draft-wide.ts";
import { type Cable, type ChairPlace, notesOver, seatOf, type TapePlace } from "./scene.ts";
import { cellStart, plainRuler } from "./tape.ts";
import { type Point, trackThrough } from "./track.ts";

/** Of a note over a tape, at 12 pixels. */
const letterWidth = 6.4;
/** Between the two tracks of a cable. */
const trackGap = 14;

export type CableShape = Omit<Cable, "id" | "client" | "target">;

/** From the chair over the tape and down on its next slot; the PubAck comes back inside. */
export function publishCable(draft: WideDraft, seat: ChairPlace, target: string): CableShape {
  const { m } = draft;
  const tape = draft.tapes.get(target) as TapePlace;
  const bus = draft.buses.get(target) as number;
  const stream = draft.topology.streams.find((s) => s.id === target) as StreamView;
  // A bucket is met at its end, whatever is in it.
  const end = draft.buckets.has(target)
    ? tape.room
    : cellStart(stream.cells, stream.cells.length, m.ruler);
  const nextX = tape.x + Math.min(end, tape.room - m.ruler.slot) + m.ruler.slot / 2;
  const out = seat.y + 15;
  const fromLeft = seat.x < tape.x;
  const edge = fromLeft ? seat.x + seat.size + 2 : seat.x - 2;
  const side = fromLeft ? -16 : 16;
  const detour = fromLeft ? m.serverX - 20 : seat.x - 26;
  const detourBack = fromLeft ? detour - trackGap : detour + trackGap;
  const level = Math.abs(out - bus) < 2;
  const notes = notesOver(draft.topology, target);
  const heading = Math.max(
    headingWidth(stream, draft.m.ruler === plainRuler),
    notes === "" ? 0 : Math.min(14 + notes.length * letterWidth, tape.room - 41),
  );
  if (nextX - tape.x < heading && heading + 40 < tape.room) {
    // Behind the words, and far enough behind the slot for the bend and the arrow.
    const clear = Math.max(tape.x + heading, nextX + m.ruler.slot / 2 + 34);
    const turn = clear + (fromLeft ? trackGap : 0);
    const start = level ? [] : [detour, detourBack];
    return aroundHeading({
      tape,
      bus,
      out,
      edge,
      turn,
      nextX,
      fromLeft,
      start,
      half: m.ruler.slot / 2,
    });
  }
  const down = { x: nextX, y: tape.y - 7 };
  const backDown = { x: nextX + side, y: tape.y - 6 };
  const solid = level
    ? [{ x: edge, y: bus }, { x: nextX, y: bus }, down]
    : [
        { x: edge, y: out },
        { x: detour, y: out },
        { x: detour, y: bus },
        { x: nextX, y: bus },
        down,
      ];
  const back = bus + trackGap;
  const dotted = level
    ? [backDown, { x: nextX + side, y: back }, { x: edge, y: back }]
    : [
        backDown,
        { x: nextX + side, y: back },
        { x: detourBack, y: back },
        { x: detourBack, y: out + trackGap },
        { x: edge, y: out + trackGap },
      ];
  return {
    solid: trackThrough(solid, 26),
    dotted: trackThrough(dotted, 22),
    solidInward: true,
    label: { x: fromLeft ? edge + 4 : edge - 52, y: out - 9 },
  };
}

interface Around {
  readonly tape: TapePlace;
  readonly bus: number;
  readonly out: number;
  readonly edge: number;
  /** Where the cable leaves the bus: behind the last word over the tape. */
  readonly turn: number;
  readonly nextX: number;
  readonly fromLeft: boolean;
  /** Where it changes height between its chair and the bus, there and back; empty when level. */
  readonly start: readonly number[];
  readonly half: number;
}

/** While a tape is short its name stands over its next slot: the cable comes in from the side. */
function aroundHeading(around: Around): CableShape {
  const { tape, bus, out, edge, turn, nextX, fromLeft, start, half } = around;
  const end = nextX + half + 7;
  const upper = tape.y + (tape.depth - trackGap) / 2;
  const lower = upper + trackGap;
  // The way back keeps to the inside of the first corner, so the two never cross.
  const turnBack = turn + (fromLeft ? -trackGap : trackGap);
  const [there, home] = fromLeft ? [lower, upper] : [upper, lower];
  const [detour, detourBack] = start;
  const rise =
    detour === undefined
      ? []
      : [
          { x: detour, y: out },
          { x: detour, y: bus },
        ];
  const fall =
    detourBack === undefined
      ? []
      : [
          { x: detourBack, y: bus + trackGap },
          { x: detourBack, y: out + trackGap },
        ];
  return {
    solid: trackThrough(
      [
        { x: edge, y: out },
        ...rise,
        { x: turn, y: bus },
        { x: turn, y: there },
        { x: end, y: there },
      ],
      18,
    ),
    dotted: trackThrough(
      [
        { x: end, y: home },
        { x: turnBack, y: home },
        { x: turnBack, y: bus + trackGap },
        ...fall,
        { x: edge, y: out + trackGap },
      ],
      18,
    ),
    solidInward: true,
    label: { x: fromLeft ? edge + 4 : edge - 52, y: out - 9 },
  };
}

/** Room of the words over a tape, in scene pixels: 15 px and 12 px type, measured generously. */
function headingWidth({ name, subjects, note }: StreamView, short: boolean): number {
  const title = name.length * 10.5;
  return title + (short ? 60 : 34 + subjects.length * 7.3 + note.length * 6.2);
}

/** Deliveries leave the seat above, acks come back below. */
export function seatCable(
  draft: WideDraft,
  seat: ChairPlace,
  client: string,
  target: string,
): CableShape | null {
  const home = seatOf(draft.lanes.get(target), client);
  if (home === undefined) return null;
  return outCable(seat, home, draft.m.seatRadius + 7);
}

/** From the right edge of a bucket to who watches it. */
export function watchCable(draft: WideDraft, seat: ChairPlace, bucket: string): CableShape | null {
  const tape = draft.tapes.get(bucket);
  if (tape === undefined) return null;
  return outCable(seat, { x: tape.x + tape.room, y: tape.y + tape.depth - 26 }, 12);
}

/** What is handed out leaves at `home`, `room` pixels to its right. */
function outCable(seat: ChairPlace, home: Point, room: number): CableShape {
  const half = trackGap / 2;
  const from = home.x + room;
  const level = Math.abs(home.y - (seat.y + seat.size / 2)) < 2;
  if (level) {
    const to = seat.x - 2;
    return {
      solid: trackThrough([
        { x: from, y: home.y - half },
        { x: to, y: home.y - half },
      ]),
      dotted: trackThrough([
        { x: to - 2, y: home.y + half },
        { x: from + 2, y: home.y + half },
      ]),
      solidInward: false,
      label: { x: (from + to) / 2 - 24, y: home.y - 24 },
    };
  }
  const bottom = seat.y + seat.size + 2;
  const x = seat.x + seat.size / 2;
  const below = home.y > bottom;
  const end = below ? bottom : seat.y - 2;
  return {
    solid: trackThrough([
      { x: from, y: home.y - half },
      { x: x - half, y: home.y - half },
      { x: x - half, y: end },
    ]),
    dotted: trackThrough([
      { x: x + half, y: end },
      { x: x + half, y: home.y + half },
      { x: from + 2, y: home.y + half },
    ]),
    solidInward: false,
    label: { x: from + 10, y: home.y - 18 },
  };
}

/** A plain connection ends at the server's edge. */
export function linkCable(draft: WideDraft, seat: ChairPlace, target: string): CableShape | null {
  const server = draft.servers.get(target);
  if (server === undefined) return null;
  const fromLeft = seat.x < server.x;
  const edge = fromLeft ? seat.x + seat.size + 2 : seat.x - 2;
  const wall = fromLeft ? server.x : server.x + server.width;
  const y = seat.y + 15;
  const inside = Math.max(server.y + 30, Math.min(y, server.y + server.height - 30));
  const middle = (edge + wall) / 2;
  const there = [
    { x: edge, y },
    { x: middle, y },
    { x: middle, y: inside },
    { x: wall, y: inside },
  ];
  const back = there.map((p) => ({ x: p.x, y: p.y + trackGap })).reverse();
  return {
    solid: trackThrough(there, 14),
    dotted: trackThrough(back, 14),
    solidInward: true,
    label: { x: Math.min(edge, wall) + 8, y: y - 9 },
  };
}

/** The layout for a narrow canvas: tapes run downwards, seats and chairs beside them. */
import type { ClientView, StreamView, Topology } from "../../../../worker/frames.ts";
import { bucketHeight, bucketOf } from "./bucket.ts";
import { layCopies } from "./copies.ts";
import { createDraft, type Draft, sceneOf } from "./draft.ts";
import {
  bareServers,
  type Cable,
  type ChairPlace,
  cableId,
  notesOver,
  type Scene,
  type SceneSize,
  seatOf,
  type TapePlace,
} from "./scene.ts";
import { cellStart, tallRuler } from "./tape.ts";
import { type Point, trackThrough } from "./track.ts";

const chairSize = 40;
const tapeX = 62;
const tapeWidth = 50;
const firstLaneX = 140;
const lanePitch = 40;
const seatRadius = 18;
const trackGap = 14;
const bareHeight = 120;
const noteRoom = 28;

interface TallDraft extends Draft {
  readonly bare: ReadonlySet<string>;
}

export function layoutTall(topology: Topology, size: SceneSize): Scene {
  const draft: TallDraft = { ...createDraft(topology, size), bare: bareServers(topology) };
  const tapes = Math.max(1, topology.streams.length);
  const room = Math.max(130, Math.floor((size.height - 100) / tapes) - 90);
  let y = 84;
  for (const server of topology.servers) {
    const top = y - 84;
    if (draft.bare.has(server.id)) {
      const width = size.width - 120;
      draft.servers.set(server.id, { x: 16, y: top + 24, width, height: bareHeight });
      y += bareHeight + 46;
      continue;
    }
    for (const stream of topology.streams) {
      if (stream.server !== server.id) continue;
      // Notes over the first tape would stand on the chairs above it.
      if (draft.tapes.size === 0 && notesOver(topology, stream.id) !== "") y += noteRoom;
      y += placeTape(draft, stream, y, room) + 90;
    }
    const height = Math.max(y - top - 80, 170);
    draft.servers.set(server.id, { x: 8, y: top, width: size.width - 16, height });
  }
  placeChairs(draft);
  for (const client of topology.clients) {
    for (const target of client.reaches) layCable(draft, client, target);
  }
  layCopies(draft, true);
  return sceneOf(draft, {
    look: "tall",
    ruler: tallRuler,
    height: Math.max(y - 40, 200),
    slots: Math.max(3, Math.floor(room / (tallRuler.slot + tallRuler.gap)) - 1),
    bare: draft.bare,
    cluster: null,
  });
}

/** Answers how much room along the canvas it takes. */
function placeTape(draft: TallDraft, stream: StreamView, y: number, room: number): number {
  const bucket = bucketOf(draft.topology, stream.id);
  if (bucket !== null) {
    const height = bucketHeight(bucket);
    // What arrives stands before the first key, not on it.
    const x = tapeX + 12;
    draft.tapes.set(stream.id, { x, y, room: height, depth: draft.size.width - x - 20 });
    draft.buckets.add(stream.id);
    return height;
  }
  const tape = { x: tapeX, y, room, depth: tapeWidth };
  draft.tapes.set(stream.id, tape);
  const consumers = draft.topology.consumers.filter((c) => c.stream === stream.id);
  const share = room / Math.max(1, consumers.length);
  for (const [index, consumer] of consumers.entries()) {
    const clients = draft.topology.clients.filter((c) => c.reaches.includes(consumer.id));
    const fitting = Math.max(1, Math.floor(share / 92));
    const count = Math.max(1, clients.length, Math.min(consumer.limit, fitting));
    const pitch = Math.min(100, share / count);
    const seats: Point[] = [];
    for (let i = 0; i < count; i += 1) {
      seats.push({
        x: draft.size.width - 154,
        y: y + index * share + Math.min(62, share / 2) + i * pitch,
      });
    }
    const homes = new Map<string, number>();
    for (const [i, client] of clients.entries()) homes.set(client.id, Math.min(i, count - 1));
    draft.lanes.set(consumer.id, {
      x: firstLaneX + index * lanePitch,
      y,
      tape,
      room,
      seats,
      homes,
    });
  }
  return room;
}

function placeChairs(draft: TallDraft): void {
  const right = draft.size.width - 64;
  let leftX = 72;
  // Beside a server that holds nothing yet; else over everything.
  let rightFree = draft.tapes.size === 0 ? 24 + (bareHeight - chairSize) / 2 : 4;
  for (const client of draft.topology.clients) {
    const lane = draft.lanes.get(client.reaches.find((id) => draft.lanes.has(id)) ?? "");
    const seat = lane?.seats[lane.homes.get(client.id) ?? 0];
    if (client.kind === "publisher") {
      draft.chairs.set(client.id, chair(leftX, 4, "above"));
      leftX += 52;
    } else if (seat !== undefined && client.kind !== "terminal") {
      draft.chairs.set(client.id, chair(right, seat.y - chairSize / 2, "below"));
    } else {
      draft.chairs.set(client.id, chair(right, rightFree, "below"));
      rightFree += 74;
    }
  }
}

function chair(x: number, y: number, label: ChairPlace["label"]): ChairPlace {
  return { x, y, size: chairSize, label, align: "end" };
}

function layCable(draft: TallDraft, client: ClientView, target: string): void {
  const seat = draft.chairs.get(client.id);
  if (seat === undefined) return;
  const shape = draft.tapes.has(target)
    ? publishCable(draft, seat, target)
    : draft.lanes.has(target)
      ? seatCable(draft, seat, client.id, target)
      : linkCable(draft, seat, target);
  if (shape === null) return;
  const id = cableId(client.id, target);
  draft.cables.set(id, { id, client: client.id, target, ...shape });
}

type CableShape = Omit<Cable, "id" | "client" | "target">;

/** Down along the left margin and into the next slot from the side. */
function publishCable(draft: TallDraft, seat: ChairPlace, target: string): CableShape {
  const tape = draft.tapes.get(target) as TapePlace;
  const stream = draft.topology.streams.find((s) => s.id === target) as StreamView;
  const isBucket = draft.buckets.has(target);
  const end = isBucket ? 0 : cellStart(stream.cells, stream.cells.length, tallRuler);
  const slotY = tape.y + Math.min(end, tape.room - tallRuler.slot) + tallRuler.slot / 2;
  const top = seat.y + 13;
  return {
    solid: trackThrough(
      [
        { x: seat.x - 2, y: top },
        { x: 34, y: top },
        { x: 34, y: slotY },
        { x: tape.x - 5, y: slotY },
      ],
      20,
    ),
    dotted: trackThrough(
      [
        { x: tape.x - 4, y: slotY - 12 },
        { x: 48, y: slotY - 12 },
        { x: 48, y: top + 15 },
        { x: seat.x - 2, y: top + 15 },
      ],
      10,
    ),
    solidInward: true,
    label: { x: 20, y: top + 20 },
  };
}

function seatCable(
  draft: TallDraft,
  seat: ChairPlace,
  client: string,
  target: string,
): CableShape | null {
  const home = seatOf(draft.lanes.get(target), client);
  if (home === undefined) return null;
  const half = trackGap / 2;
  const from = home.x + seatRadius + 6;
  const chairY = seat.y + seat.size / 2;
  const to = seat.x - 2;
  const middle = (from + to) / 2;
  const bend = (y: number, chair: number) =>
    Math.abs(y - chair) < 2
      ? [
          { x: from, y },
          { x: to, y },
        ]
      : [
          { x: from, y },
          { x: middle, y },
          { x: middle, y: chair },
          { x: to, y: chair },
        ];
  return {
    solid: trackThrough(bend(home.y - half, chairY - half), 12),
    dotted: trackThrough(bend(home.y + half, chairY + half).reverse(), 12),
    solidInward: false,
    label: { x: middle - 20, y: home.y - 20 },
  };
}

function linkCable(draft: TallDraft, seat: ChairPlace, target: string): CableShape | null {
  const server = draft.servers.get(target);
  if (server === undefined) return null;
  const y = seat.y + 13;
  const wall = draft.bare.has(target) ? server.x + server.width : 190;
  const edge = seat.x - 2;
  return {
    solid: trackThrough([
      { x: edge, y },
      { x: wall, y },
    ]),
    dotted: trackThrough([
      { x: wall, y: y + trackGap },
      { x: edge, y: y + trackGap },
    ]),
    solidInward: true,
    label: { x: wall + 8, y: y - 8 },
  };
}

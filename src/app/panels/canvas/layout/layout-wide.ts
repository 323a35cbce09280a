/**
 * The layout of a scene that is wider than high: publishers left, servers with their tapes and
 * lanes in the middle, workers and terminals right.
 */
import type { ClientView, ConsumerView, StreamView, Topology } from "../../../../worker/frames.ts";
import { bucketHeight, bucketOf } from "./bucket.ts";
import { linkCable, publishCable, seatCable, watchCable } from "./cables-wide.ts";
import { layCopies, watchedBuckets } from "./copies.ts";
import { createDraft, sceneOf } from "./draft.ts";
import type { Measures, WideDraft } from "./draft-wide.ts";
import {
  bareServers,
  type ChairPlace,
  cableId,
  type Scene,
  type SceneLook,
  type SceneSize,
} from "./scene.ts";
import { plainRuler, wideRuler } from "./tape.ts";
import type { Point } from "./track.ts";

const wide: Measures = {
  ruler: wideRuler,
  top: 62,
  tapeX: 150,
  serverX: 122,
  rightEdge: 232,
  chairRight: 74,
  busToTape: 81,
  tapeToLane: 74,
  seatRadius: 19,
};

const plain: Measures = {
  ruler: plainRuler,
  top: -16,
  tapeX: 168,
  serverX: 140,
  rightEdge: 208,
  chairRight: 50,
  busToTape: 67,
  tapeToLane: 54,
  seatRadius: 20,
};

const chairSize = 44;
const chairX = 24;
const seatPitch = 63;
const slotDepth = 38;

export function layoutWide(topology: Topology, size: SceneSize, look: SceneLook): Scene {
  const m = look === "plain" ? plain : wide;
  const draft: WideDraft = { ...createDraft(topology, size), m, buses: new Map() };
  let y = m.top;
  for (const server of topology.servers) y = placeServer(draft, server.id, y) + 46;
  placeChairs(draft);
  for (const client of topology.clients) {
    for (const target of client.reaches) layCable(draft, client, target);
  }
  layCopies(draft, false);
  const lowest = Math.max(y - 18, ...[...draft.chairs.values()].map((c) => c.y + c.size + 40));
  const room = tapeRoom(draft);
  return sceneOf(draft, {
    look,
    ruler: m.ruler,
    height: lowest,
    slots: Math.max(3, Math.floor(room / (m.ruler.slot + m.ruler.gap)) - 1),
    bare: bareServers(topology),
    cluster: null,
  });
}

const serverRight = (draft: WideDraft) => draft.size.width - draft.m.rightEdge;
const tapeRoom = (draft: WideDraft) => serverRight(draft) - 62 - draft.m.tapeX;

function placeServer(draft: WideDraft, id: string, top: number): number {
  const { m, topology } = draft;
  let y = top + 41;
  for (const stream of topology.streams) {
    if (stream.server !== id) continue;
    y = placeStream(draft, stream, y) + 60;
  }
  const least = draft.topology.consumers.length === 0 ? 280 : 200;
  // Without lanes under it the last tape has to leave room for what the server says of its disk.
  const last = topology.streams.findLast((stream) => stream.server === id);
  const isBare = !topology.consumers.some(
    (one) => one.stream === last?.id && draft.lanes.has(one.id),
  );
  const bottom = Math.max(top + least, y - 54 + (last !== undefined && isBare ? 44 : 0));
  const width = serverRight(draft) - m.serverX;
  draft.servers.set(id, { x: m.serverX, y: top, width, height: bottom - top });
  return bottom;
}

function placeStream(draft: WideDraft, stream: StreamView, bus: number): number {
  const { m } = draft;
  draft.buses.set(stream.id, bus);
  const bucket = bucketOf(draft.topology, stream.id);
  const depth = bucket === null ? slotDepth : bucketHeight(bucket);
  // Nobody publishes to a mirror: it needs no room for cables over it.
  const y = bus + (stream.subjects === "" ? m.busToTape - 22 : m.busToTape);
  const tape = { x: m.tapeX, y, room: tapeRoom(draft), depth };
  draft.tapes.set(stream.id, tape);
  if (bucket !== null) {
    draft.buckets.add(stream.id);
    return tape.y + depth;
  }
  const consumers = draft.topology.consumers.filter((c) => c.stream === stream.id);
  let bottom = tape.y + slotDepth + 20;
  let laneY = tape.y + slotDepth + m.tapeToLane;
  // With a terminal in the upper right corner the seats begin one place lower.
  const isBelow = draft.tapes.size === 1 && draft.topology.clients.some(isTerminal);
  let seatY = bus + 65 + (isBelow ? seatPitch : 0);
  for (const [index, consumer] of consumers.entries()) {
    const count = seatCount(draft, consumer, consumers.length, seatY);
    const seats: Point[] = [];
    const first = count === 1 ? laneY : index === 0 ? seatY : laneY - 22;
    for (let i = 0; i < count; i += 1)
      seats.push({ x: serverRight(draft), y: first + i * seatPitch });
    draft.lanes.set(consumer.id, {
      x: m.tapeX,
      y: laneY,
      tape,
      room: tape.room,
      seats,
      homes: homesOf(draft, consumer.id, count),
    });
    const seatsEnd = first + (count - 1) * seatPitch + 58;
    bottom = Math.max(laneY + 96, seatsEnd);
    laneY = bottom + 20;
    seatY = bottom + 10;
  }
  return bottom;
}

/** One consumer fills the height of the canvas with seats; several share it. */
function seatCount(
  draft: WideDraft,
  consumer: ConsumerView,
  sisters: number,
  from: number,
): number {
  const clients = draft.topology.clients.filter((c) => c.reaches.includes(consumer.id)).length;
  const single = sisters === 1 && draft.topology.streams.length === 1;
  const fitting = Math.floor((draft.size.height - 130 - from) / seatPitch) + 1;
  const most = single ? Math.max(2, Math.min(6, fitting)) : 1;
  return Math.max(1, clients, Math.min(consumer.limit, most));
}

/** Spreads the clients of a consumer evenly over its seats. */
function homesOf(draft: WideDraft, consumer: string, count: number): Map<string, number> {
  const homes = new Map<string, number>();
  const clients = draft.topology.clients.filter((c) => c.reaches.includes(consumer));
  for (const [index, client] of clients.entries()) {
    const spread = clients.length < 2 ? 0 : (index * (count - 1)) / (clients.length - 1);
    homes.set(client.id, Math.round(spread));
  }
  return homes;
}

const isTerminal = (client: ClientView) => client.kind === "terminal";

function placeChairs(draft: WideDraft): void {
  const { topology, chairs, size, m } = draft;
  const right = size.width - m.chairRight;
  let leftFree = m.top + 26;
  let rightFree = m.top + 26;
  // Over a plain picture is a headline.
  const side = m === plain ? "below" : "above";
  for (const client of topology.clients.filter(isTerminal)) {
    chairs.set(client.id, chair(right, rightFree, side, "center"));
    rightFree += 92;
  }
  for (const client of topology.clients) {
    if (isTerminal(client)) continue;
    const lane = draft.lanes.get(client.reaches.find((id) => draft.lanes.has(id)) ?? "");
    const seat = lane?.seats[lane.homes.get(client.id) ?? 0];
    if (seat !== undefined) {
      chairs.set(client.id, chair(right, seat.y - chairSize / 2, "below", "end"));
      rightFree = Math.max(rightFree, seat.y + 70);
    }
  }
  for (const client of topology.clients) {
    if (chairs.has(client.id)) continue;
    if (client.kind === "publisher") {
      const bus = draft.buses.get(client.reaches.find((id) => draft.buses.has(id)) ?? "");
      const y = Math.max(leftFree, bus === undefined ? 0 : bus - 15);
      chairs.set(client.id, chair(chairX, y, "below", "center"));
      leftFree = y + 106;
    } else {
      chairs.set(client.id, chair(right, rightFree, "below", "end"));
      rightFree += 92;
    }
  }
}

function chair(
  x: number,
  y: number,
  label: ChairPlace["label"],
  align: ChairPlace["align"],
): ChairPlace {
  return { x, y, size: chairSize, label, align };
}

function layCable(draft: WideDraft, client: ClientView, target: string): void {
  const seat = draft.chairs.get(client.id);
  if (seat === undefined) return;
  const cable = cableTo(draft, seat, client.id, target);
  if (cable === null) return;
  const id = cableId(client.id, target);
  draft.cables.set(id, { id, client: client.id, target, ...cable });
}

function cableTo(draft: WideDraft, seat: ChairPlace, client: string, target: string) {
  if (draft.tapes.has(target)) return publishCable(draft, seat, target);
  if (draft.lanes.has(target)) return seatCable(draft, seat, client, target);
  const bucket = watchedBuckets(draft.topology).get(target);
  return bucket === undefined ? linkCable(draft, seat, target) : watchCable(draft, seat, bucket);
}

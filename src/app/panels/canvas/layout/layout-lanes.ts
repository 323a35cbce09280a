/**
 * The layout of a cluster: servers under each other, the logs of a group aligned
 * on one ruler, so that they are compared by position. Routes are arcs at the left, clients stand
 * at the right, each on the rail of the server that it is connected to.
 */
import type { ClientView, ServerView, StreamView, Topology } from "../../../../worker/frames.ts";
import { layCopies } from "./copies.ts";
import { createDraft, type Draft, sceneOf } from "./draft.ts";
import {
  type ChairPlace,
  cableId,
  type LaneForm,
  type RowPlace,
  type Scene,
  type SceneSize,
  type StationPlace,
  type TapePlace,
} from "./scene.ts";
import { wideRuler } from "./tape.ts";
import { type Point, trackAround, trackThrough } from "./track.ts";

/** What differs from room to room; pixels from the station's line where they are y. */
interface Measures {
  readonly form: LaneForm;
  readonly top: number;
  /** Where stations stand: what is left of it belongs to the arcs. */
  readonly stationX: number;
  readonly nameX: number;
  /** Width of a name on whose line something follows. */
  readonly nameRoom: number;
  readonly tapeX: number;
  readonly chair: number;
  readonly chairPitch: number;
  /** Between the tapes and the chairs. */
  readonly rightGap: number;
  /** Top of a name, of the first tape, and from tape to tape. */
  readonly name: number;
  readonly firstRow: number;
  readonly rowPitch: number;
  readonly depth: number;
  /** From a tape to the lane of its consumer, and from there to what comes next. */
  readonly toLane: number;
  readonly laneDepth: number;
  readonly gapMost: number;
}

const roomy: Measures = {
  form: "roomy",
  top: 72,
  stationX: 116,
  nameX: 136,
  nameRoom: 40,
  tapeX: 284,
  chair: 40,
  chairPitch: 86,
  rightGap: 36,
  name: 7,
  firstRow: 40,
  rowPitch: 66,
  depth: 30,
  toLane: 98,
  laneDepth: 56,
  gapMost: 52,
};

const dense: Measures = {
  ...roomy,
  form: "dense",
  top: 60,
  tapeX: 306,
  chairPitch: 74,
  chair: 34,
  name: 17,
  firstRow: 19,
  rowPitch: 49,
  depth: 28,
  laneDepth: 66,
  gapMost: 44,
};

const slim: Measures = {
  ...roomy,
  form: "slim",
  top: 44,
  stationX: 34,
  nameX: 50,
  tapeX: 50,
  chair: 32,
  chairPitch: 42,
  rightGap: 14,
  firstRow: 34,
  rowPitch: 58,
  depth: 26,
  toLane: 94,
  laneDepth: 48,
  gapMost: 28,
};

/** Rows of several streams lie closer: what their slots mean is told by the inspector. */
const closePitch = 58;
/** On a narrow canvas each has its own line for term and role. */
const slimRows = { depth: 20, rowPitch: 48 };
const railHalf = 5;

interface LanesDraft extends Draft {
  readonly m: Measures;
  readonly stations: Map<string, StationPlace>;
  readonly rows: Map<string, RowPlace>;
}

/** A canvas narrower than this has no column for names. */
const slimBelow = 560;

/** The forms that suit a canvas, the one that says most first. */
export function laneForms({ width }: SceneSize): readonly LaneForm[] {
  return width < slimBelow ? ["slim"] : ["roomy", "dense"];
}

export function layoutLanes(topology: Topology, size: SceneSize, form: LaneForm): Scene {
  const m = measuresFor(topology, form);
  const servers = [...topology.servers].sort((a, b) => (a.name < b.name ? -1 : 1));
  const heights = servers.map((server) => heightOf(topology, server, m));
  const whole = heights.reduce((sum, height) => sum + height, m.top);
  const gap = Math.max(4, Math.min(m.gapMost, (size.height - whole) / servers.length));
  const draft: LanesDraft = {
    ...createDraft(topology, size),
    m,
    stations: new Map(),
    rows: new Map(),
  };
  let y = m.top;
  for (const [place, server] of servers.entries()) {
    placeServer(draft, server, y);
    y += (heights[place] as number) + gap;
  }
  layRoutes(draft, servers);
  // Beside the tapes of a narrow canvas there is no room for another cable: a note says it.
  if (form !== "slim") layCopies(draft, false);
  const room = tapeRoom(draft);
  const { stations, rows, tapes } = draft;
  return sceneOf(draft, {
    look: "lanes",
    ruler: wideRuler,
    height: y - gap,
    slots: Math.max(3, Math.floor(room / (wideRuler.slot + wideRuler.gap))),
    bare: new Set(),
    cluster: { form: m.form, stations, rows, wires: wiresOf(rows, tapes) },
  });
}

/** Of a name with the sign of its menu. */
const letterWidth = 10;
const menuSign = 18;
const nameRoomMost = 150;

function measuresFor({ servers, streams }: Topology, form: LaneForm): Measures {
  const m = { roomy, dense, slim }[form];
  const longest = servers.reduce((most, { name }) => Math.max(most, name.length), 0);
  const wanted = Math.min(longest * letterWidth + menuSign, nameRoomMost);
  const nameRoom = Math.max(m.nameRoom, wanted);
  // Behind a name that is longer than usual everything moves; under it there is room.
  const tapeX = m.tapeX + (form === "dense" ? nameRoom - m.nameRoom : 0);
  if (streams.length < 2) return { ...m, nameRoom, tapeX };
  const rows = form === "slim" ? slimRows : { rowPitch: Math.min(m.rowPitch, closePitch) };
  return { ...m, nameRoom, tapeX, ...rows };
}

function rowsOn({ streams }: Topology, server: string): readonly StreamView[] {
  return streams.filter(({ replicas, server: home }) =>
    replicas.length === 0 ? home === server : replicas.some((one) => one.server === server),
  );
}

function heightOf(topology: Topology, server: ServerView, m: Measures): number {
  const rows = Math.max(1, rowsOn(topology, server.id).length);
  const led = topology.consumers.filter((consumer) => consumer.server === server.id).length;
  const chairs = topology.clients.filter((client) => client.server === server.id).length;
  const lanes = led * (m.toLane + m.laneDepth - m.rowPitch);
  const first = m.firstRow + Math.max(0, m.rowPitch - 8) + (rows - 1) * m.rowPitch;
  return Math.max(first + lanes, chairs * m.chairPitch);
}

const chairX = ({ size, m }: LanesDraft) => size.width - m.chair - (m.form === "slim" ? 10 : 24);

function tapeRoom(draft: LanesDraft): number {
  const { m, topology, size } = draft;
  const right = topology.clients.length > 0 ? chairX(draft) - m.rightGap : size.width - 24;
  return right - m.tapeX;
}

function placeServer(draft: LanesDraft, server: ServerView, y: number): void {
  const { m, topology, stations, servers } = draft;
  const isUsed = topology.clients.some((client) => client.server === server.id);
  stations.set(server.id, { x: m.stationX, y, right: m.tapeX + tapeRoom(draft), isUsed });
  const width = m.form === "roomy" ? 130 : m.nameRoom;
  servers.set(server.id, { x: m.nameX - 6, y: y + m.name, width, height: 28 });
  let row = y + m.firstRow;
  const streams = rowsOn(topology, server.id);
  for (const stream of streams) row = placeRow(draft, stream, server, row);
  if (streams.length === 0) placeMetaRow(draft, server, row);
  placeChairs(draft, server, y);
}

/** Where term and role stand: beside the tape, under or behind the name, or over the tape. */
function statusOf(
  { m }: LanesDraft,
  tapeY: number,
  isFirst: boolean,
): Pick<RowPlace, "status" | "ring"> {
  if (m.form === "slim") {
    const x = m.nameX + (isFirst ? m.nameRoom : 0);
    return { status: { x, y: tapeY - 16 }, ring: { x: x + 122, y: tapeY - 16 } };
  }
  const x = m.nameX + (m.form === "dense" ? m.nameRoom : 0);
  const y = tapeY + (m.form === "dense" ? 13 : 9);
  return { status: { x, y }, ring: { x: x + 10, y: y + 25 } };
}

function placeRow(draft: LanesDraft, stream: StreamView, server: ServerView, y: number): number {
  const { m, topology, tapes, rows } = draft;
  const isMain = stream.server === server.id;
  const id = isMain ? stream.id : replicaOf(stream, server);
  const tape = { x: m.tapeX, y, room: tapeRoom(draft), depth: m.depth };
  const isFirst = ![...rows.values()].some((row) => row.server === server.id);
  tapes.set(id, tape);
  rows.set(id, {
    group: stream.group,
    server: server.id,
    stream: stream.id,
    ...statusOf(draft, y, isFirst),
  });
  let bottom = y + m.rowPitch;
  for (const consumer of topology.consumers) {
    if (consumer.stream !== stream.id || consumer.server !== server.id) continue;
    const laneY = bottom - m.rowPitch + m.toLane;
    const { room } = tape;
    const lane = { x: m.tapeX, y: laneY, tape, room, seats: [], homes: new Map() };
    draft.lanes.set(consumer.id, lane);
    bottom = laneY + m.laneDepth;
  }
  return bottom;
}

function replicaOf(stream: StreamView, server: ServerView): string {
  return stream.replicas.find((one) => one.server === server.id)?.id ?? stream.id;
}

/** A cluster without streams still has the group that all servers belong to. */
function placeMetaRow(draft: LanesDraft, server: ServerView, y: number): void {
  const meta = draft.topology.groups.find((group) => group.asset === "");
  if (meta === undefined) return;
  draft.rows.set(server.id, {
    group: meta.id,
    server: server.id,
    stream: "",
    ...statusOf(draft, y, true),
  });
}

/** The first client sits on the rail, others below it and join it. */
function placeChairs(draft: LanesDraft, server: ServerView, y: number): void {
  const { m, topology, chairs } = draft;
  const clients = topology.clients.filter((client) => client.server === server.id);
  for (const [place, client] of clients.entries()) {
    const chair: ChairPlace = {
      x: chairX(draft),
      y: y - m.chair / 2 + place * m.chairPitch,
      size: m.chair,
      label: "below",
      align: "end",
    };
    chairs.set(client.id, chair);
    layCable(draft, client, chair, server.id);
  }
}

function layCable(draft: LanesDraft, client: ClientView, chair: ChairPlace, server: string): void {
  const station = draft.stations.get(server) as StationPlace;
  const edge = chair.x - 2;
  const middle = chair.y + chair.size / 2;
  const end = station.x + 10;
  const turn = edge - (draft.m.form === "slim" ? 6 : 16);
  const run = (by: number): readonly Point[] => {
    const join = { x: turn + by, y: station.y + by };
    const below = middle - station.y > 2;
    const chairEnd = { x: edge, y: middle + by };
    const bend = below ? [chairEnd, { x: turn + by, y: middle + by }, join] : [chairEnd];
    return [...bend, { x: end, y: station.y + by }];
  };
  const id = cableId(client.id, server);
  draft.cables.set(id, {
    id,
    client: client.id,
    target: server,
    solid: trackThrough(run(-railHalf), 10),
    dotted: trackThrough([...run(railHalf)].reverse(), 10),
    solidInward: true,
    label: { x: edge - 56, y: middle - 10 },
  });
}

/** Between the two ways of a route. */
const wayHalf = 4;

function layRoutes(draft: LanesDraft, servers: readonly ServerView[]): void {
  const { m, topology, stations, cables } = draft;
  const places = new Map(servers.map((server, place) => [server.id, place]));
  const farthest = Math.max(1, servers.length - 1);
  for (const { a, b } of topology.routes) {
    const from = stations.get(a);
    const to = stations.get(b);
    if (from === undefined || to === undefined) continue;
    const steps = Math.abs((places.get(a) ?? 0) - (places.get(b) ?? 0));
    const room = m.stationX - (m.form === "slim" ? 8 : 40);
    const bulge = room * (0.36 + 0.64 * (steps / farthest));
    const way = (by: number) => {
      // A curve goes half as far as the point that it is bent towards.
      const via = { x: m.stationX - 2 * (bulge + by), y: (from.y + to.y) / 2 };
      return { from: { x: from.x - 6, y: from.y + by / 2 }, via, to: { x: to.x - 6, y: to.y } };
    };
    const there = way(wayHalf);
    const home = way(-wayHalf);
    const id = cableId(a, b);
    cables.set(id, {
      id,
      client: a,
      target: b,
      solid: trackAround(there.from, there.via, there.to),
      dotted: trackAround(home.to, home.via, home.from),
      solidInward: true,
      label: { x: m.stationX - bulge - 4, y: (from.y + to.y) / 2 },
    });
  }
}

/** A commit wire crosses all copies of its stream; with several streams each copy has its own. */
function wiresOf(
  rows: ReadonlyMap<string, RowPlace>,
  tapes: ReadonlyMap<string, TapePlace>,
): Map<string, { from: number; to: number }> {
  const wires = new Map<string, { from: number; to: number }>();
  for (const [id, { stream }] of rows) {
    const tape = tapes.get(id);
    if (tape === undefined) continue;
    const known = wires.get(stream);
    const [from, to] = [tape.y - 8, tape.y + tape.depth + 8];
    wires.set(stream, {
      from: Math.min(known?.from ?? from, from),
      to: Math.max(known?.to ?? to, to),
    });
  }
  return wires;
}

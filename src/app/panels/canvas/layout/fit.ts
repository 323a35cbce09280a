/** How a scene fills the room of its canvas: from the corner, under a headline, or centred. */
import type { Topology } from "../../../../worker/frames.ts";
import { laneForms, layoutLanes } from "./layout-lanes.ts";
import { layoutTall } from "./layout-tall.ts";
import { layoutWide } from "./layout-wide.ts";
import { isCluster, type Scene, type SceneLook, type SceneSize } from "./scene.ts";

export interface Fit {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/**
 * Where the canvas stands: the sandbox, the sandbox of a narrow page, whose caption stands below
 * the picture and not on it, under the landing's headline, or inside another page.
 */
export type CanvasFrame = "sandbox" | "phone" | "hero" | "embed";

/** What the landing and embeds enlarge; a busy canvas shrinks at most this far by itself. */
const leastZoom = 0.62;
/** All tapes of a cluster are in sight, however many: from the lowest on words are left away. */
const leastLanesZoom = 0.42;
const mostZoom = 1.85;
const captionHeight = 52;
/** What stands over the picture does not shrink with it. */
const zoomBar = 44;
/** What is the matter in a cluster often takes a second line. */
const captionLine = 14;
/** Under the lowest tape of a cluster: what its slots mean, and the number of the commit. */
const wordsBelowRows = 8;
/** A canvas narrower than this lets its tapes run downwards, when it is high enough for that. */
const tallBelow = 520;
const tallHeight = 260;

export function lookFor(frame: CanvasFrame, size: SceneSize, onePicture: boolean): SceneLook {
  const narrow = size.width < tallBelow;
  if (frame === "sandbox" || frame === "phone") return narrow ? "tall" : "wide";
  if (frame === "hero") return narrow ? "tall" : "plain";
  if (narrow && size.height >= tallHeight) return "tall";
  return onePicture ? "plain" : "wide";
}

/** Lays out for the room there is; a scene higher than that is laid out again, smaller. */
export function fitScene(
  topology: Topology,
  size: SceneSize,
  look: SceneLook,
  frame: CanvasFrame,
): [Scene, Fit] {
  if (frame === "embed") return fitCentred(topology, size, look);
  if (isCluster(topology)) return fitLanes(topology, size, frame);
  if (look === "plain") return fitHero(topology, size);
  if (look === "tall") {
    const scene = layoutTall(topology, size);
    const zoom = Math.max(leastZoom, Math.min(1, size.height / scene.height));
    return [scene, { x: 0, y: 0, zoom }];
  }
  const first = layoutWide(topology, size, look);
  const room = size.height - (frame === "phone" ? 0 : captionHeight);
  if (first.height <= room) return [first, { x: 0, y: 0, zoom: 1 }];
  const zoom = Math.max(leastZoom, room / first.height);
  const larger = { width: size.width / zoom, height: size.height / zoom };
  return [layoutWide(topology, larger, look), { x: 0, y: 0, zoom }];
}

/** All servers have to be in sight: what is too high for the room is laid out smaller. */
function fitLanes(topology: Topology, size: SceneSize, frame: CanvasFrame): [Scene, Fit] {
  const isPhone = frame === "phone";
  const above = isPhone ? 0 : zoomBar;
  const below = isPhone ? wordsBelowRows : captionHeight + captionLine;
  const room = { width: size.width, height: size.height - below };
  const forms = laneForms(size);
  for (const form of forms) {
    const scene = layoutLanes(topology, room, form);
    if (scene.height <= room.height) return [scene, { x: 0, y: 0, zoom: 1 }];
  }
  const form = forms.at(-1) ?? "dense";
  const { height } = layoutLanes(topology, room, form);
  const zoom = Math.max(leastLanesZoom, (room.height - above) / (height - above));
  const inner = (room.height - above) / zoom + above;
  const scene = layoutLanes(topology, { width: size.width / zoom, height: inner }, form);
  return [scene, { x: 0, y: above * (1 - zoom), zoom }];
}

function fitHero(topology: Topology, size: SceneSize): [Scene, Fit] {
  const roomy = size.width > 1000;
  const wanted = Math.min(mostZoom, size.width / (roomy ? 700 : 620), size.height / 262);
  const zoom = Math.max(leastZoom, wanted);
  // On a large page the publisher stands under the headline, whose margin is 112 pixels.
  const margin = roomy ? 112 - 24 * zoom : 0;
  const width = Math.min(640, (size.width - 2 * margin) / zoom);
  const inner = { width: Math.max(width, 480), height: size.height / zoom };
  return [layoutWide(topology, inner, "plain"), { x: margin, y: 0, zoom }];
}

/** Scene pixels that each look wants from side to side, and at most. */
const widths = {
  wide: [620, 860],
  plain: [480, 640],
  tall: [0, tallBelow],
  lanes: [360, 860],
} as const;
const aroundIt = 12;

/** In a small frame a terminal that set the scene has left it. */
const stageBelow = 640;

function actorsOf(topology: Topology): Topology {
  const clients = topology.clients.filter(({ kind }) => kind !== "terminal");
  return clients.length === 0 ? topology : { ...topology, clients };
}

/** Whatever stands on the scene, whole and in the middle. */
function fitCentred(all: Topology, size: SceneSize, look: SceneLook): [Scene, Fit] {
  const topology = size.width < stageBelow ? actorsOf(all) : all;
  const kind = isCluster(topology) ? "lanes" : look;
  const [least, most] = widths[kind];
  const width = Math.max(least, Math.min(most, size.width));
  const inner = { width, height: kind === "tall" ? size.height : heightFor(width, size) };
  const scene = layoutAs(kind, topology, inner);
  const box = boundsOf(scene);
  const fits = (room: number, length: number) => Math.max(1, room - 2 * aroundIt) / length;
  const zoom = Math.min(mostZoom, fits(size.width, box.width), fits(size.height, box.height));
  return [
    scene,
    {
      x: (size.width - box.width * zoom) / 2 - box.x * zoom,
      y: (size.height - box.height * zoom) / 2 - box.y * zoom,
      zoom,
    },
  ];
}

/** As wide to high as the room is, within what a scene can use. */
function heightFor(width: number, size: SceneSize): number {
  return Math.max(262, Math.min(400, (width * size.height) / size.width));
}

function layoutAs(kind: SceneLook, topology: Topology, size: SceneSize): Scene {
  if (kind === "lanes") return layoutLanes(topology, size, laneForms(size).at(-1) ?? "dense");
  return kind === "tall" ? layoutTall(topology, size) : layoutWide(topology, size, kind);
}

/** Words over and under the things, in scene pixels. */
const wordsAbove = 34;
const wordsBelow = 40;

function boundsOf(scene: Scene): { x: number; y: number; width: number; height: number } {
  if (scene.cluster !== null) return { x: 0, y: 0, width: scene.width, height: scene.height };
  const boxes: [x: number, y: number, right: number, bottom: number][] = [];
  for (const [id, { x, y, width, height }] of scene.servers) {
    // A plain picture leaves its server's frame away.
    if (scene.look !== "wide" && !scene.bare.has(id)) continue;
    boxes.push([x, y - 12, x + width, y + height]);
  }
  for (const { x, y, room, depth } of scene.tapes.values()) {
    const [right, bottom] = scene.look === "tall" ? [depth, room] : [room, depth];
    boxes.push([x, y - wordsAbove, x + right, y + bottom + 12]);
  }
  for (const { seats, x, y } of scene.lanes.values()) {
    boxes.push([x, y, x, y + (scene.look === "tall" ? 0 : wordsBelow)]);
    for (const seat of seats) boxes.push([seat.x - 24, seat.y - 24, seat.x + 24, seat.y + 44]);
  }
  for (const { x, y, size, label } of scene.chairs.values()) {
    const [above, below] = label === "above" ? [24, 0] : [0, wordsBelow];
    boxes.push([x - 8, y - above, x + size + 8, y + size + below]);
  }
  if (boxes.length === 0) return { x: 0, y: 0, width: scene.width, height: scene.height };
  const x = Math.min(...boxes.map((box) => box[0]));
  const y = Math.min(...boxes.map((box) => box[1]));
  const right = Math.max(...boxes.map((box) => box[2]));
  const bottom = Math.max(...boxes.map((box) => box[3]));
  return { x, y, width: right - x, height: bottom - y };
}

/** The React Flow graph of the present topology, and the fit of its scene. */

import type { Edge, Node } from "@xyflow/react";
import { useMemo } from "react";
import type { Topology } from "../../../worker/frames.ts";
import { useView, type View } from "../../store/view.ts";
import { type CanvasFrame, type Fit, fitScene } from "./layout/fit.ts";
import {
  type Cable,
  type Scene,
  type SceneLook,
  type SceneSize,
  topologyKey,
} from "./layout/scene.ts";

/**
 * The scene of what there is now, in the room there is. Views change with every frame, places only
 * with the topology: the key says when a new layout is due.
 */
export function useFittedScene(
  size: SceneSize,
  look: SceneLook,
  frame: CanvasFrame,
): readonly [Scene, Fit] {
  const { width, height } = size;
  const select = useMemo(() => keyFor({ width, height }, look), [width, height, look]);
  const key = useView(select);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the topology.
  return useMemo(
    () => fitScene(topologyOf(useView.getState()), { width, height }, look, frame),
    [key, width, height, look, frame],
  );
}

/** Most frames leave the maps of things alone: the key is made again only for new ones. */
function keyFor(size: SceneSize, look: SceneLook): (view: View) => string {
  let last: View | null = null;
  let key = "";
  return (view) => {
    if (last !== null && things.every((name) => last?.[name] === view[name])) return key;
    last = view;
    key = topologyKey(topologyOf(view), size, look);
    return key;
  };
}

const things = [
  "servers",
  "clients",
  "streams",
  "consumers",
  "routes",
  "groups",
  "features",
] as const;

function topologyOf(view: View): Topology {
  return {
    servers: [...view.servers.values()],
    clients: [...view.clients.values()],
    streams: [...view.streams.values()],
    consumers: [...view.consumers.values()],
    routes: [...view.routes.values()],
    groups: [...view.groups.values()],
    features: [...view.features.values()],
  };
}

export function nodesOf(scene: Scene): Node[] {
  return scene.cluster === null ? alone(scene) : inLanes(scene);
}

/** Server by server: itself, what it holds, who leads there, who is connected to it. */
function inLanes(scene: Scene): Node[] {
  const nodes: Node[] = [];
  const push = (type: string, id: string, place: { x: number; y: number }, zIndex: number) =>
    nodes.push({ id, type, position: { x: place.x, y: place.y }, data: { id }, zIndex });
  const { clients, consumers } = useView.getState();
  for (const [server, place] of scene.servers) {
    push("station", server, place, 2);
    for (const [id, row] of scene.cluster?.rows ?? []) {
      const tape = scene.tapes.get(id);
      if (row.server === server && tape !== undefined) push("row", id, tape, 2);
    }
    for (const [id, lane] of scene.lanes) {
      const isHere = consumers.get(id)?.server === server;
      if (isHere) push("consumer", id, { x: lane.x, y: lane.y - 20 }, 3);
    }
    for (const [id, chair] of scene.chairs) {
      if (clients.get(id)?.server === server) push("chair", id, chair, 1);
    }
  }
  return nodes;
}

function alone(scene: Scene): Node[] {
  const nodes: Node[] = [];
  const push = (type: string, id: string, place: { x: number; y: number }, zIndex: number) =>
    nodes.push({ id, type, position: { x: place.x, y: place.y }, data: { id }, zIndex });
  // In the order in which a message meets them, because Tab walks them so.
  const { clients } = useView.getState();
  const isPublisher = (id: string) => clients.get(id)?.kind === "publisher";
  for (const [id, place] of scene.servers) push("server", id, place, 0);
  for (const [id, place] of scene.chairs) if (isPublisher(id)) push("chair", id, place, 1);
  for (const [id, place] of scene.tapes) {
    push(scene.buckets.has(id) ? "bucket" : "stream", id, place, 2);
  }
  for (const [id, place] of scene.lanes) {
    const tall = scene.look === "tall";
    push(
      "consumer",
      id,
      tall ? { x: place.x - 12, y: place.y } : { x: place.x, y: place.y - 20 },
      3,
    );
  }
  for (const [id, place] of scene.chairs) if (!isPublisher(id)) push("chair", id, place, 1);
  return nodes;
}

export function edgesOf(scene: Scene): Edge[] {
  return [...scene.cables.values()].map((cable) => ({
    id: cable.id,
    type: edgeType(cable),
    source: cable.client,
    target: cable.target,
    selectable: false,
    focusable: false,
  }));
}

/** By where it begins: at a server of a cluster, at a stream that is copied, at a chair. */
function edgeType({ client }: Cable): string {
  if (client.startsWith("server:")) return "route";
  return client.startsWith("stream:") ? "copy" : "cable";
}

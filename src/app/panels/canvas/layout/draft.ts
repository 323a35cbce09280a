/** What a layout fills in as it goes, and the scene that becomes of it. */
import type { Topology } from "../../../../worker/frames.ts";
import type {
  Cable,
  ChairPlace,
  LanePlace,
  Scene,
  SceneSize,
  ServerPlace,
  TapePlace,
} from "./scene.ts";

export interface Draft {
  readonly topology: Topology;
  readonly size: SceneSize;
  readonly servers: Map<string, ServerPlace>;
  readonly tapes: Map<string, TapePlace>;
  readonly buckets: Set<string>;
  readonly lanes: Map<string, LanePlace>;
  readonly chairs: Map<string, ChairPlace>;
  readonly cables: Map<string, Cable>;
}

export function createDraft(topology: Topology, size: SceneSize): Draft {
  return {
    topology,
    size,
    servers: new Map(),
    tapes: new Map(),
    buckets: new Set(),
    lanes: new Map(),
    chairs: new Map(),
    cables: new Map(),
  };
}

/** The scene as wide as it was to be, with everything that was placed. */
export function sceneOf(
  draft: Draft,
  rest: Pick<Scene, "look" | "ruler" | "height" | "slots" | "bare" | "cluster">,
): Scene {
  const { size, servers, tapes, buckets, lanes, chairs, cables } = draft;
  return { ...rest, width: size.width, servers, tapes, buckets, lanes, chairs, cables };
}

/**
 * The one door to what only a server in a cluster runs (cluster-parts.ts). A page has no use for
 * that before there is a cluster, and the world cannot wait for code: whoever drives the world
 * brings it ahead. It is not world state.
 */
import { assert } from "../kernel/index.ts";

export type ClusterParts = typeof import("./cluster-parts.ts")["clusterParts"];

let parts: ClusterParts | null = null;

/** Hands over the code, once a realm. */
export function provideClusterParts(loaded: ClusterParts): void {
  parts = loaded;
}

/** True from `provideClusterParts` on. */
export function clusterPartsAreHere(): boolean {
  return parts !== null;
}

/** For whoever knows that this server belongs to a cluster. */
export function clusterParts(): ClusterParts {
  assert(parts !== null, "a server belongs to a cluster, and the code for that is not here");
  return parts;
}

/** Where the things of a cluster stand in the scene. */
import type { SceneStore } from "./scene-store.ts";

export const selectRowPlace = (id: string) => (store: SceneStore) =>
  store.scene.cluster?.rows.get(id);
export const selectStation = (id: string) => (store: SceneStore) =>
  store.scene.cluster?.stations.get(id);
export const selectWire = (stream: string) => (store: SceneStore) =>
  store.scene.cluster?.wires.get(stream);
export const selectForm = (store: SceneStore) => store.scene.cluster?.form ?? "roomy";

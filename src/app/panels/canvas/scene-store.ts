/** The scene of this canvas; nodes, cables and the painter read the same one. */
import { create } from "zustand";
import type { Scene } from "./layout/scene.ts";
import { wideRuler } from "./layout/tape.ts";

export interface SceneStore {
  readonly scene: Scene;
  /** Scene pixels to screen pixels, decided by the fit; the person's zoom comes on top. */
  readonly fit: { readonly x: number; readonly y: number; readonly zoom: number };
  /** The person panned or zoomed: new fits wait until asked for. */
  readonly held: boolean;
  place(scene: Scene, fit: SceneStore["fit"]): void;
  hold(held: boolean): void;
}

const emptyScene: Scene = {
  look: "wide",
  ruler: wideRuler,
  width: 0,
  height: 0,
  slots: 12,
  servers: new Map(),
  bare: new Set(),
  tapes: new Map(),
  buckets: new Set(),
  lanes: new Map(),
  chairs: new Map(),
  cables: new Map(),
  cluster: null,
};

export const useScene = create<SceneStore>()((set) => ({
  scene: emptyScene,
  fit: { x: 0, y: 0, zoom: 1 },
  held: false,
  place: (scene, fit) => set({ scene, fit }),
  hold: (held) => set({ held }),
}));

export const selectScene = (store: SceneStore) => store.scene;
export const selectServerPlace = (id: string) => (store: SceneStore) => store.scene.servers.get(id);
export const selectBare = (id: string) => (store: SceneStore) => store.scene.bare.has(id);
export const selectTapePlace = (id: string) => (store: SceneStore) => store.scene.tapes.get(id);
export const selectLanePlace = (id: string) => (store: SceneStore) => store.scene.lanes.get(id);
export const selectChairPlace = (id: string) => (store: SceneStore) => store.scene.chairs.get(id);
export const selectCable = (id: string) => (store: SceneStore) => store.scene.cables.get(id);
export const selectRuler = (store: SceneStore) => store.scene.ruler;
export const selectZoom = (store: SceneStore) => store.fit.zoom;
export const selectLook = (store: SceneStore) => store.scene.look;

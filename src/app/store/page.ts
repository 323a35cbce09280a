/** How the page is laid out and what it looks at. Nothing of this reaches the world. */
import type { StateCreator } from "zustand";
import { shownTheme, type Theme } from "../theme.ts";
import type { View } from "./view.ts";

export type Layout = "watch" | "work" | "type";
export type LeftTab = "lesson" | "trace" | "scenario" | "faults";
export type InspectorTab = "why" | "state" | "config" | "messages" | "raft" | "log";
export type DrawerTab = "lesson" | "trace" | "why" | "terminal" | "faults";
export type Dialog = "share" | "keys" | "commands" | "lessons" | "shelf" | "faults" | "branches";
export type LedgerName = "kept" | "broken" | "doubled" | "refused";

/** Two branches, by their ids. */
export interface Comparing {
  readonly left: number;
  readonly right: number;
}

export interface PageSlice {
  readonly layout: Layout;
  readonly leftTab: LeftTab;
  readonly inspectorTab: InspectorTab;
  readonly drawerTab: DrawerTab;
  readonly dialog: Dialog | null;
  /** In place of the canvas. */
  readonly comparing: Comparing | null;
  readonly selected: string | null;
  readonly filter: LedgerName | null;
  readonly theme: Theme;
  readonly widths: { readonly left: number; readonly right: number; readonly bottom: number };
  /** Folded to a strip; null follows the room there is. */
  readonly shut: { readonly left: boolean | null; readonly right: boolean | null };
  readonly terminal: string;
  readonly letters: boolean;
  show(layout: Layout): void;
  open(dialog: Dialog | null): void;
  select(id: string | null): void;
  choose(change: PageChoice): void;
}

export type PageChoice = Partial<
  Pick<
    PageSlice,
    | "comparing"
    | "leftTab"
    | "inspectorTab"
    | "drawerTab"
    | "filter"
    | "theme"
    | "widths"
    | "shut"
    | "terminal"
    | "letters"
  >
>;

export const createPageSlice: StateCreator<View, [], [], PageSlice> = (set) => ({
  layout: "work",
  leftTab: "trace",
  inspectorTab: "why",
  drawerTab: "trace",
  dialog: null,
  comparing: null,
  selected: null,
  filter: null,
  theme: shownTheme(),
  widths: { left: 320, right: 340, bottom: 204 },
  shut: { left: null, right: null },
  terminal: "t1",
  letters: true,
  show: (layout) => set({ layout }),
  open: (dialog) => set({ dialog }),
  select: (selected) => set({ selected }),
  choose: (change) => set(change),
});

/** How the page is laid out and what it looks at. Nothing of this reaches the world. */
import type { StateCreator } from "zustand";
import type { View } from "./view.ts";

export type Layout = "watch" | "work" | "type";
export type LeftTab = "trace" | "scenario" | "faults";
export type InspectorTab = "why" | "state" | "config" | "messages" | "log";
export type DrawerTab = "trace" | "why" | "terminal" | "faults";
export type Dialog = "share" | "keys" | "commands" | "shelf" | "faults";
export type LedgerName = "kept" | "broken" | "doubled" | "refused";
export type Theme = "dark" | "light" | null;

export interface PageSlice {
  readonly layout: Layout;
  readonly leftTab: LeftTab;
  readonly inspectorTab: InspectorTab;
  readonly drawerTab: DrawerTab;
  readonly dialog: Dialog | null;
  readonly selected: string | null;
  readonly filter: LedgerName | null;
  readonly theme: Theme;
  readonly widths: { readonly left: number; readonly right: number; readonly bottom: number };
  readonly shut: { readonly left: boolean; readonly right: boolean };
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

const themeKey = "windtunnel.theme";

export const createPageSlice: StateCreator<View, [], [], PageSlice> = (set) => ({
  layout: "work",
  leftTab: "trace",
  inspectorTab: "why",
  drawerTab: "trace",
  dialog: null,
  selected: null,
  filter: null,
  theme: rememberedTheme(),
  widths: { left: 320, right: 340, bottom: 204 },
  shut: { left: false, right: false },
  terminal: "t1",
  letters: true,
  show: (layout) => set({ layout }),
  open: (dialog) => set({ dialog }),
  select: (selected) => set({ selected }),
  choose: (change) => set(change),
});

/** Puts a theme on the document; null follows the system. */
export function wearTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === null) root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", theme);
  try {
    if (theme === null) localStorage.removeItem(themeKey);
    else localStorage.setItem(themeKey, theme);
  } catch (error) {
    console.info("theme is not remembered:", error);
  }
}

function rememberedTheme(): Theme {
  const shown = document.documentElement.getAttribute("data-theme");
  return shown === "dark" || shown === "light" ? shown : null;
}

export const selectLayout = (view: View) => view.layout;
export const selectLeftTab = (view: View) => view.leftTab;
export const selectInspectorTab = (view: View) => view.inspectorTab;
export const selectDrawerTab = (view: View) => view.drawerTab;
export const selectDialog = (view: View) => view.dialog;
export const selectSelected = (view: View) => view.selected;
export const selectFilter = (view: View) => view.filter;
export const selectTheme = (view: View) => view.theme;
export const selectWidths = (view: View) => view.widths;
export const selectShut = (view: View) => view.shut;
export const selectTerminal = (view: View) => view.terminal;

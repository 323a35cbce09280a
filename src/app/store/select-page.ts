/** What panels read of the page. */
import type { View } from "./view.ts";

export const selectLayout = (view: View) => view.layout;
export const selectLeftTab = (view: View) => view.leftTab;
export const selectInspectorTab = (view: View) => view.inspectorTab;
export const selectDrawerTab = (view: View) => view.drawerTab;
export const selectComparing = (view: View) => view.comparing;
export const selectDialog = (view: View) => view.dialog;
export const selectSelected = (view: View) => view.selected;
export const selectFilter = (view: View) => view.filter;
export const selectTheme = (view: View) => view.theme;
export const selectWidths = (view: View) => view.widths;
export const selectShut = (view: View) => view.shut;
export const selectTerminal = (view: View) => view.terminal;

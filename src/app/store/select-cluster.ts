/** What the canvas reads of clusters. */
import type { View } from "./view.ts";

export const selectRoute = (id: string) => (view: View) => view.routes.get(id);
export const selectGroup = (id: string) => (view: View) => view.groups.get(id);

/** What the rail reads of the world. */
import type { View } from "./view.ts";

export const selectMarks = (view: View) => view.marks;
export const selectTimers = (view: View) => view.timers;

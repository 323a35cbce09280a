/** The one store of the page. */
import { create } from "zustand";
import { createLandingSlice, type LandingSlice } from "./landing.ts";
import { createLessonSlice, type LessonSlice } from "./lesson.ts";
import { createPageSlice, type PageSlice } from "./page.ts";
import { createSessionSlice, type SessionSlice } from "./session.ts";
import { createWorldSlice, type WorldSlice } from "./world.ts";

export type { Comparing } from "./page.ts";

export type View = WorldSlice & SessionSlice & PageSlice & LandingSlice & LessonSlice;

export const useView = create<View>()((...a) => ({
  ...createWorldSlice(...a),
  ...createSessionSlice(...a),
  ...createPageSlice(...a),
  ...createLandingSlice(...a),
  ...createLessonSlice(...a),
}));

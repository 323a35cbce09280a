/** The lesson that is followed in this world, as the worker told it last. */
import type { StateCreator } from "zustand";
import type { LessonView } from "../../worker/api.ts";
import type { View } from "./view.ts";

export interface LessonSlice {
  readonly lesson: LessonView | null;
  /** Another lesson comes to the front; when it is gone, the trace takes its place. */
  takeLesson(lesson: LessonView | null): void;
}

export const createLessonSlice: StateCreator<View, [], [], LessonSlice> = (set, get) => ({
  lesson: null,
  takeLesson: (lesson) => {
    const { lesson: before, leftTab, drawerTab } = get();
    if (lesson === null) {
      set({
        lesson,
        leftTab: leftTab === "lesson" ? "trace" : leftTab,
        drawerTab: drawerTab === "lesson" ? "trace" : drawerTab,
      });
    } else if (before?.id !== lesson.id) {
      const selected = lesson.look === "" ? get().selected : lesson.look;
      set({ lesson, selected, leftTab: "lesson", drawerTab: "lesson" });
    } else set({ lesson });
  },
});

export const selectLesson = (view: View) => view.lesson;
export const selectHasLesson = (view: View) => view.lesson !== null;

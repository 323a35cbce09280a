/** The lessons room's public face: the lessons, and the guide that follows one in a session. */
export { formatClock } from "./clock.ts";
export { type GoalRowState, goalRows } from "./goal.ts";
export { LessonGuide } from "./guide.ts";
export type { Beat, Hint, Lesson, Task } from "./lesson.ts";
export { LessonError } from "./lesson.ts";
export { findLesson, type LessonEntry, lessonEntries, lessonStart } from "./library.ts";
export { guessOf, hintsGiven, isDone, isFinished, type Progress } from "./progress.ts";

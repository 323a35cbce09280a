/** The lessons room's public face: the lessons, and the guide that follows one in a session. */
export { goalRows } from "./goal.ts";
export { LessonGuide } from "./guide.ts";
export type { Beat, Hint, Task } from "./lesson.ts";
export { findLesson, lessonEntries, lessonStart } from "./library.ts";
export { guessOf, hintsGiven, isDone, isFinished, type Progress } from "./progress.ts";

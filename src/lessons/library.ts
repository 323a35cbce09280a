/// <reference path="./raw-text.d.ts" />
/** The lessons that come with the project, in reading order. */
import lostAckGoal from "./content/33-lost-ack/goal.wt?raw";
import lostAck from "./content/33-lost-ack/lesson.md?raw";
import lostAckStart from "./content/33-lost-ack/start.wt?raw";
import type { Lesson } from "./lesson.ts";
import { type LessonFiles, parseLesson } from "./parse.ts";

/** What a list of lessons says of one. */
export interface LessonEntry {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly objective: string;
  readonly minutes: number;
}

const folders: readonly { readonly id: string; readonly files: LessonFiles }[] = [
  { id: "lost-ack", files: { lesson: lostAck, start: lostAckStart, goal: lostAckGoal } },
];

const parsed = new Map<string, Lesson>();

/** A lesson by its id, or null. @throws LessonError for a folder that is wrong. */
export function findLesson(id: string): Lesson | null {
  const known = parsed.get(id);
  if (known !== undefined) return known;
  const folder = folders.find((one) => one.id === id);
  if (folder === undefined) return null;
  const lesson = parseLesson(folder.files);
  parsed.set(id, lesson);
  return lesson;
}

/** The text of the scenario that a lesson begins with, or null. */
export function lessonStart(id: string): string | null {
  return folders.find((one) => one.id === id)?.files.start ?? null;
}

export function lessonEntries(): readonly LessonEntry[] {
  return folders.map((folder) => {
    const { id, number, title, objective, minutes } = findLesson(folder.id) as Lesson;
    return { id, number, title, objective, minutes };
  });
}

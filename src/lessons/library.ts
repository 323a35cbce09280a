/// <reference types="vite/types/importMeta.d.ts" />
/** The lessons that come with the project, in reading order; a text comes with its first use. */
import type { Lesson } from "./lesson.ts";
import { parseLesson } from "./parse.ts";

/** What a list of lessons says of one, as its `lesson.md` does. */
interface LessonEntry {
  readonly id: string;
  /** Course and place in it: `3.3`. */
  readonly number: string;
  readonly title: string;
  readonly objective: string;
  readonly minutes: number;
}

/** A lesson that is here, and the text of the scenario that it begins with. */
interface Read {
  readonly lesson: Lesson;
  readonly start: string;
}

/** A list needs none of the texts: a test holds this to what they say. */
export const lessonEntries: readonly LessonEntry[] = [
  {
    id: "make-it-remember",
    number: "2.1",
    title: "Make it remember",
    objective: "Make a stream, and tell a publish with a promise from one without.",
    minutes: 5,
  },
  {
    id: "once-within-window",
    number: "2.3",
    title: "Once, within a window",
    objective: "Make a retry safe with a message id, and know when the id is forgotten.",
    minutes: 6,
  },
  {
    id: "who-may-delete",
    number: "2.4",
    title: "Who may delete",
    objective: "Choose a retention: limits, interest or work queue.",
    minutes: 6,
  },
  {
    id: "needle",
    number: "3.1",
    title: "A needle on the tape",
    objective: "Read a stream through a pull consumer, and tell delivered from acknowledged.",
    minutes: 5,
  },
  {
    id: "lost-ack",
    number: "3.3",
    title: "The lost ack",
    objective: "Say why a message can come twice, and what AckWait has to do with it.",
    minutes: 6,
  },
  {
    id: "seat-rule",
    number: "3.5",
    title: "The seat rule",
    objective: "Recognise a consumer that stalls because too many messages wait for their ack.",
    minutes: 5,
  },
  {
    id: "poison",
    number: "3.6",
    title: "Poison",
    objective: "Find the messages a consumer has given up on, and mend them.",
    minutes: 8,
  },
  {
    id: "keys",
    number: "5.1",
    title: "Keys",
    objective: "Put, watch and delete keys, and find the stream below them.",
    minutes: 6,
  },
];

const texts = import.meta.glob<string>(
  ["./content/*/lesson.md", "./content/*/start.wt", "./content/*/goal.wt"],
  { query: "?raw", import: "default" },
);

const read = new Map<string, Read>();

/** Brings a lesson; one that does not exist is left out. @throws LessonError for a wrong folder. */
export async function loadLesson(id: string): Promise<void> {
  const entry = lessonEntries.find((one) => one.id === id);
  if (entry === undefined || read.has(id)) return;
  const folder = folderOf(entry);
  const text = async (file: string): Promise<string> =>
    (await texts[`./content/${folder}/${file}`]?.()) ?? "";
  const [lesson, start, goal] = await Promise.all([
    text("lesson.md"),
    text("start.wt"),
    text("goal.wt"),
  ]);
  read.set(id, { lesson: parseLesson({ lesson, start, goal }), start });
}

/** A lesson that is here, or null. */
export function findLesson(id: string): Lesson | null {
  return read.get(id)?.lesson ?? null;
}

/** The text of the scenario that a lesson begins with, or null when it is not here. */
export function lessonStart(id: string): string | null {
  return read.get(id)?.start ?? null;
}

/** The folder of a lesson: its place and its id. */
export function folderOf({ number, id }: LessonEntry): string {
  return `${number.replace(".", "")}-${id}`;
}

/** How far a lesson has come at a moment: from what it was told and from what has held so far. */
import type { VirtualNanos } from "../kernel/index.ts";
import type { LessonNote, World } from "../world/index.ts";
import type { Beat, Lesson, Task } from "./lesson.ts";

/** A place in a branch: so many events have run and so many of our lines were put in. */
export interface Position {
  readonly events: number;
  readonly inputs: number;
}

/** Where a predicate first held. */
export interface Latch extends Position {
  readonly at: VirtualNanos;
}

export interface Progress {
  readonly lesson: Lesson;
  /** Index of the beat that is on; a lesson ends with its last beat on. */
  readonly beat: number;
  readonly notes: readonly LessonNote[];
  /** Where a task or the goal first held, by key; null when it has not. */
  readonly held: (key: string) => Latch | null;
}

export function positionOf(world: World): Position {
  return { events: world.kernel.eventsRun, inputs: world.inputs };
}

export function isBy(one: Position, limit: Position): boolean {
  return one.events < limit.events || (one.events === limit.events && one.inputs <= limit.inputs);
}

/** Reads the progress at a world's moment; latches of later moments do not count. */
export function progressAt(
  lesson: Lesson,
  world: World,
  latches: ReadonlyMap<string, Latch>,
): Progress {
  const here = positionOf(world);
  const notes = world.lesson ?? [];
  const held = (key: string): Latch | null => {
    const latch = latches.get(key);
    return latch !== undefined && isBy(latch, here) ? latch : null;
  };
  const open = lesson.beats.findIndex((beat) => !isDone(beat, { notes, held }));
  return { lesson, beat: open < 0 ? lesson.beats.length - 1 : open, notes, held };
}

export function isDone(beat: Beat, { notes, held }: Pick<Progress, "notes" | "held">): boolean {
  const was = (verb: LessonNote["verb"]): boolean =>
    notes.some((note) => note.verb === verb && note.about === beat.key);
  switch (beat.kind) {
    case "scene":
      return true;
    case "read":
      return was("next");
    case "predict":
      return was("guess");
    case "play":
    case "do":
      return beat.tasks.every((task) => held(task.key) !== null);
    case "break":
      return beat.tasks.every((task) => held(task.key) !== null) || was("next");
    case "goal":
      return held(beat.key) !== null;
    case "card":
      return false;
  }
}

/** True from the moment on at which the goal was reached. */
export function isFinished({ lesson, held }: Progress): boolean {
  return lesson.beats.some((beat) => beat.kind === "goal" && held(beat.key) !== null);
}

export function currentBeat({ lesson, beat }: Progress): Beat | null {
  return lesson.beats[beat] ?? null;
}

/** The first task of the beat that is on which has not held yet; null when it has none. */
export function currentTask(progress: Progress): Task | null {
  const beat = currentBeat(progress);
  if (beat === null || !("tasks" in beat)) return null;
  return beat.tasks.find((task) => progress.held(task.key) === null) ?? null;
}

/** The option that was guessed first, counted from 1; null before. */
export function guessOf(progress: Progress, key: string): number | null {
  const note = progress.notes.find((one) => one.verb === "guess" && one.about === key);
  return note?.value ?? null;
}

/** How many hints of a task were asked for. */
export function hintsGiven(progress: Progress, task: Task): number {
  const asked = progress.notes.filter((one) => one.verb === "hint" && one.about === task.key);
  return Math.min(asked.length, task.hints.length);
}

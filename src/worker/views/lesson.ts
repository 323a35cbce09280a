/** The lessons as the page shows them, and all that the worker needs of them: one chunk. */
import {
  type Beat,
  findLesson,
  goalRows,
  guessOf,
  type Hint,
  hintsGiven,
  isDone,
  isFinished,
  LessonGuide,
  lessonEntries,
  lessonStart,
  type Progress,
  type Task,
} from "../../lessons/index.ts";
import { courseTitles } from "../../scenario/index.ts";
import type { World } from "../../world/index.ts";
import type {
  LessonBeatView,
  LessonEntryView,
  LessonHintView,
  LessonRowView,
  LessonTaskView,
  LessonView,
} from "../lesson-view.ts";

/** Where a lesson begins: a scenario's text, and a moment of it. */
export interface LessonStart {
  readonly text: string;
  readonly opens: number;
}

export function createGuide(): LessonGuide {
  return new LessonGuide();
}

export function startOf(id: string): LessonStart | null {
  const text = lessonStart(id);
  const lesson = findLesson(id);
  return text === null || lesson === null ? null : { text, opens: lesson.opens };
}

export function entries(): readonly LessonEntryView[] {
  return lessonEntries.map((entry) => {
    const course = Number.parseInt(entry.number, 10);
    return { ...entry, course, courseTitle: courseTitles[course - 1] ?? "" };
  });
}

export function viewLesson(guide: LessonGuide, world: World): LessonView | null {
  const progress = guide.tracker?.progress(world);
  if (progress === undefined) return null;
  const { lesson, beat } = progress;
  const { id, number, title, objective, evidence, par, opens, look } = lesson;
  const ticks = allTasks(lesson.beats).map(({ key }) => progress.held(key)?.at ?? -1);
  const lastTick = Math.max(-1, ...ticks);
  return {
    ...{ id, number, title, objective, evidence, par, opens, look, beat },
    strokes: guide.strokes,
    finished: isFinished(progress),
    lastTick: lastTick < 0 ? null : lastTick,
    beats: lesson.beats.map((_, index) => viewBeat(progress, index, world)),
  };
}

function viewBeat(progress: Progress, index: number, world: World): LessonBeatView {
  const beat = progress.lesson.beats[index] as Beat;
  const { key, kind, title, text } = beat;
  const state = index === progress.beat ? "now" : index < progress.beat ? "done" : "later";
  const isTold = tells(progress, index);
  return {
    ...{ key, kind, title, text, state },
    after: isTold ? beat.after : [],
    options: beat.kind === "predict" ? beat.options : [],
    guess: beat.kind === "predict" ? guessOf(progress, key) : null,
    answer: beat.kind === "predict" && isTold ? beat.answer : null,
    tasks: "tasks" in beat ? beat.tasks.map((task) => viewTask(progress, task)) : [],
    rows: beat.kind === "goal" ? viewGoal(beat, state === "done", world) : [],
    commands: beat.kind === "card" ? beat.commands : [],
  };
}

/** A prediction is explained when the beat behind it has shown the answer. */
function tells(progress: Progress, index: number): boolean {
  const { beats } = progress.lesson;
  const beat = beats[index + (beats[index]?.kind === "predict" ? 1 : 0)];
  return beat !== undefined && isDone(beat, progress);
}

/** Once it was reached, a goal stays reached, whatever is broken after it. */
function viewGoal(beat: Extract<Beat, { kind: "goal" }>, reached: boolean, world: World) {
  return goalRows(beat, world).map((row): LessonRowView => {
    return reached ? { ...row, holds: true } : row;
  });
}

function viewTask(progress: Progress, task: Task): LessonTaskView {
  const given = hintsGiven(progress, task);
  return {
    key: task.key,
    text: task.text,
    at: progress.held(task.key)?.at ?? null,
    hints: task.hints.slice(0, given).map(viewHint),
    hintsLeft: task.hints.length - given,
    look: task.hints[0]?.kind === "look" ? task.hints[0].id : null,
  };
}

function viewHint(hint: Hint): LessonHintView {
  switch (hint.kind) {
    case "look":
      return { kind: "look", text: hint.id };
    case "say":
      return { kind: "say", text: hint.text };
    case "type":
      return { kind: "type", text: hint.line };
  }
}

function allTasks(beats: readonly Beat[]): readonly Task[] {
  return beats.flatMap((beat) => ("tasks" in beat ? beat.tasks : []));
}

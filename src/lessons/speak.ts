/** What `lesson` says at a terminal. */

import type { LessonReply, World } from "../world/index.ts";
import { formatClock } from "./clock.ts";
import { type GoalRowState, goalRows } from "./goal.ts";
import type { Beat, Hint, Predict, Tasks } from "./lesson.ts";
import { lessonEntries } from "./library.ts";
import {
  currentBeat,
  currentTask,
  guessOf,
  hintsGiven,
  isDone,
  isFinished,
  type Progress,
} from "./progress.ts";

/** Answers the words behind `lesson`; `progress` is null where no lesson is open. */
export function answerLine(
  words: readonly string[],
  progress: Progress | null,
  world: World,
): LessonReply {
  const [verb = "", argument = ""] = words;
  if (verb === "list") return say(listText(progress));
  if (verb === "start") return startLesson(argument);
  if (progress === null) return refuse("no lesson is open: `lesson list` names them");
  switch (verb) {
    case "guess":
      return guess(progress, argument);
    case "hint":
      return hint(progress, world);
    case "next":
      return next(progress, world);
    default:
      return say(statusText(progress, world));
  }
}

function say(text: string, note: LessonReply["note"] = null): LessonReply {
  return { exit: 0, text, note };
}

function refuse(text: string): LessonReply {
  return { exit: 1, text, note: null };
}

function listText(progress: Progress | null): string {
  const width = Math.max(...lessonEntries.map(({ id }) => id.length)) + 2;
  return lessonEntries
    .map(({ id, number, title, minutes }) => {
      const mark = progress?.lesson.id === id ? "*" : " ";
      return `${mark} ${number.padEnd(5)}${id.padEnd(width)}${title}, ${minutes} min\n`;
    })
    .join("");
}

function startLesson(id: string): LessonReply {
  const lesson = lessonEntries.find((one) => one.id === id);
  if (lesson === undefined) return refuse(`no lesson ${id}: \`lesson list\` names them`);
  return say(`Lesson ${lesson.number}, ${lesson.title}: a world of its own\n`);
}

function guess(progress: Progress, argument: string): LessonReply {
  const asked = progress.lesson.beats.find(
    (beat, index): beat is Predict => beat.kind === "predict" && index >= progress.beat,
  );
  const on = currentBeat(progress);
  if (asked === undefined || on !== asked) {
    const before = progress.lesson.beats.find((beat): beat is Predict => beat.kind === "predict");
    const made = before === undefined ? null : guessOf(progress, before.key);
    return refuse(made === null ? "nothing is asked now" : `option ${made} is your guess already`);
  }
  const option = asked.options[Number(argument) - 1];
  if (!/^\d+$/.test(argument) || option === undefined) {
    return refuse(`answer 1 to ${asked.options.length}: \`lesson status\` shows the question`);
  }
  const note = { verb: "guess", about: asked.key, value: Number(argument) } as const;
  return say(`Your guess: ${option}. Time will tell\n`, note);
}

function hint(progress: Progress, world: World): LessonReply {
  const task = currentTask(progress);
  if (task === null || task.hints.length === 0) return say(nowText(progress, world));
  const given = hintsGiven(progress, task);
  const fresh = task.hints[given];
  const shown = task.hints
    .slice(0, given + 1)
    .map(hintText)
    .join("");
  if (fresh === undefined) return say(shown);
  return say(shown, { verb: "hint", about: task.key, value: 0 });
}

/** A hint as a line of text. */
function hintText(one: Hint): string {
  switch (one.kind) {
    case "look":
      return `look   ${one.id.replace(":", " ")}\n`;
    case "say":
      return `know   ${plain(one.text)}\n`;
    case "type":
      return `type   ${one.line}\n`;
  }
}

function next(progress: Progress, world: World): LessonReply {
  const beat = currentBeat(progress);
  if (beat === null || (beat.kind !== "read" && beat.kind !== "break")) {
    return say(nowText(progress, world));
  }
  const after = progress.lesson.beats[progress.beat + 1];
  const text = after === undefined ? "" : beatText(after, progress, world);
  return say(text, { verb: "next", about: beat.key, value: 0 });
}

/** What has been done, in a line each, and what is asked now. */
function statusText(progress: Progress, world: World): string {
  const { lesson, beat: on } = progress;
  const past = lesson.beats
    .slice(0, on)
    .filter((beat) => beat.kind !== "scene" && isDone(beat, progress))
    .map((beat) => `✓ ${headingOf(beat)}\n`);
  const head = `Lesson ${lesson.number}, ${lesson.title}\n`;
  const scene = on <= 1 ? lesson.beats.filter((beat) => beat.kind === "scene").map(prose) : [];
  const end = isFinished(progress) ? "The goal is reached\n" : "";
  return [head, ...scene, ...past, end, nowText(progress, world)].join("");
}

function nowText(progress: Progress, world: World): string {
  const beat = currentBeat(progress);
  return beat === null ? "" : beatText(beat, progress, world);
}

const headings: Record<Beat["kind"], string> = {
  scene: "Scene",
  read: "Read",
  predict: "Predict",
  play: "Play",
  do: "Do",
  goal: "Goal",
  break: "Break it",
  card: "Card",
};

function headingOf(beat: Beat): string {
  return beat.title === "" ? headings[beat.kind] : `${headings[beat.kind]}: ${beat.title}`;
}

function prose(beat: Beat): string {
  return beat.text.map((text) => `${plain(text)}\n`).join("");
}

function beatText(beat: Beat, progress: Progress, world: World): string {
  const head = `${headingOf(beat)}\n${prose(beat)}`;
  switch (beat.kind) {
    case "predict":
      return `${head}${optionLines(beat)}Answer: lesson guess 1 to ${beat.options.length}\n`;
    case "play":
    case "do":
    case "break":
      return `${head}${taskLines(beat, progress)}`;
    case "goal":
      return `${head}${goalRows(beat, world).map(rowLine).join("")}`;
    case "card":
      return `${head}${beat.commands.map((line) => `  ${line}\n`).join("")}`;
    default:
      return `${head}Go on: lesson next\n`;
  }
}

function optionLines({ options }: Predict): string {
  return options.map((option, index) => `  ${index + 1}  ${plain(option)}\n`).join("");
}

function rowLine({ label, holds, yours, wanted }: GoalRowState): string {
  return `${holds ? "✓" : "○"} ${label}: ${yours}, goal ${wanted}\n`;
}

function taskLines({ tasks }: Tasks, { held }: Progress): string {
  return tasks
    .map(({ key, text }) => {
      const latch = held(key);
      const when = latch === null ? "" : ` (${formatClock(latch.at)})`;
      return `${latch === null ? "○" : "✓"} ${plain(text)}${when}\n`;
    })
    .join("");
}

/** Rich text without its marks. */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replace(/\*\*|`|_(?=\S)|(?<=\S)_/g, "");
}

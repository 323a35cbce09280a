/** `lesson`: what a lesson asks, its hints, a guess. The lessons themselves are behind a door. */
import type { Call, WorldCommandSpec } from "./grammar.ts";
import { UsageError } from "./usage-error.ts";

export const lessonCommands: readonly WorldCommandSpec[] = [
  lessonCommand("list", { help: "Lists the lessons.", example: "lesson list" }),
  lessonCommand("start", {
    args: "LESSON",
    help: "Opens a lesson in a world of its own, on the page.",
    example: "lesson start lost-ack",
  }),
  lessonCommand("status", {
    help: "Says what the lesson asks now, and what has been done.",
    example: "lesson status",
  }),
  lessonCommand("guess", {
    args: "OPTION",
    help: "Answers the lesson's question, before time shows it. The first guess counts.",
    example: "lesson guess 2",
  }),
  lessonCommand("hint", {
    help: "Gives the next hint: where to look, what to know, what to type.",
    example: "lesson hint",
  }),
  lessonCommand("next", {
    help: "Goes on where nothing is left to do; else says what is.",
    example: "lesson next",
  }),
];

function lessonCommand(
  name: string,
  rest: { readonly args?: string; readonly help: string; readonly example: string },
): WorldCommandSpec {
  const { args = "", help, example } = rest;
  const count = args === "" ? 0 : 1;
  const limits = { argsMin: count, argsMax: count };
  const run = (call: Call) => tellLesson(call, name);
  return { path: `lesson ${name}`, args, ...limits, flags: [], help, example, run };
}

function tellLesson({ world, doors, args }: Call, verb: string): string {
  if (doors.lesson === null) throw new UsageError("there are no lessons here");
  const { exit, text, note } = doors.lesson(world, [verb, ...args]);
  if (exit !== 0) throw new UsageError(text.trimEnd());
  if (note !== null) {
    world.lesson ??= [];
    world.lesson.push({ at: world.kernel.now, ...note });
  }
  return text;
}

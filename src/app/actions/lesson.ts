/** What a person does with a lesson. Each is a line, so that undo, seek and links know it. */
import type { OpenReply } from "../../worker/api.ts";
import { useView } from "../store/view.ts";
import { openWorld } from "./open-world.ts";
import { focusTerminal } from "./registry.ts";
import { propose, submit } from "./submit.ts";
import { pause, seek } from "./transport.ts";

/** Opens a lesson in a world of its own, at its own moment, where time stands still. */
export function openLesson(id: string): Promise<OpenReply> {
  return openWorld({ lesson: id, playing: false });
}

export function guess(option: number): Promise<void> {
  return submit(`lesson guess ${option}`);
}

/** Turns the page where nothing is left to do. */
export function goOn(): Promise<void> {
  return submit("lesson next");
}

/** Puts a line at the prompt; Enter is the person's. */
export function typeLine(line: string): void {
  propose(line);
  focusTerminal();
}

/** To before the first answer; what is done from there on is a branch of its own. */
export async function startAgain(): Promise<void> {
  const { lesson } = useView.getState();
  if (lesson === null) return;
  await pause();
  await seek(lesson.opens - 1);
}

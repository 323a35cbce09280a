/** Golf: which of the lines that were typed changed something. Reading is free. */
import type { JournalEntry } from "../kernel/index.ts";
import type { FollowedSession } from "../scenario/index.ts";
import type { Latch, Progress } from "./progress.ts";

const changing = new Set(["world", "fault", "load", "node", "kill"]);
const verbs =
  "add|edit|rm|delete|purge|pub|publish|req|request|rmm|seal|restore|create|put|update|del|" +
  "pause|resume|next|sub|reply|step-down|balance|watch|incr";
const changingNats = new RegExp(`^nats\\s(?:.*\\s)?(?:${verbs})(?:\\s|$)`);
/** What separates the commands of a line, and the words of loops and branches. */
const between = /[;&|()]|\b(?:do|then|else)\s/;

/** Typed lines that changed something, up to the goal; the scenario's own lines do not count. */
export function countStrokes(session: FollowedSession, progress: Progress): number {
  const { lesson } = progress;
  const goal = lesson.beats.find((beat) => beat.kind === "goal");
  const end: Latch | null = goal === undefined ? null : progress.held(goal.key);
  const given = new Set(lesson.start.entries.map(nameOf));
  return session
    .journal()
    .slice(0, session.applied)
    .filter((entry) => entry.kind === "line" && !given.has(nameOf(entry)))
    .filter((entry) => (end === null || entry.at <= end.at) && changesSomething(entry.text)).length;
}

export function changesSomething(line: string): boolean {
  return line.split(between).some((part) => {
    const command = part.trim();
    if (/--help\b/.test(command)) return false;
    const [word = ""] = command.split(/\s+/, 1);
    return changing.has(word) || changingNats.test(command);
  });
}

function nameOf({ at, tty, text }: JournalEntry): string {
  return `${at} ${tty} ${text}`;
}

/** The lessons in the worker: loaded with the first of them, followed, told to the page. */
import type { LessonGuide } from "../lessons/index.ts";
import type { FollowedSession, LessonDoor } from "../scenario/index.ts";
import type { LessonReply, World } from "../world/index.ts";
import type { LessonEntryView, LessonView } from "./lesson-view.ts";
import type { LessonStart } from "./views/lesson.ts";

/** The id behind a `lesson start` that has ended well, or null for any other command. */
export function askedLesson(world: World, tty: string, command: number): string | null {
  const typed = world.terminals.get(tty)?.commands[command];
  if (typed?.exit !== 0) return null;
  return /^\s*lesson\s+start\s+([\w-]+)\s*$/.exec(typed.line)?.[1] ?? null;
}

/** What comes with the first lesson. */
type Lessons = typeof import("./views/lesson.ts");

/** The panel is read, not watched. */
const viewEveryMs = 120;

export class LessonDesk implements LessonDoor {
  readonly #tell: (view: LessonView | null) => void;
  #lessons: Lessons | null = null;
  #guide: LessonGuide | null = null;
  #coming: Promise<void> | null = null;
  #followed: { readonly session: FollowedSession; readonly id: string | null } | null = null;
  #told = "null";
  #toldAt = 0;

  constructor(tell: (view: LessonView | null) => void) {
    this.#tell = tell;
  }

  load(id: string | null): Promise<void> | null {
    if (this.#guide !== null) return this.#guide.load(id);
    this.#coming ??= this.#bring();
    return id === null ? this.#coming : this.#coming.then(() => this.#guide?.load(id) ?? undefined);
  }

  follow(session: FollowedSession, id: string | null): void {
    this.#followed = { session, id };
    this.#guide?.follow(session, id);
  }

  answer(world: World, words: readonly string[]): LessonReply {
    if (this.#guide !== null) return this.#guide.answer(world, words);
    return { exit: 1, text: "the lessons are not here yet", note: null };
  }

  /** The scenario that a lesson begins with and the moment it opens at; null for no lesson. */
  async start(id: string): Promise<LessonStart | null> {
    await this.load(id);
    return this.#lessons?.startOf(id) ?? null;
  }

  async entries(): Promise<readonly LessonEntryView[]> {
    await this.load(null);
    return this.#lessons?.entries() ?? [];
  }

  /** Ids for completion, as far as they are known. */
  get ids(): readonly string[] {
    return this.#lessons?.entries().map(({ id }) => id) ?? [];
  }

  /** Tells the page when something of the lesson has changed; while time runs, now and then. */
  show(world: World, now: number, playing: boolean): void {
    if (playing && now - this.#toldAt < viewEveryMs) return;
    this.#toldAt = now;
    const guide = this.#guide;
    const view = guide === null ? null : (this.#lessons?.viewLesson(guide, world) ?? null);
    const told = JSON.stringify(view);
    if (told === this.#told) return;
    this.#told = told;
    this.#tell(view);
  }

  async #bring(): Promise<void> {
    this.#lessons = await import("./views/lesson.ts");
    const guide = this.#lessons.createGuide();
    await guide.load(null);
    this.#guide = guide;
    const followed = this.#followed;
    if (followed !== null) guide.follow(followed.session, followed.id);
  }
}

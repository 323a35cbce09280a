/** What a session asks of the lessons: follow it, and answer the lines that say `lesson`. */
import { type FollowedSession, type LessonDoor, loadPredicates } from "../scenario/index.ts";
import { type LessonReply, predicatesAreHere, type World } from "../world/index.ts";
import { findLesson, loadLesson } from "./library.ts";
import { answerLine } from "./speak.ts";
import { countStrokes } from "./strokes.ts";
import { LessonTracker } from "./tracker.ts";

export class LessonGuide implements LessonDoor {
  /** Of the session that is followed; null when it has no lesson. */
  tracker: LessonTracker | null = null;
  #session: FollowedSession | null = null;

  load(id: string | null): Promise<void> | null {
    const wanted = id !== null && findLesson(id) === null ? loadLesson(id) : null;
    if (predicatesAreHere()) return wanted;
    return Promise.all([loadPredicates(), wanted]).then(() => {});
  }

  follow(session: FollowedSession, id: string | null): void {
    const lesson = id === null ? null : findLesson(id);
    this.#session = session;
    this.tracker = lesson === null ? null : new LessonTracker(session, lesson);
  }

  /** Typed lines that count against the lesson's par. */
  get strokes(): number {
    if (this.#session === null || this.tracker === null) return 0;
    return countStrokes(this.#session, this.tracker.progress());
  }

  answer(world: World, words: readonly string[]): LessonReply {
    return answerLine(words, this.tracker?.progress(world) ?? null, world);
  }
}

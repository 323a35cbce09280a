/**
 * Follows a lesson in a session. It looks at the predicates of the beat that is on after every
 * notable event, after every line of ours, and after the first and the last event of each tenth of
 * a virtual second, so that nothing stays unseen when the world falls silent. What holds is written
 * down with its place, once a branch. So progress at any moment is a function of the journal: a
 * replay finds the same places, and looking back shows what had held by then.
 */
import { nextEventAt } from "../kernel/index.ts";
import type { FollowedSession } from "../scenario/index.ts";
import { evaluatePredicate, type PlainValue, rememberWas, type World } from "../world/index.ts";
import { type Lesson, predicatesOf } from "./lesson.ts";
import {
  isBy,
  type Latch,
  type Position,
  type Progress,
  positionOf,
  progressAt,
} from "./progress.ts";

/** What is known of one branch. */
interface Book {
  readonly latches: Map<string, Latch>;
  /** What the `was(...)` of a predicate were when its beat came on. */
  readonly before: Map<string, Position & { readonly was: readonly PlainValue[] }>;
  /** Everything up to here has been looked at. */
  until: Position;
  notable: number;
  tick: number;
}

const tickNanos = 100_000_000;

export class LessonTracker {
  readonly lesson: Lesson;
  readonly #session: FollowedSession;
  readonly #books = new Map<number, Book>();
  /** The place where the session stood last. */
  #last: Position;

  /** Begins where the session stands: before its first event. */
  constructor(session: FollowedSession, lesson: Lesson) {
    this.lesson = lesson;
    this.#session = session;
    this.#last = positionOf(session.world);
    this.#books.set(session.branch, newBook(session.world, this.#last));
    session.listen({
      moved: () => this.#move(),
      restored: () => this.#stand(positionOf(session.world)),
    });
  }

  /** The progress at a moment of the branch that is shown. */
  progress(world: World = this.#session.world): Progress {
    const book = this.#books.get(this.#session.branch);
    return progressAt(this.lesson, world, book?.latches ?? new Map());
  }

  #move(): void {
    const { world } = this.#session;
    const here = positionOf(world);
    const book = this.#stand(this.#last);
    this.#last = here;
    // What is replayed was looked at when it was new.
    if (isBy(here, book.until)) return;
    const isLine = here.inputs !== book.until.inputs;
    book.until = here;
    const tick = Math.floor(world.kernel.now / tickNanos);
    const isQuiet = book.notable === world.notable && book.tick === tick;
    if (!isLine && isQuiet && nextTick(world) === tick) return;
    book.notable = world.notable;
    book.tick = tick;
    look(this.lesson, world, book);
  }

  /** The book of the branch shown; a new branch knows what its parent knew at `here`. */
  #stand(here: Position): Book {
    const { branch, branches, world } = this.#session;
    this.#last = here;
    const known = this.#books.get(branch);
    if (known !== undefined) return known;
    const parent = this.#books.get(branches.find((one) => one.id === branch)?.parent ?? -1);
    const book = newBook(world, here);
    for (const [key, latch] of parent?.latches ?? []) {
      if (isBy(latch, here)) book.latches.set(key, latch);
    }
    for (const [key, before] of parent?.before ?? []) {
      if (isBy(before, here)) book.before.set(key, before);
    }
    this.#books.set(branch, book);
    return book;
  }
}

/** The tenth of a second in which something happens next. */
function nextTick(world: World): number {
  const next = nextEventAt(world.kernel);
  return next === null ? Number.POSITIVE_INFINITY : Math.floor(next / tickNanos);
}

function newBook(world: World, until: Position): Book {
  const tick = Math.floor(world.kernel.now / tickNanos);
  return { latches: new Map(), before: new Map(), until, notable: world.notable, tick };
}

/** Ticks what holds; when that ends a beat, the next one is looked at in the same moment. */
function look(lesson: Lesson, world: World, book: Book): void {
  const place = { ...positionOf(world), at: world.kernel.now };
  for (let beat = -1; ; ) {
    const progress = progressAt(lesson, world, book.latches);
    const on = lesson.beats[progress.beat];
    if (progress.beat === beat || on === undefined) return;
    beat = progress.beat;
    for (const { key, when } of predicatesOf(on)) {
      if (book.latches.has(key)) continue;
      const before = book.before.get(key) ?? { ...place, was: rememberWas(when, world) };
      book.before.set(key, before);
      if (evaluatePredicate(world, when, before.was).holds) book.latches.set(key, place);
    }
  }
}

/** What a lesson is: plain data, read from the files of its folder. */
import type { VirtualNanos } from "../kernel/index.ts";
import type { Scenario } from "../link/index.ts";

/** Texts are rich as in frames: `**strong**`, `` `code` ``, `_quiet_`, `[words](id)`. */
export interface Lesson {
  /** Name in links and commands. */
  readonly id: string;
  /** Course and place in it: `3.3`. */
  readonly number: string;
  readonly title: string;
  /** What one can do afterwards, in a sentence. */
  readonly objective: string;
  readonly minutes: number;
  /** Fewest commands that reach the goal; null where thinking matters more than typing. */
  readonly par: number | null;
  /** The moment at which it opens, paused. */
  readonly opens: VirtualNanos;
  /** Id of what is selected when it opens; empty for nothing. */
  readonly look: string;
  /** What its claims rest on: a run of nats-server, a recording, our model. */
  readonly evidence: readonly string[];
  readonly beats: readonly Beat[];
  readonly start: Scenario;
}

/** One part of a lesson; the next begins when it is done. */
export type Beat = Scene | Predict | Tasks | Goal | Card;

interface BeatBase {
  /** Its place: `1`, `2`, ... */
  readonly key: string;
  /** Instead of the usual heading; empty without one. */
  readonly title: string;
  readonly text: readonly string[];
  /** Said when it is done. */
  readonly after: readonly string[];
}

/** Prose alone. A `scene` needs nothing to go on, `read` wants `lesson next`. */
export interface Scene extends BeatBase {
  readonly kind: "scene" | "read";
}

/** A question about what time will show. `after` waits for the beat behind it. */
export interface Predict extends BeatBase {
  readonly kind: "predict";
  readonly options: readonly string[];
  /** Which option is right, counted from 1. */
  readonly answer: number;
}

/** `play`: things to watch for; `do`: things to do; `break`: the same, and may be left out. */
export interface Tasks extends BeatBase {
  readonly kind: "play" | "do" | "break";
  readonly tasks: readonly Task[];
}

/** A state of the world. */
export interface Goal extends BeatBase {
  readonly kind: "goal";
  readonly rows: readonly GoalRow[];
}

/** To take home. */
export interface Card extends BeatBase {
  readonly kind: "card";
  readonly commands: readonly string[];
}

export interface Task {
  /** `3.2`: the second task of the third beat. */
  readonly key: string;
  readonly text: string;
  /** CEL over the state object; ticked when it first holds. */
  readonly when: string;
  readonly hints: readonly Hint[];
}

/** Look here, know this, type that: each is a little more than the one before. */
export type Hint =
  | { readonly kind: "look"; readonly id: string }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "type"; readonly line: string };

export interface GoalRow {
  readonly label: string;
  readonly predicate: string;
}

/** A mistake in a lesson's file, with the line it is on and what to do about it. */
export class LessonError extends Error {
  override readonly name = "LessonError";
  /** The file within the lesson's folder. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  constructor(file: string, line: number, reason: string) {
    super(`${file}, line ${line}: ${reason}`);
    this.file = file;
    this.line = line;
  }
}

/** The predicates of a beat with their keys, in the order of the file. */
export function predicatesOf(
  beat: Beat,
): readonly { readonly key: string; readonly when: string }[] {
  switch (beat.kind) {
    case "play":
    case "do":
    case "break":
      return beat.tasks;
    case "goal":
      return [{ key: beat.key, when: beat.rows.map((row) => `(${row.predicate})`).join(" && ") }];
    default:
      return [];
  }
}

/** What the page is told of a lesson. Flat data; texts are rich as in frames. */

export interface LessonView {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly objective: string;
  /** What is selected when it opens; empty for nothing. */
  readonly look: string;
  /** What its claims rest on. */
  readonly evidence: readonly string[];
  readonly par: number | null;
  /** Typed lines that changed something, up to the goal. */
  readonly strokes: number;
  /** Index of the beat that is on. */
  readonly beat: number;
  /** The goal was reached. */
  readonly finished: boolean;
  /** Where it opened, and where the last tick was made. */
  readonly opens: number;
  readonly lastTick: number | null;
  readonly beats: readonly LessonBeatView[];
}

export type LessonBeatKind =
  | "scene"
  | "read"
  | "predict"
  | "play"
  | "do"
  | "goal"
  | "break"
  | "card";

export interface LessonBeatView {
  readonly key: string;
  readonly kind: LessonBeatKind;
  readonly title: string;
  readonly state: "done" | "now" | "later";
  readonly text: readonly string[];
  /** Empty until it may be told. */
  readonly after: readonly string[];
  readonly options: readonly string[];
  readonly guess: number | null;
  /** The right option; null until time has shown it. */
  readonly answer: number | null;
  readonly tasks: readonly LessonTaskView[];
  readonly rows: readonly LessonRowView[];
  readonly commands: readonly string[];
}

export interface LessonTaskView {
  readonly key: string;
  readonly text: string;
  /** When it first held; null before. */
  readonly at: number | null;
  /** Those that were asked for. */
  readonly hints: readonly LessonHintView[];
  readonly hintsLeft: number;
  /** What its first hint points at. */
  readonly look: string | null;
}

export interface LessonHintView {
  readonly kind: "look" | "say" | "type";
  /** An id, a rich text, a line. */
  readonly text: string;
}

/** One line of the goal beside the world's own. */
export interface LessonRowView {
  readonly label: string;
  readonly holds: boolean;
  readonly yours: string;
  readonly wanted: string;
}

export interface LessonEntryView {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly objective: string;
  readonly minutes: number;
  /** Course of the curriculum, counted from 1, and its title. */
  readonly course: number;
  readonly courseTitle: string;
}

/** What a `.wt` file says: the header, embedded files and one input a line. */
import type { JournalEntry } from "../kernel/index.ts";

/** A file that exists in the terminal's home before the first input. */
export interface ScenarioFile {
  readonly path: string;
  readonly text: string;
}

/** A question to think about before playing, as the page's predict chip shows it. */
export interface Prediction {
  readonly question: string;
  readonly options: readonly string[];
  /** Which option is right, counted from 1. */
  readonly answer: number;
}

/** A `#` line; `before` is the number of the entry that it stands before, -1 above the header. */
export interface ScenarioComment {
  readonly before: number;
  readonly text: string;
}

export interface Scenario {
  readonly title: string;
  /** Id of the lesson that is followed in this world, or null. */
  readonly lesson: string | null;
  /** Null when the file names none: the runner's default, or the caller's. */
  readonly seed: number | null;
  /** What follows the word `world`, one for each such line; run and settled before 0s. */
  readonly world: readonly string[];
  readonly caption: string;
  readonly description: readonly string[];
  readonly tags: readonly string[];
  /** From 1 (first steps) to 5, or null. */
  readonly difficulty: number | null;
  /** Where the expectations come from: a server run, a recording, or our model. */
  readonly evidence: readonly string[];
  readonly predict: Prediction | null;
  readonly files: readonly ScenarioFile[];
  readonly entries: readonly JournalEntry[];
  readonly comments: readonly ScenarioComment[];
}

/** The terminal that a line without `@` is typed at. */
export const defaultTty = "t1";

export const scenarioFormat = 1;

/** A scenario with nothing in it, to be spread and filled. */
export const emptyScenario: Scenario = Object.freeze({
  title: "",
  lesson: null,
  seed: null,
  world: [],
  caption: "",
  description: [],
  tags: [],
  difficulty: null,
  evidence: [],
  predict: null,
  files: [],
  entries: [],
  comments: [],
});

/** A mistake in a file, with the line it is on and what to do about it. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
  /** Counted from 1. */
  readonly line: number;
  readonly reason: string;
  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.line = line;
    this.reason = reason;
  }
}

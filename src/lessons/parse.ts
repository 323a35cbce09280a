/** Reads the files of a lesson's folder. Errors name their file and line and say what to do. */
import { parseNanos, type VirtualNanos, virtualNanos } from "../kernel/index.ts";
import { parseScenario, parseScenarioLines, type Scenario, ScenarioError } from "../link/index.ts";
import { type Block, type Field, type LessonText, readBlocks, type Section } from "./blocks.ts";
import {
  type Beat,
  type GoalRow,
  type Hint,
  type Lesson,
  LessonError,
  type Task,
} from "./lesson.ts";

/** The text of each file. */
export interface LessonFiles {
  readonly lesson: string;
  readonly start: string;
  readonly goal: string;
}

const prose = "lesson.md";
const frontKeys = {
  lesson: "once",
  number: "once",
  objective: "once",
  minutes: "once",
  opens: "once",
  par: "once, maybe",
  look: "once, maybe",
  evidence: "many",
} as const;
type FrontKey = keyof typeof frontKeys;

/** @throws LessonError */
export function parseLesson(files: LessonFiles): Lesson {
  const text = readBlocks(prose, files.lesson);
  const front = readFront(text);
  const one = (key: FrontKey): string => front.get(key)?.[0]?.value ?? "";
  const rows = readGoal(files.goal);
  const beats = text.sections.map((section, index) => readBeat(section, String(index + 1), rows));
  checkOrder(text.sections, beats);
  const id = one("lesson");
  return {
    id,
    number: one("number"),
    title: text.title,
    objective: one("objective"),
    minutes: wholeNumber(front, "minutes"),
    par: front.has("par") ? wholeNumber(front, "par") : null,
    opens: readMoment(front.get("opens")?.[0]),
    look: one("look"),
    evidence: (front.get("evidence") ?? []).map((field) => field.value),
    beats,
    start: readStart(files.start, id),
  };
}

function readFront({ front }: LessonText): Map<FrontKey, Field[]> {
  const found = new Map<FrontKey, Field[]>();
  for (const field of front) {
    if (!Object.hasOwn(frontKeys, field.key)) {
      const known = Object.keys(frontKeys).join(", ");
      throw new LessonError(
        prose,
        field.line,
        `"${field.key}" is not known here; there are ${known}`,
      );
    }
    const key = field.key as FrontKey;
    const before = found.get(key) ?? [];
    const first = before[0];
    if (first !== undefined && frontKeys[key] !== "many") {
      throw new LessonError(
        prose,
        field.line,
        `"${key}" was given on line ${first.line}; keep one`,
      );
    }
    found.set(key, [...before, field]);
  }
  for (const key of Object.keys(frontKeys) as FrontKey[]) {
    if (frontKeys[key] !== "once, maybe" && !found.has(key)) {
      throw new LessonError(prose, 1, `the front matter lacks "${key}: ..."`);
    }
  }
  return found;
}

function wholeNumber(front: ReadonlyMap<FrontKey, readonly Field[]>, key: FrontKey): number {
  const field = front.get(key)?.[0];
  if (field !== undefined && /^[1-9]\d{0,2}$/.test(field.value)) return Number(field.value);
  throw new LessonError(prose, field?.line ?? 1, `"${key}" is a whole number from 1 on`);
}

function readMoment(field: Field | undefined): VirtualNanos {
  const at = parseNanos(field?.value ?? "");
  if (at !== null) return virtualNanos(at);
  throw new LessonError(prose, field?.line ?? 1, '"opens" is a time, such as 3s or 250ms');
}

const kinds: Readonly<Record<string, Beat["kind"]>> = {
  scene: "scene",
  read: "read",
  predict: "predict",
  play: "play",
  do: "do",
  goal: "goal",
  "break it": "break",
  card: "card",
};

function readBeat(section: Section, key: string, rows: readonly GoalRow[]): Beat {
  const kind = kinds[section.name];
  if (kind === undefined) {
    const known = Object.keys(kinds).join(", ");
    throw new LessonError(
      prose,
      section.line,
      `"${section.name}" is no part of a lesson: ${known}`,
    );
  }
  const of = (wanted: Block["kind"]): string[] =>
    section.blocks.filter((block) => block.kind === wanted).map((block) => block.text);
  const base = { key, title: section.title, text: of("text"), after: of("after") };
  switch (kind) {
    case "scene":
    case "read":
      refuseItems(section);
      return { ...base, kind };
    case "predict":
      return { ...base, kind, ...readOptions(section) };
    case "play":
    case "do":
    case "break":
      return { ...base, kind, tasks: readTasks(section, key) };
    case "goal":
      refuseItems(section);
      return { ...base, kind, rows };
    case "card":
      return { ...base, kind, commands: itemsOf(section).map(({ text }) => unquoted(text)) };
  }
}

type Item = Extract<Block, { kind: "item" }>;

function itemsOf(section: Section): Item[] {
  return section.blocks.filter((block): block is Item => block.kind === "item");
}

function refuseItems(section: Section): void {
  const [item] = itemsOf(section);
  if (item === undefined) return;
  throw new LessonError(prose, item.line, `a list has no meaning under "${section.name}"`);
}

function readOptions(section: Section): { options: string[]; answer: number } {
  const items = itemsOf(section);
  const [bare] = items.filter((item) => item.box === null || item.fields.length > 0);
  if (bare !== undefined) {
    throw new LessonError(
      prose,
      bare.line,
      'write an option as "- [ ] words", the right one "[x]"',
    );
  }
  const right = items.filter((item) => item.box === true);
  if (items.length < 2 || right.length !== 1) {
    throw new LessonError(prose, section.line, "give two or more options, exactly one of them [x]");
  }
  const answer = items.findIndex((item) => item.box === true) + 1;
  return { options: items.map((item) => item.text), answer };
}

function readTasks(section: Section, beat: string): Task[] {
  const items = itemsOf(section);
  if (items.length === 0) {
    throw new LessonError(
      prose,
      section.line,
      `"${section.name}" needs a list of what is to happen`,
    );
  }
  return items.map((item, index) => readTask(item, `${beat}.${index + 1}`));
}

function readTask(item: Item, key: string): Task {
  const when = item.fields.find((field) => field.key === "when");
  if (when === undefined) {
    throw new LessonError(prose, item.line, 'add "  - when: PREDICATE" under this item');
  }
  const hints = item.fields.filter((field) => field !== when).map(readHint);
  return { key, text: item.text, when: when.value, hints };
}

function readHint({ key, value, line }: Field): Hint {
  switch (key) {
    case "look":
      return { kind: "look", id: value };
    case "say":
      return { kind: "say", text: value };
    case "type":
      return { kind: "type", line: value };
    default:
      throw new LessonError(prose, line, `"${key}" is no hint; there are when, look, say, type`);
  }
}

function unquoted(text: string): string {
  return /^`([^`]*)`$/.exec(text)?.[1] ?? text;
}

/** Each `expect` line is a row; the comment above it is what it is called. */
function readGoal(text: string): GoalRow[] {
  const { scenario, lines } = asScenario("goal.wt", () => parseScenarioLines(text));
  return scenario.entries.map((entry, index) => {
    const line = lines[index] ?? 1;
    const predicate = /^expect\s+'([^']+)'$/.exec(entry.text)?.[1];
    if (predicate === undefined) {
      throw new LessonError("goal.wt", line, "a goal is made of lines such as expect 'PREDICATE'");
    }
    const label = scenario.comments.find((comment) => comment.before === index)?.text;
    if (label === undefined) {
      throw new LessonError(
        "goal.wt",
        line,
        'say above it what it is, as in "# orders on the tape"',
      );
    }
    return { label, predicate };
  });
}

function readStart(text: string, id: string): Scenario {
  const scenario = asScenario("start.wt", () => parseScenario(text));
  if (scenario.lesson !== id) {
    throw new LessonError("start.wt", 1, `its header must say which lesson it is: "lesson ${id}"`);
  }
  return scenario;
}

function asScenario<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ScenarioError) throw new LessonError(file, error.line, error.reason);
    throw error;
  }
}

/** What a beat is for must be there: a prediction needs a beat that shows it, a lesson a goal. */
function checkOrder(sections: readonly Section[], beats: readonly Beat[]): void {
  const lineOf = (index: number): number => sections[index]?.line ?? 1;
  const goals = beats.filter((beat) => beat.kind === "goal").length;
  if (goals !== 1) throw new LessonError(prose, 1, 'a lesson has exactly one "## Goal"');
  beats.forEach((beat, index) => {
    if (beat.kind === "predict" && beats[index + 1]?.kind !== "play") {
      throw new LessonError(
        prose,
        lineOf(index),
        'after "## Predict" comes the "## Play" that shows it',
      );
    }
    if (beat.kind === "goal" && beat.rows.length === 0) {
      throw new LessonError("goal.wt", 1, "a goal needs at least one expect line");
    }
  });
}

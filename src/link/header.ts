/** The header of a `.wt` file: which keys there are, and how often each may come. */
import { emptyScenario, type Prediction, type Scenario, ScenarioError } from "./scenario-file.ts";

/** Every header key after `windtunnel`: how often it may come. */
export const headerKeys = {
  title: "once",
  lesson: "once",
  seed: "once",
  world: "many",
  caption: "once",
  description: "many",
  tags: "once",
  difficulty: "once",
  evidence: "many",
  predict: "once",
  option: "many",
  answer: "once",
} as const;

export type HeaderKey = keyof typeof headerKeys;

/** The header while it is read: values by key, with the line of the last one. */
export interface Header {
  readonly seen: Map<string, number>;
  readonly values: Map<HeaderKey, string[]>;
}

export interface Addition {
  readonly key: HeaderKey;
  readonly value: string;
}

export function newHeader(): Header {
  return { seen: new Map(), values: new Map() };
}

/** Throws ScenarioError for a key that comes again or has no value. */
export function readHeaderLine(header: Header, line: number, { key, value }: Addition): void {
  const before = header.seen.get(key);
  if (before !== undefined && headerKeys[key] === "once") {
    throw new ScenarioError(line, `"${key}" was given on line ${before}; keep one of the two`);
  }
  if (value === "") throw new ScenarioError(line, `"${key}" wants a value after it`);
  checkValue(line, key, value);
  header.seen.set(key, line);
  header.values.set(key, [...(header.values.get(key) ?? []), value]);
}

/** What the header says as fields of a scenario. */
export function finishHeader(header: Header): Scenario {
  const all = (key: HeaderKey): string[] => header.values.get(key) ?? [];
  const one = (key: HeaderKey): string | null => all(key)[0] ?? null;
  const seed = one("seed");
  const difficulty = one("difficulty");
  return {
    ...emptyScenario,
    title: one("title") ?? "",
    lesson: one("lesson"),
    seed: seed === null ? null : Number(seed),
    world: all("world"),
    caption: one("caption") ?? "",
    description: all("description"),
    tags: (one("tags") ?? "").split(/[\s,]+/).filter((tag) => tag !== ""),
    difficulty: difficulty === null ? null : Number(difficulty),
    evidence: all("evidence"),
    predict: prediction(header, one("predict"), all("option")),
  };
}

function checkValue(line: number, key: HeaderKey, value: string): void {
  if (key === "seed") {
    if (/^\d{1,15}$/.test(value)) return;
    throw new ScenarioError(line, `"${value}" is no seed; write a whole number from 0 on`);
  }
  if (key === "lesson" && !/^[a-z0-9][a-z0-9-]*$/.test(value)) {
    throw new ScenarioError(line, `"${value}" is no lesson; write its id, such as lost-ack`);
  }
  if (key === "difficulty" && !/^[1-5]$/.test(value)) {
    throw new ScenarioError(line, `"${value}" is no difficulty; write a number from 1 to 5`);
  }
  if (key === "answer" && !/^[1-9]$/.test(value)) {
    throw new ScenarioError(line, `"${value}" is no answer; write the number of the right option`);
  }
}

function prediction(
  header: Header,
  question: string | null,
  options: readonly string[],
): Prediction | null {
  const answer = Number(header.values.get("answer")?.[0] ?? "0");
  const lineOf = (key: HeaderKey): number => header.seen.get(key) ?? 1;
  if (question === null) {
    const stray: HeaderKey | null = options.length > 0 ? "option" : answer > 0 ? "answer" : null;
    if (stray === null) return null;
    throw new ScenarioError(lineOf(stray), `"${stray}" needs a "predict" line with the question`);
  }
  if (options.length < 2) {
    throw new ScenarioError(lineOf("predict"), 'give at least two "option" lines to choose from');
  }
  if (answer < 1 || answer > options.length) {
    throw new ScenarioError(
      header.seen.has("answer") ? lineOf("answer") : lineOf("predict"),
      `say which option is right: "answer 1" to "answer ${options.length}"`,
    );
  }
  return { question, options, answer };
}

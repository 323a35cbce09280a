/**
 * Recorded sessions of the real `nats` 0.4.0 on nats-server 2.15.2, replayed in a world of ours:
 * every step must print the same, once ids, times and measured durations are made equal.
 * Evidence: the recordings themselves (transcripts/*.jsonl) and their normaliser.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { headlessGround } from "../../src/node/sh/ground.ts";
import { playSteps } from "../../src/node/sh/jsonl.ts";

interface RecordedStep {
  readonly type: string;
  readonly n?: number;
  readonly name?: string;
  readonly cmd?: string;
  readonly volatile?: boolean;
  readonly stdout?: string;
  readonly screen?: string;
  readonly [field: string]: unknown;
}

interface Normaliser {
  comparable(step: object, session: object): string;
}

const folder = join(import.meta.dirname, "transcripts");
// A plain script without types, shared with the recorder; loaded as what it exports.
const { comparable } = (await import(`${folder}/normalise.mjs`)) as Normaliser;

/** Steps whose commands or features are not built yet: by file, session and number. */
type Differences = Record<string, Record<string, readonly number[]>>;
const knownPath = join(folder, "known-differences.json");
const known = JSON.parse(readFileSync(knownPath, "utf8")) as Differences;
/** `RECORD_DIFFERENCES=1` writes the list anew instead of holding the sessions against it. */
const recording = process.env.RECORD_DIFFERENCES === "1";
const found: Differences = {};
afterAll(() => {
  if (recording) writeFileSync(knownPath, `${JSON.stringify(found, null, 2)}\n`);
});

const files = [
  "walkthrough",
  "walkthrough.tty",
  "core",
  "stream",
  "consumer",
  "messages",
  "account",
];

describe.each(files)("%s", (file) => {
  for (const session of sessionsOf(file)) {
    const { name = "" } = session[0] as RecordedStep;
    const expected = known[file]?.[name] ?? [];
    const title = expected.length === 0 ? "agrees" : `agrees but for ${expected.length} steps`;

    test(`${name} ${title}`, { timeout: 60_000 }, async () => {
      const differences = await differencesIn(session);
      if (recording)
        return note(
          file,
          name,
          differences.map(({ n }) => n),
        );
      const surprising = differences.filter(({ n }) => !expected.includes(n));
      expect(surprising.map((one) => one.text).join("\n")).toBe("");
      const gone = expected.filter((n) => !differences.some((one) => one.n === n));
      expect(gone, "these agree now: take them out of known-differences.json").toEqual([]);
    });
  }
});

function note(file: string, session: string, steps: readonly number[]): void {
  if (steps.length > 0) found[file] = { ...found[file], [session]: steps };
}

function sessionsOf(file: string): RecordedStep[][] {
  const sessions: RecordedStep[][] = [];
  for (const line of readFileSync(join(folder, `${file}.jsonl`), "utf8").split("\n")) {
    if (line === "") continue;
    const step = JSON.parse(line) as RecordedStep;
    if (step.type === "session") sessions.push([step]);
    else sessions.at(-1)?.push(step);
  }
  return sessions;
}

async function differencesIn(
  session: readonly RecordedStep[],
): Promise<{ readonly n: number; readonly text: string }[]> {
  const [head = {}, ...steps] = session;
  const lines = session.map((step) => JSON.stringify(step));
  const differences: { n: number; text: string }[] = [];
  let i = 0;
  for await (const result of playSteps(lines, { ground: headlessGround() })) {
    const step = steps[i++] as RecordedStep;
    if (step.volatile === true) continue;
    const [theirs, ours] = [step, result as object].map((one) =>
      comparable(withoutUsage(one), head),
    );
    if (theirs === ours) continue;
    const text = `step ${step.n} ${step.cmd ?? step.type}\n  recorded: ${theirs}\n  ours:     ${ours}`;
    differences.push({ n: step.n ?? 0, text });
  }
  expect(i).toBe(steps.length);
  return differences;
}

/** Help sentences are our own: a usage text is compared up to the end of its first line. */
function withoutUsage(step: object): object {
  const cut = { ...(step as RecordedStep) };
  return {
    ...cut,
    ...(cut.stdout === undefined ? {} : { stdout: cutUsage(cut.stdout) }),
    ...(cut.screen === undefined ? {} : { screen: cutUsage(cut.screen) }),
  };
}

function cutUsage(text: string): string {
  return text.replace(/^(usage: nats.*)\n[\s\S]*$/m, "$1");
}

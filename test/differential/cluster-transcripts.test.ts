/**
 * Sessions of the real `nats` 0.4.0 on a cluster of three nats-servers 2.15.2, replayed in a world
 * of ours. Elections fall by chance, so names of servers are made equal, and a step that differed
 * between two recordings agrees when it is like either.
 * Evidence: transcripts/cluster.jsonl, cluster-take2.jsonl and their normaliser.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { headlessGround } from "../../src/node/sh/ground.ts";
import { playSteps } from "../../src/node/sh/jsonl.ts";

interface Output {
  readonly exit?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface RecordedStep extends Output {
  readonly type: string;
  readonly n?: number;
  readonly name?: string;
  readonly cmd?: string;
  readonly volatile?: boolean;
  /** What the other recording of the same session had. */
  readonly alt?: Output;
  readonly [field: string]: unknown;
}

interface Normaliser {
  comparable(step: object, session: object): string;
}

const folder = join(import.meta.dirname, "transcripts");
// A plain script without types, shared with the recorder; loaded as what it exports.
const { comparable } = (await import(`${folder}/normalise.mjs`)) as Normaliser;

/** Steps that differ: by session and number. */
type Differences = Record<string, readonly number[]>;
const knownPath = join(folder, "known-cluster-differences.json");
const known = JSON.parse(readFileSync(knownPath, "utf8")) as Differences;
/** `RECORD_DIFFERENCES=1` writes the list anew instead of holding the sessions against it. */
const recording = process.env.RECORD_DIFFERENCES === "1";
const found: Record<string, readonly number[]> = {};
afterAll(() => {
  if (recording) writeFileSync(knownPath, `${JSON.stringify(found, null, 2)}\n`);
});

const second = sessionsOf("cluster-take2");

describe("cluster", () => {
  for (const session of sessionsOf("cluster")) {
    const { name = "" } = session[0] as RecordedStep;
    const expected = known[name] ?? [];
    const title = expected.length === 0 ? "agrees" : `agrees but for ${expected.length} steps`;

    test(`${name} ${title}`, { timeout: 120_000 }, async () => {
      const differences = await differencesIn(session);
      const numbers = differences.map(({ n }) => n);
      if (recording) {
        found[name] = numbers;
        if (process.env.SHOW_DIFFERENCES) {
          writeFileSync(
            join(process.env.SHOW_DIFFERENCES, `${name}.txt`),
            differences.map((one) => one.text).join("\n\n"),
          );
        }
        return;
      }
      const surprising = differences.filter(({ n }) => !expected.includes(n));
      expect(surprising.map((one) => one.text).join("\n")).toBe("");
      const gone = expected.filter((n) => !numbers.includes(n));
      expect(gone, "these agree now: take them out of the list").toEqual([]);
    });
  }
});

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
  const [head, ...steps] = session;
  const name = head?.name ?? "";
  const others = second.find(([other]) => other?.name === name) ?? [];
  const lines = session.map((step) => JSON.stringify(step));
  const differences: { n: number; text: string }[] = [];
  let i = 0;
  for await (const result of playSteps(lines, { ground: headlessGround() })) {
    const step = steps[i++] as RecordedStep;
    const isLeft = step.volatile === true && step.alt === undefined;
    if (step.type !== "run" || isLeft || choosesByChance.test(step.cmd ?? "")) continue;
    const taken = [step, step.alt, others.find((other) => other.n === step.n)];
    const recorded = taken.flatMap((one) =>
      one === undefined ? [] : [shown({ ...step, ...one }, head ?? {})],
    );
    const ours = shown({ ...step, ...(result as Output) }, head ?? {});
    if (recorded.includes(ours)) continue;
    const text = `step ${step.n} ${step.cmd}\n  recorded: ${recorded[0]}\n  ours:     ${ours}`;
    differences.push({ n: step.n ?? 0, text });
  }
  expect(i).toBe(steps.length);
  return differences;
}

/** What these list depends on where chance has put it. */
const choosesByChance = /find --(leader|server-name)/;

/** What a step prints, without what elections and placement decide by chance. */
function shown(step: RecordedStep, session: object): string {
  const cut = { ...step, stdout: withoutChance(step.stdout), stderr: withoutChance(step.stderr) };
  return comparable(cut, session);
}

function withoutChance(text = ""): string {
  const named = text
    .replace(/^(usage: nats.*)\n[\s\S]*$/m, "$1")
    .replace(/\bn[123]\b\*?/g, "nX")
    .replace(/1423[123]/g, "14230")
    .replace(/"(peer)": "\w{8}"/g, '"$1": "<PEER>"')
    .replace(/│ yes +│/g, "│        │")
    // Each election and each hand-over is an entry of the log.
    .replace(/, \d+ operations? behind/g, ", <N> operations behind");
  return sortRuns(sortRuns(named, /^ +Replica: /), /^│ nX/);
}

/** Lines that stand together are in the order of servers' names: here in that of their text. */
function sortRuns(text: string, line: RegExp): string {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const one of [...text.split("\n"), null]) {
    if (one !== null && line.test(one)) {
      run.push(one);
      continue;
    }
    sorted.push(...run.sort());
    run = [];
    if (one !== null) sorted.push(one);
  }
  return sorted.join("\n");
}

/**
 * The suite: every case on nats-server and on our server, in virtual time; the same answers,
 * advisories and documents, ids and times apart. Evidence is the run of nats-server itself.
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectOurs } from "../consumers/peer.ts";
import { runProgram } from "../consumers/program.ts";
import { programs as basicPrograms } from "../consumers/programs-basic.ts";
import { programs as configPrograms } from "../consumers/programs-config.ts";
import { programs as morePrograms } from "../consumers/programs-more.ts";
import { featureCases } from "../jetstream/feature-cases.ts";
import { originCases } from "../jetstream/origin-cases.ts";
import { batchCases, scheduleCases } from "../jetstream/publish-cases.ts";
import { streamCases } from "../jetstream/stream-cases.ts";
import { runAlone } from "../side-by-side.ts";
import { findNatsServer, startOurSide } from "../sides.ts";
import { allCases } from "./cases.ts";
import {
  checkNotation,
  compareAll,
  describeDifferences,
  type Outcome,
  TheirServers,
} from "./compare.ts";
import {
  behindOthers,
  madeByClusters,
  neverMade,
  ofClusters,
  unreachable,
} from "./errors-apart.ts";
import { lanesOf } from "./grounds.ts";
import { randomCase } from "./random.ts";
import { mistakeOf, schemaMistakes } from "./schema-mistakes.ts";
import { validate } from "./schemas.ts";
import { shrink } from "./shrink.ts";

const binary = findNatsServer();
const { errors } = JSON.parse(
  readFileSync(new URL("../../../tools/facts/errors.json", import.meta.url), "utf8"),
) as { readonly errors: readonly { readonly constant: string; readonly err_code: number }[] };
/** The mode that runs for as long as it is told is `npm run differential`. */
const randomSeeds = Array.from({ length: 40 }, (_, i) => 100 + i);
const randomCases = new Map(randomSeeds.map((seed) => [seed, randomCase(seed)]));
const outcomes = new Map<string, Outcome>();

// Without nats-server every case shows as skipped.
describe.skipIf(binary === null)("our server answers as nats-server does", () => {
  const servers = new TheirServers([binary ?? ""]);

  beforeAll(async () => {
    checkNotation(allCases);
    await compareAll(servers, [...allCases, ...randomCases.values()], lanesOf, (outcome) => {
      outcomes.set(outcome.case.title, outcome);
    });
    const answers = [...outcomes.values()].reduce((sum, one) => sum + one.answers, 0);
    process.stdout.write(
      `differential suite: ${allCases.length} cases and ${randomCases.size} random programs, ${answers} answers compared\n`,
    );
  }, 300_000);

  afterAll(() => servers.stop());

  test.each(allCases.map((one) => one.title))("%s", (title) => {
    expect(described(title)).toBe("");
  });

  test.each(randomSeeds)("random program, seed %i", (seed) => {
    expect(described(randomCases.get(seed)?.title ?? "")).toBe("");
  });

  test("every error that a server on its own makes is provoked", async () => {
    const heard = new Set(
      [...outcomes.values()].flatMap(({ theirs }) => theirs).flatMap(errorCodes),
    );
    for (const text of await answersOfOtherPrograms()) errorCodes(text).forEach(heard.add, heard);
    const excused = new Set([
      ...neverMade,
      ...ofClusters,
      ...madeByClusters,
      ...Object.keys({ ...unreachable, ...behindOthers }),
    ]);
    const silent = errors.filter(({ err_code }) => !heard.has(err_code));
    expect(silent.map(({ constant }) => constant).filter((one) => !excused.has(one))).toEqual([]);
    const loud = errors.filter(({ constant }) => excused.has(constant));
    expect(loud.filter(({ err_code }) => heard.has(err_code))).toEqual([]);
  });

  test("every document follows the schemas of jsm.go", () => {
    expect(complaintsAbout("ours")).toEqual([]);
  });

  test("so do nats-server's own, but for known mistakes of the schemas", () => {
    expect(complaintsAbout("theirs")).toEqual([]);
    const documents = [...outcomes.values()].flatMap(({ theirs }) => theirs);
    const heard = new Set(documents.flatMap((text) => validate(text)?.complaints ?? []));
    const unheard = schemaMistakes.filter(
      (mistake) => ![...heard].some((complaint) => mistakeOf(complaint) === mistake),
    );
    expect(unheard).toEqual([]);
  });
});

describe("the suite itself", () => {
  test("finds what is wrong with a document", () => {
    const type = "io.nats.jetstream.api.v1.stream_purge_response";
    const right = JSON.stringify({ type, success: true, purged: 3 });
    expect(validate(right)).toEqual({ schema: type, complaints: [] });
    const wrong = JSON.stringify({ type, success: true, purged: "3" });
    expect(validate(wrong)?.complaints).toContain(
      "api.v1.stream_purge_response /purged must be integer",
    );
    expect(validate('{"hello":1}')).toBeNull();
  });

  test("has at least 400 cases, all in its notation", () => {
    checkNotation(allCases);
    expect(allCases.length).toBeGreaterThan(400);
  });

  test("draws the same program from the same seed", () => {
    expect(randomCase(7)).toEqual(randomCase(7));
    expect(randomCase(7).steps).not.toEqual(randomCase(8).steps);
    checkNotation([...randomCases.values()]);
  });

  test("makes a program that fails as small as it can", async () => {
    const steps = ["pub a 1", "wait 1", 'api X {"a":1,"b":{"c":2,"d":3}}', "pub b 2"];
    const fails = async (some: readonly string[]): Promise<boolean> =>
      some.some((line) => line.startsWith("api X") && line.includes('"d":3'));
    expect(await shrink(steps, fails)).toEqual(['api X {"b":{"d":3}}']);
  });
});

/** What our server answers to the programs of other tests, where nats-server answers the same. */
async function answersOfOtherPrograms(): Promise<string[]> {
  const found: string[] = [];
  const programs = [...streamCases, ...featureCases, ...scheduleCases, ...batchCases];
  for (const { steps } of [...programs, ...originCases]) {
    found.push(...(await runAlone(startOurSide(), steps)).flat());
  }
  for (const program of Object.values({ ...basicPrograms, ...configPrograms, ...morePrograms })) {
    const { peer, clock } = connectOurs(1);
    found.push(...[...(await runProgram(peer, clock, program)).values()].flat());
  }
  return found;
}

function errorCodes(text: string): number[] {
  return [...text.matchAll(/"err_code":(\d+)/g)].map(([, code]) => Number(code));
}

/** What no known mistake of the schemas explains, with a document that shows it. */
function complaintsAbout(side: "ours" | "theirs"): string[] {
  const found = new Map<string, string>();
  let checked = 0;
  for (const outcome of outcomes.values()) {
    for (const text of outcome[side]) {
      const verdict = validate(text);
      if (verdict === null) continue;
      checked += 1;
      for (const complaint of verdict.complaints) {
        if (mistakeOf(complaint) === null) found.set(complaint, text.slice(0, 500));
      }
    }
  }
  expect(checked).toBeGreaterThan(10_000);
  return [...found].map(([complaint, text]) => `${complaint}: ${text}`);
}

function described(title: string): string {
  const outcome = outcomes.get(title);
  if (outcome === undefined) return "not played";
  if (outcome.differences.length === 0) return "";
  return `${outcome.case.steps.join("\n")}\n${describeDifferences(outcome.differences)}`;
}

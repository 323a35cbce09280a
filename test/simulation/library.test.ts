/** Every scenario of the library holds, whatever the seed. Evidence: in the files themselves. */
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { parseScenario, tidyScenario } from "../../src/link/index.ts";
import { courseTitles, library, libraryScenario, runScenario } from "../../src/scenario/index.ts";
import { ground } from "./ground.ts";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test("every file of the library is on a shelf, and on one", () => {
  const folder = new URL("../../src/scenario/library/", import.meta.url);
  const files = readdirSync(folder).toSorted();
  expect(library.map(({ id }) => `${id}.wt`).toSorted()).toEqual(files);
  const courses = library.map(({ course }) => course);
  expect([...new Set(courses)]).toEqual(courseTitles.map((_, index) => index + 1));
});

test("each file of the library is whole and names its evidence", () => {
  for (const { id, text } of library) {
    expect(tidyScenario(text), id).toBe(text);
    const scenario = libraryScenario(id);
    expect(scenario?.title, id).not.toBe("");
    expect(scenario?.caption, id).not.toBe("");
    expect(scenario?.evidence.length, id).toBeGreaterThan(0);
    expect(scenario?.predict, id).not.toBeNull();
    const expectations = scenario?.entries.filter(({ text }) => text.startsWith("expect "));
    expect(expectations?.length, id).toBeGreaterThan(2);
  }
  expect(libraryScenario("no-such")).toBeNull();
});

for (const { id, text } of library) {
  test(`${id} holds on ten seeds`, async () => {
    for (const seed of seeds) {
      const report = await runScenario(text, { ...ground, file: `${id}.wt`, seed });
      const replay = `bin/windtunnel run src/scenario/library/${id}.wt --seed ${seed}`;
      expect(report.failures, replay).toEqual([]);
      expect(report.ok).toBe(true);
      expect(report.virtual_ns).toBeGreaterThanOrEqual(parseScenario(text).entries.at(-1)?.at ?? 0);
    }
  });

  test(`${id} fails when what it rests on is taken away`, async () => {
    // Without its first command nothing is there: a scenario that still held would prove nothing.
    const scenario = text.replace(/^0s .*$/m, "0s echo nothing");
    const report = await runScenario(scenario, { ...ground, file: `${id}.wt` });
    expect(report.failures.length).toBeGreaterThan(0);
    expect(report.failures[0]?.line).toBeGreaterThan(0);
  });
}

/** The built page keeps its limits; without a build there is nothing to weigh. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { weighPage, weightLimits } from "./weigh.ts";

const built = "dist/page";

test.skipIf(!existsSync(`${built}/index.html`))("the page is as light as it promises", () => {
  const { firstPaintKb, allKb, parts } = weighPage(built);
  // Names that the weighing relies on: nothing may slip out of it by being renamed.
  for (const name of ["index", "entry"]) {
    const isBuilt = parts.some(({ file }) => new RegExp(`/${name}-.*\\.js$`).test(file));
    expect(isBuilt).toBe(true);
  }
  expect(firstPaintKb).toBeLessThanOrEqual(weightLimits.firstPaintKb);
  expect(allKb).toBeLessThanOrEqual(weightLimits.allRatchetKb);
});

/**
 * What each scenario leads to, for this version of the engine's behaviour. When this fails, the
 * same journal no longer gives the same state: links made before will say so. If that is meant,
 * raise `behaviour` in `src/scenario/behaviour.ts`; `npx vitest run -u` then writes a new file.
 */
import { expect, test } from "vitest";
import { behaviour, library } from "../../src/scenario/index.ts";
import { libraryHashes } from "./in-browser.ts";

const timeout = 10_000 * library.length;

test(`behaviour ${behaviour} leads every scenario where it always did`, { timeout }, async () => {
  const ends = await libraryHashes();
  await expect(`${ends.join("\n")}\n`).toMatchFileSnapshot(`behaviour-${behaviour}.txt`);
});

/// <reference types="vite/types/importMeta.d.ts" />
/** The scenarios that come with the page: each text is loaded when it is asked for. */
import { parseScenario } from "../link/index.ts";
import type { LibraryEntry } from "./api.ts";

const files = import.meta.glob<string>("../scenario/library/*.wt", {
  query: "?raw",
  import: "default",
});

export async function scenarioText(id: string): Promise<string | null> {
  return (await files[`../scenario/library/${id}.wt`]?.()) ?? null;
}

export async function libraryEntries(): Promise<LibraryEntry[]> {
  const texts = await Promise.all(
    Object.entries(files).map(async ([path, load]) => [path, await load()] as const),
  );
  const entries = texts.map(([path, text]) => {
    const scenario = parseScenario(text);
    const id = path.slice(path.lastIndexOf("/") + 1, -".wt".length);
    const about = scenario.caption;
    return {
      id,
      title: scenario.title,
      about,
      world: `world ${scenario.world.join(", ")}`,
      at: scenario.difficulty ?? 9,
    };
  });
  // The shortest story first, then the rest from easy to hard.
  entries.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  return entries.map(({ at: _, ...entry }) => entry);
}

function rank(entry: { readonly id: string; readonly at: number }): number {
  return entry.id === "lost-ack" ? 0 : entry.at;
}

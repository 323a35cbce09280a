/** The library as the page lists it, and its texts: one chunk. */
import { parseScenario } from "../link/index.ts";
import { courseTitles, library } from "../scenario/index.ts";
import type { LibraryEntry } from "./api.ts";

export function textOf(id: string): string | null {
  return library.find((one) => one.id === id)?.text ?? null;
}

/** In the order of the courses. */
export function entries(): readonly LibraryEntry[] {
  return library.map(({ id, text, course }) => {
    const { title, caption, world, entries: lines } = parseScenario(text);
    return {
      ...{ id, title, course },
      about: caption,
      courseTitle: courseTitles[course - 1] ?? "",
      servers: serversOf(world),
      lasts: lines.at(-1)?.at ?? 0,
    };
  });
}

/** Of `server` or `cluster NAME N`, the worlds of the library. */
function serversOf(world: readonly string[]): number {
  return world.reduce((sum, line) => sum + Number(/^cluster \S+ (\d+)/.exec(line)?.[1] ?? 1), 0);
}

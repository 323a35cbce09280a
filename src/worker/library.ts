/** The scenarios that come with the page: all texts come with the first that is asked for. */
import type { LibraryEntry } from "./api.ts";

export async function scenarioText(id: string): Promise<string | null> {
  const { textOf } = await import("./shelf.ts");
  return textOf(id);
}

export async function libraryEntries(): Promise<readonly LibraryEntry[]> {
  const { entries } = await import("./shelf.ts");
  return entries();
}

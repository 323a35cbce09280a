/** Which lessons were finished in this browser, and in how many commands. Nobody else is told. */

const key = "windtunnel.lessons";

export type FinishedLessons = Readonly<Record<string, number>>;

export function finishedLessons(): FinishedLessons {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "{}");
    return typeof kept === "object" && kept !== null ? (kept as FinishedLessons) : {};
  } catch (error) {
    console.info("no lessons could be read back:", error);
    return {};
  }
}

/** Keeps the fewest commands of all times that it was finished. */
export function keepFinished(id: string, strokes: number): void {
  const kept = finishedLessons();
  if ((kept[id] ?? Number.POSITIVE_INFINITY) <= strokes) return;
  try {
    localStorage.setItem(key, JSON.stringify({ ...kept, [id]: strokes }));
  } catch (error) {
    console.info("this browser keeps no storage for the page:", error);
  }
}

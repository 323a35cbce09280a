/** A hint of the lesson: where to look, what to know, what to type. */
import { useView } from "../store/view.ts";
import { submit } from "./submit.ts";

/** One more hint; when it points at something, that is selected. */
export async function askHint(): Promise<void> {
  if (useView.getState().lesson === null) return;
  const fresh = nextHint();
  await submit("lesson hint");
  if (fresh !== null) useView.getState().select(fresh);
}

/** What the first hint of the task that is on points at, while it has not been given. */
function nextHint(): string | null {
  const { lesson } = useView.getState();
  const task = lesson?.beats[lesson.beat]?.tasks.find((one) => one.at === null);
  return task?.hints.length === 0 ? (task.look ?? null) : null;
}

/** Makes a program that fails smaller, as long as it still fails. */
import { parseStep } from "./notation.ts";

/** Whether a program still shows the difference. */
type Fails = (steps: readonly string[]) => Promise<boolean>;

/** Leaves out steps, then members of their JSON bodies; at most `triesMax` programs are played. */
export async function shrink(
  steps: readonly string[],
  fails: Fails,
  triesMax = 150,
): Promise<readonly string[]> {
  let small = steps;
  let left = triesMax;
  const attempt = async (candidate: readonly string[]): Promise<boolean> => {
    if (left <= 0) return false;
    left -= 1;
    if (!(await fails(candidate))) return false;
    small = candidate;
    return true;
  };
  for (let size = Math.ceil(small.length / 2); size >= 1; size = Math.floor(size / 2)) {
    // From the end: what comes later hangs on what came before.
    for (let at = small.length - size; at >= 0 && left > 0; at -= size) {
      await attempt([...small.slice(0, at), ...small.slice(at + size)]);
    }
    if (size === 1) break;
  }
  for (let i = 0; i < small.length; i++) {
    for (const line of smallerLines(small[i] ?? "")) {
      if (await attempt([...small.slice(0, i), line, ...small.slice(i + 1)])) i -= 1;
      if (left <= 0 || small[i + 1] === line) break;
    }
  }
  return small;
}

/** The line with one member less in its JSON body. */
function smallerLines(line: string): string[] {
  const start = line.indexOf("{");
  if (start < 0) return [];
  let body: unknown;
  try {
    body = JSON.parse(line.slice(start));
  } catch {
    return [];
  }
  return without(body)
    .map((smaller) => `${line.slice(0, start)}${JSON.stringify(smaller)}`)
    .filter((candidate) => isStep(candidate));
}

function without(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return [];
  const members = Object.entries(value);
  // A request that waits would be answered when the clock says so, on each side by its own.
  const removable = members.filter(([name]) => name !== "no_wait");
  return removable.flatMap(([name, member]) => [
    Object.fromEntries(members.filter(([other]) => other !== name)),
    ...without(member).map((smaller) => ({ ...value, [name]: smaller })),
  ]);
}

function isStep(line: string): boolean {
  try {
    parseStep(line);
    return true;
  } catch {
    return false;
  }
}

/** Earlier lines of a terminal, as arrow keys and Ctrl-R ask for them. Pure. */

/** Lines worth offering: the latest of equal ones, none empty, none that began with a blank. */
export function usefulHistory(lines: readonly string[]): string[] {
  const kept = new Set<string>();
  for (const line of [...lines].reverse()) {
    if (line.trim() !== "" && !line.startsWith(" ")) kept.add(line);
  }
  return [...kept].reverse();
}

/** Place of the latest line before `before` that holds `part`; null when there is none. */
export function searchHistory(
  lines: readonly string[],
  part: string,
  before = lines.length,
): number | null {
  for (let i = Math.min(before, lines.length) - 1; i >= 0; i -= 1) {
    if (lines[i]?.includes(part)) return i;
  }
  return null;
}

/** Wildcards become the names of files. */
import { hasWildcard, type PatternText, patternMatches, patternText } from "./pattern.ts";

/** Lists a folder, given as it is spelled in the pattern; sorted, empty when there is none. */
export type ListFolder = (
  folder: string,
) => Promise<readonly { readonly name: string; readonly folder: boolean }[]>;

/** Paths that match, spelled as the pattern is (relative or absolute), in order of name. */
export async function matchPath(list: ListFolder, pattern: PatternText): Promise<string[]> {
  const steps = splitAtSlashes(pattern);
  const onlyFolders = pattern.at(-1)?.c === "/";
  let found: string[] = [pattern[0]?.c === "/" ? "/" : ""];
  for (const [i, step] of steps.entries()) {
    const inner = i < steps.length - 1 || onlyFolders;
    const next: string[] = [];
    for (const prefix of found) next.push(...(await matchStep(list, prefix, step, inner)));
    found = next;
  }
  return found;
}

async function matchStep(
  list: ListFolder,
  prefix: string,
  step: PatternText,
  inner: boolean,
): Promise<string[]> {
  const plain = patternText(step);
  const end = inner ? "/" : "";
  if (plain === "." || plain === "..") return [`${prefix}${plain}${end}`];
  const wild = hasWildcard(step);
  const out: string[] = [];
  for (const { name, folder } of await list(prefix === "" ? "." : prefix)) {
    if (inner && !folder) continue;
    if (wild && name.startsWith(".") && !plain.startsWith(".")) continue;
    if (wild ? patternMatches(step, name) : name === plain) out.push(`${prefix}${name}${end}`);
  }
  return out;
}

function splitAtSlashes(pattern: PatternText): PatternText[] {
  const steps: PatternText[number][][] = [[]];
  for (const item of pattern) {
    if (item.c === "/") steps.push([]);
    else steps.at(-1)?.push(item);
  }
  return steps.filter((step) => step.length > 0);
}

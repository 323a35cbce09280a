/** Shell patterns: `*`, `?`, `[a-z]`, `[!x]`; a quoted character stands for itself. */

/** A pattern as characters, each marked literal when it came from quotes. */
export type PatternText = readonly { readonly c: string; readonly literal: boolean }[];

export function patternOf(text: string, literal = false): PatternText {
  return [...text].map((c) => ({ c, literal }));
}

/** Whether the pattern holds a wildcard, so that it can stand for file names. */
export function hasWildcard(pattern: PatternText): boolean {
  return pattern.some(({ c, literal }) => !literal && (c === "*" || c === "?" || c === "["));
}

/** The pattern's text with the marks taken off. */
export function patternText(pattern: PatternText): string {
  return pattern.map(({ c }) => c).join("");
}

/** A regular expression source equal to the pattern; `*` is greedy or not. */
export function patternSource(pattern: PatternText, greedy = true): string {
  let source = "";
  for (let i = 0; i < pattern.length; i += 1) {
    const { c, literal } = pattern[i] as PatternText[number];
    const set = !literal && c === "[" ? bracketAt(pattern, i) : null;
    if (set !== null) {
      source += set.source;
      i = set.end;
    } else if (!literal && c === "*") source += greedy ? "[^]*" : "[^]*?";
    else if (!literal && c === "?") source += "[^]";
    else source += escapeForRegExp(c);
  }
  return source;
}

/** Whether the pattern matches the whole of `text`. */
export function patternMatches(pattern: PatternText, text: string): boolean {
  return new RegExp(`^${patternSource(pattern)}$`, "u").test(text);
}

function bracketAt(pattern: PatternText, start: number): { source: string; end: number } | null {
  let i = start + 1;
  const negated = isBare(pattern[i], "!") || isBare(pattern[i], "^");
  if (negated) i += 1;
  let set = "";
  for (let first = true; i < pattern.length; first = false, i += 1) {
    const { c, literal } = pattern[i] as PatternText[number];
    if (c === "]" && !literal && !first) {
      return { source: `[${negated ? "^" : ""}${set}]`, end: i };
    }
    const named = !literal && c === "[" ? classAt(pattern, i) : null;
    if (named !== null) {
      set += named.source;
      i = named.end;
    } else set += c === "-" && !literal ? "-" : escapeForRegExp(c);
  }
  return null;
}

const classes: Readonly<Record<string, string>> = {
  alpha: "A-Za-z",
  digit: "0-9",
  alnum: "A-Za-z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: " \\t\\n\\r\\f\\v",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`\\{-~",
  xdigit: "0-9A-Fa-f",
};

function classAt(pattern: PatternText, start: number): { source: string; end: number } | null {
  const text = patternText(pattern.slice(start, start + 12));
  const match = /^\[:(\w+):\]/.exec(text);
  const source = match === null ? undefined : classes[match[1] as string];
  return match === null || source === undefined
    ? null
    : { source, end: start + match[0].length - 1 };
}

function isBare(item: PatternText[number] | undefined, c: string): boolean {
  return item !== undefined && item.c === c && !item.literal;
}

function escapeForRegExp(c: string): string {
  return c.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** `sort [-nrufhbg] [-t C] [-k N[,M][nr]] [FILE...]` and `uniq [-cdui]`. */
import { defineTool, inputLines, type Options, print, readOptions, ToolError } from "./tool.ts";

interface Key {
  readonly from: number;
  readonly to: number;
  readonly numeric: boolean;
  readonly human: boolean;
  readonly reverse: boolean;
  readonly fold: boolean;
}

type Compare = (a: string, b: string) => number;

export const sort = defineTool("sort", async (tool) => {
  const options = readOptions(tool.args, "nrufhbgsV", "tk", {
    "numeric-sort": "n",
    reverse: "r",
    unique: "u",
    "ignore-case": "f",
    "human-numeric-sort": "h",
    "field-separator": "t",
    key: "k",
  });
  const lines: string[] = [];
  for await (const line of inputLines(tool, options.rest)) lines.push(line);
  const compare = comparison(options);
  const unique = options.given.has("u");
  const lastResort: Compare = unique || options.given.has("s") ? () => 0 : byText;
  const flipped = options.given.has("r");
  lines.sort((a, b) => compare(a, b) || (flipped ? -lastResort(a, b) : lastResort(a, b)));
  let previous: string | null = null;
  for (const line of lines) {
    const repeated = unique && previous !== null && compare(previous, line) === 0;
    if (!repeated) await print(tool, `${line}\n`);
    previous = line;
  }
  return tool.status;
});

function comparison(options: Options): Compare {
  const key = keyOf(options);
  const separator = options.values.get("t") ?? null;
  const sortKey = (line: string): string => keyText(line, key, separator);
  const compare: Compare = key.human
    ? (a, b) => humanValue(a) - humanValue(b)
    : key.numeric
      ? (a, b) => numericValue(a) - numericValue(b)
      : key.fold
        ? (a, b) => byText(a.toUpperCase(), b.toUpperCase())
        : byText;
  return (a, b) => (key.reverse ? -1 : 1) * compare(sortKey(a), sortKey(b));
}

function keyOf(options: Options): Key {
  const text = options.values.get("k") ?? "1";
  const match = /^(\d+)(?:\.\d+)?([a-zA-Z]*)(?:,(\d+)(?:\.\d+)?([a-zA-Z]*))?$/.exec(text);
  if (match === null) throw new ToolError(`invalid key: '${text}'`, 2);
  const letters = `${match[2]}${match[4] ?? ""}`;
  const has = (letter: string): boolean =>
    letters === "" ? options.given.has(letter) : letters.includes(letter);
  return {
    from: Number(match[1]),
    to: match[3] === undefined ? Number.MAX_SAFE_INTEGER : Number(match[3]),
    numeric: has("n") || has("g"),
    human: has("h"),
    reverse: has("r"),
    fold: has("f"),
  };
}

function keyText(line: string, key: Key, separator: string | null): string {
  if (key.from === 1 && key.to === Number.MAX_SAFE_INTEGER) return line;
  if (separator !== null)
    return line
      .split(separator)
      .slice(key.from - 1, key.to)
      .join(separator);
  const fields = line.match(/\s*\S+/g) ?? [];
  return fields.slice(key.from - 1, key.to).join("");
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numericValue(text: string): number {
  return Number(/^\s*(-?\d*\.?\d+)/.exec(text)?.[1] ?? 0);
}

/** `1K`, `2.5M`, `3G`. */
function humanValue(text: string): number {
  const match = /^\s*(-?\d*\.?\d+)\s*([KMGTP]?)/i.exec(text);
  if (match === null) return 0;
  return Number(match[1]) * (humanScales[(match[2] as string).toUpperCase()] ?? 1);
}

const humanScales: Readonly<Record<string, number>> = {
  K: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
  T: 1_099_511_627_776,
  P: 1_125_899_906_842_624,
};

export const uniq = defineTool("uniq", async (tool) => {
  const { given, rest } = readOptions(tool.args, "cdui", "", {
    count: "c",
    repeated: "d",
    unique: "u",
    "ignore-case": "i",
  });
  const fold = (line: string): string => (given.has("i") ? line.toLowerCase() : line);
  let held: string | null = null;
  let count = 0;
  const flush = async (): Promise<void> => {
    const wanted = given.has("d") ? count > 1 : given.has("u") ? count === 1 : true;
    if (held === null || !wanted) return;
    const prefix = given.has("c") ? `${String(count).padStart(7)} ` : "";
    await print(tool, `${prefix}${held}\n`);
  };
  for await (const line of inputLines(tool, rest.slice(0, 1))) {
    if (held !== null && fold(held) === fold(line)) {
      count += 1;
      continue;
    }
    await flush();
    held = line;
    count = 1;
  }
  await flush();
  return tool.status;
});

/** `cut -d C -f LIST`, `cut -c LIST`, and `tr [-dsc] SET [SET]`. */
import { unescapeText } from "./echo.ts";
import {
  defineTool,
  inputLines,
  print,
  readInput,
  readOptions,
  type Tool,
  ToolError,
} from "./tool.ts";

interface Range {
  readonly first: number;
  readonly last: number;
}

export const cut = defineTool("cut", async (tool) => {
  const { values, given, rest } = readOptions(tool.args, "sn", "dfcb", {
    delimiter: "d",
    fields: "f",
    characters: "c",
    bytes: "b",
    "output-delimiter": "o",
  });
  const fields = values.get("f");
  const list = fields ?? values.get("c") ?? values.get("b");
  if (list === undefined)
    throw new ToolError("you must specify a list of bytes, characters, or fields");
  const ranges = list.split(",").map(toRange);
  const delimiter = values.get("d") ?? "\t";
  if ([...delimiter].length !== 1) throw new ToolError("the delimiter must be a single character");
  for await (const line of inputLines(tool, rest)) {
    const divided = line.includes(delimiter);
    if (fields === undefined) await print(tool, `${pick([...line], ranges).join("")}\n`);
    else if (divided) {
      await print(tool, `${pick(line.split(delimiter), ranges).join(delimiter)}\n`);
    } else if (!given.has("s")) await print(tool, `${line}\n`);
  }
  return tool.status;
});

function toRange(text: string): Range {
  const match = /^(\d*)(-?)(\d*)$/.exec(text);
  if (match === null || text === "" || text === "-")
    throw new ToolError(`invalid range: '${text}'`);
  const [, from = "", dash, to = ""] = match;
  const first = from === "" ? 1 : Number(from);
  if (first === 0) throw new ToolError("fields and positions are numbered from 1");
  return { first, last: dash === "" ? first : to === "" ? Number.MAX_SAFE_INTEGER : Number(to) };
}

function pick(items: readonly string[], ranges: readonly Range[]): string[] {
  return items.filter((_, i) => ranges.some(({ first, last }) => i + 1 >= first && i + 1 <= last));
}

export const tr = defineTool("tr", async (tool) => {
  const { given, rest } = readOptions(tool.args, "dscC");
  const [from, to] = rest;
  if (from === undefined) throw new ToolError("missing operand");
  if (to === undefined && !given.has("d") && !given.has("s")) {
    throw new ToolError(`missing operand after '${from}'`);
  }
  const map = mapping(given, from, to);
  const squeezed = given.has("s")
    ? members(to ?? from, to === undefined && isComplement(given))
    : null;
  await translate(tool, map, squeezed);
  return 0;
});

async function translate(
  tool: Tool,
  map: (c: string) => string,
  squeezed: ((c: string) => boolean) | null,
): Promise<void> {
  const decoder = new TextDecoder();
  let last = "";
  for (;;) {
    const bytes = await readInput(tool);
    if (bytes === null) return;
    let out = "";
    for (const c of decoder.decode(bytes, { stream: true })) {
      const mapped = map(c);
      if (mapped === "" || (squeezed?.(mapped) && mapped === last)) continue;
      out += mapped;
      last = mapped;
    }
    if (out !== "") await print(tool, out);
  }
}

function isComplement(given: ReadonlySet<string>): boolean {
  return given.has("c") || given.has("C");
}

/** What becomes of one character; empty when it is deleted. */
function mapping(
  given: ReadonlySet<string>,
  from: string,
  to: string | undefined,
): (c: string) => string {
  const complement = isComplement(given);
  const inFrom = members(from, complement);
  if (given.has("d")) return (c) => (inFrom(c) ? "" : c);
  if (to === undefined) return (c) => c;
  const targets = charactersOf(to);
  const last = targets.at(-1) ?? "";
  if (complement) return (c) => (inFrom(c) ? last : c);
  const table = new Map<string, string>();
  charactersOf(from).forEach((c, i) => {
    table.set(c, targets[i] ?? last);
  });
  return (c) => table.get(c) ?? c;
}

function members(set: string, complement: boolean): (c: string) => boolean {
  const listed = new Set(charactersOf(set));
  return (c) => listed.has(c) !== complement;
}

const classes: Readonly<Record<string, string>> = {
  upper: "A-Z",
  lower: "a-z",
  digit: "0-9",
  alpha: "A-Za-z",
  alnum: "0-9A-Za-z",
  space: " \t\n\r\f\v",
  blank: " \t",
  punct: "!-/:-@[-`{-~",
};

/** The characters of a set such as `a-z`, `[:upper:]` or `\n`. */
function charactersOf(set: string): string[] {
  const spelled = unescapeText(set).text.replace(
    /\[:(\w+):\]/g,
    (all, name) => classes[name] ?? all,
  );
  const out: string[] = [];
  const characters = [...spelled];
  for (let i = 0; i < characters.length; i += 1) {
    const c = characters[i] as string;
    const end = characters[i + 2];
    if (characters[i + 1] !== "-" || end === undefined) {
      out.push(c);
      continue;
    }
    for (let code = c.charCodeAt(0); code <= end.charCodeAt(0); code += 1) {
      out.push(String.fromCharCode(code));
    }
    i += 2;
  }
  return out;
}

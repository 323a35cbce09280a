/** Tools that show what files there are: `ls pwd basename dirname`. */
import type { FileEntry } from "../../../../world/index.ts";
import { baseName, folderOf } from "../../../files/paths.ts";
import { complain, defineTool, pathOf, print, readOptions, type Tool, ToolError } from "../tool.ts";

export const ls = defineTool("ls", async (tool) => {
  const { given, rest } = readOptions(tool.args, "la1RrtASdFhp");
  const names = rest.length === 0 ? ["."] : rest;
  const files: FileEntry[] = [];
  const folders: { name: string; entries: FileEntry[] }[] = [];
  for (const name of names) {
    const path = pathOf(tool, name);
    const entry = path === "/" ? null : await tool.context.stat(path);
    if (entry === null && path !== "/") {
      await complain(tool, `cannot access '${name}': No such file or directory`);
      tool.status = 2;
    } else if (entry !== null && (!entry.folder || given.has("d"))) {
      files.push({ ...entry, path: name });
    } else folders.push({ name, entries: [...(await tool.context.listFiles(path))] });
  }
  if (files.length > 0) await showEntries(tool, given, files, true);
  for (const [i, { name, entries }] of folders.entries()) {
    if (i > 0 || files.length > 0) await print(tool, "\n");
    if (names.length > 1) await print(tool, `${name}:\n`);
    await showEntries(tool, given, entries, false);
  }
  return tool.status;
});

async function showEntries(
  tool: Tool,
  given: ReadonlySet<string>,
  entries: readonly FileEntry[],
  spelled: boolean,
): Promise<void> {
  const nameOf = (entry: FileEntry): string => (spelled ? entry.path : baseName(entry.path));
  const hidden = given.has("a") || given.has("A");
  const shown = entries.filter((entry) => hidden || !nameOf(entry).startsWith("."));
  if (given.has("t")) shown.sort((a, b) => b.modified - a.modified);
  if (given.has("S")) shown.sort((a, b) => b.size - a.size);
  if (given.has("r")) shown.reverse();
  const marked = shown.map((entry) => ({
    entry,
    name: nameOf(entry) + (entry.folder && (given.has("F") || given.has("p")) ? "/" : ""),
  }));
  if (given.has("l")) await print(tool, longListing(marked));
  else if (!tool.context.tty.out || given.has("1")) {
    await print(tool, marked.map(({ name }) => `${name}\n`).join(""));
  } else
    await print(
      tool,
      inColumns(
        marked.map(({ name }) => name),
        tool.context.tty.cols,
      ),
    );
}

function longListing(rows: readonly { entry: FileEntry; name: string }[]): string {
  const width = rows.reduce((widest, { entry }) => Math.max(widest, String(entry.size).length), 1);
  const lines = rows.map(({ entry, name }) => {
    const mode = entry.folder ? "drwxr-xr-x" : "-rw-r--r--";
    return `${mode} 1 learner learner ${String(entry.size).padStart(width)} ${name}\n`;
  });
  return `total ${rows.length}\n${lines.join("")}`;
}

function inColumns(names: readonly string[], cols: number): string {
  if (names.length === 0) return "";
  const width = names.reduce((widest, name) => Math.max(widest, name.length), 0) + 2;
  const columns = Math.max(1, Math.floor(cols / width));
  const rows = Math.ceil(names.length / columns);
  let text = "";
  for (let row = 0; row < rows; row += 1) {
    const cells = names.filter((_, i) => i % rows === row);
    text += `${cells
      .map((name) => name.padEnd(width))
      .join("")
      .trimEnd()}\n`;
  }
  return text;
}

export const pwd = defineTool("pwd", async ({ context }) => {
  await context.write(`${context.cwd}\n`);
  return 0;
});

export const basename = defineTool("basename", async ({ context, args }) => {
  const [path, suffix = ""] = args;
  if (path === undefined) throw new ToolError("missing operand");
  const name = baseName(path.replace(/(.)\/+$/, "$1"));
  const cut = suffix !== "" && suffix !== name && name.endsWith(suffix);
  await context.write(`${cut ? name.slice(0, -suffix.length) : name}\n`);
  return 0;
});

export const dirname = defineTool("dirname", async ({ context, args }) => {
  const [path] = args;
  if (path === undefined) throw new ToolError("missing operand");
  await context.write(`${path.includes("/") ? folderOf(path.replace(/(.)\/+$/, "$1")) : "."}\n`);
  return 0;
});

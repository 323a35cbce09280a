/** Tools that change files: `mkdir rm rmdir cp mv touch`. */
import { baseName, folderOf } from "../../../files/paths.ts";
import { complain, defineTool, pathOf, readOptions, type Tool, ToolError } from "../tool.ts";

export const mkdir = defineTool("mkdir", async (tool) => {
  const { given, rest } = readOptions(tool.args, "pv");
  if (rest.length === 0) throw new ToolError("missing operand");
  for (const name of rest) {
    const path = pathOf(tool, name);
    if (given.has("p")) await makeFolders(tool, path);
    else if ((await tool.context.stat(path)) !== null) {
      await complain(tool, `cannot create directory '${name}': File exists`);
    } else if (!(await isFolder(tool, folderOf(path)))) {
      await complain(tool, `cannot create directory '${name}': No such file or directory`);
    } else await tool.context.makeFolder(path);
  }
  return tool.status;
});

async function makeFolders(tool: Tool, path: string): Promise<void> {
  if (await isFolder(tool, path)) return;
  await makeFolders(tool, folderOf(path));
  await tool.context.makeFolder(path);
}

async function isFolder(tool: Tool, path: string): Promise<boolean> {
  return path === "/" || (await tool.context.stat(path))?.folder === true;
}

export const rm = defineTool("rm", async (tool) => {
  const { given, rest } = readOptions(tool.args, "rRfv");
  const recursive = given.has("r") || given.has("R");
  if (rest.length === 0 && !given.has("f")) throw new ToolError("missing operand");
  for (const name of rest) {
    const path = pathOf(tool, name);
    const entry = await tool.context.stat(path);
    if (entry === null) {
      if (!given.has("f"))
        await complain(tool, `cannot remove '${name}': No such file or directory`);
    } else if (entry.folder && !recursive) {
      await complain(tool, `cannot remove '${name}': Is a directory`);
    } else await removeTree(tool, path, entry.folder);
  }
  return tool.status;
});

async function removeTree(tool: Tool, path: string, folder: boolean): Promise<void> {
  if (folder) {
    for (const entry of await tool.context.listFiles(path)) {
      await removeTree(tool, entry.path, entry.folder);
    }
  }
  await tool.context.removeFile(path);
}

export const rmdir = defineTool("rmdir", async (tool) => {
  for (const name of tool.args) {
    const path = pathOf(tool, name);
    const entry = await tool.context.stat(path);
    if (!entry?.folder) {
      await complain(tool, `failed to remove '${name}': No such file or directory`);
    } else if ((await tool.context.listFiles(path)).length > 0) {
      await complain(tool, `failed to remove '${name}': Directory not empty`);
    } else await tool.context.removeFile(path);
  }
  return tool.status;
});

export const cp = defineTool("cp", async (tool) => {
  const { given, rest } = readOptions(tool.args, "rRafp");
  const recursive = given.has("r") || given.has("R") || given.has("a");
  await eachTarget(tool, rest, async (from, to, name) => {
    const entry = await tool.context.stat(from);
    if (entry?.folder && !recursive) {
      await complain(tool, `-r not specified; omitting directory '${name}'`);
    } else await copyTree(tool, from, to, entry?.folder === true);
  });
  return tool.status;
});

export const mv = defineTool("mv", async (tool) => {
  const { rest } = readOptions(tool.args, "fn");
  await eachTarget(tool, rest, async (from, to) => {
    const folder = (await tool.context.stat(from))?.folder === true;
    if (from === to) return;
    await copyTree(tool, from, to, folder);
    await removeTree(tool, from, folder);
  });
  return tool.status;
});

async function eachTarget(
  tool: Tool,
  operands: readonly string[],
  act: (from: string, to: string, name: string) => Promise<void>,
): Promise<void> {
  const target = operands.at(-1);
  const names = operands.slice(0, -1);
  if (target === undefined) throw new ToolError("missing file operand");
  if (names.length === 0) throw new ToolError(`missing destination file operand after '${target}'`);
  const into = await isFolder(tool, pathOf(tool, target));
  if (names.length > 1 && !into)
    throw new ToolError(`target '${target}': No such file or directory`);
  for (const name of names) {
    const from = pathOf(tool, name);
    const to = into ? `${pathOf(tool, target)}/${baseName(from)}` : pathOf(tool, target);
    if ((await tool.context.stat(from)) === null) {
      await complain(tool, `cannot stat '${name}': No such file or directory`);
    } else await act(from, to.replace("//", "/"), name);
  }
}

async function copyTree(tool: Tool, from: string, to: string, folder: boolean): Promise<void> {
  if (!folder) {
    await tool.context.writeFile(to, await tool.context.readFile(from));
    return;
  }
  if (!(await isFolder(tool, to))) await tool.context.makeFolder(to);
  for (const entry of await tool.context.listFiles(from)) {
    await copyTree(tool, entry.path, `${to}/${baseName(entry.path)}`, entry.folder);
  }
}

export const touch = defineTool("touch", async (tool) => {
  const { given, rest } = readOptions(tool.args, "cam");
  if (rest.length === 0) throw new ToolError("missing file operand");
  for (const name of rest) {
    const path = pathOf(tool, name);
    const entry = await tool.context.stat(path);
    if (entry?.folder || (entry === null && given.has("c"))) continue;
    if (!(await isFolder(tool, folderOf(path)))) {
      await complain(tool, `cannot touch '${name}': No such file or directory`);
    } else {
      const bytes = entry === null ? new Uint8Array(0) : await tool.context.readFile(path);
      await tool.context.writeFile(path, bytes);
    }
  }
  return tool.status;
});

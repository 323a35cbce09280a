/** Sizes that keep the code readable, and names that say nothing. */
import { type Finding, isNode, lineAt, type Node, type Source, walk } from "./source.ts";

const columnsMax = 100;
const fileLinesMax = 400;
const tableLinesMax = 600;
const parametersMax = 4;
const nestingMax = 4;
const exportsMax = 12;
const folderFilesMax = 25;
const namelessFiles = /(^|\/)(utils|helpers|types|common|misc)(\.tsx?$|\/)/;

export function checkLimits(source: Source): Finding[] {
  if (source.program === null || source.path.endsWith(".gen.ts")) return [];
  const findings: Finding[] = [];
  const add = (line: number, rule: string, text: string): void => {
    findings.push({ path: source.path, line, rule, text });
  };
  if (namelessFiles.test(source.path)) add(1, "names", "name the noun, not its shelf");
  const isTable = /\.test\.tsx?$|\/(e2e|test)\//.test(`/${source.path}`);
  const linesMax = isTable ? tableLinesMax : fileLinesMax;
  const lines = source.lines.length - 1;
  if (lines > linesMax) add(1, "file-lines", `${lines} lines, at most ${linesMax}`);
  source.lines.forEach((line, index) => {
    const long = line.length > columnsMax && !/https?:\/\/|`|"[^"]{60,}"/.test(line);
    if (long) add(index + 1, "columns", `${line.length} columns, at most ${columnsMax}`);
  });
  checkExports(source, add);
  walk(source.program, (node, ancestors) => {
    const parameters = parameterCount(node);
    const line = (): number => lineAt(source, node.start);
    if (parameters > parametersMax) {
      add(line(), "parameters", `${parameters} parameters, at most ${parametersMax}`);
    }
    if (isBranch(node, ancestors) && depth(ancestors) >= nestingMax) {
      add(line(), "nesting", `nested deeper than ${nestingMax}`);
    }
  });
  return findings;
}

/** Folders that hold too many files, counted over all sources. */
export function checkFolders(sources: readonly Source[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { path, program } of sources) {
    if (program === null || !path.startsWith("src/")) continue;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (/\.test\.tsx?$/.test(path)) continue;
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > folderFilesMax)
    .map(([path, count]) => ({
      path,
      line: 1,
      rule: "folder-files",
      text: `${count} files, at most ${folderFilesMax}`,
    }));
}

/** Counts values: a family of types that belong together reads best on one page. */
function checkExports(
  source: Source,
  add: (line: number, rule: string, text: string) => void,
): void {
  if (/(^|\/)(index|units)\.ts$/.test(source.path)) return;
  const body = source.program?.body;
  if (!Array.isArray(body)) return;
  let exported = 0;
  for (const statement of body as Node[]) {
    if (statement.type === "ExportDefaultDeclaration") exported++;
    if (statement.type !== "ExportNamedDeclaration" || isTypeOnly(statement)) continue;
    const specifiers = statement.specifiers;
    exported += Math.max(1, Array.isArray(specifiers) ? specifiers.length : 1);
  }
  if (exported > exportsMax) add(1, "exports", `${exported} exports, at most ${exportsMax}`);
}

function isTypeOnly({ declaration, exportKind }: Node): boolean {
  return exportKind === "type" || (isNode(declaration) && declaration.type.startsWith("TS"));
}

function parameterCount(node: Node): number {
  if (!/Function/.test(node.type) || !Array.isArray(node.params)) return 0;
  return node.params.length;
}

const branchTypes = [
  "IfStatement",
  "ForStatement",
  "ForOfStatement",
  "WhileStatement",
  "DoWhileStatement",
  "SwitchStatement",
  "TryStatement",
];

/** `else if` continues its `if`; it does not nest in it. */
function isBranch(node: Node, ancestors: readonly Node[]): boolean {
  if (!branchTypes.includes(node.type)) return false;
  const parent = ancestors.at(-1);
  return !(parent?.type === "IfStatement" && parent.alternate === node);
}

/** How many branches enclose this one inside its own function. */
function depth(ancestors: readonly Node[]): number {
  let count = 0;
  for (let i = ancestors.length - 1; i >= 0; i--) {
    const node = ancestors[i];
    if (!isNode(node)) break;
    if (/Function|Method|Class/.test(node.type)) break;
    if (isBranch(node, ancestors.slice(0, i))) count++;
  }
  return count;
}

/** Source files as `tidy` sees them: text, lines and a TypeScript-aware syntax tree. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseSync } from "vite";

/** A syntax node as the parser gives it; only `type` is promised, the rest is read with care. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Source {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** The program node; null when the file is not TypeScript. */
  readonly program: Node | null;
}

/** One thing that must change, at a place. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  /** Short name of the rule, used by the ratchet. */
  readonly rule: string;
  readonly text: string;
}

/** Reads a file from its text alone; the rules' own tests come in here. */
export function sourceOf(path: string, text: string): Source {
  const isCode = /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith(".d.ts");
  if (!isCode) return { path, text, lines: text.split("\n"), program: null };
  const parsed = parseSync(path, text);
  const first = parsed.errors[0];
  if (first !== undefined) throw new SyntaxError(first.message);
  const program = parsed.program as unknown as Node;
  return { path, text, lines: text.split("\n"), program };
}

/** All files that git tracks or would track, as sources; those that do not parse as findings. */
export function trackedSources(root: string): { sources: Source[]; unreadable: Finding[] } {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const names = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
  const wanted = names.filter(isWanted).toSorted();
  const sources: Source[] = [];
  const unreadable: Finding[] = [];
  for (const path of wanted) {
    const text = readIfPresent(`${root}/${path}`);
    if (text === null) continue;
    try {
      sources.push(sourceOf(path, text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      unreadable.push({ path, line: 1, rule: "syntax", text: error.message });
    }
  }
  return { sources, unreadable };
}

/** Recorded evidence stays as it was recorded. */
function isWanted(name: string): boolean {
  if (name.startsWith("test/differential/transcripts/")) return false;
  return /\.(ts|tsx|mjs|md|css|html|wt)$/.test(name);
}

/** A file deleted from the work tree but not yet from git's index is no source. */
function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Calls `visit` for each node below `node`, parents first, with the chain of ancestors. */
export function walk(node: Node, visit: (node: Node, ancestors: readonly Node[]) => void): void {
  const ancestors: Node[] = [];
  const descend = (current: Node): void => {
    visit(current, ancestors);
    ancestors.push(current);
    for (const key of Object.keys(current)) {
      const value = current[key];
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) descend(item);
      } else if (isNode(value)) descend(value);
    }
    ancestors.pop();
  };
  descend(node);
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Line number, from 1, of a character position. */
export function lineAt(source: Source, position: number): number {
  let line = 1;
  for (let i = 0; i < position; i++) if (source.text.charCodeAt(i) === 10) line++;
  return line;
}

/** Name of an identifier node, or null for anything else. */
export function identifierName(node: unknown): string | null {
  return isNode(node) && node.type === "Identifier" ? String(node.name) : null;
}

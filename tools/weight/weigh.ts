/**
 * What the built page weighs, gzipped: until its first paint, and as a working sandbox (also the
 * terminal and the worker with engine and nats.js). Chunks that wait for a first use (dialogs, the
 * commands of `nats`, text tools, predicates) count as neither. `npm run build` first.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface PageWeight {
  /** Kilobytes of 1,000 bytes. */
  readonly firstPaintKb: number;
  readonly sandboxKb: number;
  readonly allKb: number;
  readonly parts: readonly { readonly file: string; readonly kb: number; readonly when: When }[];
}

/** Of the style guide, section 19. */
export const weightLimits = { firstPaintKb: 230, sandboxKb: 500 };

type When = "first paint" | "sandbox" | "later";

export function weighPage(folder: string): PageWeight {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const assets = readdirSync(join(folder, "assets")).filter((file) => /\.(js|css)$/.test(file));
  const started = staticImports(
    join(folder, "assets"),
    assets.filter((file) => starts.test(file)),
  );
  const parts = [
    { file: "index.html", kb: gzipped(join(folder, "index.html")), when: "first paint" as When },
    ...assets.map((file) => ({
      file,
      kb: gzipped(join(folder, "assets", file)),
      when: html.includes(file) ? "first paint" : started.has(file) ? "sandbox" : ("later" as When),
    })),
  ];
  const sum = (...whens: When[]) =>
    parts.filter((part) => whens.includes(part.when)).reduce((total, part) => total + part.kb, 0);
  return {
    firstPaintKb: sum("first paint"),
    sandboxKb: sum("first paint", "sandbox"),
    allKb: sum("first paint", "sandbox", "later"),
    parts,
  };
}

/** The terminal and the worker make the page a sandbox. */
const starts = /^(TerminalPane|entry)-/;

/** These chunks and whatever they import without being asked again. */
function staticImports(folder: string, files: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, name] of text.matchAll(/(?:from|import)"\.\/([^"]+)"/g)) waiting.push(name ?? "");
  }
  return found;
}

function gzipped(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length / 1000;
}

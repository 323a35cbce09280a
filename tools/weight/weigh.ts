/**
 * What the built page weighs, gzipped: until its first paint, and in all. What comes in between is
 * weighed where it happens, in a browser: see `session.ts`. `npm run build` first.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export interface PageWeight {
  /** Kilobytes of 1,000 bytes. */
  readonly firstPaintKb: number;
  readonly allKb: number;
  readonly parts: readonly { readonly file: string; readonly kb: number; readonly when: When }[];
}

/**
 * What a page may weigh; and ratchets for a walk-through and for all there is: they are what it
 * weighed, and nothing new may cross them.
 */
export const weightLimits = {
  firstPaintKb: 230,
  firstPublishKb: 500,
  walkThroughRatchetKb: 610,
  allRatchetKb: 892,
};

type When = "first paint" | "later";

export function weighPage(folder: string): PageWeight {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const assets = readdirSync(join(folder, "assets")).filter((file) => /\.(js|css)$/.test(file));
  const parts = [
    { file: "index.html", when: "first paint" as When },
    ...assets.map((file) => {
      const isFirst = html.includes(file) && !isBeside.test(file);
      return { file: `assets/${file}`, when: (isFirst ? "first paint" : "later") as When };
    }),
  ].map((part) => ({ ...part, kb: weighFile(join(folder, part.file)) }));
  const sum = (...whens: When[]) =>
    parts.filter((part) => whens.includes(part.when)).reduce((total, part) => total + part.kb, 0);
  return { firstPaintKb: sum("first paint"), allKb: sum("first paint", "later"), parts };
}

/** The document asks for them, and yet nothing that is painted first waits for them. */
const isBeside = /^(entry|TerminalPane|Dialog)-.*\.js$/;

/** Kilobytes of a file as it is transferred. */
export function weighFile(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length / 1000;
}

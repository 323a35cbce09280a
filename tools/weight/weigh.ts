/**
 * What the built page weighs, gzipped: until its first paint, and as a working sandbox, which is
 * everything that a person's first commands run on: also the terminal, the worker with the engine
 * and the shell, the commands of `nats`, the text tools and the packages of nats.js, whether they
 * come at once or with their first use. Only what the style guide calls lazy, and sheets that
 * somebody opens, count as neither. `npm run build` first.
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

/**
 * Of the style guide, section 19. The sandbox has outgrown its limit since all of it is counted:
 * what it weighed then is a ratchet, which nothing new may cross.
 */
export const weightLimits = { firstPaintKb: 230, sandboxKb: 500, sandboxRatchetKb: 720 };

type When = "first paint" | "sandbox" | "later";

export function weighPage(folder: string): PageWeight {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const assets = readdirSync(join(folder, "assets")).filter((file) => /\.(js|css)$/.test(file));
  const parts = [
    { file: "index.html", kb: gzipped(join(folder, "index.html")), when: "first paint" as When },
    ...assets.map((file) => ({
      file,
      kb: gzipped(join(folder, "assets", file)),
      when: html.includes(file) && !isWorker.test(file) ? "first paint" : whenElse(file),
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

/** The document starts it, and yet nothing that is painted first waits for it. */
const isWorker = /^entry-/;
/** Sheets, lessons, comparisons, and the library of `expect`; there is no editor and no chart. */
const isLater = /^(Dialogs?|Compare|LessonPanel|lessons?|predicates)-/;

function whenElse(file: string): When {
  return isLater.test(file) ? "later" : "sandbox";
}

function gzipped(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length / 1000;
}

/** `npm run tidy`: holds the source to the rules of the files beside it; prints what must change; exit 1 if any. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readWords, runCommand } from "../options.ts";
import { checkDocuments, checkFrontDoors } from "./documents.ts";
import { checkFolders, checkLimits } from "./limits.ts";
import { checkRooms } from "./rooms.ts";
import { type Finding, trackedSources } from "./source.ts";
import { checkWorldBans } from "./world-bans.ts";

const root = resolve(import.meta.dirname, "../..");
const ratchetFile = `${root}/tools/tidy/ratchet.json`;
process.exitCode = await runCommand({
  name: "tidy",
  usage: "usage: npm run tidy",
  read: (words) => readWords(words),
  run: tidy,
});

function tidy(): number {
  const { sources, unreadable } = trackedSources(root);
  const findings: Finding[] = [
    ...unreadable,
    ...sources.flatMap((source) => [
      ...checkRooms(source),
      ...checkWorldBans(source),
      ...checkLimits(source),
      ...checkDocuments(source),
    ]),
    ...checkFolders(sources),
    ...checkFrontDoors(sources.map((source) => source.path)),
  ];
  const codeCount = sources.filter((source) => source.program !== null).length;
  return report(findings, codeCount);
}

/** A rule is born with a ratchet: what existed then may stay, nothing new may cross it. */
function report(all: readonly Finding[], codeCount: number): number {
  if (codeCount === 0) {
    console.error("tidy has seen no source file: something is wrong with the listing");
    return 1;
  }
  const allowed = readRatchet();
  const seen = new Map<string, number>();
  let fresh = 0;
  for (const { path, line, rule, text } of all) {
    const key = `${rule} ${path}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    if (count <= (allowed[key] ?? 0)) continue;
    fresh++;
    console.error(`${path}:${line}: ${rule}: ${text}`);
  }
  for (const [key, count] of Object.entries(allowed)) {
    if ((seen.get(key) ?? 0) >= count) continue;
    console.error(`ratchet.json: "${key}" is down to ${seen.get(key) ?? 0}: lower its number`);
    fresh++;
  }
  console.log(`tidy: ${codeCount} source files, ${fresh} findings`);
  return fresh === 0 ? 0 : 1;
}

function readRatchet(): Readonly<Record<string, number>> {
  if (!existsSync(ratchetFile)) return {};
  return JSON.parse(readFileSync(ratchetFile, "utf8")) as Record<string, number>;
}

/** Documents and rooms' front doors: one title each, a short README a room, no private paths. */
import type { Finding, Source } from "./source.ts";

const readmeLinesMax = 15;
const adrStatuses = /^Status: (Proposed|Accepted|Superseded by \d{3})$/m;
const adrDate = /^Date: \d{4}-\d{2}-\d{2}$/m;

/** Traces of one machine or network, which mean nothing to a reader elsewhere. */
const privatePlaces = [
  /(?<![\w.])\/(root|work|home\/(?!learner))\//,
  /registry\.(npmjs|yarnpkg)/,
  /proxy\.golang/,
];

export function checkDocuments(source: Source): Finding[] {
  const findings: Finding[] = [];
  const add = (line: number, rule: string, text: string): void => {
    findings.push({ path: source.path, line, rule, text });
  };
  source.lines.forEach((line, index) => {
    if (source.path.startsWith("tools/tidy/")) return;
    if (privatePlaces.some((place) => place.test(line))) {
      add(index + 1, "private-place", "names a place that only one machine has");
    }
  });
  if (!source.path.endsWith(".md")) return findings;
  const titles = titleLines(source.lines);
  if (titles.length !== 1) add(titles[1] ?? 1, "title", `${titles.length} titles, one expected`);
  const isRoomReadme = /^src\/[^/]+\/README\.md$/.test(source.path);
  const lines = source.lines.length - 1;
  if (isRoomReadme && lines > readmeLinesMax) {
    add(1, "room-readme", `${lines} lines, at most ${readmeLinesMax}`);
  }
  const isAdr = /^docs\/adr\/\d{3}-/.test(source.path);
  if (isAdr && !(adrStatuses.test(source.text) && adrDate.test(source.text))) {
    add(1, "adr", "needs a `Status:` of the closed list and a `Date:` line");
  }
  return findings;
}

/** Rooms that no other room imports have no public face. */
const topRooms = ["app", "node", "worker"];

/** Each room has a README, and an index unless it is at the top. */
export function checkFrontDoors(paths: readonly string[]): Finding[] {
  const rooms = new Set(paths.map((path) => /^src\/([^/]+)\//.exec(path)?.[1]));
  const findings: Finding[] = [];
  for (const room of rooms) {
    if (room === undefined) continue;
    for (const door of topRooms.includes(room) ? ["README.md"] : ["README.md", "index.ts"]) {
      const path = `src/${room}/${door}`;
      if (paths.includes(path)) continue;
      findings.push({ path, line: 1, rule: "front-door", text: "is missing" });
    }
  }
  return findings;
}

/** Line numbers of `# Title` lines outside code fences. */
function titleLines(lines: readonly string[]): number[] {
  const titles: number[] = [];
  let fenced = false;
  lines.forEach((line, index) => {
    if (line.startsWith("```")) fenced = !fenced;
    else if (!fenced && line.startsWith("# ")) titles.push(index + 1);
  });
  return titles;
}

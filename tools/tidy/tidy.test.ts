import { describe, expect, test } from "vitest";
import { checkDocuments, checkFrontDoors } from "./documents.ts";
import { checkFolders, checkLimits } from "./limits.ts";
import { checkRooms } from "./rooms.ts";
import { sourceOf } from "./source.ts";
import { checkWorldBans } from "./world-bans.ts";

const rules = (findings: readonly { rule: string }[]): string[] => findings.map((f) => f.rule);

describe("rooms", () => {
  test("refuses an arrow that runs upwards", () => {
    const source = sourceOf("src/kernel/a.ts", 'import { x } from "../server/index.ts";');
    expect(rules(checkRooms(source))).toEqual(["rooms"]);
  });
  test("refuses to reach past another room's index", () => {
    const source = sourceOf("src/server/a.ts", 'import { x } from "../kernel/queue.ts";');
    expect(checkRooms(source)[0]?.text).toContain("src/kernel/index.ts");
  });
  test("keeps raft and jetstream apart", () => {
    const source = sourceOf("src/raft/a.ts", 'export { x } from "../jetstream/index.ts";');
    expect(rules(checkRooms(source))).toEqual(["rooms"]);
  });
  test("lets the page take types from the worker, never values", () => {
    const types = sourceOf("src/app/a.ts", 'import type { Api } from "../worker/api.ts";');
    const values = sourceOf("src/app/a.ts", 'import { api } from "../worker/api.ts";');
    expect(checkRooms(types)).toEqual([]);
    expect(rules(checkRooms(values))).toEqual(["rooms"]);
  });
  test("sees dynamic imports too", () => {
    const source = sourceOf("src/kernel/a.ts", 'const m = import("../world/index.ts");');
    expect(rules(checkRooms(source))).toEqual(["rooms"]);
  });
  test("accepts a downward arrow through the index", () => {
    const source = sourceOf("src/server/a.ts", 'import { x } from "../kernel/index.ts";');
    expect(checkRooms(source)).toEqual([]);
  });
});

describe("the world", () => {
  const inRaft = (text: string): string[] =>
    checkWorldBans(sourceOf("src/raft/a.ts", text)).map((f) => f.text);
  test.each([
    ["Date.now()", "const t = Date.now();"],
    ["setTimeout", "setTimeout(f, 1);"],
    ["Math.random", "const r = Math.random();"],
    ["**", "const p = 2 ** n;"],
    ["for…in", "for (const k in o) f(k);"],
    ["sort()", "names.sort();"],
    ["localeCompare", "a.localeCompare(b);"],
    ["async", "async function f() {}"],
    ["promises", "const p = new Promise(f);"],
  ])("has no %s", (_, text) => {
    expect(inRaft(text).length).toBeGreaterThan(0);
  });
  test("allows a property that shares a banned name", () => {
    expect(inRaft("const x = { Date: 1 }; f(x.Date); names.sort(compare);")).toEqual([]);
  });
  test("allows a power of two that is written out", () => {
    expect(inRaft("const top = 2 ** 53; const big = 2n ** 63n;")).toEqual([]);
  });
  test("lets the shell await", () => {
    expect(checkWorldBans(sourceOf("src/shell/a.ts", "async () => { await f(); };"))).toEqual([]);
  });
});

describe("limits", () => {
  test("counts parameters, lines, exports and nesting", () => {
    const five = sourceOf("src/raft/a.ts", "function f(a, b, c, d, e) {}");
    expect(rules(checkLimits(five))).toEqual(["parameters"]);
    const long = sourceOf("src/raft/a.ts", "f();\n".repeat(401));
    expect(rules(checkLimits(long))).toEqual(["file-lines"]);
    const exported = Array.from({ length: 13 }, (_, i) => `export const a${i} = ${i};`).join("\n");
    expect(rules(checkLimits(sourceOf("src/raft/a.ts", exported)))).toEqual(["exports"]);
    const deep = "if (a) { for (;;) { while (b) { if (c) { if (d) f(); } } } }";
    expect(rules(checkLimits(sourceOf("src/raft/a.ts", deep)))).toEqual(["nesting"]);
    const chain = "if (a) f(); else if (b) f(); else if (c) f(); else if (d) f(); else if (e) f();";
    expect(checkLimits(sourceOf("src/raft/a.ts", chain))).toEqual([]);
  });
  test("refuses a name that says nothing", () => {
    expect(rules(checkLimits(sourceOf("src/raft/utils.ts", "f();")))).toEqual(["names"]);
  });
  test("counts files in a folder", () => {
    const files = Array.from({ length: 26 }, (_, i) => sourceOf(`src/raft/f${i}.ts`, "f();"));
    expect(rules(checkFolders(files))).toEqual(["folder-files"]);
  });
});

describe("documents", () => {
  test("want one title, outside code", () => {
    expect(checkDocuments(sourceOf("docs/a.md", "# A\n\n```\n# not a title\n```\n"))).toEqual([]);
    expect(rules(checkDocuments(sourceOf("docs/a.md", "# A\n# B\n")))).toEqual(["title"]);
  });
  test("name no place of one machine", () => {
    const text = `# A\nsee /${"root"}/notes\n`;
    expect(rules(checkDocuments(sourceOf("docs/a.md", text)))).toEqual(["private-place"]);
  });
  test("an ADR carries its status and date", () => {
    expect(rules(checkDocuments(sourceOf("docs/adr/001-x.md", "# X\n")))).toEqual(["adr"]);
  });
  test("each room has its front doors", () => {
    expect(rules(checkFrontDoors(["src/raft/core.ts"]))).toEqual(["front-door", "front-door"]);
  });
});

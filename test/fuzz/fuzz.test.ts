/** A short look by chance; `npm run fuzz -- --target NAME --seconds N` looks for as long as told. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConf, parseJson } from "../../src/protocol/index.ts";
import { serverConfigFromText } from "../../src/server/index.ts";
import { ourStage } from "../differential/suite/our-stage.ts";
import { configurations } from "./configurations.ts";
import { mutate } from "./mutations.ts";
import { listener, type Target, targets } from "./targets.ts";

const runs: Readonly<Record<Target, number>> = { protocol: 150, api: 120, config: 400 };

describe("nothing that comes from outside", () => {
  test.each(Object.keys(runs) as Target[])("brings a server down: %s", async (target) => {
    await fc.assert(targets[target](), { numRuns: runs[target] });
  });

  // Found by fuzzing: ten kilobytes of brackets ended the process.
  test.each([1000, 10_000, 1_000_000])("nests too deeply for the stack: %i", (depth) => {
    const deep = "[".repeat(depth + 1);
    expect(() => parseJson(deep + "]".repeat(depth + 1))).toThrow("exceeded max depth");
    expect(() => parseConf(`a: ${deep}`)).toThrow("nested too deeply");
    expect(() => parseConf("a {".repeat(depth))).toThrow("nested too deeply");
  });

  test("includes itself for ever", () => {
    const readInclude = (): string => "include 'again.conf'";
    expect(() => parseConf("include 'again.conf'", { readInclude })).toThrow("nested too deeply");
  });
});

describe("what never ends", () => {
  // Evidence: client.go, max_control_line of 4096 and max_payload of 1 MB.
  test.each([
    ["a line", "PUB ", "x", "maximum control line exceeded"],
    ["a payload", "PUB a 1048577\r\n", "x", "Maximum Payload Violation"],
  ])("%s is cut off, not kept", async (_, head, more, reason) => {
    const stage = ourStage("plain", 0);
    const heard = listener();
    const line = await stage.connect({}, heard);
    line.send(Buffer.from(head));
    for (let i = 0; i < 2000 && !heard.isClosed(); i++) line.send(Buffer.from(more.repeat(1000)));
    expect(heard.isClosed()).toBe(true);
    expect(heard.text()).toContain(reason);
  });
});

describe("the fuzzer itself", () => {
  test("begins with files that are all right", () => {
    for (const text of configurations) expect(() => serverConfigFromText(text)).not.toThrow();
  });

  test("damages what it is given", () => {
    const at = { at: 0.5, size: 2, text: "7" } as const;
    expect(mutate("abcd", [{ ...at, kind: "insert" }])).toBe("ab7cd");
    expect(mutate("abcd", [{ ...at, kind: "remove" }])).toBe("ab");
    expect(mutate('{"a":1,"b":2}', [{ ...at, kind: "number" }])).toBe('{"a":1,"b":7}');
    expect(mutate("abcd", [{ ...at, kind: "cut" }])).toBe("ab");
  });
});

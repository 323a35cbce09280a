/** The subset of jq. Expectations: jq 1.7's manual, checked against its examples. */
import { describe, expect, test } from "vitest";
import { evaluate } from "./evaluate.ts";
import { parseFilter } from "./parse.ts";
import type { Json } from "./syntax.ts";

function apply(filter: string, input: Json): Json[] {
  return [...evaluate(parseFilter(filter), input, new Map())];
}

describe("filters", () => {
  const stream = { config: { name: "ORDERS", subjects: ["orders.>"] }, state: { messages: 3 } };
  test.each<[string, Json, Json[]]>([
    [".", stream, [stream]],
    [".config.name", stream, ["ORDERS"]],
    [".config.subjects[0]", stream, ["orders.>"]],
    ['.config["name"], .state.messages', stream, ["ORDERS", 3]],
    [".none.deeper", stream, [null]],
    [".[] | .a", [{ a: 1 }, { a: 2 }], [1, 2]],
    [".[1:], .[:-1], .[-1]", [1, 2, 3], [[2, 3], [1, 2], 3]],
    ["keys, length", stream, [["config", "state"], 2]],
    ["map(select(.n > 1) | .n * 10)", [{ n: 1 }, { n: 2 }, { n: 3 }], [[20, 30]]],
    [
      '[.[] | select(.s == "a" and .n != 1 or .n == 9)]',
      [
        { s: "a", n: 1 },
        { s: "b", n: 9 },
      ],
      [[{ s: "b", n: 9 }]],
    ],
    ["{name, total: .n, (.name): 1}", { name: "x", n: 2 }, [{ name: "x", total: 2, x: 1 }]],
    ["{a: (1, 2)}", null, [{ a: 1 }, { a: 2 }]],
    ['"\\(.name): \\(.n + 1)"', { name: "x", n: 2 }, ["x: 3"]],
    ['.a // "none", (.b // 1)', { a: null, b: 5 }, ["none", 5]],
    ['if .n > 1 then "many" elif .n == 1 then "one" else "none" end', { n: 1 }, ["one"]],
    ["sort_by(.n) | map(.n)", [{ n: 3 }, { n: 1 }], [[1, 3]]],
    ["group_by(.k) | map(length)", [{ k: "a" }, { k: "b" }, { k: "a" }], [[2, 1]]],
    [
      'to_entries | map(.key + "=" + (.value | tostring)) | join(",")',
      { a: 1, b: "x" },
      ["a=1,b=x"],
    ],
    ["with_entries(select(.value > 1))", { a: 1, b: 2 }, [{ b: 2 }]],
    ["add, min, max, (unique | length)", [3, 1, 3], [7, 1, 3, 2]],
    ["[.[] | tonumber?]", ["1", "x", "2"], [[1, 2]]],
    ["reduce .[] as $x (0; . + $x)", [1, 2, 3], [6]],
    [".[] as $x | $x * 2", [1, 2], [2, 4]],
    [
      'test("^or"), split("."), ascii_upcase',
      "orders.new",
      [true, ["orders", "new"], "ORDERS.NEW"],
    ],
    ["[range(3)], [limit(2; .[])], first(.[])", [7, 8, 9], [[0, 1, 2], [7, 8], 7]],
    ['del(.a), has("a"), (keys | contains(["b"]))', { a: 1, b: 2 }, [{ b: 2 }, true, true]],
    ["@base64, (@base64 | @base64d)", "hi", ["aGk=", "hi"]],
    ["7 / 2, 7 % 3, -(1), 1 + 2 * 3", null, [3.5, 1, -1, 7]],
  ])("%s", (filter, input, outputs) => {
    expect(apply(filter, input)).toEqual(outputs);
  });
});

describe("mistakes", () => {
  test.each<[string, Json, string]>([
    [".[", null, "column 3: unexpected end of the filter"],
    [".a.b", { a: 1 }, 'Cannot index number with "b"'],
    [".[]", 1, "Cannot iterate over number (1)"],
    ["nope", null, "nope/0 is not defined"],
    ["$x", null, "$x is not defined"],
    ["{} + 1", null, "object ({}) and number (1) cannot be added"],
    ["1 / 0", null, "number (1) and number (0) cannot be divided because the divisor is zero"],
  ])("%s", (filter, input, message) => {
    expect(() => apply(filter, input)).toThrow(message);
  });
});

import { describe, expect, test } from "vitest";
import { parseConf } from "./parser.ts";
import { ConfError, plainConf } from "./value.ts";

const read = (text: string): unknown => plainConf(parseConf(text));

function complaint(text: string, env: readonly [string, string][] = []): string {
  try {
    parseConf(text, { file: "my.conf", env: new Map(env) });
  } catch (error) {
    if (error instanceof ConfError) return error.message;
    throw error;
  }
  return "";
}

// Evidence: nats-server conf/parse_test.go (inputs and values).
describe("values", () => {
  test.each([
    ["foo='1'; bar=2.2; baz=true; boo=22", { foo: "1", bar: 2.2, baz: true, boo: 22 }],
    ["foo: 1\nbar = 'x'\nbaz yes", { foo: 1, bar: "x", baz: true }],
    ["a = on, b = off; c: no", { a: true, b: false, c: false }],
    [
      "k: 8k, kb: 4kb, ki: 3Ki, m: 1m, mb: 2MB, g: 1g, gb: 1GB",
      {
        k: 8000,
        kb: 4096,
        ki: 3072,
        m: 1e6,
        mb: 2 * 1024 * 1024,
        g: 1e9,
        gb: 1024 ** 3,
      },
    ],
    ["neg: -22, kneg: -1k", { neg: -22, kneg: -1000 }],
    ["listen: 127.0.0.1:4222", { listen: "127.0.0.1:4222" }],
    ['http: "127.0.0.1:-1"', { http: "127.0.0.1:-1" }],
    ["listen: 127.0.0.1:-1", { listen: "127.0.0.1:-1" }],
    ["when: 2016-05-04T18:53:41Z", { when: "2016-05-04T18:53:41Z" }],
    [
      "path: /srv/a/b\nwild: A.>\ninbox: _INBOX.>",
      { path: "/srv/a/b", wild: "A.>", inbox: "_INBOX.>" },
    ],
    ["s: froma.$KV.>", { s: "froma.$KV.>" }],
    ["v: 3.1.4, w: 0abc, x: 5e7bcd", { v: "3.1.4", w: "0abc", x: "5e7bcd" }],
    ['q: "a\\tb\\x41\\"", s: \'a\\tb\'', { q: 'a\tbA"', s: "a\\tb" }],
    ["block: (\nline 1\nline 2\n)\nx: 1", { block: "\nline 1\nline 2\n", x: 1 }],
  ])("%j", (text, value) => {
    expect(read(text)).toEqual(value);
  });
});

describe("maps, arrays and comments", () => {
  test("the dialect of one item a line, without commas", () => {
    const text = `
# a comment
port: -1 // another
jetstream {
  store_dir: /tmp/x
  max_mem_store: 1048576
}
authorization {
  users [
    {
      user: a
      password: "$2b"
    }
    {
      user: b
      permissions {
        publish {
          allow [
            A.>
            "$JS.API.>"
          ]
        }
      }
    }
  ]
}
tags [ id:tg4h8eUE ]
`;
    expect(read(text)).toEqual({
      port: -1,
      jetstream: { store_dir: "/tmp/x", max_mem_store: 1048576 },
      authorization: {
        users: [
          { user: "a", password: "$2b" },
          { user: "b", permissions: { publish: { allow: ["A.>", "$JS.API.>"] } } },
        ],
      },
      tags: ["id:tg4h8eUE"],
    });
  });

  test("a JSON file is a configuration", () => {
    const text = '{\n  "port": 4222,\n  "cluster": {"routes": ["a", "b"]},\n  "debug": true\n}\n';
    expect(read(text)).toEqual({ port: 4222, cluster: { routes: ["a", "b"] }, debug: true });
  });

  test("keys may be quoted, and a key needs a blank or separator before its brace", () => {
    expect(read("'a b': 1\n\"c\" = 2")).toEqual({ "a b": 1, c: 2 });
    expect(read("websocket{port 1}")).toEqual({ "websocket{port": 1 });
  });

  test("places are those of the keys", () => {
    const conf = parseConf("port: 1\n  debug: true\n", { file: "f" });
    expect(conf.get("port")).toMatchObject({ file: "f", line: 1, column: 0 });
    // From 1 in lines after the first: conf/lex.go counts from the line break.
    expect(conf.get("debug")).toMatchObject({ line: 2, column: 3 });
  });
});

describe("variables and includes", () => {
  test("variables are looked up from the inside out, then in the environment", () => {
    const text = "x: 22\na { x: 1\n b: $x }\nc: $x\nd: $PORT\ne: $LIST";
    const env = new Map([
      ["PORT", "4242"],
      ["LIST", "[a, b]"],
    ]);
    const conf = parseConf(text, { env });
    expect(plainConf(conf)).toMatchObject({ a: { b: 1 }, c: 22, d: 4242, e: ["a", "b"] });
    expect(conf.get("x")?.usedAsVariable).toBe(true);
    expect(conf.get("c")?.usedAsVariable).toBe(false);
  });

  test("a bcrypt hash needs no quotes", () => {
    expect(read("p: $2a$11$abc")).toEqual({ p: "$2a$11$abc" });
  });

  test("an included file's pairs come in place", () => {
    const files: Record<string, string> = { "./a.conf": "user: u\npass: p", b: "x: 1" };
    const conf = parseConf("authorization {\n include ./a.conf\n}\ninclude 'b'\ny: 2", {
      readInclude: (path) => files[path] ?? "",
    });
    expect(plainConf(conf)).toEqual({ authorization: { user: "u", pass: "p" }, x: 1, y: 2 });
  });
});

// Evidence: runs of `nats-server -t -c` 2.15.2 with these texts; conf/lex.go.
test.each([
  ["foo", "config is invalid (my.conf:1:3)"],
  ["a: $nope", "variable reference for 'nope' on line 1 can not be found"],
  ["a: 99999999999999999999", "integer '99999999999999999999' is out of the range"],
  ["a: .5", "Parse error on line 1: 'Floats must start with a digit'"],
  ["a:\n", "Parse error on line 2: 'Expected value but found new line'"],
  [
    "a: 1.x",
    "Parse error on line 1: 'Floats must have a digit after the '.', but got 'x' instead.'",
  ],
  [
    "a: [1, 2",
    "Parse error on line 1: 'Expected an array value terminator \",\" or an array terminator \"]\", but got '\0' instead.'",
  ],
  [
    "a {\n b: 1",
    `Parse error on line 2: 'Expected a map value terminator "," or a map terminator "}", but got '\0' instead.'`,
  ],
  [
    'a { b: "x" "y" }',
    `Parse error on line 1: 'Expected a map value terminator "," or a map terminator "}", but got '"' instead.'`,
  ],
  [
    'a: "x\\q"',
    "Parse error on line 1: 'Invalid escape character 'q'. Only the following escape characters are allowed: \\xXX, \\t, \\n, \\r, \\\", \\\\.'",
  ],
  ["= 1", "Parse error on line 1: 'Unexpected key separator '=''"],
])("%j is refused", (text, answer) => {
  expect(complaint(text)).toBe(answer);
});

test("variables that refer to each other are refused", () => {
  expect(
    complaint("a: $A", [
      ["A", "$B"],
      ["B", "$A"],
    ]),
  ).toContain("variable reference cycle for 'A'");
});

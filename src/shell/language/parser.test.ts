// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts for a shell.
/** What is a line, what is a line that goes on, and what is wrong with the others. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineProblem } from "../terminal/whole-line.ts";
import { parseScript } from "./parser.ts";
import { ShellSyntaxError } from "./syntax.ts";

describe("a mistake names its line, its column and what was expected", () => {
  test.each([
    ["echo a ) b", "line 1, column 8: unexpected ')'"],
    ["echo a\n  fi", "line 2, column 3: unexpected 'fi'"],
    [
      "if true; do x; fi",
      "line 1, column 10: 'then' expected for the 'if' of line 1, column 1, not 'do'",
    ],
    ["for 1x in a; do :; done", "line 1, column 5: 'for' needs the name of a variable"],
    ["echo a && && b", "line 1, column 11: unexpected '&&'"],
    ["| cat", "line 1, column 1: unexpected '|'"],
    ["echo ${a!b}", "line 1, column 9: unexpected '!' after a variable's name"],
    ["f() echo x", "line 1, column 11: a function's body must stand in '{ }' or '( )'"],
    ["( )", "line 1, column 2: a command is missing after '(', before ')'"],
    ["echo $(echo a", "line 1, column 6: '$(' without ')'"],
  ])("%s", (line, message) => {
    expect(lineProblem(line)?.message).toBe(message);
  });
});

describe("asks for more as long as the line may go on", () => {
  test.each([
    "echo 'a",
    'echo "a $(b',
    "if true",
    "if true; then echo",
    "while x; do",
    "for i in a b",
    "case x in a) echo;;",
    "f() {",
    "{ echo a",
    "( echo a",
    "echo a |",
    "a &&",
    "cat <<E\nbody",
    "echo $((1 +",
    "echo ${x:-",
  ])("%s", (line) => {
    expect(lineProblem(line)).toMatchObject({ incomplete: true });
  });

  test.each(["echo a )", "fi", "if true; do", "echo a; ; b"])("but not in %s", (line) => {
    expect(lineProblem(line)).toMatchObject({ incomplete: false });
  });
});

test("a parsed line is plain data: it survives being text", () => {
  const line = 'for i in {1..3}; do f "$i" > x.$i 2>&1 & done; case $y in a*) ;; esac <<E\n$z\nE\n';
  const script = parseScript(line);
  expect(JSON.parse(JSON.stringify(script))).toEqual(script);
});

test("any text is parsed or refused with a place in it, and never crashes", () => {
  const pieces = fc.constantFrom(
    ..."a b 1 $ ${ $( $(( )) ) ( { } ' \" ` \\ | & && || ; ;; < > << <<- # ! = \n * [ ]".split(" "),
    " ",
    "if ",
    "then ",
    "fi",
    "for i in ",
    "do ",
    "done",
    "case x in ",
    "esac",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 25 }), (words) => {
      const text = words.join("");
      try {
        parseScript(text);
      } catch (error) {
        if (!(error instanceof ShellSyntaxError)) throw error;
        const lines = text.split("\n");
        expect(error.line).toBeLessThanOrEqual(lines.length + 1);
        expect(error.column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 3000 },
  );
});

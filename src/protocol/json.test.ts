import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBig, JsonError, parseJson } from "./json-read.ts";
import { encodeJson, quoteJson } from "./json-write.ts";

function complaint(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error.message;
    throw error;
  }
  return "";
}

describe("JSON without lost digits", () => {
  test("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test("writes what JSON.parse reads back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(encodeJson(plain))).toEqual(plain);
      }),
    );
  });

  test.each(["9007199254740993", "18446744073709551615", "-9223372036854775808"])(
    "keeps %s to the digit",
    (digits) => {
      const read = parseJson(`{"n":${digits}}`);
      expect(encodeJson(read)).toBe(`{"n":${digits}}`);
      expect(isBig((read as { n: never }).n)).toBe(true);
    },
  );

  test("an object with a member called bigint is an object", () => {
    const read = parseJson('{"bigint":"5"}');
    expect(isBig(read)).toBe(false);
    expect(encodeJson(read)).toBe('{"bigint":"5"}');
  });

  test("__proto__ is a name like any other", () => {
    expect(encodeJson(parseJson('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  });

  // Evidence: Go 1.26 encoding/json with escapeHTML, as in every nats-server reply.
  test("escapes as Go does", () => {
    expect(quoteJson('a<b>&"\\\n\r\t\b\f\u0001\u2028é\ud83d\ude00')).toBe(
      '"a\\u003cb\\u003e\\u0026\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u2028é😀"',
    );
    expect(quoteJson("\ud800x")).toBe('"\\ufffdx"');
  });

  test("leaves out what is undefined and keeps the order of the rest", () => {
    expect(encodeJson({ b: 1, none: undefined, a: [null, true] })).toBe('{"b":1,"a":[null,true]}');
  });
});

// Evidence: Go encoding/json scanner.go; the texts appear in API error 10025.
test.each([
  ["", "unexpected end of JSON input"],
  ["{", "unexpected end of JSON input"],
  ["x", "invalid character 'x' looking for beginning of value"],
  ["{x", "invalid character 'x' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"', "invalid character '\"' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["1 2", "invalid character '2' after top-level value"],
  ["tru3", "invalid character '3' in literal true (expecting 'e')"],
  ["-x", "invalid character 'x' in numeric literal"],
  ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ["1ex", "invalid character 'x' in exponent of numeric literal"],
  ['"\\q"', "invalid character 'q' in string escape code"],
  ['"\\u00g0"', "invalid character 'g' in \\u hexadecimal character escape"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ["{'a'", "invalid character '\\'' looking for beginning of object key string"],
])("%j is refused with %j", (text, answer) => {
  expect(complaint(text)).toBe(answer);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyTransform, compileTransform, TransformError } from "./transform.ts";

const first = (): number => 0;

function transformed(source: string, destination: string, subject: string): string | null {
  const transform = compileTransform(source, destination);
  return transform === null ? null : applyTransform(transform, subject, first);
}

function refusal(source: string, destination: string, strict = false): string {
  try {
    compileTransform(source, destination, { strict });
  } catch (error) {
    if (error instanceof TransformError) return error.message;
    throw error;
  }
  return "";
}

// Evidence: nats-server subject_transform_test.go (inputs and results), recordings of
// `nats server mapping`.
describe("mapping functions", () => {
  test.each([
    ["foo", "bar", "foo", "bar"],
    ["foo.*", "bar.{{wildcard(1)}}", "foo.x", "bar.x"],
    ["foo.*.*", "bar.$2.$1", "foo.a.b", "bar.b.a"],
    ["foo.>", "bar.>", "foo.a.b.c", "bar.a.b.c"],
    [">", "pre.>", "a.b", "pre.a.b"],
    ["", "pre.>", "a.b", "pre.a.b"],
    ["foo.*.>", "bar.$1.x.>", "foo.a.b.c", "bar.a.x.b.c"],
    ["*", "{{splitfromleft(1,3)}}", "12345", "123.45"],
    ["*", "{{SplitFromRight(1,3)}}", "12345", "12.345"],
    ["*", "{{SliceFromLeft(1,3)}}", "1234567890", "123.456.789.0"],
    ["*", "{{SliceFromRight(1,3)}}", "1234567890", "1.234.567.890"],
    ["*", "{{split(1,-)}}", "-abc-def--ghi-", "abc.def.ghi"],
    ["*", "{{left(1, 2)}}", "1234", "12"],
    ["*", "{{right(1,2)}}", "1234", "34"],
    ["*", "{{left(1,9)}}", "1234", "1234"],
    ["*.*", "{{wildcard(1)}}.{{partition(0,1,2)}}", "a.b", "a.0"],
    ["*", "x.{{random(5)}}", "a", "x.0"],
    ["foo", "x.{{partition(1)}}", "foo", "x.0"],
    ["foo.*", "bar.$1", "foo.a.b", null],
  ])("%s to %s makes %s into %s", (source, destination, subject, result) => {
    expect(transformed(source, destination, subject)).toBe(result);
  });

  // Evidence: subject_transform_test.go for one token; an FNV-1a written apart for two.
  test("partition is FNV-1a of the named tokens", () => {
    expect(transformed("*", "bar.$1.{{partition(10,1)}}", "foo")).toBe("bar.foo.3");
    expect(transformed("*", "bar.$1.{{partition(10,1)}}", "baz")).toBe("bar.baz.0");
    expect(transformed("*", "bar.$1.{{partition(10,1)}}", "qux")).toBe("bar.qux.9");
    expect(transformed("foo.*.*", "bar.{{partition(10,1,2)}}", "foo.bar.a")).toBe("bar.3");
    expect(transformed("foo.*.*", "bar.{{partition(10,1,2)}}", "foo.bar.b")).toBe("bar.6");
  });

  test("wildcards back and forth leave a subject as it was", () => {
    const token = fc.stringMatching(/^[a-z0-9]{1,6}$/);
    fc.assert(
      fc.property(token, token, token, (a, b, c) => {
        const there = transformed("in.*.*.>", "out.$2.{{wildcard(1)}}.>", `in.${a}.${b}.${c}`);
        expect(there).toBe(`out.${b}.${a}.${c}`);
        expect(transformed("out.*.*.>", "in.$2.$1.>", there ?? "")).toBe(`in.${a}.${b}.${c}`);
      }),
    );
  });
});

// Evidence: nats-server errors.go ErrMappingDestination…, indexPlaceHolders.
test.each([
  ["foo.*", "bar.>", "invalid subject"],
  ["foo.*", "bar.*", "invalid subject"],
  ["foo.*", "{{nope(1)}}", "invalid mapping destination: unknown function in {{nope(1)}}"],
  [
    "foo.*",
    "{{wildcard()}}",
    "invalid mapping destination: not enough arguments passed to the function in {{wildcard()}}",
  ],
  [
    "foo.*",
    "{{wildcard(1,2)}}",
    "invalid mapping destination: too many arguments passed to the function in {{wildcard(1,2)}}",
  ],
  [
    "foo.*",
    "{{wildcard(a)}}",
    "invalid mapping destination: function argument is invalid or in the wrong format in {{wildcard(a)}}",
  ],
  ["foo.*", "$2", "invalid mapping destination: wildcard index out of range in $2: [2]"],
  ["foo", "$1", "invalid mapping destination: wildcard index out of range in $1"],
])("%s to %s is refused: %s", (source, destination, text) => {
  expect(refusal(source, destination)).toBe(text);
});

test("imports want every wildcard, and nothing but wildcards", () => {
  expect(refusal("foo.*.*", "bar.$1", true)).toBe(
    "invalid mapping destination: not using all of the token wildcard(s) in bar.$1",
  );
  expect(refusal("foo.*", "{{left(1,2)}}", true)).toContain("the only mapping function allowed");
});

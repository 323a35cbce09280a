import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isSubsetOf,
  isValidLiteral,
  isValidPublishSubject,
  isValidSubject,
  isWildcard,
  subjectMatches,
  subjectsCollide,
  tokenAt,
  tokenCount,
} from "./subjects.ts";

/** The definition, token by token: what the fast functions are held against. */
function naiveMatches(pattern: readonly string[], subject: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return subject.length === 0;
  if (first === ">" && rest.length === 0) return subject.length > 0;
  const [token, ...others] = subject;
  if (token === undefined || token === "") return false;
  return (first === "*" || first === token) && naiveMatches(rest, others);
}

const token = fc.constantFrom("a", "b", "ab", "*a", "$JS");
const literal = fc.array(token, { minLength: 1, maxLength: 4 });
const pattern = fc
  .tuple(fc.array(fc.oneof(token, fc.constant("*")), { maxLength: 4 }), fc.boolean())
  .filter(([tokens, arrow]) => tokens.length > 0 || arrow)
  .map(([tokens, arrow]) => (arrow ? [...tokens, ">"] : tokens));

/** Every literal of up to four tokens over a small alphabet. */
const literals: string[][] = [];
for (let depth = 1, level: string[][] = [[]]; depth <= 4; depth++) {
  level = level.flatMap((tokens) => ["a", "b", "ab"].map((one) => [...tokens, one]));
  literals.push(...level);
}

describe("subjects against a naive matcher", () => {
  test("a pattern matches what the definition says", () => {
    fc.assert(
      fc.property(pattern, literal, (p, s) => {
        expect(subjectMatches(p.join("."), s.join("."))).toBe(naiveMatches(p, s));
      }),
      { numRuns: 5000 },
    );
  });

  test("a subset has no literal that the whole does not match", () => {
    fc.assert(
      fc.property(pattern, pattern, (inner, outer) => {
        if (!isSubsetOf(inner.join("."), outer.join("."))) return;
        for (const one of literals) {
          if (naiveMatches(inner, one)) expect(naiveMatches(outer, one)).toBe(true);
        }
      }),
    );
  });

  test("patterns collide when, and only when, some literal matches both", () => {
    const plain = fc.constantFrom("a", "b");
    const small = fc
      .tuple(fc.array(fc.oneof(plain, fc.constant("*")), { maxLength: 3 }), fc.boolean())
      .filter(([tokens, arrow]) => tokens.length > 0 || arrow)
      .map(([tokens, arrow]) => (arrow ? [...tokens, ">"] : tokens));
    fc.assert(
      fc.property(small, small, (a, b) => {
        const shared = literals.some((one) => naiveMatches(a, one) && naiveMatches(b, one));
        expect(subjectsCollide(a.join("."), b.join("."))).toBe(shared);
      }),
      { numRuns: 2000 },
    );
  });
});

// Evidence: nats-server sublist.go IsValidSubject, IsValidLiteralSubject.
describe("validity", () => {
  test.each([
    ["foo", true],
    ["foo.bar", true],
    ["foo.*", true],
    ["foo.>", true],
    [">", true],
    ["foo.*bar", true],
    ["foo.>bar", true],
    ["", false],
    [".", false],
    [".foo", false],
    ["foo.", false],
    ["foo..bar", false],
    ["foo.>.bar", false],
    [">.bar", false],
    ["foo bar", false],
    ["foo.\tbar", false],
    [" ", false],
  ])("%j is valid: %j", (subject, valid) => {
    expect(isValidSubject(subject)).toBe(valid);
  });

  test("wildcards are whole tokens", () => {
    expect(isWildcard("foo.*bar")).toBe(false);
    expect(isWildcard("foo.*.bar")).toBe(true);
    expect(isWildcard("foo.>")).toBe(true);
    expect(isValidLiteral("foo.*")).toBe(false);
    expect(isValidLiteral("foo bar")).toBe(true);
    expect(isValidLiteral("foo..bar")).toBe(false);
    expect(isValidPublishSubject("foo bar")).toBe(false);
  });

  test("tokens are counted and taken from 0", () => {
    expect(tokenCount("$JS.ACK.S.C")).toBe(4);
    expect(tokenCount("")).toBe(0);
    expect([0, 1, 3, 4].map((i) => tokenAt("$JS.ACK.S.C", i))).toEqual(["$JS", "ACK", "C", ""]);
  });
});

/** Small damages to text, drawn by fast-check, which makes those that matter smaller. */
import fc from "fast-check";
import { integerEdges, oddNumbers, subjectEdges, timeEdges } from "../differential/suite/edges.ts";

export interface Mutation {
  readonly kind: "insert" | "remove" | "repeat" | "number" | "string" | "value" | "cut" | "nest";
  /** Where, as a part of the text's length or of its numbers and strings. */
  readonly at: number;
  readonly size: number;
  readonly text: string;
}

const values = [
  ...integerEdges,
  ...oddNumbers,
  ...timeEdges,
  ...subjectEdges.map((subject) => JSON.stringify(subject)),
  "1e999",
  "-",
  '"\\ud800"',
  '"\\u0000"',
  "{}}",
  "[[",
];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("insert", "remove", "repeat", "number", "string", "value", "cut", "nest"),
  // Doubles drawn by their bits would nearly all stand at the beginning.
  at: fc.nat({ max: 9999 }).map((part) => part / 10_000),
  size: fc.nat({ max: 40 }),
  text: fc.oneof(
    fc.constantFrom(...values),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 4 }),
  ),
});

/** None at all is a mutation too: what is well-formed must go through. */
export const mutations = fc.array(mutation, { maxLength: 5 });

/** The text after each of the damages. */
export function mutate(text: string, damages: readonly Mutation[]): string {
  return damages.reduce(damage, text);
}

function damage(text: string, { kind, at, size, text: given }: Mutation): string {
  const i = Math.floor(at * text.length);
  switch (kind) {
    case "insert":
      return text.slice(0, i) + given + text.slice(i);
    case "remove":
      return text.slice(0, i) + text.slice(i + size);
    case "repeat":
      return text.slice(0, i + size) + text.slice(i, i + size) + text.slice(i + size);
    case "number":
      return replaceOne(text, /-?\d+(\.\d+)?/g, at, given);
    case "string":
      return replaceOne(text, /"(?:[^"\\]|\\.)*"/g, at, given);
    case "value":
      return replaceOne(text, /(?<=[:=]\s*)[^,}\]\s]+/g, at, given);
    case "cut":
      return text.slice(0, i);
    default:
      return text.slice(0, i) + "[{".repeat(size * size) + text.slice(i);
  }
}

function replaceOne(text: string, pattern: RegExp, at: number, by: string): string {
  const found = [...text.matchAll(pattern)];
  const one = found[Math.floor(at * found.length)];
  if (one === undefined) return text;
  return text.slice(0, one.index) + by + text.slice(one.index + one[0].length);
}

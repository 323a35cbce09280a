/** Predicates in CEL over the state object: compiled once, evaluated without side effects. */
import type { Environment } from "@marcbachmann/cel-js";
import { assert } from "../../kernel/index.ts";
import { UsageError } from "../commands/usage-error.ts";
import { splitWords } from "../commands/words.ts";
import { type StateLookup, stateLookup } from "../state/lookup.ts";
import { stateObject } from "../state/state-object.ts";
import type { World } from "../world.ts";
import { splitWas, wasName } from "./was.ts";

/** What an expression can give and an expectation can remember. */
export type PlainValue =
  | null
  | string
  | number
  | boolean
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

export interface Verdict {
  readonly holds: boolean;
  /** `true`, `false`, or why there was no value. */
  readonly value: string;
}

type Compiled = (context: Readonly<Record<string, unknown>>) => unknown;

/** The CEL library. The world cannot wait for it, so whoever drives the world brings it. */
export type PredicateLibrary = typeof import("@marcbachmann/cel-js");

let library: PredicateLibrary | null = null;
// What the functions of a predicate look at while it is evaluated.
let asked: StateLookup | null = null;
let made: Environment | null = null;
const compiledByText = new Map<string, Compiled>();
const compiledMax = 1_000;

/** True when this line cannot run before `providePredicates` was called. */
export function needsPredicates(line: string): boolean {
  return library === null && splitWords(line)?.[0] === "expect";
}

/** True from `providePredicates` on. */
export function predicatesAreHere(): boolean {
  return library !== null;
}

/** Hands over the library, once a realm; predicates are not world state. */
export function providePredicates(loaded: PredicateLibrary): void {
  library = loaded;
}

/** Refuses a predicate that does not compile, with the place in it. */
export function checkPredicate(predicate: string): void {
  const { text, inner } = splitWas(predicate);
  for (const one of [text, ...inner]) {
    try {
      compile(one);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`this predicate does not parse: ${why}`);
    }
  }
}

/** The values of every `was(EXPRESSION)` in a predicate, taken from the world before. */
export function rememberWas(predicate: string, before: World): PlainValue[] {
  return splitWas(predicate).inner.map((expression) => {
    const result = evaluate(before, expression, []);
    return result.failed === null ? toPlain(result.value) : null;
  });
}

/** Evaluates a predicate; what has no value (a missing key) counts as false and says why. */
export function evaluatePredicate(
  world: World,
  predicate: string,
  was: readonly PlainValue[],
): Verdict {
  const result = evaluate(world, splitWas(predicate).text, was);
  if (result.failed !== null) return { holds: false, value: result.failed };
  return { holds: result.value === true, value: String(toPlain(result.value)) };
}

/** The value of an expression as text; empty when it has none. */
export function expressionText(world: World, expression: string): string {
  const { value, failed } = evaluate(world, expression, []);
  return failed === null ? String(toPlain(value)) : "";
}

interface Evaluated {
  readonly value: unknown;
  readonly failed: string | null;
}

function evaluate(world: World, text: string, was: readonly PlainValue[]): Evaluated {
  const before = asked;
  asked = stateLookup(world);
  try {
    // The state stays lazy: only what the expression names is computed.
    const context = Object.create(stateObject(world), { [wasName]: { value: was } });
    return { value: compile(text)(context), failed: null };
  } catch (error) {
    const why = whyNoValue(error);
    if (why === null) throw error;
    return { value: null, failed: why };
  } finally {
    asked = before;
  }
}

/** What CEL says of an expression without a value; null for any other error. */
function whyNoValue(error: unknown): string | null {
  assert(library !== null, "a predicate was evaluated before its library came");
  const { EvaluationError, TypeError: PredicateTypeError } = library;
  const hasNoValue = error instanceof EvaluationError || error instanceof PredicateTypeError;
  return hasNoValue ? (error.message.split("\n", 1)[0] ?? error.message) : null;
}

function compile(text: string): Compiled {
  const known = compiledByText.get(text);
  if (known !== undefined) return known;
  assert(library !== null, "a predicate was compiled before its library came");
  made ??= createEnvironment(library);
  const compiled = made.parse(text) as Compiled;
  if (compiledByText.size >= compiledMax) compiledByText.clear();
  compiledByText.set(text, compiled);
  return compiled;
}

/** JavaScript numbers are doubles to CEL and literals are ints: arithmetic must mix them. */
function createEnvironment(cel: PredicateLibrary): Environment {
  const fresh = new cel.Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
  });
  for (const [sign, apply] of arithmetic) {
    for (const types of [`int ${sign} double`, `double ${sign} int`]) {
      fresh.registerOperator(`${types}: double`, (a: unknown, b: unknown) => {
        return apply(Number(a), Number(b));
      });
    }
  }
  fresh.registerOperator("double % double: double", (a: unknown, b: unknown) => {
    return Number(a) % Number(b);
  });
  fresh.registerFunction("stream(string): dyn", (name: string) => asked?.stream(name));
  fresh.registerFunction("consumer(string, string): dyn", (stream: string, name: string) => {
    return asked?.consumer(stream, name);
  });
  fresh.registerFunction("leader(string): string", (stream: string) => asked?.leader(stream) ?? "");
  for (const type of ["int", "double"]) {
    fresh.registerFunction(`message(string, ${type}): dyn`, (stream: string, seq: unknown) => {
      return asked?.message(stream, Number(seq));
    });
  }
  return fresh;
}

const arithmetic: readonly (readonly [string, (a: number, b: number) => number])[] = [
  ["+", (a, b) => a + b],
  ["-", (a, b) => a - b],
  ["*", (a, b) => a * b],
  ["/", (a, b) => a / b],
  ["%", (a, b) => a % b],
];

function toPlain(value: unknown): PlainValue {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value as PlainValue;
  return JSON.parse(JSON.stringify(value)) as PlainValue;
}

// Conditions that people write about streams and consumers.

import { load } from "../../../clients/index.ts";
import { assert } from "../../../kernel/index.ts";
import { CommandError } from "../../grammar/errors.ts";

type Evaluate = typeof import("@marcbachmann/cel-js").evaluate;

let evaluate: Evaluate | null = null;

/** Makes ready for an expression; the library is needed only when there is one. */
export async function loadExpressions(expression: string): Promise<void> {
  if (expression !== "") ({ evaluate } = await load(() => import("@marcbachmann/cel-js")));
}

/**
 * Does the expression hold in this scope? An empty one does; any other was loaded for.
 * CEL stands in for the expression language of natscli; simple conditions read alike.
 */
export function matchesExpression(
  expression: string,
  scope: Readonly<Record<string, unknown>>,
): boolean {
  if (expression === "") return true;
  assert(evaluate !== null, "an expression was evaluated before its library was loaded");
  let value: unknown;
  try {
    value = evaluate(expression, withIntegers(scope) as Record<string, unknown>);
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== "boolean") throw new CommandError("expression did not return a boolean");
  return value;
}

/** CEL's integers are big integers. */
function withIntegers(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (Array.isArray(value)) return value.map(withIntegers);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withIntegers(part)]));
}

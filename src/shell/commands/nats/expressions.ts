// Conditions that people write about streams and consumers.

import { evaluate } from "@marcbachmann/cel-js";
import { CommandError } from "../../grammar/errors.ts";

/**
 * Does the expression hold in this scope? An empty one does.
 * CEL stands in for the expression language of natscli; simple conditions read alike.
 */
export function matchesExpression(
  expression: string,
  scope: Readonly<Record<string, unknown>>,
): boolean {
  if (expression === "") return true;
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

/** The goal beside the world: each row's own value and the one that is wanted. */
import { evaluatePredicate, expressionText, type World } from "../world/index.ts";
import { formatLength } from "./clock.ts";
import type { Goal, GoalRow } from "./lesson.ts";

export interface GoalRowState {
  readonly label: string;
  readonly holds: boolean;
  readonly yours: string;
  /** `2 s`, `≥ 4` */
  readonly wanted: string;
}

export function goalRows(goal: Goal, world: World): GoalRowState[] {
  return goal.rows.map((row) => rowState(row, world));
}

function rowState({ label, predicate }: GoalRow, world: World): GoalRowState {
  const { holds, value } = evaluatePredicate(world, predicate, []);
  const compared = splitComparison(predicate);
  if (compared === null) return { label, holds, yours: value, wanted: "true" };
  const { left, sign, right } = compared;
  const wanted = spell(expressionText(world, right), left);
  return {
    label,
    holds,
    yours: spell(expressionText(world, left), left),
    wanted: sign === "==" ? wanted : `${signs[sign] ?? sign} ${wanted}`,
  };
}

const signs: Readonly<Record<string, string>> = { ">=": "≥", "<=": "≤", "!=": "≠" };

/** `LEFT == RIGHT` at the top of a predicate; null for any other shape. */
export function splitComparison(
  predicate: string,
): { readonly left: string; readonly sign: string; readonly right: string } | null {
  const match = /^([^&|?]*?)\s(==|!=|>=|<=|>|<)\s([^&|?=<>]+)$/.exec(predicate);
  if (match === null) return null;
  const [, left = "", sign = "", right = ""] = match;
  return { left, sign, right };
}

/** Lengths of time are counted in nanoseconds; nobody reads those. */
const lengths = /(?:wait|age|window|threshold|interval|latency|delay|backoff|now)\b[^.]*$/;

function spell(value: string, expression: string): string {
  const length = lengths.test(expression) ? formatLength(Number(value)) : null;
  return length ?? (value === "" ? "none" : value);
}

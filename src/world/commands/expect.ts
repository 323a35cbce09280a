/** `expect`: a predicate over the world; it fails the run when it does not hold. */
import { nanos } from "../../kernel/index.ts";
import { addExpectation, failureText } from "../expect/expectation.ts";
import { checkPredicate, rememberWas } from "../expect/predicate.ts";
import { worldBefore } from "../world.ts";
import { type Call, flagAs, flagValue, type WorldCommandSpec } from "./grammar.ts";
import { UsageError } from "./usage-error.ts";
import { parseDuration } from "./values.ts";

export const expectCommands: readonly WorldCommandSpec[] = [
  {
    path: "expect",
    args: "'PREDICATE'",
    argsMin: 1,
    argsMax: 1,
    flags: [
      { name: "within", value: "DURATION", help: "Wait so long for it to become true" },
      { name: "always", value: "DURATION", help: "It must be true all the while" },
    ],
    help: "Fails the run, and itself, unless the CEL predicate over the world's state holds.",
    example: "expect --within 5s 'streams.ORDERS.state.messages == 5'",
    run: runExpect,
  },
];

function runExpect(call: Call): string | null {
  const { world, doors, typed: line, awaiting } = call;
  const predicate = call.args[0] ?? "";
  const hasWithin = flagValue(call, "within") !== null;
  const hasAlways = flagValue(call, "always") !== null;
  if (hasWithin && hasAlways) throw new UsageError("take --within or --always, not both");
  checkPredicate(predicate);
  const mode = hasWithin ? "within" : hasAlways ? "always" : "now";
  const length = hasWithin
    ? flagAs(call, "within", parseDuration, nanos(0))
    : flagAs(call, "always", parseDuration, nanos(0));
  const was = rememberWas(predicate, worldBefore(world, doors));
  const made = addExpectation(world, doors, { line, predicate, mode, length, was, awaiting });
  if (made.status === "pending") return awaiting === null ? "" : null;
  if (made.status === "held") return "";
  const value = world.failures.at(-1)?.value ?? "false";
  throw new UsageError(failureText(predicate, value));
}

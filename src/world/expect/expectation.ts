/**
 * Expectations: predicates that must hold now, within a time, or all the while. They are looked at
 * after notable events, every 100 virtual ms while one is pending, and at their deadline.
 */
import {
  type DurationNanos,
  millis,
  plus,
  schedule,
  setTimer,
  type VirtualNanos,
} from "../../kernel/index.ts";
import type { EventOf } from "../events.ts";
import { recordWorld } from "../record.ts";
import type { Doors, World } from "../world.ts";
import { evaluatePredicate, type PlainValue, type Verdict } from "./predicate.ts";

export type ExpectationMode = "now" | "within" | "always";

export interface Expectation {
  readonly id: number;
  /** The line as it was typed. */
  readonly line: string;
  readonly predicate: string;
  readonly mode: ExpectationMode;
  readonly since: VirtualNanos;
  readonly until: VirtualNanos;
  /** What each `was(EXPRESSION)` was, in the order of the text. */
  readonly was: readonly PlainValue[];
  status: "pending" | "held" | "failed";
}

export interface ExpectationFailure {
  readonly at: VirtualNanos;
  readonly line: string;
  readonly text: string;
  /** What the predicate gave: `false`, or why it had no value. */
  readonly value: string;
}

const lookEvery = millis(100);
const timerOwner = "expect";

/** Adds an expectation and looks at it at once; answers its status. */
export function addExpectation(
  world: World,
  doors: Doors,
  plan: {
    readonly line: string;
    readonly predicate: string;
    readonly mode: ExpectationMode;
    readonly length: DurationNanos;
    readonly was: readonly PlainValue[];
  },
): Expectation {
  const { line, predicate, mode, was } = plan;
  const since = world.kernel.now;
  const until = plus(since, plan.length);
  const id = world.expectations.length;
  const made: Expectation = { id, line, predicate, mode, since, until, was, status: "pending" };
  world.expectations.push(made);
  look(world, doors, made);
  if (made.status === "pending") {
    // The deadline itself; the looks in between are one timer for all.
    schedule(world.kernel, until, { kind: "expect-check", host: null, expectation: id });
    armLook(world);
  }
  return made;
}

export function onExpectCheck(world: World, doors: Doors, event: EventOf<"expect-check">): void {
  if (event.expectation === null) {
    checkExpectations(world, doors);
    armLook(world);
    return;
  }
  const due = world.expectations[event.expectation];
  if (due?.status === "pending") look(world, doors, due);
}

/** Looks at every pending expectation. */
export function checkExpectations(world: World, doors: Doors): void {
  for (const one of world.expectations) {
    if (one.status === "pending") look(world, doors, one);
  }
}

/** True while an expectation waits: only then do notable events cost a look. */
export function hasPending(world: World): boolean {
  return world.expectations.some((one) => one.status === "pending");
}

function look(world: World, doors: Doors, one: Expectation): void {
  const verdict = evaluatePredicate(world, one.predicate, one.was);
  const isOver = world.kernel.now >= one.until;
  switch (one.mode) {
    case "now":
      settle(world, doors, one, verdict);
      return;
    case "within":
      if (verdict.holds || isOver) settle(world, doors, one, verdict);
      return;
    case "always":
      if (!verdict.holds || isOver) settle(world, doors, one, verdict);
      return;
  }
}

function settle(world: World, doors: Doors, one: Expectation, verdict: Verdict): void {
  one.status = verdict.holds ? "held" : "failed";
  const { line, predicate: text } = one;
  recordWorld(world, doors.trace, {
    host: "",
    kind: "expect",
    subject: text,
    detail: verdict.holds ? "held" : verdict.value,
  });
  if (verdict.holds) return;
  world.notable++;
  world.failures.push({ at: world.kernel.now, line, text, value: verdict.value });
}

function armLook(world: World): void {
  if (!hasPending(world)) return;
  const at = plus(world.kernel.now, lookEvery);
  const event = { kind: "expect-check", host: null, expectation: null } as const;
  setTimer(world.kernel, timerOwner, "look", at, event);
}
